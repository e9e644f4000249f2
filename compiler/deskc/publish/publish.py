"""Move a channel to a commit: descendants only, a sequence of the channel's own, the same for every kind of channel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deskc.core.canonical import Digest, digest, encode
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Sha
from deskc.publish.pointer import Pointer, head_data, read_head, read_pointer
from deskc.publish.store import AUDIT, Store, current_name, head_name, snapshot_name

__all__ = ["Force", "Publication", "publish"]


@dataclass(frozen=True, slots=True)
class Force:
    """Why a channel may leave the line of descendants, and when: text as ARCHITECTURE 5 writes times."""

    reason: str
    at: str

    def __post_init__(self) -> None:
        """Refuse a blank reason: an audit that says nothing is none."""
        if not self.reason.strip():
            msg = "publishing by force needs a reason"
            raise DeskcError(msg, help="write it out: --force 'staging is rolled back by hand'")


@dataclass(frozen=True, slots=True)
class Publication:
    """What a channel points to after a publish; `changed` says whether the pointer moved."""

    environment: str
    bot: str
    digest: Digest
    sequence: int
    changed: bool


@dataclass(frozen=True, slots=True)
class _Move:
    """A build to publish, and what the channel held for its target before."""

    build: Build
    pointer: Pointer | None
    head: Sha | None

    @property
    def followed(self) -> Sha | None:
        """The commit that the channel has followed git to; without a head the pointer's stands for it."""
        return self.head or (self.pointer.build.commit if self.pointer else None)


def publish(
    store: Store,
    builds: Sequence[Build],
    *,
    data: Callable[[Build], bytes],
    is_descendant: Callable[[Sha, Sha], bool],
    force: Force | None = None,
) -> tuple[Publication, ...]:
    """Make one commit's builds current in a channel, each pointer moving only where its digest changes.

    `data` returns a build's snapshot file, `is_descendant(old, new)` what git says. Every target is judged and every
    snapshot written before any pointer moves. Raise DeskcError, with all pointers as they were, where the commit does
    not descend from the one published and there is no `force` (what it overrides goes into `audit.jsonl`), where a
    file of the channel is damaged or cannot be written, and where another process holds the channel's lock for long.
    """
    _require_one_commit(builds)
    with store.locked():
        moves = tuple(_plan(store, build) for build in builds)
        stray = _stray(moves, is_descendant, forced=force is not None)
        if stray and force is None:
            raise _refusal(store, stray[0])
        for build in builds:
            store.write_once(snapshot_name(_target(build), build.digest), _checked(build, data(build)))
        if force is not None:
            _audit(store, stray, force)
        return tuple(_point(store, move) for move in moves)


def _require_one_commit(builds: Sequence[Build]) -> None:
    if len({build.commit for build in builds}) > 1 or len(set(map(_target, builds))) < len(builds):
        msg = "one publish takes one commit, and each target once"
        raise ValueError(msg)


def _target(build: Build) -> Target:
    return Target(build.environment, build.bot)


def _plan(store: Store, build: Build) -> _Move:
    target = _target(build)
    return _Move(build, read_pointer(store, target), read_head(store, target))


def _stray(moves: Sequence[_Move], is_descendant: Callable[[Sha, Sha], bool], *, forced: bool) -> tuple[_Move, ...]:
    """Return the moves whose commit does not descend from what the channel has followed; git is asked once a pair."""
    verdicts: dict[Sha, bool] = {}
    for move in moves:
        old, new = move.followed, move.build.commit
        if old is not None and old not in verdicts:
            verdicts[old] = old == new or _descends(old, new, is_descendant, forced=forced)
    return tuple(move for move in moves if move.followed is not None and not verdicts[move.followed])


def _descends(old: Sha, new: Sha, is_descendant: Callable[[Sha, Sha], bool], *, forced: bool) -> bool:
    try:
        return is_descendant(old, new)
    except DeskcError:
        if forced:  # git may not know the old commit any more: just then a human has to decide
            return False
        raise


def _refusal(store: Store, move: _Move) -> DeskcError:
    msg = (
        f"{store} follows commit {move.followed} for {_target(move.build)}, "
        f"and commit {move.build.commit} does not descend from it"
    )
    return DeskcError(msg, help="publish a descendant (git revert makes one), or leave the line with --force REASON")


def _checked(build: Build, data: bytes) -> bytes:
    header, _, _ = data.partition(b"\n")
    if digest(header) != build.digest:
        msg = f"the snapshot of {_target(build)} is not the one that its digest {build.digest} names"
        raise DeskcError(msg, help="compile again into an empty folder, then publish")
    return data


def _audit(store: Store, stray: Sequence[_Move], force: Force) -> None:
    """Write down what force is about to override, before it happens."""
    for move in stray:
        build = move.build
        target = {"environment": build.environment, "bot": build.bot, "digest": build.digest}
        reason = force.reason.encode("utf-8", "replace").decode()  # a terminal may hand over what is no text
        line = {"at": force.at, "reason": reason, "from": move.followed, "to": build.commit, **target}
        store.append(AUDIT, f"{encode(line)}\n".encode())


def _point(store: Store, move: _Move) -> Publication:
    """Move one target's head, then its pointer.

    In this order, because a publisher that dies between the two must go on holding back commits older than the one it
    began to publish; publishing that one again ends the work.
    """
    build, pointer = move.build, move.pointer
    target = _target(build)
    if move.head != build.commit:
        store.replace(head_name(target), head_data(build.commit))
    if pointer is not None and pointer.build.digest == build.digest:
        return Publication(*target, build.digest, pointer.sequence, changed=False)
    moved = Pointer(build, pointer.sequence + 1 if pointer else 1)
    store.replace(current_name(target), moved.data())
    return Publication(*target, build.digest, moved.sequence, changed=True)
