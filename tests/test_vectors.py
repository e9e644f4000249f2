"""The vectors by which readers in other languages are judged: current, and what deskc's own loader says too."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from deskc.runtime.errors import OrderIdError, SnapshotError, UnboundError
from deskc.runtime.load import load
from deskc.runtime.order_id import parse_order_id
from deskc.runtime.snapshot import Snapshot
from write_vectors import FOLDER, FORMAT, files

MANIFEST = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
VECTORS: list[dict[str, Any]] = MANIFEST["vectors"]
TYPES: Mapping[str, type] = {
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": float,
    "string": str,
}


def of(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with each vector of a kind."""
    vectors = [vector for vector in VECTORS if vector["kind"] == kind]
    return pytest.mark.parametrize("vector", vectors, ids=[vector["name"] for vector in vectors])


def test_the_vectors_are_those_of_today_s_compiler() -> None:
    """What lies in the folder is what `python tests/write_vectors.py` would write now, and nothing else."""
    there = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert there == files()
    assert MANIFEST["format"] == FORMAT


def test_every_vector_has_a_name_of_its_own() -> None:
    """A reader's line names the vector, so two of one name would be mistaken for each other."""
    names = [vector["name"] for vector in VECTORS]
    assert sorted(set(names)) == sorted(names)


def asked(vector: Mapping[str, Any], where: Path) -> Snapshot:
    """Load and verify what a vector names, and ask it the vector's questions."""
    env, secrets = vector.get("env", {}), vector.get("secrets", {})
    snap = load(where, environment=vector["environment"], bot=vector["bot"], env=env, secrets=secrets.get)
    snap.verify()
    for ask in vector.get("ask", ()):
        value: Any = (
            snap.bot if ask["coin"] is None else snap[ask["coin"], ask["side"]] if ask["side"] else snap[ask["coin"]]
        )
        for step in ask["path"]:
            value = value[step]
        assert value == ask["value"]
        assert isinstance(value, TYPES[ask["type"]])
    return snap


def refused(vector: Mapping[str, Any], where: Path) -> None:
    """Hold the loader to the error that a vector expects."""
    with pytest.raises(SnapshotError) as caught:
        asked(vector, where)
    assert type(caught.value).__name__ == vector["error"]
    if isinstance(caught.value, UnboundError):
        assert list(caught.value.settings) == vector["settings"]


@of("snapshot")
def test_deskc_s_loader_says_of_a_snapshot_what_the_vectors_say(vector: Mapping[str, Any], tmp_path: Path) -> None:
    """Every scope and digest is checked, late references are bound, and what is wrong has its error."""
    path = tmp_path / f"{vector['digest']}.jsonl"
    path.write_bytes((FOLDER / vector["file"]).read_bytes())
    if "error" in vector:
        refused(vector, path)
    else:
        assert asked(vector, path).digest == vector["digest"]


@of("channel")
def test_deskc_s_loader_says_of_a_channel_what_the_vectors_say(vector: Mapping[str, Any]) -> None:
    """The pointer leads to the snapshot and names its commit, or is refused."""
    if "error" in vector:
        refused(vector, FOLDER / vector["folder"])
    else:
        snap = asked(vector, FOLDER / vector["folder"])
        assert (snap.git_sha, snap.digest) == (vector["commit"], vector["digest"])


@of("digest")
def test_a_digest_is_the_sha_256_of_the_text_s_utf_8(vector: Mapping[str, Any]) -> None:
    """Nothing is added to a line before it is hashed, not even its newline."""
    assert hashlib.sha256(vector["text"].encode()).hexdigest() == vector["sha256"]


@of("order_id")
def test_deskc_reads_an_order_id_as_the_vectors_say(vector: Mapping[str, Any]) -> None:
    """Both forms hold the same, and what is no id of this version is refused."""
    if "error" in vector:
        with pytest.raises(OrderIdError):
            parse_order_id(vector["text"])
        assert vector["error"] == OrderIdError.__name__
    else:
        held = parse_order_id(vector["text"])
        assert (held.params_digest, held.run, str(held.sequence)) == (
            vector["params_digest"],
            vector["run"],
            vector["sequence"],
        )
