"""All that a run remembers between two batches, as a checkpoint keeps it."""

import json
from dataclasses import dataclass, field
from typing import Any

from deskc.core.canonical import Json, digest
from deskc.core.errors import DeskcError
from deskc.ladder.search.search import Search
from deskc.ladder.settings import Settings, config_hash
from deskc.ledger.runs import Checkpoint, Counts
from deskc.tuning.cache import Cache
from deskc.tuning.found import Best, Found
from deskc.tuning.modes import begun, restored
from deskc.tuning.plan import Plan

__all__ = ["CACHED", "FORMAT", "KEPT", "State", "checkpoint", "restore", "start"]

FORMAT = 1
"""Of a checkpoint's state; a later deskc that writes another says so."""

CACHED = 400
"""How many candidates the cache keeps."""

KEPT = 100
"""How many of the best are kept beside them."""


@dataclass(slots=True)
class State:
    """A run between two batches.

    `best` are the best ladders as the search found them, `top` the best that may be emitted: of two decimals where the
    settings ask for that, the last one from a ladder of score `start` that was rounded `roundings` times. `stagnant`
    counts the batches since `top` changed.
    """

    search: Search
    batches: int = 0
    evaluations: int = 0
    pruned: int = 0
    stagnant: int = 0
    start: float | None = None
    roundings: int = 0
    top: Found | None = None
    best: Best = field(default_factory=lambda: Best(KEPT))
    cache: Cache = field(default_factory=lambda: Cache(CACHED))

    @property
    def counts(self) -> Counts:
        """Return what a ledger is told."""
        score = None if self.top is None else self.top.score
        return Counts(self.batches, self.evaluations, self.cache.asked, self.cache.hits, self.pruned, score)


def start(plan: Plan, settings: Settings) -> State:
    """Return the state before the first batch."""
    return State(begun(plan, settings))


def checkpoint(state: State, settings: Settings) -> Checkpoint:
    """Return the checkpoint after the last batch."""
    value: dict[str, Json] = {
        "batches": state.batches,
        "evaluations": state.evaluations,
        "pruned": state.pruned,
        "stagnant": state.stagnant,
        "start": state.start,
        "roundings": state.roundings,
        "top": Best(1, [state.top] if state.top else []).state(),
        "best": state.best.state(),
        "cache": state.cache.state(),
        "search": state.search.state(),
    }
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return Checkpoint(FORMAT, state.batches, config_hash(settings), digest(text.encode()), text)


def restore(found: Checkpoint, plan: Plan, settings: Settings, *, of: str) -> State:
    """Return the state of a checkpoint, the run going on as if it had never stopped.

    Raise DeskcError, naming `of`, where it is another configuration's, of another format, or damaged.
    """
    if found.config_hash != config_hash(settings):
        msg = (
            f"the checkpoint of {of} is of configuration {found.config_hash[:12]}, "
            f"and {config_hash(settings)[:12]} was asked for"
        )
        raise DeskcError(msg, help="leave the flags out that say otherwise, or begin a new run without --resume")
    if found.format != FORMAT:
        msg = f"the checkpoint of {of} has format {found.format}, and this deskc reads {FORMAT}"
        raise DeskcError(msg, help="resume it with the deskc that wrote it, or begin a new run without --resume")
    try:
        intact = digest(found.state.encode()) == found.checksum
        return _restored(json.loads(found.state if intact else ""), plan, settings)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        msg = f"the checkpoint of {of} is damaged"
        raise DeskcError(msg, help="begin a new run without --resume; what the old one found stays") from error


def _restored(value: dict[str, Any], plan: Plan, settings: Settings) -> State:
    return State(
        search=restored(plan, settings, value["search"]),
        batches=int(value["batches"]),
        evaluations=int(value["evaluations"]),
        pruned=int(value["pruned"]),
        stagnant=int(value["stagnant"]),
        start=None if value["start"] is None else float(value["start"]),
        roundings=int(value["roundings"]),
        top=Best.restored(1, value["top"]).first,
        best=Best.restored(KEPT, value["best"]),
        cache=Cache.restored(CACHED, value["cache"]),
    )
