"""Where a value came from in time: the author of its line, and the commit that caused what trades."""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from pathlib import Path

from deskc.core.canonical import Digest
from deskc.core.desk import Desk
from deskc.core.errors import DeskcError
from deskc.core.findings import Place
from deskc.core.scopes import ScopeId, Target
from deskc.core.snapshots import Commit, Sha
from deskc.gitio.history import LineAuthor, blame_line, first_parents
from deskc.gitio.objects import Objects
from deskc.gitio.repository import head_exists
from deskc.pipeline import Prepared, Selection, compile_desk, prepare
from deskc.plan.explain import Explanation
from deskc.plan.reach import errors_of, names_of
from deskc.stages.read import MAX_BYTES, CommitSource

__all__ = ["Cause", "Provenance", "Unknown", "author_of", "causing_commit", "provenance"]

_NO_COMMIT = "the repository has no commit yet"
_NOT_COMMITTED = "not committed yet"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why something cannot be known, and the way out where there is one."""

    why: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """The commit where a params digest began; `skipped` are commits on the way that did not compile for the target."""

    commit: Commit
    skipped: tuple[Sha, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote the winning line (None where nothing is set), what caused what trades, and the commit that runs.

    `commit` is the one that was looked at, None for the working tree. `running` is None while no activation says more.
    """

    commit: Sha | None
    author: LineAuthor | Unknown | None
    cause: Cause | Unknown
    running: Sha | None = None


def provenance(root: Path, prepared: Prepared, explained: Explanation, *, folder: str) -> Provenance:
    """Trace an explained setting back through history; what cannot be known is said, and fails nothing else."""
    return Provenance(
        commit=None if prepared.commit is None else prepared.commit.sha,
        author=None if explained.winner is None else author_of(root, prepared, explained.winner),
        cause=causing_commit(root, prepared, explained.scope, digest=explained.params_digest, folder=folder),
    )


def author_of(root: Path, prepared: Prepared, place: Place) -> LineAuthor | Unknown:
    """Return who wrote the line of a place, in the commit that was prepared or, for the working tree, in HEAD."""
    try:
        if prepared.commit is not None:
            return blame_line(root, prepared.commit.sha, place.path, place.line)
        if not head_exists(root):
            return Unknown(_NO_COMMIT)
        with Objects(root) as objects:
            head = objects.commit("HEAD").sha
            line = _line_in(objects, head, place, prepared.tree.files[place.path])
        return Unknown(_NOT_COMMITTED) if line is None else blame_line(root, head, place.path, line)
    except DeskcError as error:
        return Unknown(error.message, error.help)


def _line_in(objects: Objects, sha: Sha, place: Place, data: bytes) -> int | None:
    """Return the number that a line of a file on disk has in a commit, None where the commit does not have it."""
    entry = objects.entry(sha, place.path)
    if entry is None or not entry.mode.startswith("100"):
        return None
    (committed,) = objects.blobs([entry.oid], limit=MAX_BYTES)
    old, new = (committed or b"").splitlines(), data.splitlines()
    for block in SequenceMatcher(None, old, new).get_matching_blocks():
        if block.b < place.line <= block.b + block.size:
            return block.a + place.line - block.b
    return None


class _Verdict(Enum):
    """What a commit has of a scope where it has no params digest."""

    ABSENT = "the scope is not there"
    BROKEN = "the target does not compile"


def causing_commit(root: Path, prepared: Prepared, scope: ScopeId, *, digest: Digest, folder: str) -> Cause | Unknown:
    """Return the first commit, along first parents, where a scope's params digest began.

    It walks back from the prepared commit, or from HEAD for the working tree, and stops at the first other digest.
    A commit that changed nothing the target reads is passed without compiling it. A shallow clone that ends too early
    and edits not committed yet give Unknown.
    """
    if prepared.layers is None:
        return Unknown("the desk cannot be read")
    if prepared.commit is None and not head_exists(root):
        return Unknown(_NO_COMMIT)
    desk = prepared.layers.desk
    try:
        with Objects(root) as objects:
            start = prepared.commit.sha if prepared.commit else objects.commit("HEAD").sha
            folders = tuple(dict.fromkeys((desk.folder, desk.schemas)))
            with closing(_visited(root, objects, start, folders=folders)) as visited:
                return _Walk(objects, scope, digest, folder).back(visited)
    except DeskcError as error:
        return Unknown(error.message, error.help)


_Listing = frozenset[tuple[str, str]]
_Visits = Generator[tuple[Commit, _Listing], None, None]


def _visited(root: Path, objects: Objects, sha: Sha, *, folders: tuple[str, ...]) -> _Visits:
    """Yield the commits that touch some folders, newest first, with the path and id of each file in them."""
    for commit in first_parents(root, sha, folders):
        entries = (entry for folder in folders for entry in objects.walk(commit.sha, folder.rstrip("/")))
        yield commit, frozenset((entry.path, entry.oid) for entry in entries)


class _Walk:
    """One walk back through history, judging one scope."""

    def __init__(self, objects: Objects, scope: ScopeId, digest: Digest, folder: str) -> None:
        self.objects = objects
        self.scope = scope
        self.digest = digest
        self.folder = folder
        self.newer: Prepared | None = None

    def back(self, visited: Iterable[tuple[Commit, _Listing]]) -> Cause | Unknown:
        """Walk until the digest is another one; the commit before that caused it."""
        began: Commit | None = None
        skipped: list[Sha] = []
        before: _Listing = frozenset()
        verdict: Digest | _Verdict = _Verdict.ABSENT
        for commit, listing in visited:
            if self.newer is None or self.concerned(path for path, _ in listing ^ before):
                verdict = self.judge(commit)
            before = listing
            if verdict is _Verdict.BROKEN:
                skipped.append(commit.sha)
            elif verdict == self.digest:
                began = commit
            else:
                break
        return Unknown(_NOT_COMMITTED) if began is None else Cause(began, tuple(skipped))

    def concerned(self, changed: Iterable[str]) -> bool:
        """Say whether a changed path may matter to the target; what belongs to another bot or environment does not."""
        layers = self.newer.layers if self.newer else None
        if layers is None or self.scope.bot not in layers.bots:
            return True
        names = names_of(self.scope, layers)
        return any(_may_read(path, layers.desk, names) for path in changed)

    def judge(self, commit: Commit) -> Digest | _Verdict:
        """Compile the target at a commit and return its scope's digest."""
        if self.objects.entry(commit.sha, f"{self.folder}desk.yaml") is None:
            return _Verdict.ABSENT
        self.newer = prepared = prepare(CommitSource(self.objects, commit.sha), self.folder, with_rules=False)
        target = Target(self.scope.environment, self.scope.bot)
        if prepared.layers is None:
            return _Verdict.BROKEN
        if target not in prepared.layers.targets:
            return _Verdict.BROKEN if errors_of(prepared.findings, target) else _Verdict.ABSENT
        compiled = compile_desk(prepared, Selection((target.environment,), (target.bot,)))
        if not compiled.snapshots:
            return _Verdict.BROKEN
        rows = {(row.coin, row.side, row.arm): row.params_digest for row in compiled.snapshots[0].rows}
        return rows.get(self.scope[2:], _Verdict.ABSENT)


def _may_read(path: str, desk: Desk, names: dict[str, str]) -> bool:
    """Say whether a target may read a path: a layer of its own names whatever the coin, or what is no layer at all."""
    inside = path.removeprefix(desk.folder)
    for pattern in desk.hierarchy:
        named = pattern.match(inside)
        if named is not None:
            return all(names.get(axis) == name for axis, name in named.items() if axis not in ("coin", "side"))
    return path.endswith((".yaml", ".yml", ".json"))
