"""What each command may import: start-up is paid for at every keystroke and every deploy."""

import subprocess
import sys
from pathlib import Path

import pytest

from command_line import DESKC, ROOT, Desk, deskc, environment

HEAVY = {
    *{"numpy", "numba", "pandas", "scipy", "dask", "pydantic", "fastapi", "starlette", "uvicorn", "ccxt", "psycopg"},
    *{"git", "gitdb", "ruamel", "jsonschema", "referencing", "requests", "httpx", "aiohttp", "http", "xml", "semver"},
    *{"asyncio", "concurrent", "multiprocessing", "unittest", "pydoc", "tkinter", "ctypes", "ssl", "logging"},
    *{"click", "pygments", "markdown_it", "hypothesis", "pytest", "setuptools", "pkg_resources", "pip"},
}
"""Packages that nothing needs which this file runs."""

HISTORY = {"sqlite3", "filelock"}
READING = {"yaml", "jsonschema_rs", "json"}
COLOUR = {"rich"}
SIGNING = {"tuf", "securesystemslib", "cryptography", "urllib3"}

SIZE = ("position-size", "--env", "production", "--bot", "tradeengine", "--coin", "BTCUSDT", "--side", "LONG")

COMMANDS: dict[tuple[str, ...], set[str]] = {
    ("--help",): HEAVY | HISTORY | READING | COLOUR,
    ("--version",): HEAVY | HISTORY | READING | COLOUR,
    ("check", "--help"): HEAVY | HISTORY | READING | COLOUR,
    ("check",): HEAVY | {"filelock"} | COLOUR,
    ("check", "--output-format", "json"): HEAVY | {"filelock"} | COLOUR,
    ("compile",): HEAVY | {"filelock"} | COLOUR,
    ("publish", "--channel", "channel"): (HEAVY - {"logging"}) | COLOUR | SIGNING,  # its lock logs
    ("keys", "rotate", "--help"): HEAVY | HISTORY | READING | COLOUR | SIGNING,
    ("parse", "config-repo/desk.yaml"): HEAVY | HISTORY | {"jsonschema_rs"} | COLOUR,
    ("schema", "trading"): HEAVY | HISTORY | COLOUR,
    ("rule", "RISK001"): HEAVY | HISTORY | COLOUR,
    ("explain", "trading.leverage", "--env", "production", "--bot", "tradeengine"): HEAVY | {"filelock"} | COLOUR,
    (*SIZE, "--price", "86500.5", "--equity", "5000"): HEAVY | {"filelock"} | COLOUR,
    ("ladder", "--help"): HEAVY | HISTORY | READING | COLOUR,
    ("ladder", "check", "--help"): HEAVY | HISTORY | READING | COLOUR,
    ("ladder", "certify", "--help"): HEAVY | HISTORY | COLOUR,
    ("ladder", "check", *SIZE[1:]): HEAVY | {"filelock"} | COLOUR,
    ("ladder", "optimize", "--print-config"): {"cma", "dask", "distributed", "git", "ruamel", "ccxt", "sqlite3"}
    | COLOUR,
    ("ladder", "import", "schemas/desk.schema.json"): HEAVY | HISTORY | COLOUR,
    ("versions", "list"): HEAVY | {"filelock"} | COLOUR,
    ("doctor",): HEAVY | {"filelock"} | COLOUR,
    (): HEAVY | HISTORY | READING | COLOUR,
}


def imported(desk: Desk, *program: str) -> set[str]:
    """Run a program and return the top-level packages that Python says it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *program],
        cwd=desk.root,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.fixture(scope="module")
def begun(reference_desk: Path) -> set[str]:
    """Return what Python imports to begin with."""
    return imported(Desk(reference_desk), "-c", "pass")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "alone")
def test_a_command_imports_nothing_that_it_does_not_need(desk: Desk, begun: set[str], command: tuple[str, ...]) -> None:
    """Nothing heavy, nothing of another command, no colour where nobody looks."""
    assert (imported(desk, str(DESKC), *command) - begun) & COMMANDS[command] == set()


def test_activating_imports_neither_yaml_nor_schemas(built: Desk, begun: set[str]) -> None:
    """What a bot runs is read from its channel and written into the ledger: no layer is parsed, none judged."""
    command = ("activate", "--env", "production", "--bot", "tradeengine", "--channel", "channel")
    added = imported(built, str(DESKC), *command) - begun
    assert added & (HEAVY | COLOUR | {"filelock", "yaml", "jsonschema_rs"}) == set()
    assert "sqlite3" in added


def test_the_list_would_catch_what_it_names(desk: Desk) -> None:
    """A program that does import such packages is seen to."""
    assert {"rich", "http", "asyncio", "sqlite3"} <= imported(desk, "-c", "import rich, http, asyncio, sqlite3")


def test_colour_is_imported_where_it_is_asked_for(desk: Desk) -> None:
    """The one thing that a person's screen needs and a pipe does not."""
    assert "rich" in imported(desk, str(DESKC), "check", "--color", "always")


def test_importing_deskc_imports_nothing_at_all(desk: Desk) -> None:
    """A bot that has not loaded anything has paid for nothing: no typer, no yaml, no json."""
    begun = imported(desk, "-c", "import sys")
    assert imported(desk, "-c", "import deskc") - begun <= {"deskc", "__future__"}


def test_no_verb_s_module_is_imported_for_another(desk: Desk) -> None:
    """Each verb is built when it is called."""
    code = f"import sys; sys.argv = ['deskc', 'rule', 'RISK001']; sys.path.insert(0, {str(ROOT / 'compiler')!r})"
    program = (
        f"{code}\nfrom deskc.cli.app import app\ntry:\n    app()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if name.startswith('deskc.cli.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=desk.root, env=environment(), capture_output=True, text=True, check=True
    )
    shared = {"app", "verbs", "lazy", "options", "where", "reference", "rule"}
    assert {name.removeprefix("deskc.cli.") for name in done.stdout.splitlines()[-1].split()} <= shared


@pytest.mark.parametrize(("template", "imports"), [("mm", False), ("dca", True)])
def test_a_desk_without_ladders_pays_nothing_for_them(tmp_path: Path, template: str, *, imports: bool) -> None:
    """The rules of ladders import what judges one when there is one to judge; numba and numpy are never needed."""
    assert deskc("init", "fresh", "--template", template, cwd=tmp_path).code == 0
    code = f"import sys; sys.argv = ['deskc', 'check']; sys.path.insert(0, {str(ROOT / 'compiler')!r})"
    program = (
        f"{code}\nfrom deskc.cli.app import app\ntry:\n    app()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if name.startswith('deskc.ladder') or name in ('numba', 'numpy')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "fresh",
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    seen = done.stdout.splitlines()[-1].split()
    assert ("deskc.ladder.verdict" in seen) is imports
    assert imports or seen == []
    assert not {"numba", "numpy"} & {*seen}
