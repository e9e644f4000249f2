"""What an editor needs of a desk: which schema judges which file, in the editor's settings and in the files."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import relpath
from typing import Any

from deskc.content import bundled
from deskc.edit.layer_schema import layer_schema
from deskc.stages.parse import parse_file

__all__ = ["LAYER_SCHEMA", "editor", "layer_schema_of", "layer_text", "modeline"]

LAYER_SCHEMA = ".vscode/layer.schema.json"
"""Where the schema of a layer lies in a desk: where no build reads, since it says nothing that the others do not."""

_SUFFIX = ".schema.json"
_DESK = "schemas/desk.schema.json"
_TEMPLATES = "templates/**/*.yaml"
_VARIABLE = re.compile(r"\{[^{}]*\}")


def editor(files: Mapping[str, str]) -> Mapping[str, str]:
    """Return a new desk's files with what an editor needs: its settings, a layer's schema, each file's first line."""
    schemas = {path: text for path, text in files.items() if path.startswith("schemas/")}
    told = {path: f"{_first_line(path)}{text}" for path, text in files.items() if path.endswith(".yaml")}
    recommended = {"recommendations": ["redhat.vscode-yaml"]}
    own = {
        ".vscode/settings.json": _json(_settings(files["desk.yaml"])),
        ".vscode/extensions.json": _json(recommended),
        LAYER_SCHEMA: layer_schema_of(schemas, "schemas/"),
    }
    return {**files, **told, **own}


def layer_schema_of(schemas: Mapping[str, str], folder: str) -> str:
    """Return the text of LAYER_SCHEMA for the schemas in a folder (with a slash at its end), by path.

    A desk need not carry the schema of bot.yaml, so deskc's own stands in. Raise ValueError where one is no JSON.
    """
    declared = {"bot": (bundled("schemas") / f"bot{_SUFFIX}").read_text(encoding="utf-8")}
    inside = {path.removeprefix(folder).removesuffix(_SUFFIX): text for path, text in schemas.items()}
    named = {name: text for name, text in inside.items() if not name.startswith("meta/")}
    return layer_text({name: json.loads(text) for name, text in {**declared, **named}.items()})


def layer_text(schemas: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the text of LAYER_SCHEMA for schemas by name, such as `risk` or `strategy/mean_reversion`."""
    return _json(layer_schema(schemas))


def modeline(path: str, schema: str) -> str:
    """Return the line that tells editors a file's schema; both paths are from the same folder."""
    return f"# yaml-language-server: $schema={relpath(schema, str(PurePosixPath(path).parent))}\n"


def _first_line(path: str) -> str:
    return modeline(path, _DESK if path == "desk.yaml" else LAYER_SCHEMA)


def _settings(desk: str) -> Mapping[str, object]:
    """Return the settings of VS Code; they reach files that were made without a first line of ours."""
    hierarchy: list[str] = parse_file("desk.yaml", desk.encode()).value.data["hierarchy"]
    layers = [*dict.fromkeys(_VARIABLE.sub("*", level) for level in hierarchy), _TEMPLATES]
    return {
        "yaml.schemas": {LAYER_SCHEMA: layers, _DESK: ["desk.yaml"]},
        "yaml.schemaStore.enable": False,
        "yaml.kubernetesCRDStore.enable": False,
    }


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
