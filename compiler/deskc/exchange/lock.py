"""Lock files of market facts: read with their places, and written anew with every comment that still fits."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from json import dumps
from typing import NamedTuple

from deskc.content import load_markets
from deskc.core import paths
from deskc.core.documents import Document, Leaf, Tree
from deskc.core.errors import DeskcError
from deskc.core.outcome import Outcome
from deskc.exchange.facts import NUMBERS, Facts, Told, moment, of_market
from deskc.exchange.library import API_KEY, API_SECRET
from deskc.markets.facts import Bracket, Exchange, Price
from deskc.stages.parse import parse_file

__all__ = ["Locked", "changed", "lock_text", "read_lock", "require_whole", "wanted"]

_FLOW = "{"


class Locked(NamedTuple):
    """A lock file that its schema has accepted: what it says, and where."""

    document: Document
    exchange: Exchange
    text: str

    @property
    def facts(self) -> Mapping[str, Facts]:
        """Return its facts by coin."""
        return {coin: of_market(market) for coin, market in self.exchange.coins.items()}


class _Splice(NamedTuple):
    """What takes the place of the characters from `start` to `end` of a text."""

    start: int
    end: int
    text: str


def read_lock(tree: Tree, path: str) -> Outcome[Locked | None]:
    """Read a lock file of a tree; None where there is none, or where it has an error."""
    if path not in tree.files:
        return Outcome(None)
    folder, _, name = path.rpartition("/")
    markets, findings = load_markets(tree._replace(files={path: tree.files[path]}), f"{folder}/" if folder else "")
    exchange = markets.exchanges.get(name.removesuffix(".yaml"))
    if exchange is None:
        return Outcome(None, findings)
    return Outcome(Locked(parse_file(path, tree.files[path]).value, exchange, tree.files[path].decode()), findings)


def wanted(known: Locked | None, traded: Sequence[str], only: Sequence[str] = ()) -> Mapping[str, str | None]:
    """Return the coins to ask a venue for, each with its symbol in the lock file or None; `only` limits them."""
    held = {coin: market.symbol for coin, market in known.exchange.coins.items()} if known else {}
    return {coin: held.get(coin) for coin in dict.fromkeys(only or (*held, *traded))}


def require_whole(known: Locked | None, told: Told, *, exchange: str) -> None:
    """Raise DeskcError where a venue's answer leaves out a coin, or brackets that the lock file has."""
    for why in told.absent.values():
        way_out = "correct the symbol in the lock file or the coin's name, or take the coin away"
        raise DeskcError(f"{why}, so nothing was written", help=way_out)
    held = known.facts if known else {}
    bracketed = [coin for coin in told.facts if coin in held and held[coin].leverage_brackets]
    if told.secretive and bracketed:
        message = (
            f"{exchange} tells leverage brackets to account holders alone, and the lock has those of {bracketed[0]}"
        )
        raise DeskcError(message, help=f"set {API_KEY} and {API_SECRET} to a key that may read")


def lock_text(known: Locked | None, told: Told, *, exchange: str, now: int) -> str:
    """Return the text of a lock file with what a venue told at `now`, in unix seconds.

    A fact that has not changed stays as it is written, and so does every comment beside one; equal answers make equal
    bytes. Where coins of the known file were not asked for, its date and source stay: they hold for every coin.

    Raise DeskcError where the venue told a number that strict reading would not take digit by digit.
    """
    whole = known is None or set(known.facts) <= set(told.facts)
    if known is None:
        head = f"exchange: {exchange}\nas_of: {moment(now)}\nsource: {_text(told.source)}\ncoins:\n"
        text = head + "".join(_block(coin, facts, "  ", "\n") for coin, facts in told.facts.items())
    else:
        text = _spliced(known.text, tuple(_changes(known, told, moment(now) if whole else None)))
    _require_exact(text, known, told, exchange)
    return text


def changed(known: Locked | None, told: Told) -> Iterator[str]:
    """Yield a line for each fact that a venue tells otherwise than the lock file; prices are counted as facts."""
    before = known.facts if known else {}
    for coin, facts in told.facts.items():
        old = before.get(coin)
        if old is None:
            yield f"{coin} is new: {facts.symbol}"
            continue
        for name in Facts._fields:
            was, now = getattr(old, name), getattr(facts, name)
            if not _same(was, now):
                yield f"{coin} {name} {_shown(was)} → {_shown(now)}"


def _same(was: object, now: object) -> bool:
    """Say whether two facts are one; a price is the same if it was seen at the same time, whatever its age now."""
    if isinstance(was, Price) and isinstance(now, Price):
        return (was.price, was.as_of, was.source) == (now.price, now.as_of, now.source)
    return was == now


def _shown(fact: object) -> str:
    if isinstance(fact, Price):
        return f"{fact.price:f}"
    if isinstance(fact, tuple):
        return ", ".join(f"{one.max_leverage} x to {one.notional_cap_usd:f}" for one in fact)
    return _flow(fact)


def _changes(known: Locked, told: Told, as_of: str | None) -> Iterator[_Splice]:
    """Yield what changes in a lock file's text."""
    document, text = known.document, known.text
    if as_of is not None:
        for name, value in (("as_of", as_of), ("source", told.source)):
            if document.data[name] != value:
                yield _put(document, text, name, _text(value))
    before = known.facts
    for coin, facts in told.facts.items():
        if coin in before:
            yield from _coin(document, text, paths.child("coins", coin), before[coin], facts)
    added = {coin: facts for coin, facts in told.facts.items() if coin not in before}
    if added:
        yield _added(document, text, added)


def _coin(document: Document, text: str, path: str, before: Facts, facts: Facts) -> Iterator[_Splice]:
    """Yield what changes of one coin's facts; the symbol is the lock file's own."""
    for name in ("status", *NUMBERS):
        if getattr(before, name) != getattr(facts, name):
            yield _put(document, text, f"{path}.{name}", _flow(getattr(facts, name)))
    if before.leverage_brackets != facts.leverage_brackets:
        yield _put(document, text, f"{path}.leverage_brackets", *_forms(facts.leverage_brackets))
    old, new = before.reference_price, facts.reference_price
    if old is None or new is None:
        if old is not new:
            yield _put(document, text, f"{path}.reference_price", *_forms(new))
        return
    for name, was, value in (
        ("price", old.price, new.price),
        ("as_of", old.as_of, new.as_of),
        ("source", old.source, new.source),
    ):
        if was != value:
            yield _put(document, text, f"{path}.reference_price.{name}", _flow(value))


def _put(document: Document, text: str, path: str, flow: str, block: Sequence[str] = ()) -> _Splice:
    """Put a value in another's place: in one line, or as a block where its map is one and `block` has lines."""
    leaf = _at(document, path)
    start, end = _offset(text, leaf.line, leaf.column), _end(document, text, leaf)
    around = _at(document, paths.join(paths.split(path)[:-1])) if block else None
    inline = around is None or text[_offset(text, around.line, around.column)] == _FLOW
    kept = text[:start].rstrip()
    key_before = kept.endswith(":")  # else a comment stands between the key and its value
    if inline:
        return _Splice(len(kept), end, f" {flow}") if key_before else _Splice(start, end, flow)
    newline, indent = _newline(text), " " * (leaf.key_column + 1)
    lines = f"{newline}{indent}".join(block)
    return _Splice(len(kept), end, f"{newline}{indent}{lines}") if key_before else _Splice(start, end, lines)


def _added(document: Document, text: str, added: Mapping[str, Facts]) -> _Splice:
    """Add coins behind the last one."""
    coins, newline = _at(document, "coins"), _newline(text)
    start = _offset(text, coins.line, coins.column)
    if text[start] == _FLOW and document.data["coins"]:
        inside = "".join(f", {_text(coin)}: {_in_line(facts)}" for coin, facts in added.items())
        place = len(text[: _end(document, text, coins) - 1].rstrip())
        return _Splice(place, place, inside)
    if text[start] == _FLOW:
        lines = newline + "".join(_block(coin, facts, "  ", newline) for coin, facts in added.items())
        return _Splice(
            len(text[:start].rstrip()),
            start + 2 if text[start + 1] == "}" else _end(document, text, coins),
            lines.removesuffix(newline),
        )
    indent = " " * (coins.column - 1)
    place = text.find("\n", _end(document, text, coins)) + 1 or len(text)
    gap = "" if text[:place].endswith("\n") else newline
    return _Splice(place, place, gap + "".join(_block(coin, facts, indent, newline) for coin, facts in added.items()))


def _at(document: Document, path: str) -> Leaf:
    leaf = document.find(path)
    if leaf is None:
        raise KeyError(path)  # the schema asks for every key
    return leaf


def _end(document: Document, text: str, leaf: Leaf) -> int:
    """Return where a value's text ends; one in block style ends with the last value inside it."""
    start = _offset(text, leaf.line, leaf.column)
    if text[start : start + 1] in ("{", "[") or not isinstance(leaf.value, (dict, list)):
        return _offset(text, leaf.end_line, leaf.end_column)
    known = (*document.items.values(), *document.containers.values(), *document.written())
    return max(_offset(text, one.end_line, one.end_column) for one in known if paths.within(one.path, leaf.path))


def _offset(text: str, line: int, column: int) -> int:
    """Return where a line and column, from 1, stand in a text."""
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at + column - 1


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _spliced(text: str, splices: Sequence[_Splice]) -> str:
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def _block(coin: str, facts: Facts, indent: str, newline: str) -> str:
    """Write one coin's facts as lock files have them."""
    lines = [f"{indent}{_text(coin)}:"]
    for name, value in facts._asdict().items():
        if isinstance(value, tuple):
            lines += [f"{indent}  {name}:", *(f"{indent}    {line}" for line in _forms(value)[1])]
        else:
            lines.append(f"{indent}  {name}: {_flow(value)}")
    return "".join(f"{line}{newline}" for line in lines)


def _forms(value: tuple[Bracket, ...] | Price | None) -> tuple[str, Sequence[str]]:
    """Return brackets or a price in one line, and as the lines of a block."""
    if value is None:
        return "null", ()
    if isinstance(value, Price):
        parts = [f"{name}: {_flow(getattr(value, name))}" for name in ("price", "as_of", "source")]
        return f"{{{', '.join(parts)}}}", parts
    rows = [f"{{notional_cap_usd: {_flow(one.notional_cap_usd)}, max_leverage: {one.max_leverage}}}" for one in value]
    return f"[{', '.join(rows)}]", [f"- {row}" for row in rows]


def _in_line(facts: Facts) -> str:
    parts = (
        f"{name}: {_forms(value)[0] if isinstance(value, tuple) else _flow(value)}"
        for name, value in facts._asdict().items()
    )
    return f"{{{', '.join(parts)}}}"


def _flow(value: object) -> str:
    """Write a scalar as YAML; a number keeps the digits that the venue wrote."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "null" if value is None else _text(str(value))


def _text(text: str) -> str:
    """Quote a text, except where strict reading takes it for the same text without, even among braces."""
    plain = f"texts: {{text: {text}}}"
    return text if parse_file("", plain.encode()).value.data == {"texts": {"text": text}} else dumps(text)


def _require_exact(text: str, known: Locked | None, told: Told, exchange: str) -> None:
    """Raise DeskcError where what was written does not read as what the venue told."""
    path = f"{exchange}.yaml"
    again = read_lock(Tree(None, 0, {path: text.encode()}), path)
    if again.value is None:
        wrong = again.findings[0]
        raise DeskcError(f"what {exchange} tells makes no lock file: {wrong.message}", help="nothing was written")
    read = again.value.facts
    expected = {**(known.facts if known else {}), **told.facts}
    for coin, facts in expected.items():
        for name in Facts._fields:
            if not _same(getattr(read[coin], name), getattr(facts, name)):
                message = (
                    f"{coin}'s {name} is {_shown(getattr(facts, name))} at {exchange}, which cannot be written exactly"
                )
                raise DeskcError(message, help="nothing was written; lock the other coins with --coin")
