"""Move a bot from a single JSON file (bot_id, coins, settings, per_coin) into the layers of a desk."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskc.core import canonical, paths
from deskc.core.desk import NAMES
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, in_order
from deskc.core.outcome import Outcome
from deskc.core.schemas import Schema
from deskc.core.violations import close_to, violations
from deskc.edit.block import Number, block
from deskc.stages.parse import parse_file

__all__ = ["from_json"]

_OF_BOT = ("bot_id", "config_version", "coins", "per_coin")
_OF_COIN = ("config_version",)
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\r\n]*')
_BOT = {
    "exchange": "hyperliquid",
    "strategy": "multi_coin_mm",
    "environments": ["development", "staging", "production"],
}
_OF_BOT_FILE = "# Migrated from one JSON file, which names neither venue nor environments: those below are a guess.\n"


@dataclass(frozen=True, slots=True)
class _Old:
    """The JSON file: its values with numbers as written, and the same as strict reading gives it, with places."""

    values: Mapping[str, Any]
    document: Document

    def place(self, path: str) -> Place:
        """Return where a value stands; the top of the file for what is not there."""
        leaf = self.document.find(path)
        return leaf.place() if leaf else Place(self.document.path)

    def key_place(self, path: str) -> Place:
        """Return where a value's key stands."""
        leaf = self.document.find(path)
        return leaf.key_place() if leaf else Place(self.document.path)


def from_json(data: bytes, *, file: str, trading: Schema) -> Outcome[Mapping[str, str]]:
    """Return the text of the bot's layers by path: bot.yaml, and a file for each coin with values of its own.

    The old look-up took per_coin[coin][key], else the file's own key, else a default; the layers resolve to the same
    numbers, written as they were, without what a coin only repeats. `//` comments are read over; `trading` is the
    schema that knows the keys. What the desk would not take is an error finding at its place in `file`, and then there
    are no layers.
    """
    old = _read(data, file)
    if old.value is None:
        return Outcome({}, old.findings)
    findings = in_order(_mistakes(old.value, trading))
    return Outcome({} if findings else _layers(old.value, trading), findings)


# Reading


def _read(data: bytes, file: str) -> Outcome[_Old | None]:
    """Read JSON twice: by the standard library for its grammar, and, since JSON is YAML, strictly for places."""
    try:
        text = _STRING_OR_COMMENT.sub(_blank, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Outcome(None, parse_file(file, data).findings)
    strict = parse_file(file, text.encode())
    try:
        values = json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        complaint = error.msg.removesuffix(" at").lower()
        return _refusal(
            "JSON001", f"this is no JSON: {complaint}", "correct it here; only // comments may be added", place
        )
    except RecursionError:
        return Outcome(None, strict.findings)
    if not isinstance(values, dict):
        message = "the file does not hold one bot's settings by name"
        return _refusal("JSON002", message, 'begin with {"bot_id": …, "coins": […]}', Place(file))
    return Outcome(None if strict.findings else _Old(values, strict.value), strict.findings)


def _blank(match: re.Match[str]) -> str:
    """Put spaces in a comment's place, so that columns stay."""
    found = match.group()
    return found if found.startswith('"') else " " * len(found)


def _refusal(code: str, message: str, way_out: str, place: Place) -> Outcome[_Old | None]:
    return Outcome(None, (_error(code, message, way_out, place),))


def _error(code: str, message: str, way_out: str, *places: Place) -> Finding:
    return Finding(code, "error", message, way_out, places)


# Judging


def _mistakes(old: _Old, trading: Schema) -> Iterator[Finding]:
    yield from _bot_id(old)
    yield from _coins(old)
    yield from _label(old, "config_version")
    yield from _settings(old, "", old.document.data, trading=trading, beside=_OF_BOT)
    yield from _per_coin(old, trading)
    yield from _operations(old)


def _bot_id(old: _Old) -> Iterator[Finding]:
    said = old.document.data.get("bot_id")
    if "bot_id" not in old.values:
        yield _error("JSON002", "bot_id is missing", 'write "bot_id": "mm_multi_v1"', Place(old.document.path))
    elif not isinstance(said, str) or not re.fullmatch(NAMES["bot"], said):
        guess = re.sub(r"[^a-z0-9_]+", "_", str(said).lower()).strip("_")[:40]
        way_out = f"a bot is called by a-z, 0-9 and _, up to 40 of them, such as {guess or 'mm_multi_v1'}"
        yield _error(
            "JSON002",
            f"bot_id is {json.dumps(said, ensure_ascii=False)}, no name of a bot",
            way_out,
            old.place("bot_id"),
        )


def _coins(old: _Old) -> Iterator[Finding]:
    said = old.document.data.get("coins")
    if not isinstance(said, list):
        message = "coins is no list" if "coins" in old.values else "coins is missing"
        yield _error("JSON002", message, 'write "coins": ["ETH", "AVAX"]', old.place("coins"))
        return
    seen: dict[str, int] = {}
    for index, coin in enumerate(said):
        place = old.place(paths.item("coins", index))
        if not isinstance(coin, str) or not re.fullmatch(NAMES["coin"], coin):
            message = f"{json.dumps(coin, ensure_ascii=False)} is no name of a coin"
            yield _error("JSON002", message, "a coin is called by letters, digits, @, _ and -, such as BTCUSDT", place)
            continue
        first = seen.setdefault(coin.casefold(), index)
        if first != index:
            twin = said[first]
            message = (
                f"the coin {coin} is listed twice"
                if twin == coin
                else f"the coins {twin} and {coin} differ only by case"
            )
            yield _error("BOT004", message, "keep one of the two", place, old.place(paths.item("coins", first)))


def _per_coin(old: _Old, trading: Schema) -> Iterator[Finding]:
    said = old.document.data.get("per_coin", {})
    if not isinstance(said, dict):
        yield _error("JSON002", "per_coin is no map of coins", 'write "per_coin": {"ETH": {…}}', old.place("per_coin"))
        return
    listed = old.document.data.get("coins")
    known = [coin for coin in listed if isinstance(coin, str)] if isinstance(listed, list) else []
    for coin, own in said.items():
        path = paths.child("per_coin", coin)
        if coin not in known:
            guess = close_to(coin, known)
            way_out = f"did you mean {guess}?" if guess else f"add {coin} to coins, or delete it here"
            yield _error(
                "JSON002", f"per_coin speaks of {coin}, which coins does not list", way_out, old.key_place(path)
            )
        elif not isinstance(own, dict):
            yield _error(
                "JSON002", f"{path} is no map of settings", "write the coin's settings by name", old.place(path)
            )
        else:
            yield from _label(old, paths.child(path, "config_version"))
            yield from _settings(old, path, own, trading=trading, beside=_OF_COIN)


def _label(old: _Old, path: str) -> Iterator[Finding]:
    leaf = old.document.find(path)
    if leaf is not None and not isinstance(leaf.value, str):
        yield _error("VER001", f"{path} is no text", 'write it in quotes, such as "1.0.0"', leaf.place())


def _settings(
    old: _Old, path: str, said: Mapping[str, Any], *, trading: Schema, beside: tuple[str, ...]
) -> Iterator[Finding]:
    """Judge all but the file's own keys as the desk would judge them under `trading`."""
    known = {**trading.objects, "trading": (*trading.objects["trading"], *beside)}
    settings = {key: value for key, value in said.items() if key not in beside}
    for violation in violations(trading.partial.iter_errors(settings), prefix="trading", keys=known):
        where = paths.join((*paths.split(path), *paths.split(violation.path)[1:]))
        place = old.key_place(where) if violation.keyword == "additionalProperties" else old.place(where)
        yield _error(violation.code, violation.message, violation.help, place)


def _operations(old: _Old) -> Iterator[Finding]:
    """Refuse what JSON takes for text and a layer for an operation or a reference."""
    if old.document.dollar:
        message = "a key that begins with $, or a text with ${, would act in a layer instead of being a value"
        yield _error("JSON002", message, "rename or replace it", Place(old.document.path))


# Writing


def _layers(old: _Old, trading: Schema) -> Mapping[str, str]:
    values = old.values
    folder = f"bots/{values['bot_id']}"
    bot = {"bot": {**_BOT, "coins": values["coins"]}, **_versioned(values), "trading": _own(values, trading, _OF_BOT)}
    files = {f"{folder}/bot.yaml": _OF_BOT_FILE + block(bot)}
    for coin, said in values.get("per_coin", {}).items():
        repeated = _repeated(old.document.data, coin)
        settings = _own(said, trading, (*_OF_COIN, *repeated))
        layer = {**_versioned(said), **({"trading": settings} if settings else {})}
        if layer:
            files[f"{folder}/coins/{coin}.yaml"] = f"# What {coin} has of its own.\n{block(layer)}"
    return files


def _repeated(data: Mapping[str, Any], coin: str) -> Iterator[str]:
    """Yield the settings of a coin that have the value they have for all coins anyway."""
    for key, value in data["per_coin"][coin].items():
        if key in data and canonical.encode(value) == canonical.encode(data[key]):
            yield key


def _versioned(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: said[key] for key in ("config_version",) if key in said}


def _own(said: Mapping[str, Any], trading: Schema, beside: tuple[str, ...]) -> Mapping[str, Any]:
    return {key: _whole(key, value, trading) for key, value in said.items() if key not in beside}


def _whole(key: str, value: Any, trading: Schema) -> Any:  # noqa: ANN401 - a setting may have any JSON value
    """Let a map take the place of a more general one, as in the old look-up; layers would merge the two."""
    return {"$replace": True, **value} if paths.child("trading", key) in trading.maps else value
