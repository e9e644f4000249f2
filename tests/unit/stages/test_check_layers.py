"""Rules of files, and what a rule may ask of a scope beyond its settings."""

from deskc.core.findings import Place
from deskc.pipeline import Selection, compile_desk, prepare
from desks import BASE, Files, codes, compiled, lay, only
from in_memory import InMemory

RULE = "validators/own.py"
MM = "bots/mm/bot.yaml"
ETH = "bots/mm/coins/ETH.yaml"


def rule(body: str, *, head: str, argument: str = "scope") -> str:
    """Return a rule's file."""
    return f'''"""A title."""

from deskc.sdk import Finding, rule


@rule("OWN001", {head})
def own({argument}):
    """Say why."""
    {body}
'''


def of_layers(body: str, needs: str = "") -> Files:
    """Return a desk with a rule of files."""
    return {RULE: rule(body, head=f'level="layer", needs=({needs})', argument="layer")}


def test_every_file_is_judged_as_it_is_written() -> None:
    """A value that a later layer replaces is judged too, one inside a list as well; defaults stand in no file."""
    body = """
    for path, value in layer.written.items():
        if isinstance(value, str) and value.startswith("bad"):
            yield Finding.at(path, message=f"{layer.path} has {path}", help="x")"""
    files = {**of_layers(body), "global.yaml": "trading: {note: bad}\n"}
    found = compiled({**files, ETH: "trading: {note: fine, venues: [x, bad1]}\n"}).findings
    assert [(one.message, one.places, one.scopes) for one in found] == [
        (f"{ETH} has trading.venues[1]", (Place(ETH, 1, 35, 1, 39, "set here"),), ("live/mm", "paper/mm")),
        (
            "global.yaml has trading.note",
            (Place("global.yaml", 1, 17, 1, 20, "note set here"),),
            ("live/mm", "paper/mm"),
        ),
    ]


def test_a_file_without_what_a_rule_needs_is_left_out() -> None:
    """So is one that is broken, of which its own finding has told."""
    told = of_layers("yield Finding.at('trading.note', message='x', help='y')", "'trading.note',")
    assert only({**told, ETH: "trading: {note: a}\n"}).places[0].path == ETH
    assert "OWN001" not in codes({**told, ETH: "trading: {note: &a a}\n"})


def test_a_rule_that_fails_on_a_file_touches_who_reads_it() -> None:
    """The environment whose layer it is, and nobody else."""
    failing = of_layers("if 'live' in layer.path: raise ValueError\n    yield from ()")
    compilation = compiled({**failing, "environments/live.yaml": "trading: {size: 1}\n"})
    assert [(one.code, one.scopes) for one in compilation.findings] == [("RULE001", ("live/mm",))]
    assert [one.environment for one in compilation.snapshots] == ["paper"]


def test_a_need_may_name_the_bots_own_venue() -> None:
    """A limit of another venue does not let the rule run, one of its own does."""
    told = {RULE: rule("yield Finding.at('risk.caps', message=scope.exchange, help='x')", head="needs=(NEED,)")}
    told[RULE] = told[RULE].replace("NEED", "'risk.caps.{exchange}'")
    assert compiled({**told, "environments/live.yaml": "risk: {caps: {other: 1}}\n"}).findings == ()
    assert only({**told, "environments/live.yaml": "risk: {caps: {venue: 1}}\n"}).message == "venue"


def test_a_rule_sees_label_and_account_and_points_at_the_label() -> None:
    """Where there is no label the finding leads to the bot's declaration."""
    body = "yield Finding.at('config_version', message=f'{scope.config_version} of {scope.account}', help='x')"
    told = {RULE: rule(body, head='level="scope"')}
    finding = only({**told, MM: BASE[MM].replace("bot: {", "bot: {account: main, ") + "config_version: 1.2.0\n"})
    assert finding.message == "1.2.0 of main"
    assert finding.places == (Place(MM, 2, 17, 2, 22, "config_version set here"),)
    finding = only(told)
    assert finding.message == "None of None"
    assert finding.places == (Place(MM, 1, 1, 1, 4, "the bot is declared here"),)


def test_a_rule_can_tell_a_default_from_what_was_written() -> None:
    """Only what stands in some layer was chosen by somebody."""
    body = """
    assert scope.is_written("trading.leverage") and not scope.is_written("trading.mode")
    assert not scope.is_written("trading.note")
    yield from ()"""
    assert compiled({RULE: rule(body, head='level="scope"')}).findings == ()


def test_a_rule_of_the_desk_sees_all_of_it_whatever_was_asked_for() -> None:
    """What bots share is judged whole; what touches none of those that were asked for is left out."""
    body = """
    for scope in scopes:
        yield Finding.at(scope.at("trading.leverage"), message=f"{scope.environment} of {len(scopes)}", help="x")"""
    files = lay({RULE: rule(body, head='level="desk"', argument="scopes")})
    found = compile_desk(prepare(InMemory(files), ""), Selection(environments=("paper",))).findings
    assert [finding.message for finding in found] == ["paper of 6"]


def test_each_side_is_judged_that_a_rule_asks_about() -> None:
    """Sides of a coin share their settings, yet a rule that looks at the side is run for both."""
    body = """
    if scope.side == "SHORT":
        yield Finding.at("trading.leverage", message=scope.coin, help="x")"""
    sided = BASE[MM].replace("coins:", "sides: [LONG, SHORT], coins:")
    found = compiled({RULE: rule(body, head='level="scope"'), MM: sided}).findings
    assert [(one.message, len(one.scopes)) for one in found] == [("BTC", 2), ("ETH", 2)]


def test_what_is_found_is_found_for_both_sides() -> None:
    """A finding names every scope that it touches, whichever side was looked at first."""
    body = """
    if scope.coin == "ETH":
        yield Finding.at("trading.leverage", message="found", help="x")"""
    sided = BASE[MM].replace("coins:", "sides: [LONG, SHORT], coins:").replace("paper, live", "paper")
    finding = only({RULE: rule(body, head='level="scope"'), MM: sided})
    assert finding.scopes == ("paper/mm/ETH/LONG", "paper/mm/ETH/SHORT")
