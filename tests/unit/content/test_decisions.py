"""A suppression or a line of the baseline counts only if the base has it."""

import pytest

from deskc.core.codes import TINY
from suppressing import COIN, SAID, WIDE, codes, compiled, compiled_against

SUPPRESSED = {COIN: WIDE.format(" " + SAID)}
PLAIN = {COIN: WIDE.format("")}


def listed() -> str:
    """Return a baseline that lists what is found in the coin."""
    (finding,) = compiled(PLAIN).findings
    return f'- {{code: OWN001, fingerprint: "{finding.fingerprint}"}}\n'


def test_what_the_base_has_counts() -> None:
    """A reviewed suppression goes on, wherever its lines have moved."""
    moved = {COIN: "# Above.\n\n" + WIDE.format("\n  size_usd: 7").replace("9", f"9 {SAID}")}
    for head in (SUPPRESSED, moved):
        compilation = compiled_against(SUPPRESSED, head)
        assert codes(compilation) == []
        assert len(compilation.hidden.suppressed) == 1


@pytest.mark.parametrize(
    "base",
    [
        {},
        PLAIN,
        {COIN: WIDE.format(" " + SAID.replace("2027-01-31", "2027-01-30"))},
        {COIN: WIDE.format(" " + SAID.replace("migrating", "because"))},
        {COIN: f"trading:\n  size_usd: 5 {SAID}\n"},
        {"bots/maker/bot.yaml": TINY["bots/maker/bot.yaml"] + WIDE.format(" " + SAID)},
        {COIN: f"trading:\n  leverage: [9 {SAID}\n"},
    ],
)
def test_what_a_change_brings_does_not_count_yet(base: dict[str, str]) -> None:
    """Nor does a later day, another reason, another setting, another file, or one that the base could not read."""
    compilation = compiled_against(base, SUPPRESSED)
    assert codes(compilation) == ["OWN001", "SUP007"]
    note = compilation.findings[1]
    assert (note.severity, note.scopes, note.places[0].path) == ("warning", ("paper/maker",), COIN)
    assert compilation.snapshots == ()


def test_a_suppression_that_a_change_takes_away_is_gone() -> None:
    """What passes against the base passes after the merge too, so both have to have it."""
    assert codes(compiled_against(SUPPRESSED, PLAIN)) == ["OWN001"]


def test_new_lines_of_a_baseline_do_not_count_yet() -> None:
    """The finding is judged, and a note says what was ignored."""
    compilation = compiled_against(PLAIN, {**PLAIN, "baseline.yaml": listed()})
    assert codes(compilation) == ["BASE003", "OWN001"]
    assert (
        compilation.findings[0].message == "1 of 1 lines of the baseline are not in the base, so they do not count yet"
    )


def test_lines_that_the_base_has_count() -> None:
    """Adopted findings go on passing."""
    adopted = {**PLAIN, "baseline.yaml": listed()}
    compilation = compiled_against(adopted, adopted)
    assert codes(compilation) == []
    assert len(compilation.hidden.baselined) == 1


def test_a_line_that_matches_nothing_is_told() -> None:
    """The warning says how to write the baseline again, and breaks nothing."""
    (warning,) = compiled({"baseline.yaml": listed()}).findings
    assert (warning.code, warning.severity) == ("BASE001", "warning")
    assert warning.message == "1 of 1 lines of the baseline match nothing any more"
    assert warning.help == "write it again: deskc check --write-baseline"


def test_the_lists_stand_beside_desk_yaml_alone() -> None:
    """Anywhere else, or by another ending, nothing reads them."""
    assert codes(compiled({"bots/maker/baseline.yaml": "{}\n"})) == ["READ001"]
    assert codes(compiled({"quarantine.yml": "{}\n"})) == ["READ001"]


def withdrawn(bot: str, coin: str) -> str:
    """Return a quarantine of one line."""
    return f'- {{params_digest: "{"0" * 64}", bot: {bot}, coin: {coin}, reason: it bought the top}}\n'


@pytest.mark.parametrize(
    ("bot", "coin", "message", "way_out"),
    [
        ("makr", "ETH", "the desk has no bot makr", "did you mean maker?"),
        ("maker", "ETHH", "the desk has no coin ETHH", "did you mean ETH?"),
        ("maker", "DOGE", "the desk has no coin DOGE", "name a coin of the desk, or delete the line"),
    ],
)
def test_a_withdrawal_for_nobody_is_told(bot: str, coin: str, message: str, way_out: str) -> None:
    """A mistyped name protects from nothing, and whoever wrote it believes otherwise."""
    (finding,) = compiled({"quarantine.yaml": withdrawn(bot, coin)}).findings
    assert (finding.code, finding.severity, finding.help) == ("QUAR002", "warning", way_out)
    assert finding.message == f"{message}, so what was withdrawn for it withdraws nothing"
    assert (finding.places[0].path, finding.places[0].line) == ("quarantine.yaml", 1)


def test_a_withdrawal_knows_a_bot_by_its_old_name() -> None:
    """A renamed bot keeps its withdrawals; the bot's own settings have no coin; a broken file may declare anybody."""
    renamed = TINY["bots/maker/bot.yaml"].replace("coins: [ETH]", "coins: [ETH], formerly: [makr]")
    listed = {"quarantine.yaml": withdrawn("makr", "ETH") + withdrawn("maker", "null")}
    assert compiled({**listed, "bots/maker/bot.yaml": renamed}).findings == ()
    broken = {"quarantine.yaml": withdrawn("other", "ETH"), "bots/other/bot.yaml": "bot: {coins: [ETH\n"}
    assert "QUAR002" not in codes(compiled(broken))
