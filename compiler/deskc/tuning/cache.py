"""The evaluation cache: what jobs found, so that a job that comes again is not worked on again."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from numbers import Integral, Real
from typing import Any, Self

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.search.search import Candidates, Job
from deskc.tuning.arrays import packed, unpacked

__all__ = ["Cache", "key"]

_DIGITS = 32  # of a digest: 128 bits


class Cache:
    """What the last jobs found, by the jobs' keys, with room for so many candidates; the oldest go first."""

    __slots__ = ("_candidates", "_found", "_room", "asked", "hits")

    def __init__(self, room: int) -> None:
        self._room = room
        self._candidates = 0
        self._found: dict[str, Candidates] = {}
        self.asked = 0
        self.hits = 0

    def find(self, job: str) -> Candidates | None:
        """Return what the job with this key found, None where nobody knows; either is counted."""
        found = self._found.get(job)
        self.asked += 1
        self.hits += found is not None
        return found

    def keep(self, job: str, found: Candidates) -> None:
        """Remember what a job found, and forget the oldest where there is no room."""
        if job in self._found or len(found.scores) > self._room:
            return
        self._found[job] = found
        self._candidates += len(found.scores)
        while self._candidates > self._room:
            oldest = next(iter(self._found))
            self._candidates -= len(self._found.pop(oldest).scores)

    def state(self) -> dict[str, Json]:
        """Return all that it holds."""
        kept: list[Json] = [
            [job, packed(found.volumes), packed(found.indents), packed(found.scores), found.evaluations]
            for job, found in self._found.items()
        ]
        return {"asked": self.asked, "hits": self.hits, "kept": kept}

    @classmethod
    def restored(cls, room: int, state: Mapping[str, Any]) -> Self:
        """Return the cache with this state; raise KeyError, TypeError or ValueError where it is none."""
        cache = cls(room)
        for job, volumes, indents, scores, evaluations in state["kept"]:
            found = Candidates(unpacked(volumes), unpacked(indents), unpacked(scores), int(evaluations))
            cache.keep(str(job), found)
        cache.asked, cache.hits = int(state["asked"]), int(state["hits"])
        return cache


def key(job: Job) -> str:
    """Return a digest of the bytes of all that a job says: equal jobs have equal keys, also after a restart."""
    digest = sha256()
    for part in _parts(job):
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:_DIGITS]


def _parts(value: object) -> "list[str | bytes]":
    """Return a value as texts and bytes; numbers are what they count, not of which type they are."""
    if isinstance(value, np.ndarray):
        return [f"array {value.dtype.str} {value.shape}", np.ascontiguousarray(value).tobytes()]
    if is_dataclass(value) and not isinstance(value, type):
        return _named(value, [getattr(value, one.name) for one in fields(value)])
    if isinstance(value, (tuple, list)):
        return _named(value if hasattr(value, "_fields") else [], list(value))
    if isinstance(value, (bool, np.bool_)):
        return [f"bool {bool(value)}"]
    if isinstance(value, Real):
        return [f"int {int(value)}" if isinstance(value, Integral) else f"float {float(value)!r}"]
    return [f"{type(value).__name__} {value!r}"]


def _named(value: object, inside: list[object]) -> "list[str | bytes]":
    return [f"{type(value).__qualname__} {len(inside)}", *(part for one in inside for part in _parts(one))]
