"""Which lines of layers are in vain, and what is said of them; tests/property says that it is true."""

from pathlib import Path

from deskc.core.findings import Finding
from deskc.pipeline import Selection, compile_desk, prepare
from desks import BASE, Files, lay
from in_memory import InMemory

VALIDATORS = Path(__file__).resolve().parents[3] / "validators"
RULES = {
    f"validators/{name}.py": (VALIDATORS / f"{name}.py").read_text(encoding="utf-8")
    for name in ("layer_redundant", "layer_shadowed")
}
GLOBAL, PAPER, LIVE = "global.yaml", "environments/paper.yaml", "environments/live.yaml"
MM, ETH, MM_LIVE = "bots/mm/bot.yaml", "bots/mm/coins/ETH.yaml", "bots/mm/environments/live.yaml"
OTHER = str(BASE[MM]).replace("coins: [ETH, BTC]", "coins: [SOL]")
SAME, DIFFERENT = "LAYER001", "LAYER002"


def own(said: str) -> str:
    """Return the text of a bot.yaml that says something beside its declaration."""
    return f"{BASE[MM]!s}{said}\n"


def findings(files: Files, selection: Selection | None = None) -> tuple[Finding, ...]:
    """Return what is found with the two rules."""
    return compile_desk(prepare(InMemory(lay({**RULES, **files})), ""), selection or Selection()).findings


def vain(files: Files, selection: Selection | None = None) -> list[tuple[str, str, str]]:
    """Return code, file and the other line's file of each vain line; nothing else may be found."""
    found = findings(files, selection)
    assert {finding.code for finding in found} <= {SAME, DIFFERENT}
    return [(one.code, one.places[0].path, one.places[1].path) for one in found]


def test_a_line_that_repeats_what_holds_anyway_is_found() -> None:
    """Both lines are shown, and who reads the file; global.yaml says 5."""
    (finding,) = findings({ETH: "trading:\n  leverage: 5\n"})
    assert (finding.code, finding.severity) == (SAME, "warning")
    assert finding.message == "trading.leverage repeats the value that global.yaml sets already"
    assert [(place.path, place.line, place.role) for place in finding.places] == [
        (ETH, 2, "leverage set here"),
        (GLOBAL, 2, "leverage set here"),
    ]
    assert finding.scopes == ("live/mm", "paper/mm")


def test_a_line_that_is_overruled_everywhere_is_found() -> None:
    """The line that overrules it is shown too."""
    assert vain({MM: own("trading: {leverage: 3}")}) == [(DIFFERENT, GLOBAL, MM)]
    assert vain({PAPER: "trading: {leverage: 3}\n", LIVE: "trading: {leverage: 4}\n"}) == [(DIFFERENT, GLOBAL, LIVE)]


def test_a_line_that_decides_in_one_scope_is_in_use() -> None:
    """It may repeat or be overruled in others; the bot's own scope, which no coin's layer reaches, is one as well."""
    assert vain({PAPER: "trading: {leverage: 3}\n", ETH: "trading: {leverage: 3}\n"}) == []
    coins = {f"bots/mm/coins/{coin}.yaml": "trading: {leverage: 3}\n" for coin in ("ETH", "BTC")}
    assert vain(coins) == []


def test_of_a_row_of_repetitions_each_points_at_the_first() -> None:
    """That is the one that stays when the others go."""
    same = "trading: {leverage: 5}\n"
    assert vain({PAPER: same, ETH: same}) == [(SAME, ETH, GLOBAL), (SAME, PAPER, GLOBAL)]


def test_of_lines_that_rely_on_each_other_one_is_in_use() -> None:
    """The bot repeats its environment in paper and overrules it in live: there it has to stay, so paper may go."""
    files = {PAPER: "trading: {leverage: 3}\n", MM: own("trading: {leverage: 3}")}
    assert vain(files) == [(DIFFERENT, PAPER, MM), (DIFFERENT, GLOBAL, MM)]


def test_a_line_stays_where_all_that_repeat_it_go() -> None:
    """One bot needs its own repetition in live, the other's has no use: then the environment's line has one."""
    said = {PAPER: "trading: {leverage: 3}\n", MM: own("trading: {leverage: 3}")}
    other = OTHER.replace("[paper, live]", "[paper]") + "trading: {leverage: 3}\n"
    assert vain({**said, "bots/mn/bot.yaml": other}) == [(SAME, "bots/mn/bot.yaml", PAPER), (DIFFERENT, GLOBAL, MM)]


def test_a_line_that_is_overruled_where_it_repeats_nothing_is_vain() -> None:
    """In paper it says what global.yaml says, in live another layer has the last word."""
    said = {LIVE: "trading: {leverage: 7}\n", MM: own("trading: {leverage: 5}"), MM_LIVE: "trading: {leverage: 9}\n"}
    assert vain(said) == [(SAME, MM, GLOBAL), (DIFFERENT, LIVE, MM_LIVE)]


def test_a_value_that_comes_back_is_no_repetition() -> None:
    """Deleting the last of three would let the second hold; the second is what has no use."""
    said = {MM: own("trading: {leverage: 3}"), MM_LIVE: "trading: {leverage: 5}\n"}
    assert vain({**said, "bots/mm/environments/paper.yaml": "trading: {leverage: 5}\n"}) == [
        (DIFFERENT, MM, MM_LIVE),
        (DIFFERENT, GLOBAL, MM_LIVE),
    ]


def test_a_default_may_be_spelled_out_once() -> None:
    """Whoever reads the file wants to know; the second time it is repeated."""
    assert vain({GLOBAL: "trading: {mode: maker}\n"}) == []
    assert vain({ETH: "trading: {mode: maker}\n"}) == []
    assert vain({GLOBAL: "trading: {mode: maker}\n", ETH: "trading: {mode: maker}\n"}) == [(SAME, ETH, GLOBAL)]


def test_numbers_are_compared_as_values_and_lists_as_wholes() -> None:
    """1.0 and 1 are one value; a list is repeated if each item is."""
    said = {MM: own("trading: {size: 1.0, venues: [a, b]}")}
    assert vain({**said, ETH: "trading: {size: 1, venues: [b, a]}\n"}) == [(SAME, ETH, MM)]
    (finding,) = findings({**said, ETH: "trading:\n  venues:\n    - a\n    - b\n"})
    assert (finding.places[0].line, finding.places[0].role) == (3, "venues set here")


def test_maps_are_compared_by_entry() -> None:
    """The entry that differs is left alone."""
    said = {GLOBAL: "trading: {weights: {a: 2, c: 1}}\n", ETH: "trading: {weights: {a: 2, c: 3}}\n"}
    (finding,) = findings(said)
    assert finding.message.startswith("trading.weights.a repeats")


def test_what_only_a_drop_needs_or_says_is_left_alone() -> None:
    """`$unset` and `$replace` need what they take; the value after them has nothing beneath it."""
    beneath = {GLOBAL: "trading: {names: {a: x}}\n"}
    assert vain({**beneath, MM: own("trading: {names: {$unset: [a]}}")}) == []
    assert vain({**beneath, MM_LIVE: "trading: {names: {$replace: true, a: x}}\n"}) == []
    assert vain({**beneath, MM: own("trading: {names: {$unset: [a]}}"), ETH: "trading: {names: {a: x}}\n"}) == []


def test_what_is_taken_away_in_the_end_may_still_be_repeated() -> None:
    """One line is enough to take away."""
    said = {GLOBAL: "trading: {names: {a: x}}\n", MM: own("trading: {names: {a: x}}")}
    assert vain({**said, MM_LIVE: "trading: {names: {$unset: [a]}}\n"}) == [(SAME, MM, GLOBAL)]


def test_what_is_set_anew_after_a_drop_overrules_all_beneath() -> None:
    """Even if it is the same value: it was gone in between."""
    said = {GLOBAL: "trading: {names: {a: x}}\n", MM: own("trading: {names: {$replace: true, a: x}}")}
    assert vain(said) == [(DIFFERENT, GLOBAL, MM)]


def test_references_and_empty_maps_are_left_alone() -> None:
    """A reference follows what it names; an empty map says only that there is one."""
    said = 'trading: {leverage: 5, note: "${ref:trading.mode}", weights: {}, key: "${KEY}"}\n'
    assert vain({GLOBAL: said, ETH: said.replace("leverage: 5, ", "")}) == []
    assert vain({ETH: 'trading: {leverage: "${ref:risk.other}"}\nrisk: {other: 5}\n'}) == []


def test_a_template_is_not_judged_but_counts() -> None:
    """It is written for many; what it says lies beneath the layer that extends it, and over all others."""
    calm = {"templates/calm.yaml": "trading: {leverage: 5, size: 2}\n"}
    assert vain({**calm, MM: own("extends: [templates/calm.yaml]\ntrading: {size: 2}")}) == [
        (SAME, MM, "templates/calm.yaml"),
        (DIFFERENT, GLOBAL, "templates/calm.yaml"),
    ]
    assert vain({**calm, MM: own("extends: [templates/calm.yaml]\ntrading: {size: 3, leverage: 4}")}) == [
        (DIFFERENT, GLOBAL, MM)
    ]


def test_what_no_scope_has_is_left_alone() -> None:
    """A coin has no system section, so nothing overrules what its layer says of it."""
    assert vain({ETH: "system: {log_level: DEBUG}\n", GLOBAL: "system: {log_level: DEBUG}\n"}) == []


def test_a_file_is_judged_only_where_all_who_read_it_are_asked_for() -> None:
    """Another bot may need what this one repeats or overrules."""
    same = {"coins/ETH.yaml": "trading: {leverage: 5}\n", ETH: "trading: {leverage: 5}\n", "bots/mn/bot.yaml": OTHER}
    assert vain(same) == [(SAME, ETH, GLOBAL), (SAME, "coins/ETH.yaml", GLOBAL)]
    assert vain(same, Selection(bots=("mm",))) == vain(same)
    assert vain(same, Selection(environments=("live",))) == []
    assert vain({**same, MM_LIVE: "trading: {leverage: 3}\n"}, Selection(("live",), ("mm",))) == []
    overruled = {MM: own("trading: {leverage: 3}"), "bots/mn/bot.yaml": OTHER}
    assert vain(overruled, Selection(bots=("mm",))) == []


def test_a_file_is_not_judged_where_some_who_read_it_are_broken() -> None:
    """Nobody knows what they resolve to; a file of somebody else's is judged as ever."""
    said = {PAPER: "trading: {leverage: 5}\n", "bots/mn/bot.yaml": OTHER, ETH: "trading: {leverage: 5}\n"}
    assert vain(said) == [(SAME, ETH, GLOBAL), (SAME, PAPER, GLOBAL)]
    for broken in ("trading: {leverage: wrong}\n", "trading: {nested: {may: 1}}\n", "trading: {size: 0}\n"):
        found = findings({**said, "bots/mn/coins/SOL.yaml": broken})
        assert [one.places[0].path for one in found if one.code == SAME] == [ETH]
        assert {one.code for one in found} > {SAME}
