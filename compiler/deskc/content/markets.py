"""Market facts: one lock file an exchange in the desk's folder of markets, judged by the compiler's own schema."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from deskc import sdk
from deskc.content.closed import faults, spot
from deskc.core import paths, times
from deskc.core.documents import Document, Tree
from deskc.core.findings import Finding, Place, error
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.core.scopes import ScopeId, Target
from deskc.core.violations import close_to
from deskc.markets.facts import FACTS, Bracket, Exchange, Market, Markets, Price
from deskc.stages.parse import parse_file

__all__ = ["load_markets", "market_readers", "traded_coins", "unknown_markets"]

_ENDING = ".yaml"
_LEGS = "strategy.legs"


def load_markets(tree: Tree, folder: str) -> Outcome[Markets]:
    """Load the lock files of a tree; one with an error is left out, as is what is no lock file."""
    found: dict[str, Exchange] = {}
    documents: dict[str, Document] = {}
    findings: list[Finding] = []
    for path in sorted(tree.files):
        if not path.startswith(folder) or not path.lower().endswith((_ENDING, ".yml")):
            continue
        name = path.removeprefix(folder)
        if "/" in name or not name.endswith(_ENDING):
            findings.append(error("READ001", f"nothing reads {name} among the markets", _moved(name), Place(path)))
            continue
        parsed = parse_file(path, tree.files[path])
        wrong = parsed.findings or tuple(_judged(parsed.value, name.removesuffix(_ENDING)))
        findings += wrong
        if not wrong:
            found[name.removesuffix(_ENDING)] = _exchange(parsed.value, tree.now)
            documents[path] = parsed.value
    return Outcome(Markets(found, lambda file, path: spot(documents[file], path, at_key=True)), tuple(findings))


def _moved(name: str) -> str:
    """Say what to do with a file that is no lock file."""
    if "/" not in name and name.endswith(".yml"):
        return f"rename it to {name.removesuffix('.yml')}{_ENDING}"
    return "lock files lie side by side and are named after their exchange, such as binance_usdm.yaml"


def _judged(document: Document, name: str) -> Iterator[Finding]:
    """Yield what is wrong with a lock file: its schema first, what only a reader of numbers and names sees after it."""
    wrong = tuple(faults(document, "market", noun="market fact"))
    yield from wrong
    if not wrong:
        yield from _misnamed(document, name)
        yield from _undated(document)
        yield from _twins(document)
        for coin in document.data["coins"]:
            yield from _contradicting(document, paths.child("coins", coin), document.data["coins"][coin])


def _misnamed(document: Document, name: str) -> Iterator[Finding]:
    exchange = document.data["exchange"]
    if exchange != name:
        message = f"the file is named {name} and says that it is about {exchange}"
        yield error("MARKET001", message, f"rename the file to {exchange}.yaml", spot(document, "exchange"))


def _undated(document: Document) -> Iterator[Finding]:
    """Yield an error for each text that has a time's form and is none, such as the thirtieth of February."""
    coins: Mapping[str, Any] = document.data["coins"]
    prices = (paths.child(paths.child("coins", coin), "reference_price") for coin in coins)
    for path in ("as_of", *(f"{price}.as_of" for price in prices)):
        leaf = document.find(path)
        if leaf is not None and not _is_time(leaf.value):
            message = f"{path} is {leaf.value}, which no calendar has"
            yield error("MARKET003", message, "write a time in UTC, such as 2025-11-26T03:36:10Z", leaf.place())


def _is_time(text: str) -> bool:
    try:
        times.seconds(text)
    except ValueError:
        return False
    return True


def _twins(document: Document) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for coin in document.data["coins"]:
        first = seen.setdefault(coin.casefold(), coin)
        if first != coin:
            places = (spot(document, paths.child("coins", one), at_key=True) for one in (coin, first))
            message = f"the coins {first} and {coin} differ only by case"
            yield error("MARKET002", message, "keep the one that the bots name", *places)


def _contradicting(document: Document, path: str, facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield an error where two facts of one coin cannot both hold."""
    way_out = "copy both again from the source"
    least, most = facts["min_qty"], facts["max_qty"]
    if least is not None and most is not None and least > most:
        places = (spot(document, f"{path}.{name}") for name in ("min_qty", "max_qty"))
        yield error("MARKET004", f"{path}.min_qty is {least}, over max_qty {most}", way_out, *places)
    brackets = enumerate(pairwise(facts["leverage_brackets"] or ()), start=1)
    for index, (lower, upper) in brackets:
        if lower["notional_cap_usd"] >= upper["notional_cap_usd"] or lower["max_leverage"] < upper["max_leverage"]:
            place = spot(document, paths.item(f"{path}.leverage_brackets", index))
            message = f"bracket {index + 1} of {path} does not follow the one before it"
            yield error("MARKET004", message, "let the notional caps rise and the leverage fall", place)


def _exchange(document: Document, now: int) -> Exchange:
    """Read a lock file that its schema has accepted; `now` is the tree's time in unix seconds."""
    data = document.data
    as_of: str = data["as_of"]
    dated = (data["exchange"], as_of, now - times.seconds(as_of))
    coins = {coin: _market(coin, facts, dated, now) for coin, facts in data["coins"].items()}
    return Exchange(data["exchange"], document.path, as_of, data["source"], coins)


def _market(coin: str, facts: Mapping[str, Any], dated: tuple[str, str, int], now: int) -> Market:
    exchange, as_of, age_s = dated
    brackets, price = facts["leverage_brackets"], facts["reference_price"]
    return Market(
        exchange=exchange,
        coin=coin,
        as_of=as_of,
        age_s=age_s,
        symbol=facts["symbol"],
        status=facts["status"],
        **{name: _exact(facts[name]) for name in ("tick_size", "step_size", "min_qty", "max_qty", "min_notional_usd")},
        leverage_brackets=brackets and tuple(_bracket(one) for one in brackets),
        reference_price=price and _price(price, now),
        unknown=frozenset(name for name in FACTS if facts[name] is None),
    )


def _bracket(said: Mapping[str, Any]) -> Bracket:
    return Bracket(Decimal(str(said["notional_cap_usd"])), said["max_leverage"])


def _price(said: Mapping[str, Any], now: int) -> Price:
    return Price(Decimal(str(said["price"])), said["as_of"], now - times.seconds(said["as_of"]), said["source"])


def _exact(number: float | None) -> Decimal | None:
    """Return a number as it was written: strict reading refuses any that its double does not stand for."""
    return None if number is None else Decimal(str(number))


def market_readers(findings: Iterable[Finding], layers: Layers, folder: str) -> Iterator[Finding]:
    """Say of each finding about a lock file which targets read it; where none does it touches the whole desk."""
    for finding in findings:
        name = finding.places[0].path.removeprefix(folder).removesuffix(_ENDING)
        own = [str(target) for target in layers.targets if layers.bots[target.bot].exchange == name]
        legs = [scope for use in _legs(layers) if use.exchange == name for scope in use.scopes]
        scopes = tuple(dict.fromkeys((*own, *legs)))
        yield Finding(finding.code, finding.severity, finding.message, finding.help, finding.places, scopes)


def unknown_markets(tree: Tree, layers: Layers, markets: Markets, rules: Iterable[sdk.Rule]) -> Iterator[Finding]:
    """Yield a warning for each coin that its exchange's lock file does not have, and a note for each exchange without.

    A coin is a bot's own or that of a leg. The note is made only where a rule asks for facts.
    """
    uses = (*_own(layers, markets), *_legs(layers))
    unlocked: dict[str, list[str]] = {}
    for use in uses:
        if use.exchange in markets.exchanges:
            if use.coin not in markets.exchanges[use.exchange].coins:
                yield _unknown_coin(use, markets.exchanges[use.exchange])
        elif f"{layers.desk.markets}{use.exchange}{_ENDING}" not in tree.files:
            unlocked.setdefault(use.exchange, []).extend(use.scopes)
    asking = ", ".join(sorted(rule.code for rule in rules if rule.facts))
    for exchange, scopes in unlocked.items() if asking else ():
        message = f"{exchange} has no lock file of market facts, so {asking} could not run where it is traded"
        way_out = f"add {layers.desk.markets}{exchange}{_ENDING}, with null for each fact that you do not know"
        touched = tuple(dict.fromkeys(scopes))
        shown = "deskc rule MARKET007"  # which has a whole file as its good example
        yield Finding("MARKET007", "note", message, way_out, (Place(layers.desk.file),), touched, shown)


def traded_coins(layers: Layers, exchange: str) -> tuple[str, ...]:
    """Return what bots trade at an exchange, each coin once: their own first, then the further legs of strategies."""
    bots = [bot for bot in layers.bots.values() if bot.exchange == exchange]
    own = [coin for bot in bots for coins in bot.coins.values() for coin in coins]
    return tuple(dict.fromkeys((*own, *(use.coin for use in _legs(layers) if use.exchange == exchange))))


class _Use(NamedTuple):
    """A coin that is traded at an exchange: where that is written, and the scopes that it touches."""

    exchange: str
    coin: str
    place: Callable[[], Place]
    scopes: tuple[str, ...]


def _own(layers: Layers, markets: Markets) -> Iterator[_Use]:
    """Yield what each bot trades at its own exchange; where there is no lock file one coin a target is enough."""
    for bot in layers.bots.values():
        locked = bot.exchange in markets.exchanges
        for environment, coins in bot.coins.items() if bot.exchange else ():
            for coin in coins if locked else coins[:1]:
                scope = ScopeId(environment, bot.id, coin) if locked else Target(environment, bot.id)
                yield _Use(bot.exchange or "", coin, partial(_listed, layers, bot.id, coin), (str(scope),))


def _listed(layers: Layers, bot: str, coin: str) -> Place:
    """Return where a bot's declaration lists a coin."""
    pattern = next(one for one in layers.desk.hierarchy if one.declares)
    document = layers.documents[f"{layers.desk.folder}{pattern.path({'bot': bot})}"]
    inside = (leaf for leaf in document.items.values() if leaf.value == coin and leaf.path.startswith("bot.coins"))
    return next((leaf.place() for leaf in inside), Place(document.path))


def _legs(layers: Layers) -> Iterator[_Use]:
    """Yield the further markets that layers name for a strategy."""
    for path, document in layers.documents.items():
        leaf = document.leaves.get("strategy", {}).get(_LEGS)
        for index, leg in enumerate(leaf.value) if leaf and isinstance(leaf.value, list) else ():
            if isinstance(leg, dict) and {"exchange", "coin"} <= leg.keys():
                coin = f"{paths.item(_LEGS, index)}.coin"
                scopes = tuple(map(str, layers.readers.get(path, ())))
                yield _Use(leg["exchange"], leg["coin"], partial(spot, document, coin), scopes)


def _unknown_coin(use: _Use, exchange: Exchange) -> Finding:
    guess = close_to(use.coin, exchange.coins)
    way_out = f"did you mean {guess}? otherwise add it to {exchange.file}" if guess else f"add it to {exchange.file}"
    message = f"{exchange.file} does not know the coin {use.coin}, so no rule about its market can run"
    return Finding("MARKET005", "warning", message, way_out, (use.place(),), use.scopes)
