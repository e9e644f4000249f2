"""The files that a desk begins with, by path below it: a template's, or those around a migrated bot."""

from collections.abc import Mapping
from pathlib import Path

from deskc.content import bundled, load_schemas
from deskc.core.documents import Tree
from deskc.core.outcome import Outcome
from deskc.edit.editor import editor
from deskc.edit.from_json import from_json
from deskc.edit.template import texts, texts_of

__all__ = ["migration", "scaffold"]

_TEMPLATES = Path(__file__).parents[1] / "_templates"
_SHARED, _MIGRATED = "_desk", "_migrated"
_VENDORED: Mapping[str, str] = {"schemas": "*.json", "validators": "*.py"}


def scaffold(template: str) -> Mapping[str, str]:
    """Return the text of each file of a new desk; raise DeskcError where there is no such template."""
    return editor({**texts(_TEMPLATES / _SHARED), **texts_of(template), **_vendored()})


def migration(data: bytes, *, file: str) -> Outcome[Mapping[str, str]]:
    """Return the text of each file of a desk around the bot of a single-file JSON; `file` is its name in findings.

    With an error finding there is no file at all.
    """
    vendored = _vendored()
    tree = Tree(None, 0, {path: text.encode() for path, text in vendored.items()})
    bot = from_json(data, file=file, trading=load_schemas(tree, "schemas/").value.sections["trading"])
    if not bot.value:
        return bot
    around = {**texts(_TEMPLATES / _SHARED), **texts(_TEMPLATES / _MIGRATED), **vendored}
    return Outcome(editor({**around, **bot.value}), bot.findings)


def _vendored() -> Mapping[str, str]:
    """Return the schemas and rules that a desk carries, so that its builds need no other; the dialect stays ours."""
    found: dict[str, str] = {}
    for name, pattern in _VENDORED.items():
        inside = texts(bundled(name), pattern)
        found |= {f"{name}/{path}": text for path, text in inside.items() if not path.startswith("meta/")}
    return found
