"""What the rules of vain lines say is true: a naive resolver finds every scope as it was without these lines."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from deskc.core import paths
from deskc.core.findings import Finding
from deskc.core.scopes import SECTIONS
from deskc.pipeline import Everything, Prepared, Selection, compile_desk, prepare
from in_memory import InMemory
from laws import frozen, laws
from naive_resolver import resolved
from random_desks import SCHEMAS, RandomDesk, desks

ROOT = Path(__file__).resolve().parents[2]
RULES = {f"validators/{name}.py": ROOT / "validators" / f"{name}.py" for name in ("layer_redundant", "layer_shadowed")}
SEEDS = st.integers(0, 2**32)

Line = tuple[str, str]
"""A file, and the path of what it sets there."""


@laws(35)
@given(desks(), SEEDS)
def test_without_the_lines_that_are_found_every_scope_is_what_it_was(desk: RandomDesk, seed: int) -> None:
    """All of them at once: whatever the hierarchy, templates, references and drops are, no two rely on each other."""
    desk = mapped(desk, few)
    found = vain(desk.files(seed))
    event(f"{min(len(found), 3)} found")
    before, after = desk.files(seed), without(desk, found).files(seed)
    assert resolved(after) == resolved(before)
    assert frozen(after) == resolved(after)


@laws(30)
@given(desks(), SEEDS)
def test_once_nothing_is_found_every_line_changes_some_scope(desk: RandomDesk, seed: int) -> None:
    """Nothing is in vain unseen, but what no scope reads; what the rules leave alone is left out of these desks."""
    desk = mapped(desk, plainly)
    while found := vain(bare_files(desk, seed)):
        desk = without(desk, found)
    before = resolved(bare_files(desk, seed))
    for line in lines_of(desk):
        changes = resolved(bare_files(without(desk, [line]), seed)) != before
        assert changes == is_read(desk, line), line


@laws(25)
@given(desks(), SEEDS, st.sampled_from(["development", "production"]), st.sampled_from(["", "maker", "engine"]))
def test_whoever_asks_for_less_is_told_nothing_else(desk: RandomDesk, seed: int, environment: str, bot: str) -> None:
    """A file some of whose readers were left out is not judged, and every other one is judged as it is in full."""
    desk = mapped(desk, few)
    prepared = prepared_with_rules(desk.files(seed))
    told = findings_of(prepared, Everything)
    assert prepared.layers is not None
    if environment in {target.environment for target in prepared.layers.targets}:
        asked = Selection((environment,), (bot,) if bot else ())
        some = findings_of(prepared, asked)
        event("found" if some else "nothing found")
        assert {(one.code, one.places[0]) for one in some} <= {(one.code, one.places[0]) for one in told}


def prepared_with_rules(files: Mapping[str, str]) -> Prepared:
    """Prepare a desk with the two rules."""
    return prepare(InMemory({**files, **{path: file.read_text("utf-8") for path, file in RULES.items()}}), "")


def findings_of(prepared: Prepared, selection: Selection) -> tuple[Finding, ...]:
    """Return what the two rules find; nothing else is wrong."""
    findings = compile_desk(prepared, selection).findings
    assert {finding.code for finding in findings} <= {"LAYER001", "LAYER002"}
    return findings


def vain(files: Mapping[str, str]) -> list[Line]:
    """Return the lines that the two rules find."""
    prepared = prepared_with_rules(files)
    assert prepared.layers is not None
    places = {finding.places[0] for finding in findings_of(prepared, Everything)}
    documents = prepared.layers.documents.values()
    leaves = [leaf for document in documents for group in document.leaves.values() for leaf in group.values()]
    spots = {(place.path, place.line, place.column) for place in places}
    return [(leaf.file, leaf.path) for leaf in leaves if (leaf.file, leaf.line, leaf.column) in spots]


def lines_of(desk: RandomDesk) -> Iterator[Line]:
    """Yield every line of a layer that sets a value."""
    for file, document in desk.documents.items():
        if not file.startswith("templates/"):
            for section in SECTIONS:
                yield from ((file, path) for path in leaf_paths(document.get(section), section))


def leaf_paths(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the paths of what is no map."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaf_paths(inner, paths.child(path, key))
    elif value is not None or "." in path:
        yield path


def without(desk: RandomDesk, lines: list[Line]) -> RandomDesk:
    """Delete lines, and the maps that they leave empty."""
    documents = deepcopy(dict(desk.documents))
    for file, path in lines:
        delete(documents[file], paths.split(path))
    return replace(desk, documents=documents)


def delete(data: dict[str, Any], steps: tuple[str | int, ...]) -> None:
    """Delete what stands at a path, and the maps that this leaves empty."""
    step = str(steps[0])
    if len(steps) > 1:
        delete(data[step], steps[1:])
    if len(steps) == 1 or not data[step]:
        del data[step]


def mapped(desk: RandomDesk, change: Callable[[Any], Any]) -> RandomDesk:
    """Change every value of every section; None leaves it out."""
    documents = {
        file: {key: changed(value, change) if key in SECTIONS else value for key, value in document.items()}
        for file, document in desk.documents.items()
    }
    return replace(desk, documents=documents)


def changed(value: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Change the values in nested maps."""
    if not isinstance(value, dict):
        return change(value)
    kept = {
        key: changed(inner, change) for key, inner in value.items() if not (key.startswith("$") and change is plainly)
    }
    return {key: inner for key, inner in kept.items() if inner is not None or value[key] is None}


def few(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Draw closer together what may be equal by chance."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 1 + int(abs(value)) % 2
    if isinstance(value, list):
        return value[:1]
    return "xy"[len(value) % 2] if isinstance(value, str) and "$" not in value else value


def plainly(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out texts with references in them, too."""
    return None if isinstance(value, str) and "$" in value else few(value)


def is_read(desk: RandomDesk, line: Line) -> bool:
    """Say whether some scope has the section that a line stands in, if no other file speaks of it."""
    file, path = line
    section = path.partition(".")[0]
    documents = {
        name: {key: said for key, said in document.items() if key not in SECTIONS or (name, key) == (file, section)}
        for name, document in desk.documents.items()
    }
    return any(
        section in scope["params"] for scope in resolved(bare_files(replace(desk, documents=documents), 0)).values()
    )


def bare_files(desk: RandomDesk, seed: int) -> dict[str, str]:
    """Write a desk with schemas without defaults."""
    return {**desk.files(seed), **{f"schemas/{name}.schema.json": json.dumps(bare(it)) for name, it in SCHEMAS.items()}}


def bare(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Take the defaults out of a schema."""
    if isinstance(schema, dict):
        return {key: bare(inner) for key, inner in schema.items() if key != "default"}
    return schema
