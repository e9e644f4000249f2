"""A resolver in the plainest Python, written from ARCHITECTURE 3; it shares nothing with the compiler."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml12

__all__ = ["Key", "plain_values", "resolved"]

Key = tuple[str, str, str | None, str | None]
"""Environment, bot, coin and side."""

Data = dict[str, Any]
_TRADING = ("exchange", "ladder", "risk", "strategy", "trading")
_BESIDE = ("bot", "config_version", "extends")


def plain_values(text: str) -> Any:  # noqa: ANN401 - whatever a file says
    """Read YAML 1.2; 1.0 and 1 are one value, as are -0.0 and 0."""
    found = yaml12.parse_yaml(text)
    return {} if found is None else _numbers(found)


def _numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def resolved(files: Mapping[str, str]) -> dict[Key, Data]:
    """Resolve a desk at the root of its repository: for each scope its label and its sections."""
    work = _Naive(files)
    return {key: work.scope(key) for key in work.every_key()}


class _Naive:
    """The files of one desk, read."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.documents = {path: plain_values(text) for path, text in files.items() if path.endswith(".yaml")}
        self.schemas = {
            path.removeprefix("schemas/").removesuffix(".schema.json"): json.loads(text)
            for path, text in files.items()
            if path.endswith(".schema.json")
        }

    def every_key(self) -> Iterator[Key]:
        """Yield every scope: bot level, then coins by side."""
        for path, document in self.documents.items():
            if path.startswith("bots/") and path.endswith("/bot.yaml"):
                bot, said = path.split("/")[1], document["bot"]
                for environment in said["environments"]:
                    yield environment, bot, None, None
                    coins = said["coins"]
                    for coin in coins[environment] if isinstance(coins, dict) else coins:
                        for side in said.get("sides", [None]):
                            yield environment, bot, coin, side

    def scope(self, key: Key) -> Data:
        """Resolve one scope."""
        environment, bot, coin, side = key
        said = self.documents[f"bots/{bot}/bot.yaml"]["bot"]
        names = {"environment": environment, "bot": bot, "coin": coin, "side": side}
        names |= {"exchange": said.get("exchange"), "strategy": said.get("strategy")}
        bot_label = coin_label = None
        chain: list[Data] = []
        for pattern in self.documents["desk.yaml"]["hierarchy"]:
            used = [axis for axis in names if f"{{{axis}}}" in pattern]
            layer = self.documents.get(pattern.format_map(names)) if all(names[axis] for axis in used) else None
            if layer is not None:
                chain += self.beneath(layer)
                if "coin" in used:
                    coin_label = layer.get("config_version", coin_label)
                else:
                    bot_label = layer.get("config_version", bot_label)
        is_service = not said["coins"] and "strategy" not in said
        wanted = ("system",) if is_service else _TRADING if coin else (*_TRADING, "monitoring", "system")
        return {
            "config_version": coin_label or bot_label,
            "params": self.values(chain, wanted, said.get("strategy")),
        }

    def beneath(self, layer: Data) -> list[Data]:
        """Return a layer after its templates, depth first."""
        return [said for name in layer.get("extends", ()) for said in self.beneath(self.documents[name])] + [layer]

    def values(self, chain: list[Data], wanted: tuple[str, ...], strategy: str | None) -> Data:
        """Lay a chain over the defaults of the sections that it speaks of."""
        spoken = {name for layer in chain for name in layer if name not in _BESIDE}
        schemas = {name: self.schema(name, strategy) for name in spoken}
        values = {name: defaults(schema) for name, schema in schemas.items()}
        for layer in chain:
            for name in spoken & layer.keys():
                lay(layer[name], values[name])
        bound = {name: self.bound(values[name], schemas[name], values) for name in spoken if name in wanted}
        return dict(sorted(bound.items()))

    def schema(self, section: str, strategy: str | None) -> Data:
        """Return a section's schema; a strategy's closes `parameters`."""
        schema: Data = self.schemas[section]
        if section == "strategy" and strategy:
            parameters = self.schemas[f"strategy/{strategy}"]
            return {**schema, "properties": {**schema["properties"], "parameters": parameters}}
        return schema

    def bound(self, value: Any, schema: Data, values: Data) -> Any:  # noqa: ANN401 - any JSON value
        """Replace references by what they name; `$${` is `${` except where a bot binds references when it loads."""
        if isinstance(value, dict):
            free, own = schema.get("additionalProperties"), schema.get("properties", {})
            return {key: self.bound(inner, own.get(key) or free or {}, values) for key, inner in value.items()}
        is_late = schema.get("x-deskc", {}).get("late")
        if not isinstance(value, str):
            return value
        if value.startswith("${ref:"):
            section, *steps = value[len("${ref:") : -1].split(".")
            target, at = values[section], self.schema(section, None)
            for step in steps:
                target, at = target[step], at["properties"][step]
            found = self.bound(target, at, values)
            return found.replace("${", "$${") if is_late else found
        return value if is_late else value.replace("$${", "${")


def defaults(schema: Data) -> Data:
    """Return layer 0 of a section or group: the defaults of its leaves and free-key maps."""
    found: Data = {}
    for key, inner in schema.get("properties", {}).items():
        if "default" in inner:
            found[key] = _numbers(json.loads(json.dumps(inner["default"])))
        elif inner["type"] == "object" and defaults(inner):
            found[key] = defaults(inner)
    return found


def lay(said: Data, values: Data) -> None:
    """Lay what a layer says over values: take away first, then maps merge by key, all else replaces."""
    if said.get("$replace"):
        values.clear()
    for key in said.get("$unset", ()):
        values.pop(key, None)
    for key, value in said.items():
        if isinstance(value, dict):
            lay(value, values.setdefault(key, {}))
        elif not key.startswith("$"):
            values[key] = value
