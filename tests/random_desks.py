"""Desks drawn at random: any hierarchy, any layers, templates, references, defaults, $unset and $replace."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from yaml_text import Steps, pen, write_yaml

__all__ = ["SCHEMAS", "RandomDesk", "desks", "put"]

Data = dict[str, Any]


def _leaf(kind: str | list[str], *, hot: bool = True, **more: Any) -> Data:  # noqa: ANN401 - keywords of a JSON Schema
    notes = {"unit": "none", "bump": "minor", "hot": hot, **more.pop("notes", {})}
    return {"type": kind, "description": "A setting.", **more, "x-deskc": notes}


def _free(entry: Data, **more: Any) -> Data:  # noqa: ANN401 - keywords of a JSON Schema
    return {"type": "object", "description": "A map.", "additionalProperties": entry, **more}


def _group(**properties: Data) -> Data:
    return {"type": "object", "description": "A group.", "additionalProperties": False, "properties": properties}


_TRADING = _group(
    alpha=_leaf("integer", default=1),
    beta=_leaf("integer", default=2, hot=False),
    gamma=_leaf("integer", default=3),
    spread_bps=_leaf("number", default=0.5),
    enabled=_leaf("boolean", default=True),
    label=_leaf("string", default="plain"),
    mode=_leaf("string", default="calm", hot=False),
    note=_leaf("string"),
    cap_usd=_leaf(["number", "null"], default=None),
    venues=_leaf("array", items={"type": "string", "description": "A venue."}, default=["main"]),
    steps=_leaf("array", items={"type": "number", "description": "A step."}),
    weights=_free({"type": "number", "description": "A weight."}, default={"a": 1, "b": 2.5}),
    limits=_free(
        _group(low={"type": "number", "description": "Low."}, high={"type": "number", "description": "High."})
    ),
    stop=_group(
        trigger_pct=_leaf("number"),
        limit_pct=_leaf("number", default=3),
        deep=_group(x=_leaf("integer"), y=_leaf("string", hot=False)),
    ),
)
_RISK = _group(
    max_leverage=_leaf("integer", default=10, notes={"axes": ["environment"]}),
    share=_leaf("number", default=0.25),
    reserve=_leaf("integer"),
)
_SYSTEM = _group(
    host=_leaf("string", hot=False, notes={"late": True}),
    port=_leaf(
        ["integer", "string"],
        notes={"late": True},
        default=80,
        minimum=1,
        maximum=65535,
        pattern=r"^\$\{(?!ref:)[^{}]+\}$",
    ),
    level=_leaf("string", default="INFO"),
    replica=_leaf("string"),
    tags=_free({"type": "string", "description": "A tag."}),
)
_FAST = _group(period=_leaf("integer", default=10), mix=_free({"type": "number", "description": "A share."}))
_SLOW = _group(period=_leaf("integer", default=90), inner=_group(lag=_leaf("integer"), pace=_leaf("number", default=2)))

SCHEMAS: Mapping[str, Data] = {
    "trading": _TRADING,
    "risk": _RISK,
    "system": _SYSTEM,
    "monitoring": _group(loud=_leaf("boolean", default=False)),
    "strategy": _group(
        enabled=_leaf("boolean", default=True),
        parameters={"type": "object", "description": "Its own.", "additionalProperties": False, "properties": {}},
    ),
    "strategy/fast": _FAST,
    "strategy/slow": _SLOW,
}
"""The sections' schemas by name, as each desk carries them."""

_LEVELS = (
    "global.yaml",
    "environments/{environment}.yaml",
    "exchanges/{exchange}.yaml",
    "exchanges/{exchange}/{coin}.yaml",
    "strategies/{strategy}.yaml",
    "sides/{side}.yaml",
    "coins/{coin}.yaml",
    "coins/{coin}.{side}.yaml",
    "bots/{bot}/bot.yaml",
    "bots/{bot}/all.yaml",
    "bots/{bot}/coins/{coin}.yaml",
    "bots/{bot}/more/{coin}.yaml",
    "bots/{bot}/coins/{coin}.{side}.yaml",
    "bots/{bot}/in/{environment}.yaml",
    "bots/{bot}/in/{environment}/{coin}.yaml",
    "bots/{bot}/in/{environment}/{coin}.{side}.yaml",
)
_NEEDED = ("global.yaml", "bots/{bot}/bot.yaml")
_ENVIRONMENTS = ("development", "production")
_COINS = ("ETH", "AVAX", "eUSD", "@107", "-x", "_Z")
_KEYS = st.sampled_from(["a", "b", "c", "1m", "a.b", "x y", "é", "😀", 'q"q', "a[0]", "%s", "*"])
_TEXTS = [
    "on",
    "no",
    "12:30",
    "010",
    "x y",
    "",
    "ü",
    "😀",
    "null",
    "1e3",
    "# no",
    "a: b",
    "it's",
    "%s",
    "$${raw}",
    "\n",
]
_TEXT = st.sampled_from(_TEXTS)
_INTEGER = st.integers(-999, 999)
_NUMBER = (
    _INTEGER | st.floats(-1e6, 1e6, allow_subnormal=False) | st.sampled_from([0.1, 2.5, 1e-7, 0.30000000000000004])
)


def _unset(*keys: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(keys), unique=True)


def _reference(path: str) -> st.SearchStrategy[Any]:
    return st.just(f"${{ref:{path}}}")


def _map(path: Steps, value: st.SearchStrategy[Any]) -> Iterator[tuple[Steps, st.SearchStrategy[Any]]]:
    """Yield what a layer may say of a free-key map."""
    yield path, st.just({})
    yield (*path, "$unset"), st.lists(_KEYS, unique=True, max_size=3)
    yield (*path, "$replace"), st.just(value=True)
    yield path, st.dictionaries(_KEYS, value, min_size=1, max_size=3)


_EVERYWHERE: tuple[tuple[Steps, st.SearchStrategy[Any]], ...] = (
    (("trading", "alpha"), _INTEGER | _reference("trading.beta")),
    (("trading", "beta"), _INTEGER | _reference("trading.gamma")),
    (("trading", "gamma"), _INTEGER | _reference("risk.max_leverage")),
    (("trading", "spread_bps"), _NUMBER | _reference("risk.share")),
    (("trading", "enabled"), st.booleans()),
    (("trading", "label"), _TEXT | _reference("trading.mode")),
    (("trading", "mode"), _TEXT),
    (("trading", "note"), _TEXT),
    (("trading", "cap_usd"), st.none() | _NUMBER),
    (("trading", "venues"), st.lists(st.sampled_from([text for text in _TEXTS if "$" not in text]), max_size=3)),
    (("trading", "steps"), st.lists(_NUMBER, max_size=3)),
    (("trading", "$unset"), _unset("note", "steps")),
    (("trading",), st.just({})),
    *_map(("trading", "weights"), _NUMBER),
    *_map(("trading", "limits"), st.fixed_dictionaries({}, optional={"low": _NUMBER, "high": _NUMBER})),
    (("trading", "limits", "a", "$unset"), _unset("low", "high")),
    (("trading", "stop", "trigger_pct"), _NUMBER),
    (("trading", "stop", "limit_pct"), _NUMBER),
    (("trading", "stop", "$unset"), _unset("trigger_pct")),
    (("trading", "stop", "deep", "x"), _INTEGER),
    (("trading", "stop", "deep", "y"), _TEXT),
    (("trading", "stop", "deep", "$unset"), _unset("x", "y")),
    (("risk", "share"), _NUMBER),
    (("risk", "reserve"), _INTEGER),
    (("risk", "$unset"), _unset("reserve")),
    (("strategy", "enabled"), st.booleans()),
    (("monitoring", "loud"), st.booleans()),
)
_HOSTS = ["localhost", "${HOST}", "${env:HOST:-here}", "${secret:a/b}", "$${raw}"]
_SERVICE: tuple[tuple[Steps, st.SearchStrategy[Any]], ...] = (
    (("system", "host"), st.sampled_from(_HOSTS) | _reference("system.level")),
    (("system", "port"), st.integers(1, 65535) | st.sampled_from(["${PORT}", "${env:PORT:-5432}"])),
    (("system", "level"), _TEXT),
    (("system", "replica"), _TEXT | _reference("system.level")),
    (("system",), st.just({})),
    *_map(("system", "tags"), _TEXT),
)
_OF_STRATEGY: Mapping[str, tuple[tuple[Steps, st.SearchStrategy[Any]], ...]] = {
    "fast": (
        (("strategy", "parameters", "period"), _INTEGER),
        *_map(("strategy", "parameters", "mix"), _NUMBER),
    ),
    "slow": (
        (("strategy", "parameters", "inner", "lag"), _INTEGER),
        (("strategy", "parameters", "inner", "pace"), _NUMBER),
        (("strategy", "parameters", "inner", "$unset"), _unset("lag")),
    ),
}
_LIMIT = ((("risk", "max_leverage"), _INTEGER),)


def put(data: Data, steps: Steps, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Set a value in nested maps; an empty map clears nothing, and a map has one operation."""
    for step in steps[:-1]:
        data = data.setdefault(str(step), {})
    last = str(steps[-1])
    if last.startswith("$") and {"$unset", "$replace"} & data.keys():
        return
    if isinstance(value, dict):
        for key, entry in value.items():
            put(data.setdefault(last, {}), (key,), entry)
        data.setdefault(last, {})
    else:
        data[last] = value


@dataclass(frozen=True, slots=True)
class RandomDesk:
    """A desk as data: its hierarchy, and what each of its YAML files says."""

    hierarchy: tuple[str, ...]
    documents: Mapping[str, Data]

    def files(self, seed: int) -> dict[str, str]:
        """Write all files; the seed decides whatever has no meaning, the order of the files too."""
        hand = pen(seed)
        texts = {path: write_yaml(data, hand).text for path, data in self.documents.items()}
        texts |= {f"schemas/{name}.schema.json": json.dumps(schema, indent=1) for name, schema in SCHEMAS.items()}
        names = list(texts)
        hand.shuffle(names)
        return {name: texts[name] for name in names}


@st.composite
def desks(draw: st.DrawFn) -> RandomDesk:
    """Draw a desk that compiles without a finding."""
    chosen = draw(st.lists(st.sampled_from(_LEVELS), unique=True, min_size=4, max_size=9))
    hierarchy = tuple(draw(st.permutations(sorted({*chosen, *_NEEDED}))))
    bots = draw(_bots())
    desk = {
        "format": 1,
        "environments": {name: {"writes": "direct"} for name in _ENVIRONMENTS},
        "hierarchy": list(hierarchy),
        "schemas": "schemas",
        "validators": "validators",
        "markets": "markets",
    }
    templates = draw(_templates())
    documents: dict[str, Data] = {"desk.yaml": desk}
    for path, (pattern, names) in sorted(_candidates(hierarchy, bots).items()):
        if pattern in _NEEDED or draw(st.booleans()):
            documents[path] = draw(_layer(names, bots, tuple(templates)))
    documents["global.yaml"].setdefault("risk", {})
    for name, bot in bots.items():
        documents[f"bots/{name}/bot.yaml"]["bot"] = bot
    waiting = [name for document in documents.values() for name in document.get("extends", ())]
    while waiting:
        name = waiting.pop()
        documents[name] = templates[name]
        waiting += templates[name].get("extends", ())
    return RandomDesk(hierarchy, documents)


@st.composite
def _bots(draw: st.DrawFn) -> dict[str, Data]:
    coins = st.lists(st.sampled_from(_COINS), unique=True, min_size=1, max_size=3)
    found: dict[str, Data] = {}
    for name, strategy, sides in (("maker", "fast", None), ("engine", "slow", ["SHORT", "LONG"])):
        environments = draw(st.lists(st.sampled_from(_ENVIRONMENTS), unique=True, min_size=1))
        traded = draw(coins | st.fixed_dictionaries(dict.fromkeys(environments, coins)))
        bot: Data = {"exchange": f"venue_{strategy}", "strategy": strategy}
        found[name] = {**bot, "environments": environments, "coins": traded} | ({"sides": sides} if sides else {})
    if draw(st.booleans()):
        found["service"] = {"environments": ["production"], "coins": []}
    return found


def _candidates(hierarchy: tuple[str, ...], bots: Mapping[str, Data]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return every path that some scope reads, with its pattern and what the pattern's variables are called."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for bot, said in bots.items():
        for environment in said["environments"]:
            coins = said["coins"][environment] if isinstance(said["coins"], dict) else said["coins"]
            own = {"environment": environment, "bot": bot}
            own |= {axis: said[axis] for axis in ("exchange", "strategy") if axis in said}
            sides = [{"side": side} for side in said.get("sides", ())] or [{}]
            for names in [own, *({**own, "coin": coin, **side} for coin in coins for side in sides)]:
                for pattern in hierarchy:
                    used = {axis: name for axis, name in names.items() if f"{{{axis}}}" in pattern}
                    if len(used) == pattern.count("{"):
                        found[pattern.format_map(used)] = (pattern, used)
    return found


@st.composite
def _layer(draw: st.DrawFn, names: Mapping[str, str], bots: Mapping[str, Data], templates: tuple[str, ...]) -> Data:
    bot = bots.get(names.get("bot", ""), {})
    if names.get("bot") == "service":
        return draw(_said(_SERVICE))
    strategy = names.get("strategy") or bot.get("strategy")
    legal = (*_EVERYWHERE, *_SERVICE, *_OF_STRATEGY.get(strategy or "", ()))
    if set(names) <= {"environment"}:
        legal += _LIMIT
    data: Data = draw(_said(legal))
    label = draw(st.sampled_from(["", "1.0.0", "1.10.0", "2 beta", "3.1.0"]))
    if label and set(names) in ({"bot"}, {"bot", "coin"}):
        data["config_version"] = label
    extends = draw(st.booleans())
    if templates and extends:
        data["extends"] = draw(st.lists(st.sampled_from(templates), min_size=1, max_size=3))
    return data


@st.composite
def _said(draw: st.DrawFn, legal: tuple[tuple[Steps, st.SearchStrategy[Any]], ...]) -> Data:
    data: Data = {}
    for steps, values in draw(st.lists(st.sampled_from(legal) | st.sampled_from(legal[:3]), max_size=5)):
        put(data, steps, draw(values))
    return data


@st.composite
def _templates(draw: st.DrawFn) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for index in range(draw(st.integers(1, 4))):
        data = draw(_said((*_EVERYWHERE, *_SERVICE)))
        beneath = draw(st.lists(st.sampled_from(list(found)), max_size=2)) if found else []
        found[f"templates/t{index}.yaml"] = {**data, "extends": beneath} if beneath else data
    return found
