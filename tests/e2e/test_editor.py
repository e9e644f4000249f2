"""What an editor shows of a desk that `deskc init` made: the real yaml-language-server, over every section."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from command_line import ROOT, deskc
from deskc.cli.reference import came_with_deskc
from deskc.cli.schema import sections
from deskc.edit.editor import LAYER_SCHEMA, modeline
from deskc.edit.template import templates
from deskc.report.settings import Described, Section, settings
from language_server import LanguageServer

SERVER = Path("node_modules/yaml-language-server/bin/yaml-language-server")
REFERENCE = ROOT / "config-repo"
DESK_SCHEMA = "schemas/desk.schema.json"
FILE = "bots/mm_multi_v1/coins/ANY.yaml"
KEY = "any"  # in a map whose keys are free
ALL = {
    f"{one.name} of {one.strategy}" if one.strategy else one.name: one
    for one in sections(came_with_deskc())
    if one.name != "desk" and one.leaves
}
every_section = pytest.mark.parametrize("section", ALL.values(), ids=ALL)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as text, and the line on which each path stands, counted from 0."""

    text: str
    lines: Mapping[str, int]


def layer(values: Mapping[str, str]) -> Layer:
    """Write a layer, a line a key, from YAML texts by path; the first line names its schema."""
    lines: dict[str, int] = {}
    rows = [modeline(FILE, LAYER_SCHEMA).strip()]
    for path in sorted({*values, *(above for one in values for above in parents(one))}):
        lines[path] = len(rows)
        said = f" {values[path]}" if path in values else ""
        rows.append(f"{'  ' * path.count('.')}{path.rpartition('.')[2]}:{said}")
    return Layer("\n".join(rows), lines)


def parents(path: str) -> Iterator[str]:
    """Yield the paths above a path."""
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def leaves(section: Section) -> dict[str, Described]:
    """Return a section's settings by path; a map whose entries are settings themselves is left to these."""
    found = {one.path.replace("*", KEY): one for one in section.leaves}
    return {path: one for path, one in found.items() if not any(other.startswith(f"{path}.") for other in found)}


def example(one: Described) -> str:
    """Return a right value of a setting."""
    return json.dumps(one.schema["examples"][-1])


def types(schema: Mapping[str, Any]) -> set[str]:
    """Return the JSON types that a setting may have."""
    return {schema["type"]} if isinstance(schema["type"], str) else {*schema["type"]}


def of_another_type(one: Described) -> str:
    """Return a value that no setting of this type has."""
    return "7" if "boolean" in types(one.schema) else "true"


def out_of_bounds(schema: Mapping[str, Any]) -> str | None:
    """Return a value of the right type that a setting refuses; None where it takes all."""
    if "enum" in schema or "pattern" in schema:
        return '"no such value!"'
    if "maximum" in schema:
        return str(schema["maximum"] + 1)
    if "minimum" in schema or "exclusiveMinimum" in schema:
        return str(schema.get("minimum", schema.get("exclusiveMinimum")) - 1)
    if "minLength" in schema:
        return '""'
    if "array" in types(schema):
        return "[{}]" if "object" in types(schema["items"]) else inside(schema["items"], "[{}]")
    return inside(schema["additionalProperties"], "{{any: {}}}") if "object" in types(schema) else None


def inside(schema: Mapping[str, Any], form: str) -> str | None:
    """Return a list or map whose one item is out of bounds."""
    wrong = out_of_bounds(schema)
    return wrong and form.format(wrong)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a desk as `deskc init` makes it."""
    folder = tmp_path_factory.mktemp("editor") / "desk"
    assert deskc("init", folder, cwd=folder.parent).code == 0
    return folder


@pytest.fixture(scope="module")
def server(desk: Path) -> Iterator[LanguageServer]:
    """Start the server in the desk with the desk's own editor settings, as VS Code hands them over."""
    program = next((folder / SERVER for folder in Path(__file__).parents if (folder / SERVER).is_file()), None)
    node = shutil.which("node")
    if program is None or node is None:
        pytest.skip("npm install --prefix tests brings yaml-language-server, which node runs")
    told = json.loads((desk / ".vscode/settings.json").read_text(encoding="utf-8"))
    started = LanguageServer([node, program, "--stdio"], desk, nested(told))
    yield started
    started.stop()


def nested(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as a tree: VS Code's file writes `yaml.schemaStore.enable` for what is three levels deep."""
    tree: dict[str, Any] = {}
    for name, value in told.items():
        *above, last = name.split(".")
        inside = tree
        for key in above:
            inside = inside.setdefault(key, {})
        inside[last] = value
    return tree


def diagnosed(server: LanguageServer, texts: Mapping[str, str]) -> dict[str, list[tuple[int, str]]]:
    """Open files and return what is marked in each: lines counted from 0, and what is said there."""
    uris = {path: server.open(path, text) for path, text in texts.items()}
    server.wait(lambda: server.diagnostics.keys() >= {*uris.values()})
    found = {path: server.diagnostics[uri] for path, uri in uris.items()}
    return {path: [(one["range"]["start"]["line"], one["message"]) for one in said] for path, said in found.items()}


@pytest.fixture(scope="module")
def marked(server: LanguageServer) -> dict[tuple[str, str], set[str]]:
    """Open every layer at once, since the server thinks before it answers; return the marked paths by file and kind."""
    layers = {(name, kind): layer(write(one).values) for name, one in ALL.items() for kind, write in KINDS.items()}
    found = diagnosed(server, {named(ALL[name], kind): one.text for (name, kind), one in layers.items()})
    lines = {key: {line for line, _ in found[named(ALL[key[0]], key[1])]} for key in layers}
    return {key: {path for path, line in one.lines.items() if line in lines[key]} for key, one in layers.items()}


def named(about: Section, kind: str) -> str:
    """Return a file's path that no other test opens."""
    return FILE.replace("ANY", f"{about.name}.{about.strategy}.{kind}")


def labels(server: LanguageServer, uri: str, *, line: int, column: int) -> set[str]:
    """Return what is offered at a place."""
    return {item["label"] for item in server.at(line, column, of=uri, ask="completion")["items"]}


class Case(NamedTuple):
    """What a layer sets, as YAML texts by path, and which of these paths the editor must mark."""

    values: dict[str, str]
    wrong: set[str]


def right(section: Section) -> Case:
    """Give every setting an example of its own."""
    return Case({path: example(one) for path, one in leaves(section).items()}, set())


def of_wrong_types(section: Section) -> Case:
    """Give every setting a value that it cannot have."""
    values = {path: of_another_type(one) for path, one in leaves(section).items()}
    return Case(values, {*values})


def beyond_bounds(section: Section) -> Case:
    """Give each setting a value of its type that is too much, no choice or of the wrong form."""
    values = {path: wrong for path, one in leaves(section).items() if (wrong := out_of_bounds(one.schema))}
    others = {path: example(one) for path, one in leaves(section).items() if path not in values and one.required}
    return Case({**others, **values}, {*values})


def with_unknown_keys(section: Section) -> Case:
    """Put a key that nobody knows into every group."""
    needed = {path: example(one) for path, one in leaves(section).items() if one.required}
    wrong = {f"{path}.no_such_setting": "1" for path in groups(section)}
    return Case({**needed, **wrong}, {*wrong})


KINDS = {"right": right, "type": of_wrong_types, "bounds": beyond_bounds, "key": with_unknown_keys}
Marked = Mapping[tuple[str, str], set[str]]


@pytest.mark.parametrize("name", ALL)
def test_a_right_layer_is_left_alone(marked: Marked, name: str) -> None:
    """Every setting with an example of its own is marked nowhere."""
    assert marked[name, "right"] == set()


@pytest.mark.parametrize("name", ALL)
def test_a_wrong_type_is_marked_on_its_line(marked: Marked, name: str) -> None:
    """Each setting, wherever it stands, has a type that the editor knows."""
    assert marked[name, "type"] == of_wrong_types(ALL[name]).wrong


@pytest.mark.parametrize("name", ALL)
def test_a_value_out_of_bounds_is_marked_on_its_line(marked: Marked, name: str) -> None:
    """So is each one that is no choice or does not have the form, in a list or map as well."""
    assert marked[name, "bounds"] == beyond_bounds(ALL[name]).wrong


@pytest.mark.parametrize("name", ALL)
def test_an_unknown_key_is_marked_on_its_line(marked: Marked, name: str) -> None:
    """A group, at any depth, knows what may stand in it."""
    assert marked[name, "key"] == with_unknown_keys(ALL[name]).wrong


def groups(section: Section) -> dict[str, set[str]]:
    """Return what each group of a section holds, by path."""
    paths = [one.path for one in settings(section)]
    inside: dict[str, set[str]] = {}
    for above, _, key in (path.rpartition(".") for path in paths):
        inside.setdefault(above.replace("*", KEY), set()).add(key)
    return {path: keys for path, keys in inside.items() if keys != {"*"}}


@every_section
def test_hover_tells_what_a_setting_does_and_what_a_change_brings(server: LanguageServer, section: Section) -> None:
    """Description, impact and the meaning of each choice stand under the pointer, whatever value is written there."""
    known = leaves(section)
    written = layer({path: example(one) for path, one in known.items()})
    uri = server.open(named(section, "hover"), written.text)
    for path, one in known.items():
        shown = server.at(written.lines[path], 2 * path.count(".") + 1, of=uri, ask="hover")["contents"]["value"]
        impact = one.schema.get("x-deskc", {}).get("impact", "")
        meanings = one.schema.get("markdownEnumDescriptions", ())
        assert [text for text in (one.schema["description"], impact, *meanings) if text not in shown] == []


@every_section
def test_completion_offers_the_settings_of_each_group(server: LanguageServer, section: Section) -> None:
    """On an empty line all that may stand there is offered."""
    for path, keys in groups(section).items():
        depth = path.count(".") + 1
        written = layer({path: ""})
        uri = server.open(named(section, f"empty.{path}"), f"{written.text}\n{'  ' * depth}")
        assert labels(server, uri, line=written.lines[path] + 1, column=2 * depth) >= keys


@every_section
def test_completion_offers_the_choices_of_a_setting(server: LanguageServer, section: Section) -> None:
    """Behind the colon each allowed value is offered."""
    known = {path: one for path, one in leaves(section).items() if choices(one)}
    written = layer(dict.fromkeys(known, ""))
    uri = server.open(named(section, "choice"), written.text)
    rows = written.text.split("\n")
    for path, one in known.items():
        line = written.lines[path]
        assert labels(server, uri, line=line, column=len(rows[line])) >= choices(one)


def choices(one: Described) -> set[str]:
    """Return the values that a setting may have, where they can be counted."""
    return {"true", "false"} if "boolean" in types(one.schema) else {*one.schema.get("enum", ())}


def test_a_new_file_is_offered_what_a_layer_may_hold(server: LanguageServer) -> None:
    """At the margin stand the sections, the label and the templates, and a bot's declaration."""
    uri = server.open("strategies/new.yaml", modeline("strategies/new.yaml", LAYER_SCHEMA))
    assert labels(server, uri, line=1, column=0) >= {
        "config_version",
        "extends",
        *(one.name for one in ALL.values() if not one.strategy),
    }


REFERENCES = ("${env:X}", "${env:X:-5}", "${X}", "${secret:desk/x}")
LATE = [path for one in ALL.values() for path, leaf in leaves(one).items() if "late" in leaf.schema.get("x-deskc", {})]


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_late_reference_is_left_alone_where_one_may_stand(server: LanguageServer, reference: str) -> None:
    """Hosts, ports and credentials may be bound when a bot loads."""
    written = layer({path: f'"{reference}"' for path in LATE if ":-" not in reference or "credentials" not in path})
    path = FILE.replace("ANY", re.sub(r"\W", "_", reference))
    assert diagnosed(server, {path: written.text}) == {path: []}


def test_a_late_reference_is_marked_where_a_number_trades(server: LanguageServer) -> None:
    """What trades is compiled; only a reference to another setting may stand for its number."""
    written = layer({"trading.leverage": "${env:X}", "trading.max_retries": "${ref:trading.leverage}"})
    (said,) = diagnosed(server, {FILE: written.text})[FILE]
    assert said[0] == written.lines["trading.leverage"]


def test_the_settings_reach_files_without_a_first_line(server: LanguageServer) -> None:
    """A layer or desk.yaml that was written by hand is judged by its place."""
    texts = {
        "coins/BTC.LONG.yaml": "trading:\n  leverage: 500\n",
        "bots/a/environments/b/C.yaml": "trading:\n  levrage: 5\n",
        "templates/deep/one.yaml": "risk: 7\n",
        "desk.yaml": "format: 2\n",
    }
    assert {path for path, said in diagnosed(server, texts).items() if said} == texts.keys()


def yaml_files(folder: Path) -> dict[str, str]:
    """Return the YAML files below a folder by their path."""
    return {str(path): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


@pytest.mark.parametrize("template", templates())
def test_what_init_and_new_write_is_left_alone(server: LanguageServer, desk: Path, template: str) -> None:
    """Every file of every template, of a bot that joins it and of a coin of that bot, is right by its schema."""
    folder = desk.with_name(template)
    assert deskc("init", folder, "--template", template, cwd=desk.parent).code == 0
    assert deskc("new", "bot", "second", "--template", template, cwd=folder).code == 0
    assert deskc("new", "coin", "XRP", "--bot", "second", cwd=folder).code == 0
    assert_left_alone(server, yaml_files(folder))


LOCKS = ("markets/", "ladders.lock.yaml")


def test_the_reference_desk_is_left_alone(server: LanguageServer) -> None:
    """Every file of it is right by the schema that an editor has, late references and all; lock files have none."""
    names = {Path(path).relative_to(REFERENCE).as_posix(): text for path, text in yaml_files(REFERENCE).items()}
    files = {f"reference/{name}": text for name, text in names.items() if not name.startswith(LOCKS)}
    schemas = {path: DESK_SCHEMA if path == "reference/desk.yaml" else LAYER_SCHEMA for path in files}
    assert_left_alone(server, {path: modeline(path, schemas[path]) + text for path, text in files.items()})


def assert_left_alone(server: LanguageServer, texts: Mapping[str, str]) -> None:
    """Assert that nothing is marked in any of these files."""
    assert len(texts) > 5
    assert {path: said for path, said in diagnosed(server, texts).items() if said} == {}
