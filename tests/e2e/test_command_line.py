"""What holds for every command: help, exit codes, formats, colour, files, pipes, and no traceback ever."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from command_line import CLEAN, DESKC, ROOT, Desk, deskc, environment
from deskc.cli.verbs import KEYS, LADDER, LEVERAGE, MARKETS, VERBS
from deskc.core.version import VERSION

CLI = ROOT / "compiler/deskc/cli"
NOT_VERBS = {
    "--init--",
    "adding",
    "app",
    "halting",
    "ladder-numbers",
    "ladder-options",
    "ladder-runs",
    "ladder-write",
    "lazy",
    "leveraging",
    "markets-asked",
    "options",
    "presets",
    "publishing",
    "reference",
    "scope",
    "verbs",
    "welcome",
    "where",
}
COMMANDS = [(), *((verb,) for verb in VERBS), ("new", "bot"), ("new", "coin"), ("versions", "list")]
GROUPS = {"ladder": LADDER, "keys": KEYS, "leverage": LEVERAGE, "markets": MARKETS}
COMMANDS += [(group, verb) for group, table in GROUPS.items() for verb in table]
ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
SCOPE = ("--env", "production", "--bot", "mm_multi_v1", "--coin", "ETH")
LONG = ("--env", "production", "--bot", "tradeengine", "--coin", "BTCUSDT", "--side", "LONG")

READS: dict[str, tuple[str, ...]] = {
    "check": ("check",),
    "parse": ("parse", ETH),
    "explain": ("explain", "trading.leverage", *SCOPE),
    "affects": ("affects", f"{ETH}:4"),
    "diff": ("diff", "HEAD"),
    "versions": ("versions", "list"),
    "position-size": ("position-size", *LONG, "--price", "86500.5", "--equity", "5000"),
    "ladder": ("ladder", "check", *LONG),
    "schema": ("schema", "trading"),
    "rule": ("rule",),
    "doctor": ("doctor",),
    "compile": ("compile",),
}
"""A command of each verb that prints results."""


# The table of verbs


def test_verbs_and_modules_are_the_same_set() -> None:
    """No verb without a module, no module without a verb."""
    packages = {path.parent.name for path in CLI.glob("*/__init__.py")}
    assert {path.stem.replace("_", "-") for path in CLI.glob("*.py")} - NOT_VERBS | packages == set(VERBS)


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_s_verbs_and_modules_are_the_same_set(group: str) -> None:
    """As of deskc's own verbs."""
    assert {path.stem.replace("_", "-") for path in (CLI / group).glob("*.py")} - {"--init--"} == set(GROUPS[group])


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_a_test_that_runs_it(verb: str) -> None:
    """Some file of end-to-end tests names the verb as the first word of a command."""
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/e2e").glob("test_*.py"))
    assert re.search(rf"""(run|deskc|compiled|parse|doctor)\(\s*"{verb}"|\("{verb}",? """, tests)


def test_every_verb_that_prints_results_is_tried_below() -> None:
    """A new verb joins the tests of this file."""
    # These begin with something else: see their own files.
    elsewhere = {
        "init",
        "new",
        "activate",
        "watch",
        "publish",
        "keys",
        "verify",
        "halt",
        "resume",
        "status",
        "leverage",
        "markets",
    }
    assert READS.keys() == VERBS.keys() - elsewhere


# Help


def _said(command: tuple[str, ...]) -> str | None:
    """Return the sentence that a table has for a verb."""
    group = GROUPS.get(command[0]) if command[1:] else None
    return VERBS.get(" ".join(command)) if group is None else group.get(command[1])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_reads_well(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Usage, a sentence, every option with one of its own; nothing cut off, no line over 80; anywhere."""
    answer = deskc(*command, "--help", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith(" ".join(("Usage: deskc", *command)))
    assert all(len(line) <= 80 for line in lines)
    assert "..." not in answer.out.replace("[ARGS]...", "")
    paragraphs = [" ".join(part.split()) for part in answer.out.split("\n\n")]
    assert paragraphs[1] == _said(command) or paragraphs[1]
    assert paragraphs[1].endswith(".")
    finds = command in {
        ("check",),
        ("ladder", "regress"),
        ("markets", "verify"),
    }  # findings have more formats than results
    assert "--output-format" not in answer.out or finds or "text or json" in " ".join(answer.out.split())
    for option in re.findall(r"^ {2}(?:-\w, )?(--[\w-]+)(?: [A-Z]\S*)? {2,}(.*)$", answer.out, re.MULTILINE):
        assert option[1][:1].isupper() or option[1].startswith("auto, always"), option
    assert "--help" in answer.out


def test_the_list_of_commands_is_the_table(tmp_path: Path) -> None:
    """`deskc --help` lists each verb with its sentence, in the table's order."""
    listing = " ".join(deskc("--help", cwd=tmp_path).out.partition("Commands:")[2].split())
    assert listing == " ".join(f"{verb} {sentence}" for verb, sentence in VERBS.items())


def test_check_s_help_names_every_format(tmp_path: Path) -> None:
    """Nobody has to guess what --output-format takes."""
    said = " ".join(deskc("check", "--help", cwd=tmp_path).out.split())
    assert "text, concise, json, github, gitlab, sarif or junit" in said


def test_the_version_is_one_line(tmp_path: Path) -> None:
    """For bug reports."""
    assert deskc("--version", cwd=tmp_path).out == f"deskc {VERSION}\n"


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compil",), "No such command 'compil'. Did you mean 'compile'?"),
        (("xyz",), "No such command 'xyz'."),
        (("check", "--stric"), "No such option: --stric (Possible options: --strict)"),
        (("check", "--at"), "Option '--at' requires an argument."),
        (("check", "a", "b"), "unexpected extra argument"),
        (("parse",), "Missing argument 'FILE'"),
        (("versions", "lst"), "Did you mean 'list'?"),
        (("ladder", "chek"), "Did you mean 'check'?"),
        (("--frobnicate",), "No such option: --frobnicate"),
        (("check", "-z"), "No such option: -z"),
    ],
)
def test_wrong_usage_is_2_and_guesses(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    """Nothing on standard output, the mistake and a guess beside it."""
    answer = desk.run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("verb", READS)
def test_an_unknown_format_is_refused_with_a_guess(desk: Desk, verb: str) -> None:
    """A typing error in a format is one sentence, whether an option or the variable says it."""
    answer = desk.run(*READS[verb], "--output-format", "jsn")
    assert answer.refuses("jsn is no output format of this command", "did you mean json?")
    assert desk.run(*READS[verb], env={"DESKC_OUTPUT_FORMAT": "zzz"}).refuses("zzz is no output format", "choose one")


# Formats


@pytest.mark.parametrize("verb", READS)
def test_every_verb_writes_json_by_option_and_by_variable(desk: Desk, verb: str) -> None:
    """The same JSON either way."""
    by_option = desk.run(*READS[verb], "--output-format", "json")
    by_variable = desk.run(*READS[verb], env={"DESKC_OUTPUT_FORMAT": "json"})
    assert by_option.code == by_variable.code == 0
    if verb != "compile":  # which counts seconds, and what changed
        assert by_option.json() == by_variable.json()
    assert by_option.out.endswith("\n")


def test_the_option_outranks_the_variable(desk: Desk) -> None:
    """What is typed is meant."""
    assert desk.run("check", "--output-format", "text", env={"DESKC_OUTPUT_FORMAT": "json"}).out == CLEAN


@pytest.mark.parametrize("verb", READS)
def test_a_variable_for_findings_leaves_other_verbs_alone(desk: Desk, verb: str) -> None:
    """CI sets DESKC_OUTPUT_FORMAT=github for check; the other commands write what they can."""
    assert desk.run(*READS[verb], env={"DESKC_OUTPUT_FORMAT": "github"}).code == 0


# Colour

CSI = "\x1b["


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": ""}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        (("--color", "auto"), {"FORCE_COLOR": "1"}, True),
        (("--color", "always", "--output-format", "json"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always", "--output-format", "concise"), {}, False),
    ],
)
def test_colour_is_decided_by_option_then_variables(
    desk: Desk,
    arguments: tuple[str, ...],
    env: dict[str, str],
    coloured: bool,  # noqa: FBT001 - a table
) -> None:
    """--color wins, then NO_COLOR, then FORCE_COLOR; a pipe is not coloured, machine formats never are."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    assert (CSI in desk.run("check", *arguments, env=env).out) is coloured


@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_is_coloured(desk: Desk, env: dict[str, str], coloured: bool) -> None:  # noqa: FBT001 - a table
    """Where a person looks, and has not asked for none."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    screen, stdout = pty.openpty()
    done = subprocess.run(
        [DESKC, "check"], cwd=desk.root, env=environment(TERM="xterm", **env), stdout=stdout, check=False
    )
    os.close(stdout)
    shown = os.read(screen, 65_536).decode()
    os.close(screen)
    assert done.returncode == 1
    assert "min_sprad_bps is no setting" in shown
    assert (CSI in shown) is coloured


@pytest.mark.parametrize("verb", ["check", "parse", "explain", "affects", "diff", "compile"])
def test_an_unknown_colour_is_refused(desk: Desk, verb: str) -> None:
    """One sentence that names the three."""
    assert desk.run(*READS[verb], "--color", "blue").refuses("blue is no value of --color", "auto, always, never")


def test_a_file_is_not_coloured_by_itself(desk: Desk) -> None:
    """Nobody looks at a file as it is written."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    assert desk.run("check", "-o", "kept").code == 1
    assert CSI not in (desk.root / "kept").read_text(encoding="utf-8")


# Files and pipes


@pytest.mark.parametrize("verb", READS)
def test_results_go_to_a_file(desk: Desk, verb: str) -> None:
    """With -o standard output is empty and the file holds the results."""
    answer = desk.run(*READS[verb], "-o", "kept", "--output-format", "json")
    assert (answer.code, answer.out) == (0, "")
    assert json.loads((desk.root / "kept").read_bytes())


@pytest.mark.parametrize(
    ("command", "name"),
    [*((command, "nowhere/kept") for command in READS.values()), (("check",), "config-repo"), (("check",), "")],
    ids=" ".join,
)
def test_a_file_that_cannot_be_written_is_refused(desk: Desk, command: tuple[str, ...], name: str) -> None:
    """One sentence with the reason."""
    assert desk.run(*command, "-o", name).refuses("written", "-o")


@pytest.mark.parametrize("command", [*READS.values(), (), ("--help",), ("check", "--help")], ids=" ".join)
def test_a_reader_that_left_ends_a_command_quietly(desk: Desk, command: tuple[str, ...]) -> None:
    """A broken pipe is exit code 2, which no script takes for findings, and says nothing."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [DESKC, *command], cwd=desk.root, env=environment(), stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"")


def test_head_takes_one_line(desk: Desk) -> None:
    """`| head -n 1`, as a person types it, shows that line and nothing else."""
    command = f"'{DESKC}' rule | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=desk.root, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    line, code = done.stdout.splitlines()
    assert line
    assert code in {"0", "2"}  # all may fit into the pipe before head leaves


@pytest.mark.parametrize("stream", ["stdout", "stderr", "both"])
def test_a_stream_that_is_closed_is_no_bug(desk: Desk, stream: str) -> None:
    """`>&-` and `2>&-` change no exit code."""
    closing = {"stdout": ">&-", "stderr": "2>&-", "both": ">&- 2>&-"}[stream]
    for command, code in (("check", 0), ("check --bot none", 2), ("compile", 0)):
        done = subprocess.run(
            ["bash", "-c", f"'{DESKC}' {command} {closing}"],
            cwd=desk.root,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_one_sentence(desk: Desk) -> None:
    """What standard output leads to may have no room."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [DESKC, "check"], cwd=desk.root, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2, b"deskc: standard output cannot be written: No space left on device",
    )  # fmt: skip


@pytest.mark.parametrize("verb", ["check", "explain", "versions"])
def test_a_terminal_without_our_characters_is_served(desk: Desk, verb: str) -> None:
    """Where output is ASCII, other characters are written as escapes."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    answer = desk.run(*READS[verb], env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert answer.code == 0
    assert answer.out.isascii()
    assert answer.err.isascii()


# Arguments of any bytes

STRANGE = b"d\xff\x1b[31m\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (STRANGE,),
        (b"--" + STRANGE,),
        ("check", STRANGE),
        ("check", "--at", STRANGE),
        ("check", "--base", STRANGE),
        ("check", "--env", STRANGE),
        ("check", "--bot", STRANGE),
        ("check", "--color", STRANGE),
        ("check", "--output-format", STRANGE),
        ("check", "-o", STRANGE + b"/x"),
        ("compile", "--at", STRANGE),
        ("compile", "--ledger", STRANGE),
        ("parse", STRANGE),
        ("explain", STRANGE, "--env", "production", "--bot", "mm_multi_v1"),
        ("affects", STRANGE),
        ("diff", STRANGE),
        ("schema", STRANGE),
        ("rule", STRANGE),
    ],
    ids=lambda arguments: " ".join(part if isinstance(part, str) else "STRANGE" for part in arguments),
)
def test_arguments_of_any_bytes_are_wrong_usage(desk: Desk, arguments: tuple[str | bytes, ...]) -> None:
    """Bytes that are no text, and control characters, are told harmlessly; no bug, no traceback."""
    answer = desk.run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "bug" not in answer.err
    assert "Traceback" not in answer.err
    assert "\x1b" not in answer.err or arguments[0] not in VERBS  # typer itself writes the unknown verb


# Bugs


def planted(tmp_path: Path) -> dict[str, str]:
    """Return surroundings in which a library that compile needs is broken."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/filelock.py").write_text('raise RuntimeError("planted")\n', encoding="utf-8")
    return {"PYTHONPATH": f"{tmp_path / 'broken'}:{ROOT / 'compiler'}"}


def test_a_bug_is_two_lines_and_exit_code_2(desk: Desk, tmp_path: Path) -> None:
    """It says that it is ours, what it was, and how to get what a report needs."""
    answer = desk.run("compile", "--publish", "channel", env=planted(tmp_path))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        "deskc: this is a bug in deskc: RuntimeError: planted",
        " help: run again with DESKC_TRACEBACK=1 and report what it prints",
    ]


def test_a_bug_s_traceback_is_there_for_those_who_ask(desk: Desk, tmp_path: Path) -> None:
    """DESKC_TRACEBACK prints where it happened."""
    answer = desk.run("compile", "--publish", "channel", env=planted(tmp_path) | {"DESKC_TRACEBACK": "1"})
    assert answer.code == 2
    assert "Traceback (most recent call last)" in answer.err
    assert "filelock.py" in answer.err


def test_without_git_every_command_says_so(desk: Desk, tmp_path: Path) -> None:
    """One sentence and what to install."""
    for verb in ("check", "compile", "explain", "diff"):
        answer = desk.run(*READS[verb], env={"PATH": str(tmp_path)})
        assert answer.refuses("git is not installed, or not on PATH", "install git"), verb
    doctor = desk.run("doctor", env={"PATH": str(tmp_path)})
    assert "git is not installed" in doctor.out + doctor.err
