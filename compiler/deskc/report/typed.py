"""The settings of sections as a Python module for type checkers, by which a bot's own code is judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from textwrap import wrap
from typing import Any

from deskc.core import paths, schemas
from deskc.core.scopes import SECTIONS, TRADING_SECTIONS
from deskc.report.settings import Described, Section, facts, settings

__all__ = ["types_module"]

_PARAMETERS = "strategy.parameters"
_ANY = "any_strategy"
_SCALARS = {"boolean": "bool", "integer": "int", "null": "None", "number": "float", "string": "str"}
_WIDTH = 108  # of a docstring's text, so that no line is longer than 120
_QUOTE = '\\"'
_FAMILIES = ("Snapshot", "BotScope", "Scope")

_HEAD = '''\
"""The settings of this desk as a type checker sees them. Written by `deskc schema --python`; edit the schemas instead.

    import deskc
    from desk_types import {example}

    snap = {example}(deskc.load("channel", environment="production", bot="my_bot"))
    leverage = snap["ETH"].trading.leverage

Each function returns the snapshot that it is given; what it changes is what a type checker knows. Settings are
attributes; what cannot be one, such as `global`, is a subscript. The types are those after the load: late references
are bound, and lists are tuples. A setting without a default is there where a layer sets it: ask `"name" in section`.
"""

# ruff: noqa
# fmt: off
from __future__ import annotations

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Protocol, overload

    import deskc

    class SettingsGroup(Protocol):
        """What every group of settings can be asked."""

        def __contains__(self, key: object, /) -> bool:
            """Say whether a setting is there."""

    class SettingsScope(SettingsGroup, Protocol):
        """Who a scope is; coin and side are None on the bot's own."""

        @property
        def coin(self) -> str | None: ...
        @property
        def side(self) -> str | None: ...
        @property
        def arm(self) -> str | None: ...
        @property
        def config_version(self) -> str | None: ...
        @property
        def params_digest(self) -> str: ...
        @property
        def stamp(self) -> deskc.Stamp: ...
'''

_SNAPSHOT = '''
    class {family}Snapshot(deskc.Snapshot):
        """A snapshot of a bot that runs {strategy}."""

        bot: {family}BotScope  # type: ignore[assignment]

        def __getitem__(self, key: str | tuple[str, str]) -> {family}Scope:  # type: ignore[override]
            """Return a coin's scope."""
            raise NotImplementedError

        @property
        def scopes(self) -> tuple[{family}Scope, ...]:  # type: ignore[override]
            """Every coin's scopes."""
            raise NotImplementedError

    def {function}(snapshot: deskc.Snapshot) -> {family}Snapshot:
        """Return the snapshot itself, whose bot runs {strategy}."""
        raise NotImplementedError
'''

_TAIL = """
else:
    from deskc.runtime.scopes import Scope
    from deskc.runtime.sections import Section
    from deskc.runtime.snapshot import Snapshot

"""


def types_module(sections: Iterable[Section]) -> str:
    """Write a module that knows every setting by name and type, for bots of each strategy and for those of none.

    Equal schemas give equal bytes. Where a bot runs the module imports nothing that a load has not imported.
    """
    known = tuple(sections)
    shared = {one.name: one for one in known if one.strategy is None and one.name in SECTIONS}
    strategies = sorted((one for one in known if one.strategy is not None), key=lambda one: str(one.strategy))
    writer = _Writer()
    classes = {name: writer.section(shared[name]) for name in sorted(shared)}
    general, *functions = [writer.named(name) for name in (_ANY, *(_function(str(one.strategy)) for one in strategies))]
    writer.family(general, "no strategy that has parameters of its own", classes)
    for one, function in zip(strategies, functions, strict=True):
        own = {**classes, **writer.strategy(one, above=classes.get("strategy"))}
        writer.family(function, str(one.strategy), own)
    example = [general, *functions][-1]
    return "\n".join([_HEAD.replace("{example}", example).rstrip("\n"), *writer.lines, *_tail(writer), ""])


def _tail(writer: "_Writer") -> Iterator[str]:
    """Yield what there is where a bot runs: every name, so that annotations that are evaluated find it."""
    yield from _TAIL.rstrip("\n").split("\n")
    yield ""
    for kind, base in (("Snapshot", "Snapshot"), ("Scope", "Scope"), ("", "Section")):
        names = [name for name, family in writer.classes.items() if family == kind]
        yield from (f"    {name} = {base}" for name in names)
    for function in writer.functions:
        yield from ("", f"    def {function}(snapshot):", "        return snapshot")


@dataclass(slots=True)
class _Writer:
    """The module as far as it is written; `classes` are its names, by what they are where a bot runs."""

    lines: list[str] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=lambda: {"SettingsGroup": "", "SettingsScope": "Scope"})
    functions: list[str] = field(default_factory=list)
    taken: set[str] = field(
        default_factory=lambda: {
            *("Iterator", "Literal", "Mapping", "Protocol", "Scope", "Section", "SettingsGroup", "SettingsScope"),
            *("Snapshot", "TYPE_CHECKING", "annotations", "deskc", "overload"),
        }
    )

    def named(self, wanted: str) -> str:
        """Return a name that nothing else has."""
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}{number}"
        self.taken.add(name)
        return name

    def section(self, section: Section) -> str:
        """Write the classes of a section, and return the name of its own."""
        described = {one.path: one for one in settings(section)}
        root = schemas.inline(section.document, section.document)
        return self.group(root, path=section.name, described=described, prefix="")

    def strategy(self, section: Section, *, above: str | None) -> dict[str, str]:
        """Write the section `strategy` with the parameters of one strategy; return its class by its name."""
        described = {one.path: one for one in settings(section)}
        root = schemas.inline(section.document, section.document)
        prefix = _camel(str(section.strategy))
        inner = self.group(root, path=_PARAMETERS, described=described, prefix=prefix)
        name = self.named(f"{prefix}Strategy")
        self.classes[name] = ""
        bases = f"{above}, Protocol" if above else "SettingsGroup, Protocol"
        said = f"The section strategy of {section.strategy}."
        self.lines += [
            "",
            f"    class {name}({bases}):",
            *_doc(said, indent=8),
            "",
            *_property("parameters", inner, ""),
        ]
        return {"strategy": name}

    def family(self, function: str, strategy: str, classes: Mapping[str, str]) -> None:
        """Write the scopes and the snapshot of bots that run one strategy, and the function that types it."""
        family = self._unused(_camel(function))
        for suffix, names in (("Scope", TRADING_SECTIONS), ("BotScope", SECTIONS)):
            held = [name for name in names if name in classes]
            self.lines += ["", f"    class {family}{suffix}(SettingsScope, Protocol):"]
            whose = "A coin's" if suffix == "Scope" else "The bot's own"
            self.lines += _doc(f"{whose} scope, where the bot runs {strategy}.", indent=8)
            for name in held:
                self.lines += ["", *_property(name, classes[name], "")]
            self.classes[f"{family}{suffix}"] = "Scope"
        self.classes[f"{family}Snapshot"] = "Snapshot"
        self.functions.append(function)
        text = _SNAPSHOT.replace("{family}", family).replace("{function}", function)
        self.lines += text.replace("{strategy}", _escaped(strategy).replace('"', _QUOTE)).rstrip("\n").split("\n")

    def _unused(self, wanted: str) -> str:
        family, number = wanted, 1
        while any(f"{family}{suffix}" in self.taken for suffix in _FAMILIES):
            number += 1
            family = f"{wanted}{number}"
        self.taken.update(f"{family}{suffix}" for suffix in _FAMILIES)
        return family

    def group(self, schema: Mapping[str, Any], *, path: str, described: Mapping[str, Described], prefix: str) -> str:
        """Write a group's class after those of the groups in it, and return its name."""
        name = self.named(prefix + _camel(path.removeprefix("strategy.") if prefix else path))
        self.classes[name] = ""
        properties: list[str] = []
        odd: list[tuple[str, str, str]] = []
        for key, inner in schema.get("properties", {}).items():
            below = paths.child(path, key)
            kind = self._type(inner, path=below, described=described, prefix=prefix)
            said = _said(described[below]) if below in described else ""
            if key.isascii() and key.isidentifier() and not iskeyword(key) and not key.startswith("__"):
                properties += ["", *_property(key, kind, said)]
            else:
                odd.append((key, kind, said))
        said = str(schema.get("description", "")) or f"The group {path}."
        self.lines += ["", f"    class {name}(SettingsGroup, Protocol):", *_doc(said, indent=8)]
        self.lines += [*properties, *_subscripts(odd)]
        return name

    def _type(self, schema: Mapping[str, Any], *, path: str, described: Mapping[str, Described], prefix: str) -> str:
        """Return the type that a value has once it is loaded."""
        values = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if values and all(isinstance(one, str | bool | int | None) for one in values):
            return f"Literal[{', '.join(map(_literal, values))}]"
        declared = schema.get("type", ())
        names = [declared] if isinstance(declared, str) else list(declared)
        if schema.get("x-deskc", {}).get("late") and set(names) - {"null", "string"}:
            names.remove("string")
        kinds = [self._kind(one, schema, path=path, described=described, prefix=prefix) for one in names]
        return " | ".join(dict.fromkeys(kinds)) or "object"

    def _kind(
        self, name: str, schema: Mapping[str, Any], *, path: str, described: Mapping[str, Described], prefix: str
    ) -> str:
        if name == "array":
            item = self._type(schema.get("items", {}), path=f"{path}.item", described=described, prefix=prefix)
            return f"tuple[{item}, ...]"
        if name == "object" and isinstance(schema.get("additionalProperties"), Mapping):
            entry = schema["additionalProperties"]
            below = f"{path}.{schemas.FREE}"
            return f"Mapping[str, {self._type(entry, path=below, described=described, prefix=prefix)}]"
        if name == "object":
            return self.group(schema, path=path, described=described, prefix=prefix)
        return _SCALARS[name]


def _property(name: str, kind: str, said: str) -> Iterator[str]:
    yield from ("        @property", f"        def {name}(self) -> {kind}:")
    yield from _doc(said or f"The group {name}.", indent=12)


def _subscripts(odd: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Yield how settings are read whose names no attribute can have."""
    for key, kind, said in odd:
        yield ""
        if len(odd) > 1:
            yield "        @overload"
        yield f"        def __getitem__(self, key: Literal[{_literal(key)}], /) -> {kind}:"
        yield from _doc(said or f"The group {key}.", indent=12)


def _said(one: Described) -> str:
    """Return what a schema says of a setting, in one line."""
    described = " ".join(str(one.schema.get("description", "")).split())
    if one.is_group:
        return described
    told = facts(one)
    default = told.get("default", "none")
    notes = [
        f"unit {told['unit']}" if "unit" in told else "",
        told.get("bounds", ""),
        "absent where no layer sets it"
        if default == "none"
        else "required"
        if default == "required"
        else f"default {default}",
        "taken over at a restart" if "restart" in told.get("change", "") else "",
        told.get("status", ""),
    ]
    return f"{described} ({'; '.join(filter(None, notes))})"


def _doc(said: str, *, indent: int) -> list[str]:
    """Return a docstring whose text is whatever a schema's author wrote."""
    space = " " * indent
    text = _escaped(" ".join(said.split()))
    if '"""' in text or text.endswith('"'):
        text = text.replace('"', _QUOTE)
    lines = wrap(text, _WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    if len(lines) < 2:  # noqa: PLR2004 - one line
        return [f'{space}"""{"".join(lines)}"""']
    return [f'{space}"""{lines[0]}', *(space + line for line in lines[1:]), f'{space}"""']


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\")
    return "".join(one if one.isprintable() else one.encode("unicode-escape").decode() for one in text)


def _literal(value: object) -> str:
    if not isinstance(value, str):
        return repr(value)
    text = _escaped(value).replace('"', _QUOTE)
    return f'"{text}"'


def _camel(path: str) -> str:
    """Return a path as a class's name."""
    words = "".join(
        one if one.isascii() and one.isalnum() else " " for one in path.replace(schemas.FREE, "entry")
    ).split()
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() else f"Group{name}"


def _function(strategy: str) -> str:
    """Return a strategy's name as a function's."""
    name = "".join(one if one.isascii() and one.isalnum() else "_" for one in strategy)
    return name if name.isidentifier() and not iskeyword(name) else f"strategy_{name}"
