"""deskc check as a person and as CI run it: what it finds, how it says so, and with which exit code it ends."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from command_line import CLEAN, ROOT, Desk, deskc, git

GOLDEN = ROOT / "tests/golden/check"
ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
ENGINE = "config-repo/bots/tradeengine/bot.yaml"
GLOBAL = "config-repo/global.yaml"
DEVELOPMENT = "config-repo/environments/development.yaml"

WIDER = "mm_multi_v1/ETH min_spread_bps 0.3 → 0.4 · minor → 1.3.0\n"

WARNING = '''"""Leverage that deserves a second look."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("LOOK001", needs=("trading.leverage",))
def leverage_worth_a_look(scope: Scope) -> Iterator[Finding]:
    """High leverage is said aloud.

    PASS  {trading: {leverage: 19}}
    FAIL  {trading: {leverage: 20}}
    """
    if scope["trading.leverage"] >= 20:
        yield Finding.at("trading.leverage", message="leverage is high", help="look again", severity="warning")
'''

MISTAKES: dict[str, Callable[[Desk], object]] = {
    "unknown_key": lambda desk: desk.edit(ETH, "min_spread_bps", "min_sprad_bps"),
    "unknown_section": lambda desk: desk.edit(ETH, "trading:", "tradng:"),
    "wrong_type": lambda desk: desk.edit(ETH, "size_notional_usd: 25", 'size_notional_usd: "25"'),
    "out_of_bounds": lambda desk: desk.edit(GLOBAL, "leverage: 10", "leverage: 1000"),
    "duplicate_key": lambda desk: desk.edit(GLOBAL, "  leverage: 10\n", "  leverage: 10\n  leverage: 12\n"),
    "anchor": lambda desk: desk.edit(GLOBAL, "leverage: 10", "leverage: &high 10"),
    "tab": lambda desk: desk.edit(GLOBAL, "  leverage: 10", "\tleverage: 10"),
    "on_for_true": lambda desk: desk.edit("config-repo/strategies/multi_coin_mm.yaml", "enabled: true", "enabled: on"),
    "two_documents": lambda desk: desk.write(GLOBAL, "trading: {leverage: 10}\n---\ntrading: {leverage: 12}\n"),
    "rule": lambda desk: desk.edit(DEVELOPMENT, "leverage: 3 #", "leverage: 5 #"),
    "development": lambda desk: desk.edit(ENGINE, "[staging, ", "[development, staging, "),
    "axes": lambda desk: desk.write("config-repo/coins/BTCUSDT.yaml", "risk: {global: {max_leverage: 100}}\n"),
    "unread_file": lambda desk: desk.write("config-repo/coins/BTCUSDTT.yaml", "trading: {leverage: 2}\n"),
    "yml": lambda desk: desk.write("config-repo/coins/ETH.yml", "trading: {leverage: 2}\n"),
    "bot_without_bot_yaml": lambda desk: desk.write("config-repo/bots/newbot/coins/ETH.yaml", "trading: {}\n"),
    "link": lambda desk: (desk.root / "config-repo/coins/ETH.yaml").symlink_to("../global.yaml"),
    "broken_desk_yaml": lambda desk: desk.write("config-repo/desk.yaml", "format: [\n"),
    "rule_that_imports": lambda desk: desk.write("validators/broken.py", '"""Broken."""\nimport os\n'),
}

MONSTERS: dict[str, Callable[[Desk], object]] = {
    "nul": lambda desk: desk.write(GLOBAL, "trading: {leverage: 1\0}\n"),
    "brackets": lambda desk: desk.write(GLOBAL, f"trading: {'[' * 50_000}"),
    "two_mib": lambda desk: desk.write(GLOBAL, "#" * (2 << 20)),
    "no_double": lambda desk: desk.edit(GLOBAL, "leverage: 10", "leverage: 1e999"),
    "extends_circle": lambda desk: desk.edit(
        "config-repo/templates/conservative.yaml", "trading:\n", "extends: [templates/conservative.yaml]\ntrading:\n"
    ),
    "reference_circle": lambda desk: desk.edit(GLOBAL, "leverage: 10", 'leverage: "${ref:trading.leverage}"'),
    "not_utf_8": lambda desk: (desk.root / GLOBAL).write_bytes(b"# na\xefve\n"),
    "list": lambda desk: desk.write(GLOBAL, "- 1\n"),
    "broken_schema": lambda desk: desk.write("schemas/trading.schema.json", "{"),
    "no_schemas": lambda desk: shutil.rmtree(desk.root / "schemas"),
    "rule_that_fails": lambda desk: desk.edit("validators/trading_size_order.py", "if least > most", "if 1 / 0"),
    "name_of_bytes": lambda desk: Path(os.fsdecode(os.fsencode(desk.root) + b"/config-repo/\xff.yaml")).write_text("a"),
    "escape_sequence": lambda desk: desk.edit(ETH, "min_spread_bps", '"min_\\x1b[31mspread"'),
    "tag": lambda desk: desk.edit(GLOBAL, "leverage: 10", "leverage: !!python/object:os.system 10"),
}


def test_the_reference_desk_is_clean(desk: Desk) -> None:
    """No finding, no changed scope: one line and exit code 0."""
    answer = desk.run("check")
    assert (answer.code, answer.out, answer.err) == (0, CLEAN, "")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_reads_as_its_golden_text(desk: Desk, name: str) -> None:
    """Each kind of mistake is said once, with its places and the way out; exit code 1."""
    MISTAKES[name](desk)
    answer = desk.run("check")
    assert answer.out == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert (answer.code, answer.err) == (1, "")


@pytest.mark.parametrize("name", MONSTERS)
def test_hostile_input_is_a_finding_with_a_place(desk: Desk, name: str) -> None:
    """Whatever stands in a file, check ends with findings that name a place, never with a bug."""
    MONSTERS[name](desk)
    answer = desk.run("check", "--output-format", "json")
    findings = answer.json()["findings"]
    assert (answer.code, answer.err) == (1, "")
    assert findings
    assert all(finding["places"] and finding["places"][0]["line"] >= 1 for finding in findings)
    assert all(finding["code"] and finding["message"] and finding["help"] for finding in findings)


@pytest.mark.parametrize("name", ["nul", "escape_sequence", "name_of_bytes"])
def test_hostile_input_cannot_speak_to_a_terminal(desk: Desk, name: str) -> None:
    """Control characters are shown, not sent."""
    MONSTERS[name](desk)
    answer = desk.run("check")
    assert (answer.code, answer.err) == (1, "")
    assert not any(ord(character) < 32 and character != "\n" for character in answer.out)


def test_golden_texts_and_mistakes_are_the_same_set() -> None:
    """No golden text outlives its case."""
    assert {path.stem for path in GOLDEN.iterdir()} == MISTAKES.keys()


# Output formats


@pytest.fixture
def faulty(desk: Desk) -> Desk:
    """Return a desk with one error, in the last line of ETH's file."""
    MISTAKES["unknown_key"](desk)
    return desk


def test_concise_is_a_line_a_finding(faulty: Desk) -> None:
    """Path, line, column, code and message, as editors read them."""
    answer = faulty.run("check", "--output-format", "concise")
    assert answer.code == 1
    assert answer.out.splitlines()[0].startswith(f"{ETH}:6:3: error[KEY002]: trading.min_sprad_bps is no setting")


def test_json_holds_the_documented_keys(faulty: Desk) -> None:
    """A finding has exactly the keys of the contract, and so has a place."""
    told = faulty.run("check", "--output-format", "json").json()
    (finding,) = (one for one in told["findings"] if one["severity"] == "error")
    keys = "code severity message help places scopes fingerprint next_action"
    assert list(finding) == keys.split()
    assert list(finding["places"][0]) == ["path", "line", "column", "end_line", "end_column", "role"]
    assert finding["places"][0] | {"role": ""} == {
        "path": ETH, "line": 6, "column": 3, "end_line": 6, "end_column": 16, "role": "",
    }  # fmt: skip
    assert set(finding["scopes"]) == {"development/mm_multi_v1", "production/mm_multi_v1"}
    assert told["summary"] == {"errors": 1, "warnings": 0, "notes": 2, "suppressed": 0, "baselined": 0}


def test_json_of_a_clean_desk_holds_notes_alone(desk: Desk) -> None:
    """Programs get the same shape when nothing is wrong: all there is to say is what nobody knows."""
    answer = desk.run("check", "--output-format", "json")
    assert answer.code == 0
    assert {finding["code"] for finding in answer.json()["findings"]} == {"MARKET006"}


def test_github_annotates_a_changed_line(faulty: Desk) -> None:
    """A workflow command names file, line, title and message."""
    answer = faulty.run("check", "--output-format", "github")
    assert answer.code == 1
    assert f"::error file={ETH},line=6," in answer.out
    assert "KEY002" in answer.out


def test_gitlab_is_a_code_quality_list(faulty: Desk) -> None:
    """GitLab reads a list of issues with a location and a fingerprint."""
    issue, *notes = sorted(faulty.run("check", "--output-format", "gitlab").json(), key=lambda one: one["check_name"])
    assert issue["location"]["path"] == ETH
    assert issue["check_name"] == "KEY002"
    assert issue["fingerprint"]
    assert {note["check_name"] for note in notes} == {"MARKET006"}


def test_sarif_is_one_run_with_one_result(faulty: Desk) -> None:
    """Code scanning reads version 2.1.0 with a place in it."""
    told = faulty.run("check", "--output-format", "sarif").json()
    (result,) = (one for one in told["runs"][0]["results"] if one["level"] != "note")
    assert told["version"] == "2.1.0"
    assert result["ruleId"] == "KEY002"
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (ETH, 6)


def test_junit_counts_a_failure(faulty: Desk) -> None:
    """A test report holds the finding as a failure."""
    report = ET.fromstring(faulty.run("check", "--output-format", "junit").out)  # noqa: S314 - our own output
    assert len(list(report.iter("failure"))) == 1


@pytest.mark.parametrize("fmt", ["concise", "json", "github"])
def test_a_machine_reads_no_line_about_changed_scopes(desk: Desk, fmt: str) -> None:
    """Only the text for people ends with what changed."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    answer = desk.run("check", "--output-format", fmt)
    assert answer.code == 0
    assert "→" not in answer.out


# Narrowing


def test_another_team_s_red_does_not_block(desk: Desk) -> None:
    """A bot is judged by what touches it: the other one's error is not its own."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    assert desk.run("check", "--bot", "tradeengine").code == 0
    assert desk.run("check", "--env", "staging").code == 0
    for narrowed in (
        ("--bot", "mm_multi_v1"),
        ("--env", "development"),
        ("--bot", "tradeengine", "--bot", "mm_multi_v1"),
    ):
        assert desk.run("check", *narrowed).code == 1


def test_an_error_in_a_shared_layer_touches_every_bot(desk: Desk) -> None:
    """Narrowing hides nothing that a bot stands on."""
    desk.edit(GLOBAL, "leverage: 10", "leverage: 1000")
    for bot in ("tradeengine", "mm_multi_v1"):
        assert desk.run("check", "--bot", bot).code == 1


@pytest.mark.parametrize(
    ("narrowed", "message", "way_out"),
    [
        (("--env", "prodution"), "no environment prodution", "did you mean production?"),
        (("--bot", "tradengine"), "no bot tradengine", "did you mean tradeengine?"),
        (("--env", "zzz"), "no environment zzz", "known are development, production, staging"),
        (("--bot", "zzz"), "no bot zzz", "known are correlation_arbitrage, market_maker, "),
        (("--env", "production", "--env", "x"), "no environment x", ""),
    ],
)
def test_a_name_that_is_not_there_is_refused(desk: Desk, narrowed: tuple[str, ...], message: str, way_out: str) -> None:
    """A typing error must not judge nothing and pass."""
    assert desk.run("check", *narrowed).refuses(message, way_out)


def test_changed_scopes_are_narrowed_too(desk: Desk) -> None:
    """The last lines tell of what was asked for alone."""
    desk.edit(GLOBAL, "stop_loss_pct: 2.0", "stop_loss_pct: 2.5")
    answer = desk.run("check", "--bot", "tradeengine", "--env", "production")
    assert answer.code == 0
    assert "mm_multi_v1" not in answer.out
    assert "tradeengine/BTCUSDT/LONG stop_loss_pct 2 → 2.5" in answer.out


# Warnings


def test_a_warning_fails_only_when_strict(desk: Desk) -> None:
    """A rule may warn; the exit code heeds it with --strict alone."""
    desk.write("validators/worth_a_look.py", WARNING)
    plain, strict = desk.run("check"), desk.run("check", "--strict")
    assert (plain.code, strict.code) == (0, 1)
    assert plain.out == strict.out
    assert "warning[LOOK001]: leverage is high" in plain.out
    assert plain.out.splitlines()[-1].startswith("Found ")


def test_strict_passes_what_is_clean(desk: Desk) -> None:
    """There is nothing to be strict about."""
    assert desk.run("check", "--strict").code == 0


# Commits


def test_the_working_tree_is_compared_with_head(desk: Desk) -> None:
    """The last line says what an edit changes, and the label that follows."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    assert desk.run("check").out == CLEAN + WIDER
    desk.commit()
    assert desk.run("check").out == CLEAN


def test_a_comment_changes_no_scope(desk: Desk) -> None:
    """A line is said of scopes that would trade otherwise, not of files that were touched."""
    desk.edit(ETH, "# ETH:", "# Ether:")
    assert desk.run("check").out == CLEAN


def test_a_file_that_git_does_not_know_yet_counts(desk: Desk) -> None:
    """What will be committed is judged before it is added."""
    desk.write("config-repo/bots/mm_multi_v1/coins/PENGU.yaml", "trading: {min_spread_bps: 0.7}\n")
    assert "mm_multi_v1/PENGU min_spread_bps 0.6 → 0.7" in desk.run("check").out


def test_a_commit_is_judged_as_it_was(desk: Desk) -> None:
    """With --at neither edits nor later commits count, and nothing is compared unless asked."""
    first = desk.head()
    desk.edit(GLOBAL, "leverage: 10", "leverage: 1000")
    second = desk.commit()
    assert desk.run("check", "--at", first).out == CLEAN
    assert desk.run("check", "--at", "HEAD").code == 1
    desk.edit(GLOBAL, "leverage: 1000", "leverage: 10")
    assert desk.run("check").code == 0
    assert desk.run("check", "--at", second).code == 1


def test_a_base_is_what_changes_are_told_from(desk: Desk) -> None:
    """Both sides may be commits; the working tree may have another base than HEAD."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    desk.commit()
    for arguments in (("--base", "HEAD~1"), ("--at", "HEAD", "--base", "HEAD~1")):
        assert desk.run("check", *arguments).out == CLEAN + WIDER
    backwards = desk.run("check", "--at", "HEAD~1", "--base", "HEAD").out
    assert "mm_multi_v1/ETH min_spread_bps 0.4 → 0.3" in backwards


@pytest.mark.parametrize("revision", ["nope", "-x", "", "HEAD:config-repo"])
@pytest.mark.parametrize("option", ["--at", "--base"])
def test_what_names_no_commit_is_refused(desk: Desk, option: str, revision: str) -> None:
    """A name that git does not know, or that looks like an option, is one sentence."""
    assert desk.run("check", f"{option}={revision}").refuses("")


def test_a_commit_from_before_the_desk_has_nothing_to_compare(tmp_path: Path, desk: Desk) -> None:
    """A base without a desk is refused when it was named, and let pass when it was not."""
    before = Desk(tmp_path / "before")
    before.root.mkdir()
    git("init", "--quiet", cwd=before.root)
    before.write("README.md", "Soon\n")
    before.commit()
    for folder in ("config-repo", "schemas", "validators"):
        shutil.copytree(desk.root / folder, before.root / folder)
    assert before.run("check").out == CLEAN
    assert before.run("check", "--base", "HEAD").refuses("there is no config-repo/desk.yaml in commit")


def test_a_fresh_desk_is_checked_before_its_first_commit(tmp_path: Path) -> None:
    """Straight after init there is no HEAD, and check works."""
    assert deskc("init", "fresh", cwd=tmp_path).code == 0
    fresh = Desk(tmp_path / "fresh")
    answer = fresh.run("check")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "No problems found (1 note for deskc check -v)")
    for arguments in (("--at", "HEAD"), ("--base", "HEAD")):
        assert fresh.run("check", *arguments).refuses("has no commit yet")


def test_check_writes_nothing(desk: Desk) -> None:
    """Looking leaves no file, not even a folder of deskc's own, and git sees no difference."""
    before = {path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if ".git" not in path.parts}
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    assert desk.run("check").code == 0
    after = {path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if ".git" not in path.parts}
    assert {path for path in after if after[path] != before.get(path)} == {desk.root / ETH}
    assert before.keys() == after.keys()


def test_permission_bits_change_nothing(desk: Desk) -> None:
    """A file that became executable holds what it held."""
    (desk.root / ETH).chmod(stat.S_IRWXU)
    assert desk.run("check").out == CLEAN


def test_findings_go_to_a_file_as_they_would_to_the_screen(faulty: Desk) -> None:
    """With -o standard output stays empty and the exit code is the same."""
    shown, kept = (
        faulty.run("check", "--output-format", "json"),
        faulty.run("check", "--output-format", "json", "-o", "f"),
    )
    assert (kept.code, kept.out, kept.err) == (1, "", "")
    assert json.loads((faulty.root / "f").read_bytes()) == json.loads(shown.out)


def test_notes_are_counted_and_written_out_when_asked(desk: Desk) -> None:
    """A rule that could not run is said once, in full with -v, and takes no line of a quick look."""
    assert desk.run("check").out == CLEAN
    verbose = desk.run("check", "-v")
    assert verbose.code == 0
    assert verbose.out.count("note[MARKET006]") == 2
    assert "could not run" in verbose.out
    assert verbose.out.endswith("Found 2 notes\n")
