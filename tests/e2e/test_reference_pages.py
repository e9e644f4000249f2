"""The pages written by hand tell the truth: examples are what deskc writes, tables what the dialect allows."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deskc.core.codes import CODES, TINY
from deskc.ledger.migrate import migrate

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
META = Path(__file__).parents[2] / "schemas" / "meta" / "section.schema.json"
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)\n```", re.DOTALL)
DESK = {**TINY, "global.yaml": TINY["global.yaml"] + "system:\n  host: ${env:DB_HOST:-localhost}\n"}
COLUMNS = re.compile(r"<!-- columns: (\w+) -->\n((?:\|.*\n)+)")
COMMITTER = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "desk",
    "GIT_AUTHOR_EMAIL": "desk@example.org",
    "GIT_AUTHOR_DATE": "2026-01-05T09:00:00Z",
    "GIT_COMMITTER_NAME": "desk",
    "GIT_COMMITTER_EMAIL": "desk@example.org",
    "GIT_COMMITTER_DATE": "2026-01-05T09:00:00Z",
}
"""Whoever commits at whatever time, the commit on the page has one id."""


def deskc(*arguments: str, folder: Path) -> str:
    """Run the command and return what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKC_")}
    command = [sys.executable, "-c", "from deskc.cli import main; main()", *arguments]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.stdout


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Return the outputs that the page shows, by the names that it gives them."""
    folder = tmp_path_factory.mktemp("desk")
    for path, text in DESK.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for command in ("init --quiet", "add .", "commit --quiet --message Begin"):
        subprocess.run(["git", *command.split()], cwd=folder, env=os.environ | COMMITTER, check=True)
    compiled = deskc("compile", "--publish", "channel", "--output-format", "json", folder=folder)
    deskc("compile", "--worktree", "--quiet", folder=folder)
    published = folder / "channel" / "paper" / "maker"
    (snapshot,) = published.glob("*.jsonl")
    header, *scopes = snapshot.read_text(encoding="utf-8").splitlines()
    found = {
        "header": json.dumps(json.loads(header), indent=2),
        "scopes": "\n".join(scopes),
        "digest": f"head -n 1 {sha256(header.encode()).hexdigest()}.jsonl | tr -d '\\n' | sha256sum",
        "current.json": (published / "current.json").read_text(encoding="utf-8").strip(),
        "head.json": (published / "head.json").read_text(encoding="utf-8"),
        "worktree": next((folder / ".deskc").rglob("worktree/**/current.json")).read_text(encoding="utf-8"),
        "parse": deskc("parse", "global.yaml", folder=folder),
        "compile": compiled,
    }
    (folder / "bots/maker/coins/ETH.yaml").write_text(
        CODES["KEY002"].bad["bots/maker/coins/ETH.yaml"], encoding="utf-8"
    )
    return {**found, "findings": deskc("check", "--output-format", "json", folder=folder)}


def told(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what an example says, without what differs from run to run or from version to version."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return {**value, "seconds": 0, "compiler_version": ""} if isinstance(value, dict) else value


def test_the_examples_of_formats_are_what_deskc_writes(real: Mapping[str, str]) -> None:
    """Each example equals real output; with UPDATE_GOLDEN set, the pages are written anew instead."""
    shown: dict[str, str] = {}
    for page in (REFERENCE / "formats.md", REFERENCE / "snapshot.md"):
        if os.environ.get("UPDATE_GOLDEN"):
            text = page.read_text(encoding="utf-8")
            written = EXAMPLE.sub(lambda found: found[0].replace(found[2], real[found[1]].strip()), text)
            page.write_text(written, encoding="utf-8")
        shown |= EXAMPLE.findall(page.read_text(encoding="utf-8"))
    assert shown.keys() == real.keys()
    assert {name: told(example) for name, example in shown.items()} == {
        name: told(example.strip()) for name, example in real.items()
    }


def test_the_command_for_a_digest_gives_the_files_name(tmp_path: Path, real: Mapping[str, str]) -> None:
    """What the page tells a reader to type computes the digest that names the snapshot."""
    digest = real["digest"].split()[3].removesuffix(".jsonl")
    header = json.dumps(json.loads(real["header"]), separators=(",", ":"))
    (tmp_path / f"{digest}.jsonl").write_text(f"{header}\n{real['scopes']}\n", encoding="utf-8")
    ran = subprocess.run(["sh", "-c", real["digest"]], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.split()[0] == digest


def test_the_tables_of_the_ledger_have_the_columns_on_the_page(tmp_path: Path) -> None:
    """Every column of a table that the page describes is described, and no other is."""
    migrate(f"sqlite:///{tmp_path}/ledger.db")
    shown = COLUMNS.findall((REFERENCE / "formats.md").read_text(encoding="utf-8"))
    searches = ["experiments", "results", "diagnostics", "checkpoints"]
    configurations = ["config_versions", "config_performance", "config_lineage"]
    trading = ["fills", "market_snapshots", "order_events", "system_events", "leverage_status", "heartbeats", "spools"]
    assert [name for name, _ in shown] == ["activations", "coin_config_versions", *trading, *searches, *configurations]
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        for name, rows in shown:
            told = [word for row in rows.splitlines()[2:] for word in re.findall(r"`(\w+)`", row.split("|")[1])]
            real = connection.execute("SELECT name FROM pragma_table_xinfo(?)", (name,)).fetchall()
            assert sorted(told) == sorted(column for (column,) in real)


def keywords(schema: object, *, inside: bool = False) -> set[str]:
    """Return the keys of every `properties` in the meta-schema: the words of the dialect."""
    if not isinstance(schema, dict):
        return set().union(*map(keywords, schema)) if isinstance(schema, list) else set()
    own = set(schema) if inside else set()
    return own.union(*(keywords(value, inside=key == "properties" and not inside) for key, value in schema.items()))


def test_the_page_of_schemas_names_every_word_of_the_dialect() -> None:
    """A keyword that the meta-schema allows is on the page."""
    page = (REFERENCE / "schemas.md").read_text(encoding="utf-8")
    allowed = keywords(json.loads(META.read_text(encoding="utf-8")))
    assert "hot" in allowed
    assert {word for word in allowed if f"`{word}`" not in page} == set()


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link names a file that is there and, where it has one, a heading of that file."""
    docs = REFERENCE.parent
    for page in docs.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")):
            target = page.parent / link[0] if link[0] else page
            assert target.exists(), (page.name, link)
            if link[1]:
                headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
                assert link[1] in {re.sub(r"[^a-z0-9 _-]", "", name.lower()).replace(" ", "-") for name in headings}
