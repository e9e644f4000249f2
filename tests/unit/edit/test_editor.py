"""What a desk begins with tells an editor which schema judges each file."""

import json
from fnmatch import fnmatch
from posixpath import dirname, join, normpath

import pytest

from deskc.edit.editor import LAYER_SCHEMA, layer_schema_of
from deskc.edit.scaffold import scaffold
from deskc.edit.template import templates


@pytest.mark.parametrize("template", templates())
def test_the_first_line_of_each_file_leads_to_its_schema(template: str) -> None:
    """The path is relative to the file, and a file is there; desk.yaml has a schema of its own."""
    files = scaffold(template)
    for path, text in files.items():
        if path.endswith(".yaml"):
            first, _, schema = text.partition("\n")[0].partition("$schema=")
            assert first == "# yaml-language-server: "
            wanted = "schemas/desk.schema.json" if path == "desk.yaml" else LAYER_SCHEMA
            assert normpath(join(dirname(path), schema)) == wanted
            assert wanted in files


def _reaches(pattern: str, path: str) -> bool:
    """Say whether an editor's pattern reaches a path; `**/` also stands for no folder at all."""
    return fnmatch(path, pattern) or fnmatch(path, pattern.replace("**/", ""))


@pytest.mark.parametrize("template", templates())
def test_the_settings_reach_each_file_once(template: str) -> None:
    """A file that somebody adds without a first line is judged by the schema that its place in the desk asks for."""
    files = scaffold(template)
    globs = json.loads(files[".vscode/settings.json"])["yaml.schemas"]
    for path in files:
        if path.endswith(".yaml"):
            schemas = [schema for schema, patterns in globs.items() if any(_reaches(one, path) for one in patterns)]
            assert schemas == ["schemas/desk.schema.json" if path == "desk.yaml" else LAYER_SCHEMA]


def test_the_settings_ask_no_server_for_schemas() -> None:
    """Only the desk's own schemas judge its files, and the editor it recommends is one that can."""
    files = scaffold("mm")
    settings = json.loads(files[".vscode/settings.json"])
    assert settings["yaml.schemaStore.enable"] is False
    assert settings["yaml.kubernetesCRDStore.enable"] is False
    assert json.loads(files[".vscode/extensions.json"]) == {"recommendations": ["redhat.vscode-yaml"]}


def test_the_schema_of_a_layer_follows_from_the_desk_s_schemas() -> None:
    """It can be made anew from the files beside it, and changes when one of them does."""
    files = scaffold("mm")
    schemas = {path: text for path, text in files.items() if path.startswith("schemas/")}
    assert layer_schema_of(schemas, "schemas/") == files[LAYER_SCHEMA]
    trading = schemas["schemas/trading.schema.json"].replace('"maximum": 125', '"maximum": 50')
    assert layer_schema_of({**schemas, "schemas/trading.schema.json": trading}, "schemas/") != files[LAYER_SCHEMA]


def test_a_desk_without_the_schema_of_its_bots_has_ours() -> None:
    """bot.yaml is a format of deskc's own, so the desk need not describe it."""
    files = scaffold("mm")
    schemas = {path: text for path, text in files.items() if path.startswith("schemas/")}
    del schemas["schemas/bot.schema.json"]
    assert layer_schema_of(schemas, "schemas/") == files[LAYER_SCHEMA]
