"""The module that types every setting: deterministic, harmless whatever a schema says, free where a bot runs."""

import ast
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import deskc.testing
from deskc.cli.reference import came_with_deskc
from deskc.cli.schema import sections
from deskc.report.settings import Section
from deskc.report.typed import types_module


def section(
    name: str, properties: Mapping[str, Any], *, strategy: str | None = None, said: str = "A group."
) -> Section:
    """Return a section with these settings."""
    group = {"type": "object", "description": said, "additionalProperties": False, "properties": properties}
    return Section(name, group, strategy)


def types(*found: Section) -> Mapping[str, Mapping[str, str]]:
    """Return what the module says of the sections: by class, each setting's type as it is written."""
    classes: dict[str, dict[str, str]] = {}
    for node in ast.walk(ast.parse(types_module(found))):
        if isinstance(node, ast.ClassDef):
            functions = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            classes[node.name] = {one.name: ast.unparse(one.returns) for one in functions if one.returns}
    return classes


def leaf(kind: object, **more: object) -> dict[str, object]:
    """Return a setting's schema."""
    return {"type": kind, "description": "A setting.", **more}


def test_a_setting_has_the_type_that_it_has_after_a_load() -> None:
    """Lists are tuples, maps with free keys are mappings, and a late number is a number."""
    late = {"x-deskc": {"late": True}}
    entry = {"type": "object", "additionalProperties": False, "properties": {"depth": leaf("integer")}}
    trading = {
        "flag": leaf("boolean"),
        "count": leaf("integer"),
        "size": leaf(["number", "null"]),
        "mode": leaf("string", enum=["a", 'b"c']),
        "format": leaf("integer", const=1),
        "ratio": leaf("number", enum=[0.5, 1]),
        "names": leaf("array", items=leaf("string")),
        "legs": leaf("array", items=entry),
        "weights": leaf("object", additionalProperties=leaf("number")),
        "books": leaf("object", additionalProperties=entry),
        "port": leaf(["integer", "string"], **late),
        "host": leaf("string", **late),
        "inner": entry,
    }
    assert types(section("trading", trading))["Trading"] == {
        "flag": "bool",
        "count": "int",
        "size": "float | None",
        "mode": "Literal['a', 'b\"c']",
        "format": "Literal[1]",
        "ratio": "float",
        "names": "tuple[str, ...]",
        "legs": "tuple[TradingLegsItem, ...]",
        "weights": "Mapping[str, float]",
        "books": "Mapping[str, TradingBooksEntry]",
        "port": "int",
        "host": "str",
        "inner": "TradingInner",
    }


def test_what_is_no_attribute_is_a_subscript() -> None:
    """A keyword, a name with a hyphen, and one that Python would read as another name."""
    classes = types(
        section("risk", {"global": leaf("integer"), "a-b": leaf("string"), "ﬁ": leaf("number"), "ok": leaf("null")})
    )
    assert classes["Risk"] == {"ok": "None", "__getitem__": "float"}
    assert types_module([section("risk", {"global": leaf("integer")})]).count("@overload") == 0


def test_a_strategy_s_parameters_stand_in_its_own_scopes() -> None:
    """A coin's scope has what trades, the bot's own all; bots of another strategy have the general one."""
    classes = types(
        section("system", {"debug": leaf("boolean")}),
        section("strategy", {"name": leaf("string"), "parameters": {"type": "object", "properties": {}}}),
        section("strategy.parameters", {"levels": leaf("integer")}, strategy="quote"),
    )
    assert classes["QuoteParameters"] == {"levels": "int"}
    assert classes["QuoteStrategy"] == {"parameters": "QuoteParameters"}
    assert classes["QuoteScope"] == {"strategy": "QuoteStrategy"}
    assert classes["QuoteBotScope"] == {"strategy": "QuoteStrategy", "system": "System"}
    assert classes["AnyStrategyScope"] == {"strategy": "Strategy"}
    assert classes["QuoteSnapshot"]["__getitem__"] == "QuoteScope"


def test_names_that_would_be_one_stay_apart() -> None:
    """Two groups, a group and a scope, a strategy and what the module needs itself: none hides another."""
    group = {"type": "object", "properties": {}}
    strategies = [
        section("strategy.parameters", {}, strategy=name) for name in ("deskc", "any_strategy", "a-b", "a_b", "class")
    ]
    text = types_module(
        [section("trading", {"a_b": group, "a": {"type": "object", "properties": {"b": group}}}), *strategies]
    )
    nodes = ast.walk(ast.parse(text))
    names = [one.name for one in nodes if isinstance(one, ast.ClassDef)]
    assert sorted(set(names)) == sorted(names)
    module = executed(text)
    for name in ("any_strategy", "deskc2", "any_strategy2", "a_b", "a_b2", "strategy_class"):
        assert getattr(module, name)(7) == 7


def executed(text: str) -> ModuleType:
    """Import a module from its text, as a bot would."""
    module = ModuleType("desk_types")
    exec(compile(text, "desk_types.py", "exec"), module.__dict__)  # noqa: S102 - what was just written
    return module


def test_whatever_a_schema_says_is_a_docstring() -> None:
    """Quotes, backslashes and control characters of a description end no text and start no code."""
    said = 'Ends """ early\\" \u202e and \\N{BULLET} has a "quote"'
    text = types_module([section("trading", {"size": leaf("number", description=said, default=1)}, said=said)])
    trading = next(one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.ClassDef) and one.name == "Trading")
    (size,) = (one for one in trading.body if isinstance(one, ast.FunctionDef))
    assert " ".join((ast.get_docstring(size) or "").split()) == f"{said} (default 1)"
    assert " ".join((ast.get_docstring(trading) or "").split()) == said
    assert "\u202e" not in text


def test_the_docstring_says_what_the_schema_says() -> None:
    """Description, unit, bounds, default and when a change is taken over."""
    notes = {"unit": "x", "hot": False}
    found = leaf("integer", minimum=1, maximum=125, default=10, **{"x-deskc": notes})
    text = types_module([section("trading", {"leverage": found, "note": leaf("string")})])
    assert '"""A setting. (unit x; 1 to 125; default 10; taken over at a restart)"""' in text
    assert '"""A setting. (absent where no layer sets it)"""' in text


def test_the_module_of_one_desk_is_always_the_same() -> None:
    """The order in which files were found does not show."""
    found = sections(came_with_deskc())
    assert types_module(found) == types_module(found[::-1])


def test_where_a_bot_runs_the_types_are_what_it_has() -> None:
    """Each function returns its snapshot, and names for annotations are the loader's own classes."""
    module = executed(types_module(sections(came_with_deskc())))
    snap = deskc.testing.snapshot({"trading": {"leverage": 3}, "coins": {"ETH": {}}})
    assert module.multi_coin_mm(snap) is snap
    assert isinstance(snap["ETH"], module.MultiCoinMmScope)
    assert isinstance(snap.bot, module.MultiCoinMmBotScope)
    assert isinstance(snap, module.MultiCoinMmSnapshot)
    assert isinstance(snap["ETH"].trading, module.Trading)
    assert "Protocol" not in vars(module)
