"""Rules that need market facts: what they are given, where they are left out, and what is said about that."""

from deskc.core.findings import Finding
from deskc.pipeline import compile_desk, judged_change, prepare
from desks import BASE, Files, compiled, lay
from in_memory import InMemory
from some_market import LOCK

FILE = "markets/venue.yaml"
RULE = "validators/own.py"
SOL = LOCK.partition("  ETH:\n")[2]
BOTH = f"{LOCK}  BTC:\n{SOL}"
UNPRICED = BOTH.replace("min_notional_usd: 20", "min_notional_usd: null", 1)


def rule(body: str, *, head: str, argument: str = "scope") -> str:
    """Return a rule's file."""
    return f'''"""A title."""

from deskc.sdk import Finding, rule


@rule("OWN001", {head})
def own({argument}):
    """Say why."""
    {body}
'''


ASKING = rule(
    'yield Finding.at("trading.leverage", message=f"{scope.coin} {scope.market.min_notional_usd}", help="mend it")',
    head='needs=("trading.leverage",), facts="min_notional_usd"',
)


def found(files: Files, code: str) -> list[Finding]:
    """Return what is found with a code."""
    return [finding for finding in compiled(files).findings if finding.code == code]


def test_a_rule_reads_the_facts_of_its_coin() -> None:
    """Each coin has its own, in both environments; the bot's own scope has no coin and is left out."""
    said = [(one.message, one.scopes) for one in found({FILE: BOTH.replace("20\n", "5\n", 1), RULE: ASKING}, "OWN001")]
    assert said == [("BTC 20", ("live/mm/BTC", "paper/mm/BTC")), ("ETH 5", ("live/mm/ETH", "paper/mm/ETH"))]


def test_a_coin_whose_fact_is_null_is_left_out_and_named() -> None:
    """The other coin is judged; one note says which fact of which coin is missing, and where null stands."""
    files = {FILE: UNPRICED, RULE: ASKING}
    assert [one.message for one in found(files, "OWN001")] == ["BTC 20"]
    (note,) = found(files, "MARKET006")
    assert note.message == "OWN001 could not run: nobody knows min_notional_usd of ETH at venue"
    assert (note.severity, note.scopes) == ("note", ("live/mm", "paper/mm"))
    assert [(place.path, place.line) for place in note.places] == [(FILE, 12)]
    assert (bool(note.help), note.next_action) == (True, "deskc rule OWN001")
    assert not compiled(files).snapshots  # the rule's own finding is an error; the note is none


def test_a_note_keeps_no_snapshot_back() -> None:
    """What nobody knows is no fault of the desk."""
    compilation = compiled({FILE: BOTH.replace("usd: 20", "usd: null"), RULE: ASKING})
    assert [one.code for one in compilation.findings] == ["MARKET006"]
    assert len(compilation.snapshots) == 2


def test_many_coins_share_a_note() -> None:
    """Five are named, the rest are counted: a rule has one note however large the fleet is."""
    coins = [f"C{number}" for number in range(8)]
    unknown = SOL.replace("min_notional_usd: 20", "min_notional_usd: null").replace("max_qty: 500", "max_qty: null")
    files = {
        FILE: LOCK.partition("  ETH:")[0] + "".join(f"  {coin}:\n{unknown}" for coin in coins),
        RULE: ASKING.replace('"min_notional_usd"', '("min_notional_usd", "max_qty", "tick_size")', 1),
        "bots/mm/bot.yaml": str(BASE["bots/mm/bot.yaml"]).replace("ETH, BTC", ", ".join(coins)),
    }
    (note,) = compiled(files).findings
    assert note.message.startswith("OWN001 could not run: nobody knows min_notional_usd, max_qty of C0 at venue; ")
    assert note.message.endswith("of C4 at venue and of 3 more")
    assert len(note.places) == 1  # the others stand around it


def test_nothing_is_said_where_the_rule_would_not_have_run() -> None:
    """A scope without the settings that a rule needs is none of its business, known facts or not."""
    files = {FILE: UNPRICED, RULE: ASKING.replace("trading.leverage", "trading.label")}
    assert compiled(files).findings == ()


def test_a_rule_of_the_desk_is_given_the_scopes_that_it_can_judge() -> None:
    """Those whose facts are known; where none is left it does not run, and the note touches the whole desk."""
    body = 'yield Finding.at(scopes[0].at("trading.leverage"), message=str(len(scopes)), help="mend it")'
    own = rule(body, head='facts="min_notional_usd", level="desk"', argument="scopes")
    findings = compiled({FILE: UNPRICED, RULE: own}).findings
    assert [(one.code, one.message) for one in findings if one.code == "OWN001"] == [("OWN001", "2")]
    assert [one.scopes for one in findings if one.code == "MARKET006"] == [()]
    nothing = compiled({FILE: BOTH.replace("usd: 20", "usd: null"), RULE: own}).findings
    assert [one.code for one in nothing] == ["MARKET006"]


def test_a_rule_of_changes_needs_the_facts_of_what_will_be() -> None:
    """Facts are of each tree: those before stand in the scope before."""
    body = """if before and after:
        least = f"{before.market.min_notional_usd} {after.market.min_notional_usd}"
        yield Finding.at("trading.leverage", message=least, help="mend it")"""
    own = rule(body, head='facts="min_notional_usd", level="change"', argument="before, after")
    trees = [lay({FILE: text, RULE: own}) for text in (BOTH, BOTH.replace("20\n", "30\n"), UNPRICED)]
    before, raised, unknown = (prepare(InMemory(tree), "") for tree in trees)
    assert {one.message for one in judged_change(before, compile_desk(raised)).findings} == {"20 30"}
    findings = judged_change(before, compile_desk(unknown)).findings
    assert {one.code: one.message for one in findings} == {
        "OWN001": "20 20",
        "MARKET006": "OWN001 could not run: nobody knows min_notional_usd of ETH at venue",
    }


def test_a_rule_asks_for_facts_that_there_are() -> None:
    """A misspelled fact would never be known, so the rule would never run."""
    (finding,) = compiled({RULE: ASKING.replace('"min_notional_usd"', '"min_notional"', 1)}).findings
    assert finding.code == "RULE001"
    assert "min_notional is no fact of a market; facts are symbol, status, tick_size" in finding.message


def test_a_rule_that_did_not_ask_fails_where_there_are_no_facts() -> None:
    """The failure says what is missing, so that its author adds the name."""
    files = {RULE: rule("yield from [scope.market.tick_size]", head='needs=("trading.leverage",)')}
    messages = {one.message for one in found(files, "RULE001")}
    assert messages == {
        "the rule OWN001 failed with LookupError: no market facts of None at venue are known",
        "the rule OWN001 failed with LookupError: no market facts of BTC at venue are known",
        "the rule OWN001 failed with LookupError: no market facts of ETH at venue are known",
    }


def test_the_market_of_a_leg_is_found_by_exchange_and_coin() -> None:
    """Facts of any exchange of the desk; None where there are none, since a leg is no demand of the rule."""
    body = """known = scope.market_of("far", "SOL"), scope.market_of("far", "ETH"), scope.market_of("near", "SOL")
    if scope.coin == "ETH":
        said = [one and one.symbol for one in known]
        yield Finding.at("trading.leverage", message=f"{scope.exchange} {said}", help="mend it")"""
    far = LOCK.replace("exchange: venue", "exchange: far").replace("  ETH:", "  SOL:")
    (finding,) = found({FILE: BOTH, "markets/far.yaml": far, RULE: rule(body, head="needs=()")}, "OWN001")
    assert finding.message == "venue ['ETH/USDT', None, None]"


def test_a_rule_sizes_orders_in_exact_decimals() -> None:
    """All that it needs is in the sdk: the venue's lot, the target and the order."""
    body = """from deskc.sdk import lot_of, size_order, target_usd
    from decimal import Decimal
    target = target_usd(Decimal(1000), size_fraction=Decimal("0.1"))
    order = size_order(target, price=scope.market.reference_price.price, lot=lot_of(scope.market))
    yield Finding.at("trading.leverage", message=f"{order.quantity} {order.bound_by}", help="mend it")"""
    facts = 'facts=("step_size", "min_qty", "min_notional_usd", "reference_price")'
    assert {one.message for one in found({FILE: BOTH, RULE: rule(body, head=facts)}, "OWN001")} == {"0.034 target"}
