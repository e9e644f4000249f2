"""Running rules: levels, needs, places of what they find, and rules that fail."""

import pytest

from deskc.core.findings import Finding, Place
from deskc.pipeline import Selection, compile_desk, prepare
from desks import BASE, Files, compiled, lay, only
from in_memory import InMemory

MM = "bots/mm/bot.yaml"
ETH = "bots/mm/coins/ETH.yaml"
BOT = BASE[MM]
RULE = "validators/own.py"


def rule(body: str, *, head: str = '"OWN001"', argument: str = "scope") -> str:
    """Return a rule's file."""
    return f'''"""A title."""

from deskc.sdk import Finding, rule


@rule({head})
def own({argument}):
    """Say why."""
    {body}
'''


def at(*spots: str, **more: str) -> str:
    """Return the line that finds something at these spots."""
    options = "".join(f", {name}={value!r}" for name, value in more.items())
    return f"yield Finding.at({', '.join(map(repr, spots))}, message='found', help='mend it'{options})"


def test_scopes_that_break_a_rule_alike_share_a_finding() -> None:
    """One mistake in global.yaml is one finding for all who inherit it."""
    finding = only({RULE: rule(at("trading.leverage"))})
    assert finding == Finding(
        "OWN001",
        "error",
        "found",
        "mend it",
        (Place("global.yaml", 2, 13, 2, 14, "leverage set here"),),
        ("live/mm", "live/mm/BTC", "live/mm/ETH", "paper/mm", "paper/mm/BTC", "paper/mm/ETH"),
        "deskc rule OWN001",
    )


def test_a_rule_is_skipped_where_what_it_needs_is_absent() -> None:
    """Settings, maps and sections can be needed; a scope without them is not judged."""
    for needed, heard in (("trading.label", ["paper/mm/ETH"]), ("trading.names", ["paper/mm/BTC"]), ("risk", [])):
        files: Files = {
            RULE: rule(at("trading.leverage"), head=f'"OWN001", needs=("{needed}",)'),
            MM: BOT.replace("paper, live", "paper"),
            ETH: "trading: {label: x}\n",
            "bots/mm/coins/BTC.yaml": "trading: {names: {a: x}}\n",
        }
        assert [scope for finding in compiled(files).findings for scope in finding.scopes] == heard


def test_each_value_is_placed_where_it_was_set() -> None:
    """A layer's value at its line, a default in its schema, a map by its entries, a list as a whole."""
    files: Files = {
        RULE: rule(
            at("trading.size", "trading.mode", "trading.weights", "trading.venues"),
            head='"OWN001", needs=("trading.size",)',
        ),
        ETH: "trading:\n  size: 2\n  weights: {b: 3}\n  venues: [x]\n",
    }
    places = [(place.path, place.line, place.role) for place in only(files).places]
    assert places == [
        (ETH, 2, "size set here"),
        ("schemas/trading.schema.json", _line("trading", '"maker"', after='"mode"'), "mode has its default here"),
        ("schemas/trading.schema.json", _line("trading", '"default"', after='"weights"'), "a has its default here"),
        (ETH, 3, "b set here"),
        (ETH, 4, "venues set here"),
    ]


def _line(name: str, wanted: str, *, after: str) -> int:
    """Return the number of the last line that holds a text, within the property that starts with another."""
    lines = lay({})[f"schemas/{name}.schema.json"].decode().splitlines()
    start = next(number for number, line in enumerate(lines) if after in line)
    end = next(n for n in range(start + 1, len(lines)) if lines[n].startswith("  }"))
    inside = [n for n in range(start, end) if wanted in lines[n]]
    return inside[-1] + 1


def test_a_reference_is_placed_with_what_it_names() -> None:
    """Both the line that refers and the line that holds the value."""
    files: Files = {
        RULE: rule(at("trading.leverage"), head='"OWN001", needs=("trading.size",)'),
        ETH: "trading:\n  size: 2\n  leverage: ${ref:trading.size}\n",
    }
    assert [(place.line, place.role) for place in only(files).places] == [
        (3, "leverage set here"),
        (2, "size set here"),
    ]


def test_what_is_not_there_is_placed_in_the_last_layer_that_spoke() -> None:
    """A rule that misses a setting still points somewhere."""
    (place,) = only({RULE: rule(at("trading.label"))}).places
    assert place.path == "global.yaml"
    assert only({RULE: rule(at("risk.floor"))}).places == (Place("desk.yaml"),)


def test_a_rule_of_a_bot_sees_all_its_scopes() -> None:
    """It is run once a target with the scopes that have what it needs, and names one of them by its spot."""
    body = "yield Finding.at(scopes[-1].at('trading.leverage'), message=str(len(scopes)), help='x')"
    finding = only({RULE: rule(body, head='"OWN001", level="bot"', argument="scopes")})
    assert finding.message == "3"
    assert finding.scopes == ("live/mm/ETH", "paper/mm/ETH")


def test_a_rule_of_the_desk_sees_every_scope() -> None:
    """It is run once, over all targets."""
    spots = "scopes[0].at('trading.leverage'), scopes[-1].at('trading.leverage')"
    body = f"yield Finding.at({spots}, message=str(len(scopes)), help='x')"
    finding = only({RULE: rule(body, head='"OWN001", level="desk"', argument="scopes")})
    assert finding.message == "6"
    assert finding.scopes == ("live/mm", "paper/mm/ETH")


def test_a_rule_of_changes_is_not_run_here() -> None:
    """It needs a before and an after."""
    assert compiled({RULE: rule(at("trading.leverage"), head='"OWN001", level="change"')}).findings == ()


@pytest.mark.parametrize("severity", ["warning", "note"])
def test_only_errors_keep_a_snapshot_back(severity: str) -> None:
    """Warnings and notes are told, and everything is frozen."""
    compilation = compiled({RULE: rule(at("trading.leverage", severity=severity))})
    assert [finding.severity for finding in compilation.findings] == [severity]
    assert len(compilation.snapshots) == 2


def test_an_error_of_a_rule_keeps_only_its_targets_back() -> None:
    """The other environment is frozen."""
    body = f"if scope.environment == 'paper': {at('trading.leverage')}"
    assert [one.environment for one in compiled({RULE: rule(body)}).snapshots] == ["live"]


FAILING = {
    "an exception": "raise ValueError('no')\n    yield",
    "a key error": "yield scope['trading.gone']",
    "leaving": "raise SystemExit(0)\n    yield",
    "no finding": "yield 'text'",
    "nothing to iterate": "return 5",
    "another severity": at("trading.leverage", severity="fatal"),
    "a spot that is no path": "yield Finding.at(5, message='x', help='y')",
    "endless recursion": "yield from own.judge(scope)",
}


@pytest.mark.parametrize("name", FAILING)
def test_a_rule_that_fails_is_a_finding_where_it_failed(name: str) -> None:
    """Whatever a rule does, the compile goes on, says so at the rule's line, and freezes nothing it guards."""
    compilation = compiled({RULE: rule(FAILING[name])})
    (finding,) = compilation.findings
    assert finding.code == "RULE001"
    assert finding.places[0].path == RULE
    assert "OWN001" in finding.message
    assert len(finding.scopes) == 6
    assert compilation.snapshots == ()


def test_a_failing_rule_points_at_its_line() -> None:
    """The line is that of the rule's own file, however deep the error was."""
    assert only({RULE: rule("sum([0, 'x'])\n    yield")}).places[0].line == 9


def test_a_failing_rule_of_the_desk_touches_the_whole_desk() -> None:
    """Nobody can say which scope it would have spared."""
    compilation = compiled(
        {RULE: rule("raise ValueError\n    yield", head='"OWN001", level="desk"', argument="scopes")}
    )
    assert [finding.scopes for finding in compilation.findings] == [()]
    assert compilation.snapshots == ()


def test_scopes_are_mappings_to_a_rule() -> None:
    """Values, whole maps and sections are read by path; what is absent raises KeyError, or gives a default."""
    body = """
    assert scope['trading.leverage'] == 5
    assert scope['trading.weights'] == {'a': 1, 'b': 0.5}
    assert scope['trading']['weights']['b'] == 0.5
    assert 'trading.weights' in scope and 'trading.label' not in scope and 'risk' not in scope
    assert scope.get('trading.label', 'none') == 'none'
    assert (scope.bot, scope.side) == ('mm', None) and scope.environment in ('paper', 'live')
    yield from ()"""
    assert compiled({RULE: rule(body)}).findings == ()


def test_judgement_limited_to_an_environment_leaves_the_other_out() -> None:
    """Rules are run for what was asked for, and errors elsewhere do not count."""
    files = lay({RULE: rule(f"if scope.environment == 'live': {at('trading.leverage')}")})
    compilation = compile_desk(prepare(InMemory(files), ""), Selection(environments=("paper",)))
    assert compilation.findings == ()
    assert [one.environment for one in compilation.snapshots] == ["paper"]


def test_a_rule_may_change_what_it_was_given() -> None:
    """Values are the rule's own: what it does to a list or a map reaches no other rule, scope or snapshot."""
    body = """
    scope['trading.weights']['z'] = 1
    scope['trading']['weights']['z'] = 1
    scope['trading.venues'].append('z')
    assert scope['trading.weights'] == {'a': 1, 'b': 0.5}
    assert scope['trading.venues'] == ['x']
    yield from ()"""
    files: Files = {"global.yaml": "trading: {venues: [x]}\n"}
    changing = compiled({**files, RULE: rule(body)})
    assert changing.findings == ()
    assert [one.digest for one in changing.snapshots] == [one.digest for one in compiled(files).snapshots]
