"""What a channel keeps beside its snapshots: which of them is current, and how far the channel has followed git."""

import json
import re
from typing import NamedTuple

from deskc.core.canonical import Digest, Json, encode
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Sha
from deskc.publish.store import Store, current_name, head_name

__all__ = ["SHA", "Pointer", "head_data", "read_head", "read_pointer"]

SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""A commit's id as git writes it, whole."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_POINTER_WAY_OUT = "put a copy of the file back, or remove it and publish again; its sequence then begins at 1"
_HEAD_WAY_OUT = "remove the file and publish again; until then the commit in current.json stands for it"


class Pointer(NamedTuple):
    """What `current.json` says: a whole build record, and how often the pointer has moved, from 1."""

    build: Build
    sequence: int

    def data(self) -> bytes:
        """Return the file's bytes: canonical JSON and a newline."""
        return f"{encode({**self.build.record(), 'sequence': self.sequence})}\n".encode()


def read_pointer(store: Store, target: Target) -> Pointer | None:
    """Read `current.json`, None where there is none; raise DeskcError unless it is what deskc writes, to the byte."""
    name = current_name(target)
    data = store.read(name)
    if data is None:
        return None
    pointer = _pointer(_json(data))
    if pointer is None or pointer.data() != data or (pointer.build.environment, pointer.build.bot) != target:
        raise _damaged(store, name, _POINTER_WAY_OUT)
    return pointer


def read_head(store: Store, target: Target) -> Sha | None:
    """Read `head.json`, None where there is none; raise DeskcError unless it is what deskc writes."""
    name = head_name(target)
    data = store.read(name)
    if data is None:
        return None
    head = _json(data)
    commit = head.get("commit") if isinstance(head, dict) else None
    if not isinstance(commit, str) or not SHA.fullmatch(commit) or head_data(Sha(commit)) != data:
        raise _damaged(store, name, _HEAD_WAY_OUT)
    return Sha(commit)


def head_data(commit: Sha) -> bytes:
    """Return the bytes of a `head.json`."""
    return f"{encode({'commit': commit})}\n".encode()


def _json(data: bytes) -> Json:
    """Return the value that bytes spell, None where they spell none."""
    try:
        value: Json = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value


def _damaged(store: Store, name: str, way_out: str) -> DeskcError:
    return DeskcError(f"{store}/{name} is damaged, or was edited by hand", help=way_out)


def _pointer(value: Json) -> Pointer | None:
    """Return the pointer that a JSON value spells, None where it spells none."""
    if not isinstance(value, dict):
        return None
    sequence = value.get("sequence")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 1:
        return None
    build = _build({key: text for key, text in value.items() if isinstance(text, str)})
    return None if build is None else Pointer(build, sequence)


def _build(record: dict[str, str]) -> Build | None:
    build = Build(
        commit=Sha(record.get("commit", "")),
        environment=record.get("environment", ""),
        bot=record.get("bot", ""),
        digest=Digest(record.get("digest", "")),
        rules_digest=Digest(record.get("rules_digest", "")),
        schemas_digest=Digest(record.get("schemas_digest", "")),
        markets_digest=Digest(record.get("markets_digest", "")),
        compiler_version=record.get("compiler_version", ""),
    )
    digests = (build.digest, build.rules_digest, build.schemas_digest, build.markets_digest)
    return build if SHA.fullmatch(build.commit) and all(map(_DIGEST.fullmatch, digests)) else None
