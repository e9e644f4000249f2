"""Resolving is what ARCHITECTURE 3 says: a naive twin agrees, and every origin tells the truth about its line."""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from deskc.core import paths
from deskc.core.codes import TINY
from deskc.core.documents import Leaf
from deskc.core.resolved import Scope, Spoken
from deskc.pipeline import Prepared, prepare, scopes_of
from in_memory import InMemory
from laws import frozen, laws
from naive_resolver import resolved
from random_desks import RandomDesk, desks

KEY = '"default": '
SEEDS = st.integers(0, 2**32)
REPLACE = re.compile(r"""(["']?)\$replace\1\s*:\s*(true|True|TRUE)""")


@laws(60)
@given(desks(), SEEDS)
def test_a_naive_resolver_agrees(desk: RandomDesk, seed: int) -> None:
    """Whatever the hierarchy, layers, templates and references are, plain dictionaries give the same scopes."""
    files = desk.files(seed)
    assert frozen(files) == resolved(files)


@laws(30)
@given(desks(), SEEDS, st.data())
def test_changing_the_value_at_an_origin_does_what_the_chain_says(
    desk: RandomDesk, seed: int, data: st.DataObject
) -> None:
    """At the winner's line and column the value moves to what is written there; at an overridden one it stays."""
    files = desk.files(seed)
    prepared = prepare(InMemory(files), "")
    everything = [(scope, path) for scope in scopes(prepared) for path in settings_of(scope)]
    for index in data.draw(st.lists(st.integers(0, len(everything) - 1), max_size=3)):
        scope, path = everything[index]
        chain = scope.origins(path)
        deciding = {place_of(one) for one, later in pairwise((*chain, None)) if one and ends(one, later)}
        for spoken in chain:
            value, changed = edited(files, prepared, scope, spoken)
            decides = place_of(spoken) in deciding
            after = next(one for one in scopes(prepare(InMemory(changed), "")) if one.id == scope.id)
            assert after.value(path) == (value if decides else scope.value(path)), (scope.id, path, spoken)
            assert frozen(changed) == resolved(changed)
            event("decides" if decides else "overridden")


def scopes(prepared: Prepared) -> list[Scope]:
    """Return every scope of a prepared desk."""
    assert prepared.layers is not None
    return [scope for target in prepared.layers.targets for scope in scopes_of(prepared, target).value]


def settings_of(scope: Scope) -> list[str]:
    """Return the paths of a scope's settings: those with origins first, for the sake of shrinking."""
    found = [path for section in scope.sections.values() for path, leaf in section.leaves.items() if leaf.value != {}]
    return sorted(found, key=lambda path: (-len(scope.origins(path)), path))


def ends(spoken: Spoken, later: Spoken | None) -> bool:
    """Say whether an origin is the last that spoke about its own path: what follows belongs to what it refers to."""
    return spoken.drop is None and (later is None or (later.leaf.path != spoken.leaf.path and later.drop is None))


def place_of(spoken: Spoken) -> tuple[str, int, int, str]:
    """Return where an origin stands; one template may speak at several levels, a default's place is its path."""
    leaf = spoken.leaf
    return (leaf.file, leaf.line, leaf.column, "" if leaf.line else leaf.path)


def edited(files: Mapping[str, str], prepared: Prepared, scope: Scope, spoken: Spoken) -> tuple[Any, Mapping[str, str]]:
    """Change what stands at an origin's place; return the new value and the files with it."""
    leaf = spoken.leaf
    if spoken.drop is not None:
        return None, {**files, leaf.file: without_operation(files[leaf.file], leaf)}
    value = another(leaf.path, scope.value(leaf.path))
    if leaf.line:
        return value, {**files, leaf.file: replaced(files[leaf.file], leaf, json.dumps(value))}
    return value, default_replaced(files, prepared, scope, path=leaf.path, value=value)


def another(path: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return another value that the setting may have."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [7777] if path == "trading.steps" else ["changed"]
    if isinstance(value, str) and path != "system.port":
        return "changed"
    return 7778 if value == 7777 else 7777


def replaced(text: str, leaf: Leaf, token: str) -> str:
    """Write another value in a leaf's place; a block list has its dashes there, and ends where they end."""
    lines = text.split("\n")
    line, start = lines[leaf.line - 1], leaf.column - 1
    if not (isinstance(leaf.value, list) and line[start] == "-"):
        assert leaf.end_line == leaf.line
        lines[leaf.line - 1] = line[:start] + token + line[leaf.end_column - 1 :]
        return "\n".join(lines)
    end = leaf.line
    while lines[end][: start + 2] == " " * start + "- ":
        end += 1
    return "\n".join([*lines[: leaf.line - 1], " " * (start + 1) + token, *lines[end:]])


def without_operation(text: str, leaf: Leaf) -> str:
    """Let `$unset` or `$replace` take nothing away."""
    if leaf.value is not True:
        return replaced(text, leaf, "[]")
    lines = text.split("\n")
    line, start = lines[leaf.key_line - 1], leaf.key_column - 1
    assert REPLACE.match(line, start)
    lines[leaf.key_line - 1] = line[:start] + REPLACE.sub("$unset: []", line[start:], count=1)
    return "\n".join(lines)


def default_replaced(
    files: Mapping[str, str], prepared: Prepared, scope: Scope, *, path: str, value: object
) -> Mapping[str, str]:
    """Write another default where the schemas say that the path's default stands."""
    assert prepared.layers is not None
    section = path.partition(".")[0]
    schemas = prepared.layers.schemas
    schema = schemas.of(section, prepared.layers.bots[scope.id.bot].strategy)
    setting = schema and schema.default_of(path)
    assert setting
    place = schemas.locate(setting, "default")
    text = files[place.path]
    start = sum(len(line) + 1 for line in text.split("\n")[: place.line - 1]) + place.column - 1
    start += len(KEY) if text.startswith(KEY, start) else 0  # a map stands at its key
    old, end = json.JSONDecoder().raw_decode(text, start)
    new = {**old, str(paths.split(path)[-1]): value} if isinstance(old, dict) else value
    return {**files, place.path: text[:start] + json.dumps(new) + text[end:]}


NESTED = {"type": "object", "additionalProperties": False, "properties": {"low": {"type": "number"}}}


@pytest.mark.parametrize("outer", ["$replace: true", "$unset: [a]"])
def test_an_operation_inside_another_does_the_same_in_either_order(outer: str) -> None:
    """Keys have no order: a map emptied by its layer holds what that layer says inside, wherever it says so."""
    schema = json.loads(TINY["schemas/trading.schema.json"])
    schema["properties"]["limits"] = {"type": "object", "additionalProperties": NESTED}
    base = {**TINY, "schemas/trading.schema.json": json.dumps(schema)}
    first, second = (
        frozen({**base, "bots/maker/coins/ETH.yaml": f"trading:\n  limits: {{{', '.join(said)}}}\n"})
        for said in ((outer, "a: {$unset: [low]}"), ("a: {$unset: [low]}", outer))
    )
    assert first == second
