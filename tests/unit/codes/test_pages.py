"""Pages about codes and settings: whole, legible, and the same facts for people and programs."""

import json
from pathlib import Path

import pytest

from deskc.core.codes import CODES, Code
from deskc.report.rule import Explained, Shown, built_in, of_rule, rule_json, rule_text, rules_json, rules_text
from deskc.report.schema import schema_json, schema_text, sections_json, sections_text
from deskc.report.settings import Section, advice, facts, settings
from deskc.sdk import Rule

SCHEMAS = Path(__file__).parents[3] / "schemas"
NAMES = sorted(
    path.relative_to(SCHEMAS).as_posix().removesuffix(".schema.json")
    for path in SCHEMAS.rglob("*.json")
    if path.parent.name != "meta"
)


def own(doc: str) -> Explained:
    """Return the page of a rule with a docstring."""
    rule = Rule("OWN001", ("trading.leverage",), "scope", lambda _: (), doc, "validators/own.py", "Leverage in bounds.")
    return of_rule(rule)


def section(name: str, **document: object) -> Section:
    """Return a section of settings, each a JSON Schema."""
    reading = Rule("OWN001", (f"{name}.group.inner",), "scope", lambda _: (), "", "validators/own.py", "Own.")
    return Section(name, {"type": "object", "properties": document}, None, (reading,))


def said(schema: dict[str, object]) -> dict[str, str]:
    """Return what is said of one setting."""
    (one,) = settings(section("trading", setting=schema))
    return facts(one) | advice(one)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_a_page_prints_on_any_terminal(code: Code) -> None:
    """However hostile the example, its page holds printable characters alone and stays within a terminal's width."""
    lines = rule_text(built_in(code)).split("\n")
    assert [line for line in lines if not line.isprintable() or len(line) > 108] == []
    assert code.why.split()[-1] in lines[2] + lines[3] + lines[4]


def test_colour_changes_nothing_but_colour() -> None:
    """With colour there are escape sequences, without there are none."""
    page = built_in(CODES["AXES001"])
    assert "\x1b[" in rule_text(page, color=True)
    assert "\x1b[" not in rule_text(page)


def test_a_long_file_is_cut_and_says_so() -> None:
    """An example of a million bytes shows its beginning and how much was left out."""
    (shown,) = built_in(CODES["YAML001"]).bad
    assert shown.text.startswith("trading:\n  hours:\n    - 0\n")
    assert shown.text.endswith("lines more")
    assert len(shown.text) < 100


def test_bytes_and_links_are_spelled_out() -> None:
    """What a page cannot show as text is named."""
    assert "\\xef" in built_in(CODES["YAML002"]).bad[0].text
    assert "\\u202e" in built_in(CODES["YAML003"]).bad[0].text
    assert built_in(CODES["READ002"]).bad[0].text == "symbolic link to ../../../global.yaml"


def test_a_rules_docstring_becomes_text_and_examples() -> None:
    """PASS and FAIL begin examples, an indented line goes on with one, and all before them is the text."""
    page = own("""More is refused.

    The venue says so.

    PASS  {trading: {leverage: 3}}
    FAIL  {trading: {leverage: 10},
           risk: {}}
    FAIL  {trading: {leverage: 20}}
    """)
    assert page.why == "More is refused.\n\nThe venue says so."
    assert page.good == (Shown(None, "{trading: {leverage: 3}}"),)
    assert [shown.text for shown in page.bad] == ["{trading: {leverage: 10},\nrisk: {}}", "{trading: {leverage: 20}}"]


def test_a_rules_page_names_its_level_needs_and_file() -> None:
    """Text and JSON say where a rule is defined and what it reads."""
    page = own("More is refused.\n\nPASS  {a: 1}\nFAIL  {a: 2}")
    text, told = rule_text(page), json.loads(rule_json(page))
    assert "level  scope\nneeds  trading.leverage\nfile   validators/own.py\n" in text
    assert "bad    {a: 2}\n\ngood   {a: 1}\n" in text
    assert (told["kind"], told["level"], told["needs"], told["fix"]) == ("rule", "scope", ["trading.leverage"], None)


def test_a_rules_page_names_the_facts_that_it_cannot_do_without() -> None:
    """Only where there are some."""
    rule = Rule("OWN001", (), "scope", lambda _: (), "Why.", "validators/own.py", "A title.", ("min_qty", "step_size"))
    assert "facts  min_qty, step_size\nfile   " in rule_text(of_rule(rule))
    assert json.loads(rule_json(of_rule(rule)))["facts"] == ["min_qty", "step_size"]
    assert "facts" not in rule_text(own("Why."))


def test_json_of_a_code_is_versioned_and_whole() -> None:
    """A program reads the format's name, every text and every file of both examples."""
    told = json.loads(rule_json(built_in(CODES["BOT001"])))
    assert told["format"] == "deskc-rule/1"
    assert (told["code"], told["kind"], told["level"], told["file"]) == ("BOT001", "built-in", None, None)
    assert told["why"] == CODES["BOT001"].why
    assert [file["path"] for file in told["good"]] == list(CODES["BOT001"].good)


def test_lists_hold_every_code() -> None:
    """The desk's own rules stand first in text; JSON is in order of the alphabet."""
    known = [*map(built_in, CODES.values()), own("More is refused.")]
    rows = rules_text(known).splitlines()
    assert rows[1].split() == ["OWN001", "Leverage", "in", "bounds."]
    assert len(rows) == len(known) + 1
    assert [row["code"] for row in json.loads(rules_json(known))["codes"]] == sorted([*CODES, "OWN001"])


FACTS: list[tuple[dict[str, object], dict[str, str]]] = [
    ({"type": "integer", "minimum": 1, "maximum": 9, "default": 3}, {"default": "3", "bounds": "1 to 9"}),
    ({"type": "number", "exclusiveMinimum": 0}, {"default": "none", "bounds": "above 0"}),
    ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, {"bounds": "above 0, 1 or less"}),
    ({"type": ["number", "null"], "default": None}, {"type": "number or null", "default": "null"}),
    (
        {"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^a"},
        {"bounds": "1 to 8 characters", "form": "^a"},
    ),
    ({"type": "array", "items": {"type": "integer", "minimum": 0}}, {"type": "list of integer (0 or more)"}),
    (
        {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
        {"bounds": "not empty, no item twice"},
    ),
    ({"type": "object", "additionalProperties": {"type": "number"}}, {"type": "map of number"}),
    (
        {"type": "array", "items": {"type": "object", "properties": {"exchange": {}, "coin": {}}}},
        {"type": "list of map with exchange, coin"},
    ),
    (
        {"type": ["integer", "string"], "pattern": "^\\$", "x-deskc": {"late": True, "axes": []}},
        {"type": "integer", "axes": "nothing", "late": "value or late reference, such as ${NAME} or ${secret:path}"},
    ),
    (
        {"type": "boolean", "x-deskc": {"unit": "none", "bump": "minor", "hot": True}},
        {"axes": "any", "bump": "minor", "change": "hot: taken over at once"},
    ),
    (
        {"type": "number", "x-deskc": {"unit": "bps", "hot": False}},
        {"unit": "bps", "change": "taken over at a restart"},
    ),
    (
        {"type": "string", "enum": ["a", "b"], "markdownEnumDescriptions": ["First.", "Second."]},
        {"values": "a: First.\nb: Second."},
    ),
    (
        {"type": "string", "deprecated": True, "x-deskc": {"impact": "Much.", "when_to_change": "Never."}},
        {"status": "deprecated", "impact": "Much.", "when": "Never."},
    ),
]


@pytest.mark.parametrize(("schema", "expected"), FACTS)
def test_a_schema_is_put_into_words(schema: dict[str, object], expected: dict[str, str]) -> None:
    """What a keyword says of a setting is said in words, and a silent schema says nothing."""
    found = said(schema)
    assert {name: found.get(name) for name in expected} == expected
    assert found.keys() - expected.keys() <= {"type", "default", "axes"}


def test_settings_keep_their_order_and_inherit_axes() -> None:
    """Groups stand before what is in them, axes hold for all below, and a rule's reading is shown above and below."""
    inner = {"type": "object", "properties": {"leaf": {"type": "string"}}, "required": ["leaf"]}
    group = {"type": "object", "properties": {"inner": inner}, "x-deskc": {"axes": ["environment"]}}
    whole = section("trading", zeta={"type": "string"}, group=group, alpha={"type": "string"})
    found = {one.path: one for one in settings(whole)}
    assert list(found) == [
        "trading.zeta",
        "trading.group",
        "trading.group.inner",
        "trading.group.inner.leaf",
        "trading.alpha",
    ]
    assert found["trading.group.inner.leaf"].axes == ("environment",)
    assert found["trading.group.inner.leaf"].required
    assert {path: whole.readers(path) for path in found if whole.readers(path)} == dict.fromkeys(
        list(found)[1:4], ("OWN001",)
    )


def test_json_of_a_section_names_the_rules_that_read_it() -> None:
    """Each with its code, title and file; a rule that reads another section is not among them."""
    group = {"type": "object", "properties": {"inner": {"type": "string"}}}
    reading = json.loads(schema_json(section("trading", group=group)))["validation_rules"]
    assert reading == [{"code": "OWN001", "title": "Own.", "file": "validators/own.py"}]
    other = Section("risk", {"type": "object"}, None, section("trading").known)
    assert json.loads(schema_json(other))["validation_rules"] == []


def test_entries_of_a_free_map_have_paths_of_their_own() -> None:
    """A map of closed objects shows each field once, with a star for the key."""
    entry = {"type": "object", "properties": {"limit": {"type": "number"}}}
    whole = section("risk", venues={"type": "object", "additionalProperties": entry})
    assert [one.path for one in settings(whole)] == ["risk.venues", "risk.venues.*", "risk.venues.*.limit"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_describes_every_setting_of_what_came_with_deskc(name: str) -> None:
    """Each leaf has a heading, its description and its default; JSON holds the file's schema as it is."""
    document = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    top, _, strategy = name.partition("/")
    whole = Section("strategy.parameters" if strategy else top, document, strategy or None)
    page, told = schema_text(whole).splitlines(), json.loads(schema_json(whole))
    assert all(one.path in page for one in settings(whole))
    assert (told["section"], told["schema"], told["validation_rules"]) == (whole.name, document, [])
    assert told["defaults"] == {one.path: one.schema["default"] for one in whole.leaves if "default" in one.schema}
    assert told.get("strategy") == (strategy or None)


def test_sections_are_listed_with_how_to_ask_for_them() -> None:
    """The list shows what to type after deskc schema."""
    listed = (section("trading", one={"type": "string"}), Section("strategy.parameters", {"title": "Own"}, "own"))
    assert [row.split()[:4] for row in sections_text(listed).splitlines()[1:]] == [
        ["trading", "1"],
        ["strategy", "--strategy", "own", "0"],
    ]
    assert [row["settings"] for row in json.loads(sections_json(listed))["sections"]] == [1, 0]
