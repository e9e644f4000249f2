"""Suppressions, the baseline and the quarantine as a person and as CI meet them."""

import json
import re
from pathlib import Path

import pytest

from command_line import CLEAN, Desk, deskc, git

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
DEVELOPMENT = "config-repo/environments/development.yaml"
BASELINE = "config-repo/baseline.yaml"
QUARANTINE = "config-repo/quarantine.yaml"

RULE = '''"""A spread that deserves a second look."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("LOOK001", needs=("trading.min_spread_bps",))
def spread_worth_a_look(scope: Scope) -> Iterator[Finding]:
    """No spread is narrower than 0.35 bps.

    PASS  {trading: {min_spread_bps: 0.35}}
    FAIL  {trading: {min_spread_bps: 0.3}}
    """
    spread = scope["trading.min_spread_bps"]
    if spread < 0.35:
        yield Finding.at("trading.min_spread_bps", message=f"min_spread_bps is {spread:.12g}", help="look again")
'''
SUPPRESSED = CLEAN.replace("(", "(1 suppressed, ")
BASELINED = CLEAN.replace("(", "(1 in the baseline, ")
SAID = "# deskc: ignore[LOOK001] until 9999-12-31: looked at it"
RISKY = "# deskc: ignore[RISK001] until 9999-12-31: a week of trying"


@pytest.fixture
def strict_desk(desk: Desk) -> Desk:
    """Return a committed desk with a rule that the spread of one coin breaks."""
    desk.write("validators/spread_worth_a_look.py", RULE)
    desk.commit("Add a rule")
    return desk


def suppress(desk: Desk, said: str = SAID) -> None:
    """Write a comment at the coin's spread, in place of one that stands there."""
    path = desk.root / ETH
    text = re.sub(r"(min_spread_bps: [0-9.]+).*", rf"\1 {said}", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")


def test_a_suppressed_error_does_not_fail(strict_desk: Desk) -> None:
    """The footer counts what is let pass, compile writes, and exit codes heed neither."""
    assert strict_desk.run("check").code == 1
    suppress(strict_desk)
    checked = strict_desk.run("check", "--strict")
    assert (checked.code, checked.out) == (0, SUPPRESSED)
    strict_desk.commit()
    made = strict_desk.run("compile")
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith(SUPPRESSED)


def test_every_format_counts_or_leaves_out_what_is_suppressed(strict_desk: Desk) -> None:
    """Programs get numbers, code scanning a dismissed result, lists nothing."""
    suppress(strict_desk)
    told = {
        fmt: strict_desk.run("check", "--output-format", fmt).out
        for fmt in ("json", "sarif", "concise", "github", "gitlab", "junit")
    }
    assert json.loads(told["json"])["summary"]["suppressed"] == 1
    results = {result["ruleId"]: result["suppressions"] for result in json.loads(told["sarif"])["runs"][0]["results"]}
    assert results.pop("LOOK001") == [{"kind": "inSource"}]
    assert not any(results.values())
    assert [fmt for fmt, text in told.items() if "LOOK001" in text] == ["sarif"]


def test_an_expired_suppression_is_shown_with_what_it_hid(strict_desk: Desk) -> None:
    """In the working tree the day is today."""
    suppress(strict_desk, SAID.replace("9999-12-31", "2020-01-31"))
    answer = strict_desk.run("check", "--output-format", "concise")
    assert answer.code == 1
    assert "error[LOOK001]: min_spread_bps is 0.3" in answer.out
    assert "error[SUP003]: the suppression of LOOK001 expired at the end of 2020-01-31" in answer.out


def test_a_commit_is_judged_at_its_own_time(strict_desk: Desk) -> None:
    """What counted when it was committed, on 2026-01-02, counts in every later run."""
    suppress(strict_desk, SAID.replace("9999-12-31", "2026-01-02"))
    strict_desk.commit()
    assert strict_desk.run("check", "--at", "HEAD").code == 0
    assert strict_desk.run("compile").code == 0
    suppress(strict_desk, SAID.replace("9999-12-31", "2026-01-01"))
    strict_desk.commit()
    assert strict_desk.run("check", "--at", "HEAD").code == 1


def test_a_coin_may_not_suppress_a_rule_of_risk(desk: Desk) -> None:
    """The refusal is shown at both ends: the comment, and what the limit may vary by."""
    desk.write("config-repo/coins/ETH.yaml", f"trading:\n  leverage: 100 {RISKY}\n")
    answer = desk.run("check")
    assert answer.code == 1
    assert "error[RISK001]: leverage 100 is over max_leverage" in answer.out
    assert "error[SUP006]: RISK001 may be suppressed by whoever may set risk.global.max_leverage" in answer.out
    assert "schemas/risk.schema.json" in answer.out
    assert desk.run("rule", "SUP006").code == 0


def test_an_environment_may_suppress_it_at_its_own_limit(desk: Desk) -> None:
    """Who may set the limit may let something pass there."""
    desk.write("config-repo/coins/ETH.yaml", "trading:\n  leverage: 100\n")
    assert "error[RISK001]" in desk.run("check").out
    for name, limit in (("development", "3.0"), ("production", "20")):
        layer = f"config-repo/environments/{name}.yaml"
        desk.edit(layer, f"    max_leverage: {limit}\n", f"    max_leverage: {limit} {RISKY}\n")
    told = desk.run("check", "--output-format", "json").json()
    assert {"RISK001", "SUP004", "SUP006"}.isdisjoint(finding["code"] for finding in told["findings"])
    assert told["summary"]["suppressed"] == 2


# Against a base


def test_a_change_cannot_suppress_what_it_breaks(strict_desk: Desk) -> None:
    """With --base its own suppression does not count and a warning says so; after the merge it does."""
    base = strict_desk.head()
    suppress(strict_desk)
    answer = strict_desk.run("check", "--base", base)
    assert answer.code == 1
    assert "error[LOOK001]" in answer.out
    assert "warning[SUP007]: the suppression of LOOK001 is not in the base, so it does not count yet" in answer.out
    merged = strict_desk.commit()
    assert strict_desk.run("check", "--at", merged, "--base", base).code == 1
    strict_desk.edit(DEVELOPMENT, "leverage: 3 #", "leverage: 2 #")
    assert strict_desk.run("check", "--base", merged).code == 0


def test_without_a_base_the_working_tree_s_own_suppressions_count(strict_desk: Desk) -> None:
    """Comparing with HEAD, as check does unless told otherwise, is no review."""
    suppress(strict_desk)
    assert strict_desk.run("check").code == 0
    assert strict_desk.run("check", "--base", "HEAD").code == 1


# The baseline


def test_a_desk_adopts_a_rule_gradually(strict_desk: Desk) -> None:
    """What is there is listed and counted; what is new is judged; what is mended is told."""
    assert strict_desk.run("check").code == 1
    written = strict_desk.run("check", "--write-baseline")
    assert (written.code, written.out) == (0, BASELINED)
    text = (strict_desk.root / BASELINE).read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 'code: "LOOK001"' in text
    assert f'place: "{ETH}"' in text
    strict_desk.write("config-repo/bots/mm_multi_v1/coins/PENGU.yaml", "trading: {min_spread_bps: 0.2}\n")
    again = strict_desk.run("check", "--output-format", "concise")
    assert again.code == 1
    assert "min_spread_bps is 0.2" in again.out
    assert "min_spread_bps is 0.3" not in again.out


def test_writing_a_baseline_twice_changes_nothing(strict_desk: Desk) -> None:
    """Equal findings give equal bytes, and a reason that somebody wrote stays."""
    strict_desk.run("check", "--write-baseline")
    path = strict_desk.root / BASELINE
    first = path.read_text(encoding="utf-8")
    assert strict_desk.run("check", "--write-baseline").code == 0
    assert path.read_text(encoding="utf-8") == first
    path.write_text(first + '  reason: "older than the rule"\n', encoding="utf-8")
    strict_desk.run("check", "--write-baseline")
    assert path.read_text(encoding="utf-8") == first + '  reason: "older than the rule"\n'


def test_a_mended_finding_is_told_to_leave_the_baseline(strict_desk: Desk) -> None:
    """A warning with the command; writing again empties the list."""
    strict_desk.run("check", "--write-baseline")
    (strict_desk.root / "validators/spread_worth_a_look.py").write_text(RULE.replace("0.35:", "0.1:"))
    stale = strict_desk.run("check")
    assert stale.code == 0
    assert "warning[BASE001]: 1 of 1 lines of the baseline match nothing any more" in stale.out
    assert strict_desk.run("check", "--write-baseline").out == CLEAN
    assert "code:" not in (strict_desk.root / BASELINE).read_text(encoding="utf-8")


def test_what_a_baseline_never_holds_goes_on_failing(desk: Desk) -> None:
    """Neither rules of risk nor unreadable settings are written down as accepted."""
    desk.write("config-repo/coins/ETH.yaml", "trading: {leverage: 100}\n")
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    answer = desk.run("check", "--write-baseline", "--output-format", "concise")
    assert answer.code == 1
    assert "KEY002" in answer.out
    assert not (desk.root / BASELINE).exists()


@pytest.mark.parametrize(
    "narrowed", [("--at", "HEAD"), ("--base", "HEAD"), ("--bot", "mm_multi_v1"), ("--env", "production")]
)
def test_a_baseline_is_written_of_the_whole_working_tree(desk: Desk, narrowed: tuple[str, str]) -> None:
    """Anything less would drop the findings of others."""
    assert desk.run("check", "--write-baseline", *narrowed).refuses("a baseline is written", "leave ")
    assert not (desk.root / BASELINE).exists()


def test_a_baseline_cannot_be_written_without_a_desk_yaml(desk: Desk) -> None:
    """There is nothing to be judged, so nothing to be adopted."""
    desk.write("config-repo/desk.yaml", "format: [\n")
    assert desk.run("check", "--write-baseline").refuses("beside a desk.yaml that can be read", "deskc check")


def test_a_baseline_is_written_beside_its_desk(tmp_path: Path, strict_desk: Desk) -> None:
    """Wherever the command is run, and never through a link that stands there."""
    outside = tmp_path / "outside.yaml"
    outside.write_text("mine\n", encoding="utf-8")
    (strict_desk.root / BASELINE).symlink_to(outside)
    answer = deskc("check", "--write-baseline", cwd=strict_desk.root / "config-repo")
    assert answer.code in (0, 1)
    assert outside.read_text(encoding="utf-8") == "mine\n"


# The quarantine


def test_withdrawn_settings_do_not_compile_again(desk: Desk) -> None:
    """An undone edit is stopped with the reason, also where the same change deletes the line that stops it."""
    assert desk.run("compile", "--output-format", "json").code == 0
    header = next(path for path in desk.files() if path.startswith("snapshots/development/mm_multi_v1/"))
    rows = json.loads(desk.files()[header].split(b"\n")[0])["scopes"]
    digest = next(row["params_digest"] for row in rows if row["coin"] == "ETH")
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    desk.write(QUARANTINE, f'- params_digest: "{digest}"\n  bot: mm_multi_v1\n  coin: ETH\n  reason: too narrow\n')
    base = desk.commit("Withdraw")
    assert desk.run("compile").code == 0
    desk.edit(ETH, "min_spread_bps: 0.4", "min_spread_bps: 0.3")
    answer = desk.run("check")
    assert answer.code == 1
    assert f"error[QUAR001]: the settings {digest[:8]} were withdrawn for mm_multi_v1/ETH: too narrow" in answer.out
    assert "--> config-repo/quarantine.yaml:1:18" in answer.out
    git("rm", "--quiet", "--cached", QUARANTINE, cwd=desk.root)
    (desk.root / QUARANTINE).unlink()
    assert desk.run("check").code == 0
    refused = desk.run("check", "--base", base)
    assert refused.code == 1
    assert "error[QUAR001]" in refused.out
