"""Lock files of market facts: what they become, what is wrong with them, and what they do not know."""

from decimal import Decimal

import pytest

from deskc.content import load_markets
from deskc.core.documents import Tree
from deskc.core.findings import Finding, Place
from deskc.markets.facts import Bracket, Market, Markets, Price
from deskc.pipeline import Selection, compile_desk, prepare
from desks import Files, compiled, lay, section
from in_memory import InMemory
from some_market import LOCK

FILE = "markets/venue.yaml"
SEEN = 1_764_128_170  # 2025-11-26T03:36:10Z
SOL = LOCK.partition("  ETH:\n")[2]
LEG = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: {"type": "string"} for name in ("exchange", "coin")},
}
BOT = "bot: {{exchange: venue, strategy: quote, environments: [paper, live], coins: [{}]}}\n"
WITH_LEGS: Files = {
    "schemas/strategy.schema.json": section(
        {
            "legs": {"type": "array", "items": LEG},
            "parameters": {"type": "object", "additionalProperties": False, "properties": {}},
        }
    )
}
ASKING = '''"""Orders worth the venue's minimum."""

from deskc.sdk import rule


@rule("OWN001", facts="min_notional_usd")
def own(scope):
    """Judge nothing."""
    yield from ()
'''


def load(now: int = SEEN, /, **files: str) -> tuple[Markets, tuple[Finding, ...]]:
    """Load lock files by name, at a time."""
    data = {f"markets/{name}.yaml": text.encode() for name, text in files.items()}
    outcome = load_markets(Tree(None, now, {**data, "elsewhere/other.yaml": b"- no lock file\n"}), "markets/")
    return outcome.value, outcome.findings


def told(files: Files) -> list[tuple[str, str, str]]:
    """Return code, severity and message of what is found in the base with these files."""
    return [(finding.code, finding.severity, finding.message) for finding in compiled(files).findings]


# What is read


def test_every_fact_is_read_as_it_is_written() -> None:
    """Numbers become exact decimals, brackets and price values of their own."""
    markets, findings = load(SEEN + 90, venue=LOCK)
    assert findings == ()
    assert markets.find("venue", "ETH") == Market(
        exchange="venue",
        coin="ETH",
        as_of="2025-11-26T03:36:10Z",
        age_s=90,
        symbol="ETH/USDT",
        status="TRADING",
        tick_size=Decimal("0.01"),
        step_size=Decimal("0.001"),
        min_qty=Decimal("0.002"),
        max_qty=Decimal(500),
        min_notional_usd=Decimal(20),
        leverage_brackets=(Bracket(Decimal("5000.5"), 20), Bracket(Decimal(250_000), 10)),
        reference_price=Price(Decimal("2950.25"), "2025-11-26T03:36:09Z", 91, "the venue's ticker"),
        unknown=frozenset(),
    )
    assert markets.exchanges["venue"].source == "the venue's public list of markets"


@pytest.mark.parametrize("text", ["0.1", "0.001", "0.00000001", "1e-7", "100000000", "0.123456789012345"])
def test_no_digit_is_lost(text: str) -> None:
    """A step is a multiple that venues take exactly, so no double may come between."""
    markets, _ = load(venue=LOCK.replace("0.001", text))
    market = markets.find("venue", "ETH")
    assert market is not None
    assert market.step_size == Decimal(text)


@pytest.mark.parametrize("fact", ["status", "tick_size", "step_size", "min_qty", "max_qty", "min_notional_usd"])
def test_null_is_a_fact_that_nobody_knows(fact: str) -> None:
    """It is None in the value, and named among what is unknown."""
    line = next(line for line in LOCK.splitlines() if line.startswith(f"    {fact}:"))
    markets, findings = load(venue=LOCK.replace(line, f"    {fact}: null"))
    market = markets.find("venue", "ETH")
    assert findings == ()
    assert market is not None
    assert market.unknown == {fact}
    assert getattr(market, fact) is None


def test_a_fact_has_a_place() -> None:
    """Whoever is told about a fact is shown its line."""
    markets, _ = load(venue=LOCK)
    assert markets.locate(FILE, "coins.ETH.max_qty") == Place(FILE, 11, 5, 11, 12)
    assert markets.locate(FILE, "coins.ETH.reference_price.price").line == 19


def test_facts_are_those_of_the_tree() -> None:
    """What was prepared carries them, and a desk without lock files has none."""
    prepared = prepare(InMemory(lay({FILE: f"{LOCK}  BTC:\n{SOL}"})), "")
    assert set(prepared.markets.exchanges["venue"].coins) == {"BTC", "ETH"}
    assert prepare(InMemory(lay({})), "").markets.exchanges == {}


def test_history_is_read_without_facts() -> None:
    """Rules of a commit long gone are not run, so what they would judge by is not read either."""
    prepared = prepare(InMemory(lay({FILE: "nonsense\n"})), "", with_rules=False)
    assert (prepared.findings, dict(prepared.markets.exchanges)) == ((), {})


# What is wrong with a lock file


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("step_size: 0.001", "step_size: -0.001", "BOUND001", "coins.ETH.step_size is -0.001, not above 0"),
        ("step_size: 0.001", "step_size: 0", "BOUND001", "coins.ETH.step_size is 0, not above 0"),
        ("tick_size: 0.010", "tick_size: a tenth", "TYPE001", "coins.ETH.tick_size is the text"),
        ("tick_size: 0.010", "tick_size: .nan", "YAML010", ".nan is no number"),
        ("tick_size: 0.010", "tick_size: 0.1234567890123456789", "YAML010", "no double holds"),
        ("    max_qty: 500\n", "", "REQ001", "coins.ETH.max_qty is missing"),
        ("    max_qty:", "    max_quantity: 1\n    max_qty:", "KEY002", "coins.ETH.max_quantity is no market fact"),
        ("exchange: venue", "exchange: venue_spot", "MARKET001", "named venue and says that it is about venue_spot"),
        ("exchange: venue", "exchange: Venue", "FORM001", "exchange is"),
        ("  ETH:", "  ETH/USDT:", "FORM001", "holds the name"),
        ("  ETH:", f"  eth:\n{SOL}  ETH:", "MARKET002", "the coins eth and ETH differ only by case"),
        ("  ETH:", f"  ETH:\n{SOL}  ETH:", "YAML013", "ETH is written twice"),
        ("as_of: 2025-11-26T03:36:10Z", "as_of: 2025-02-30T03:36:10Z", "MARKET003", "which no calendar has"),
        ("as_of: 2025-11-26T03:36:10Z", "as_of: yesterday", "FORM001", "as_of is"),
        ("03:36:09Z", "25:36:09Z", "MARKET003", "coins.ETH.reference_price.as_of is 2025-11-26T25:36:09Z"),
        ("max_qty: 500", "max_qty: 0.001", "MARKET004", "coins.ETH.min_qty is 0.002, over max_qty 0.001"),
        ("250000", "5000.5", "MARKET004", "bracket 2 of coins.ETH does not follow the one before it"),
        ("max_leverage: 10", "max_leverage: 21", "MARKET004", "bracket 2 of coins.ETH does not follow"),
        ("max_leverage: 10", "max_leverage: 2.5", "TYPE001", "max_leverage is 2.5"),
        ("price: 2950.25", "price: 0", "BOUND001", "coins.ETH.reference_price.price is 0, not above 0"),
        ("      source: the venue's ticker\n", "", "REQ001", "coins.ETH.reference_price.source is missing"),
        ("source: the venue's public list of markets", "source: null", "TYPE001", "source is null"),
    ],
)
def test_a_lock_file_that_cannot_be_right_is_a_finding_at_its_line(old: str, new: str, code: str, message: str) -> None:
    """Its facts are used by nobody, and the way out is said."""
    text = LOCK.replace(old, new, 1)
    assert text != LOCK
    markets, (finding,) = load(venue=text)
    assert markets.exchanges == {}
    assert (finding.code, finding.severity) == (code, "error")
    assert message.strip('"') in finding.message
    assert finding.help
    assert finding.places[0].path == FILE
    assert finding.places[0].line > 1 or old.startswith("exchange")


@pytest.mark.parametrize(
    ("old", "new", "way_out"),
    [
        ("exchange:", "exchnage:", "did you mean exchange?"),
        ("    tick_size:", "    tik_size:", "did you mean tick_size?"),
        ("      - notional_cap_usd:", "      - notional_cap:", "did you mean notional_cap_usd?"),
        ("      price:", "      prize:", "did you mean price?"),
        ("    tick_size:", "    colour:", "delete it"),
    ],
)
def test_a_misspelled_fact_gets_a_guess(old: str, new: str, way_out: str) -> None:
    """Among the names that may stand there."""
    _, findings = load(venue=LOCK.replace(old, new, 1))
    assert {one.code: one.help for one in findings}["KEY002"] == way_out


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("venue.yml", "rename it to venue.yaml"),
        ("old/venue.yaml", "lock files lie side by side"),
        ("venue.YAML", "lock files lie side by side"),
    ],
)
def test_a_file_that_no_exchange_is_named_by_is_a_finding(name: str, way_out: str) -> None:
    """Whoever wrote it believes that it holds."""
    (finding,) = compiled({f"markets/{name}": LOCK}).findings
    assert (finding.code, finding.places) == ("READ001", (Place(f"markets/{name}"),))
    assert way_out in finding.help


def test_a_broken_lock_file_keeps_back_only_those_who_read_it() -> None:
    """Bots of the exchange and those with a leg there do not compile; others do."""
    files = {
        "markets/far.yaml": LOCK,
        "bots/mm/bot.yaml": BOT.format("ETH, BTC").replace("venue", "far"),
        "bots/own/bot.yaml": "bot: {exchange: near, strategy: quote, environments: [paper], coins: [ETH]}\n",
        "bots/leg/bot.yaml": "bot: {exchange: near, strategy: quote, environments: [paper], coins: [ETH]}\n",
        "bots/leg/coins/ETH.yaml": "strategy:\n  legs:\n    - {exchange: far, coin: ETH}\n",
        **WITH_LEGS,
    }
    compilation = compiled(files)
    (finding,) = compilation.findings
    assert (finding.code, finding.scopes) == ("MARKET001", ("live/mm", "paper/mm", "paper/leg"))
    assert [(one.environment, one.bot) for one in compilation.snapshots] == [("paper", "own")]


def test_a_broken_lock_file_that_nobody_reads_touches_the_desk() -> None:
    """It is no harmless file: the next bot will read it."""
    (finding,) = compiled({"markets/far.yaml": LOCK}).findings
    assert (finding.code, finding.scopes) == ("MARKET001", ())


# What the facts do not know


def test_a_coin_that_its_exchange_does_not_know_is_a_warning() -> None:
    """It stands at the declaration's line, with the environments that trade it."""
    findings = compiled({FILE: LOCK}).findings
    assert [(one.code, one.severity) for one in findings] == [("MARKET005", "warning")]
    assert findings[0].message == f"{FILE} does not know the coin BTC, so no rule about its market can run"
    assert findings[0].places[0].path == "bots/mm/bot.yaml"
    assert sorted(findings[0].scopes) == ["live/mm/BTC", "paper/mm/BTC"]


def test_a_coin_that_is_nearly_known_gets_a_guess() -> None:
    """Spelling is the likeliest mistake."""
    (finding,) = compiled({FILE: LOCK + "  BTCUSDT:\n" + SOL, "bots/mm/bot.yaml": BOT.format("BTCUSD, ETH")}).findings
    assert (finding.code, finding.help) == ("MARKET005", f"did you mean BTCUSDT? otherwise add it to {FILE}")


def test_a_leg_is_looked_up_too() -> None:
    """The warning stands at the leg, and touches whoever reads that layer."""
    files = {
        **WITH_LEGS,
        FILE: f"{LOCK}  BTC:\n{SOL}",
        "coins/ETH.yaml": "strategy:\n  legs:\n  - {exchange: venue, coin: SOL}\n  - {exchange: venue, coin: ETH}\n",
    }
    (finding,) = compiled(files).findings
    assert (finding.code, finding.places[0].path, finding.places[0].line) == ("MARKET005", "coins/ETH.yaml", 3)
    assert finding.scopes == ("live/mm", "paper/mm")


def test_an_exchange_without_a_lock_file_is_a_note_where_a_rule_asks() -> None:
    """One note an exchange, with the rules that could not run; without such a rule there is nothing to say."""
    assert told({}) == []
    (finding,) = compiled({"validators/own.py": ASKING}).findings
    assert (finding.code, finding.severity) == ("MARKET007", "note")
    assert finding.message == "venue has no lock file of market facts, so OWN001 could not run where it is traded"
    assert finding.help == f"add {FILE}, with null for each fact that you do not know"
    assert (finding.next_action, finding.scopes) == ("deskc rule MARKET007", ("paper/mm", "live/mm"))


def test_a_service_trades_nowhere() -> None:
    """A bot without coins needs no facts."""
    files = {
        "validators/own.py": ASKING,
        "bots/mm/bot.yaml": "bot: {environments: [paper], coins: []}\nsystem: {host: x}\n",
    }
    assert told(files) == []


def test_judgement_of_one_bot_leaves_out_the_markets_of_others() -> None:
    """A warning about another bot's coin blocks nobody."""
    prepared = prepare(InMemory(lay({FILE: LOCK})), "")
    assert compile_desk(prepared, Selection(bots=("mm",), environments=("paper",))).findings != ()
    other = "bot: {exchange: far, strategy: quote, environments: [paper], coins: [ETH]}\n"
    two = prepare(InMemory(lay({FILE: LOCK, "bots/own/bot.yaml": other})), "")
    assert compile_desk(two, Selection(bots=("own",))).findings == ()
