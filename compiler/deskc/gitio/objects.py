"""Read commits, trees and blobs through one `git cat-file --batch` process.

Each object's bytes are hashed and compared with its id, so that a commit's id pins all that is read through it: git
itself hands out what a spoilt or planted file of `.git/objects` holds.
"""

import hashlib
import os
import re
import select
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import dropwhile, takewhile
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, NamedTuple, Self, cast

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Commit, Sha
from deskc.gitio import command

__all__ = ["Entry", "Objects"]

_TREE = "040000"
_MODES = {b"100644": "100644", b"100755": "100755", b"40000": _TREE}  # the usual ones, without a closer look
_FOUND = re.compile(rb"([0-9a-f]{40}(?:[0-9a-f]{24})?) ([a-z]+) ([0-9]+)")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

# Half of what the smallest pipe holds. At most two halves are under way, so a write never waits for git, and git, which
# may be waiting for us to read, is never waited for: neither can block the other. The second half keeps git busy.
_HALF_PIPE_BYTES = 2048
_CHUNK_BYTES = 65536
_PATIENCE_S = 60.0  # git falls silent for good when a planted object is shorter than it claims; a disk answers sooner
_SHA1_DIGITS = 40
_LARGEST_RECORD_BYTES = 32 << 20  # of a tree or a commit; a blob's limit is the caller's
_MOST_ENTRIES = 200_000  # a few small trees that name each other may spell billions of paths
_LONGEST_PATH = 4096  # characters; what no checkout could write
_MOST_TREES = 20_000  # kept parsed, for histories whose commits share most of their trees
_LATEST_SECOND = 253_402_300_799  # the end of the year 9999, beyond which no calendar of Python goes


class Entry(NamedTuple):
    """One path of a tree: `path` relative to the repository's root, `mode` as git writes it, in six octal digits.

    Bytes of a path that are no UTF-8 stand as lone surrogates (PEP 383), so that every path survives the round trip.
    """

    path: str
    mode: str
    oid: str


class _Answer(NamedTuple):
    oid: str
    kind: str
    data: bytes | None  # None: larger than asked for


class _Node(NamedTuple):
    name: str
    mode: str
    oid: str


class Objects:
    """The objects of one repository; a context manager that holds one git process from its construction on."""

    def __init__(self, root: Path) -> None:
        """Start git at once, so that it opens the repository while the caller still imports; DeskcError without git."""
        self._root = root
        self._process = command.start(root, "cat-file", "--batch")
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._unread = bytearray()
        self._silence = select.poll()
        self._silence.register(self._answers, select.POLLIN)
        self._roots: dict[str, str] = {}
        self._trees: dict[str, tuple[_Node, ...]] = {}
        self._busy = False

    @property
    def root(self) -> Path:
        """Return the repository's folder."""
        return self._root

    def __enter__(self) -> Self:
        """Return the objects."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop git, whatever it was doing."""
        self.close()

    def close(self) -> None:
        """Stop git, whatever it was doing; a second call does nothing."""
        self._answers.close()  # a git that is still writing ends on the closed pipe
        with suppress(BrokenPipeError):  # it was gone already; whoever asked has been told
            self._requests.close()
        self._process.kill()  # it only reads; of one that has ended, nothing comes
        self._process.wait()

    def commit(self, revision: str) -> Commit:
        """Resolve a revision to its commit, through tags; raise DeskcError when it names none or more than one."""
        if not revision or any(char in revision for char in "\n\r\0"):
            msg = f"{revision!r} is no revision"
            raise DeskcError(msg, help="name a branch, a tag or a commit's id")
        # Down the pipe a revision cannot be an option, and the suffix leaves only what is a commit in the end.
        name = revision.encode("utf-8", "surrogateescape")
        answer = self._record(name + b"^{commit}")
        if isinstance(answer, str) or answer.kind != "commit":
            # With the suffix git calls an ambiguous name missing too.
            raise _ambiguous(revision) if self._record(name, limit=0) == "ambiguous" else self._unknown(revision)
        return _commit(Sha(answer.oid), self._whole(answer))

    def walk(self, sha: Sha, folder: str) -> tuple[Entry, ...]:
        """Return all files, links and submodules below a folder ("" is the root), in git's order; () when absent."""
        if len(self._trees) > _MOST_TREES:
            self._trees.clear()
        top = self.entry(sha, folder)
        if top is None or top.mode != _TREE:
            return ()
        found: list[Entry] = []
        level, folders = [(f"{top.path}/" if top.path else "", top.oid)], 0
        while level:
            folders += len(level)
            self._load([oid for _, oid in level])
            below = []
            for prefix, tree in level:
                for name, mode, oid in self._trees[tree]:
                    if mode == _TREE:
                        below.append((f"{prefix}{name}/", oid))
                    else:
                        found.append(Entry(prefix + name, mode, oid))
                if len(found) + len(below) + folders > _MOST_ENTRIES or len(prefix) > _LONGEST_PATH:
                    msg = f"commit {sha} spells more than {_MOST_ENTRIES} paths or one longer than {_LONGEST_PATH}"
                    raise DeskcError(msg, help="move the desk into a folder of its own")
            level = below
        # git sorts folders as if their names ended with a slash, which amounts to the bytes of whole paths.
        return tuple(sorted(found, key=lambda entry: entry.path.encode("utf-8", "surrogateescape")))

    def entry(self, sha: Sha, path: str) -> Entry | None:
        """Return what stands at a path ("" is the root, a folder's mode is 040000), or None."""
        steps = PurePosixPath(path).parts
        node = _Node("", _TREE, self._root_tree(sha))
        for step in steps:
            if node.mode != _TREE:
                return None
            self._load([node.oid])
            found = [child for child in self._trees[node.oid] if child.name == step]
            if not found:
                return None
            node = found[0]
        return Entry("/".join(steps), node.mode, node.oid)

    def blobs(self, oids: Sequence[str], *, limit: int) -> Iterator[bytes | None]:
        """Yield the blobs' contents in order, None for one of more than `limit` bytes, which is never held.

        Finish or close the iterator before asking for anything else.
        """
        with closing(self._ask(oids, limit=limit)) as answers:
            for oid, answer in zip(oids, answers, strict=True):
                if isinstance(answer, str) or (answer.oid, answer.kind) != (oid, "blob"):
                    raise self._lost(oid)
                yield answer.data

    def _root_tree(self, sha: Sha) -> str:
        if sha not in self._roots:
            answer = self._record(_hexadecimal(sha).encode())
            if isinstance(answer, str) or answer.oid != sha or answer.kind != "commit":
                raise self._unknown(sha)
            header, _, tree = self._whole(answer).partition(b"\n")[0].partition(b" ")
            if header != b"tree":
                raise self._lost(sha)
            self._roots[sha] = tree.decode("ascii", "replace")
        return self._roots[sha]

    def _load(self, trees: Sequence[str]) -> None:
        """Parse the trees not yet known, all in one batch."""
        missing = list(dict.fromkeys(oid for oid in trees if oid not in self._trees))
        with closing(self._ask(missing, limit=_LARGEST_RECORD_BYTES)) as answers:
            for oid, answer in zip(missing, answers, strict=True):
                if isinstance(answer, str) or (answer.oid, answer.kind) != (oid, "tree"):
                    raise self._lost(oid)
                self._trees[oid] = _nodes(oid, self._whole(answer))

    def _record(self, name: bytes, *, limit: int = _LARGEST_RECORD_BYTES) -> _Answer | str:
        """Ask for one object by any name that git understands."""
        if self._busy:
            msg = "blobs() is still being read"
            raise RuntimeError(msg)
        self._send(name + b"\n")
        return self._receive(limit)

    def _ask(self, oids: Sequence[str], *, limit: int) -> Generator[_Answer | str, None, None]:
        """Yield git's answers in order while never more than a pipe's worth of requests is under way."""
        if self._busy:
            msg = "blobs() is still being read"
            raise RuntimeError(msg)
        lines = [f"{_hexadecimal(oid)}\n".encode() for oid in oids]
        half = _HALF_PIPE_BYTES // len(lines[0]) if lines else 0
        sent = received = 0
        self._busy = True
        try:
            while received < len(lines):
                if sent - received <= half and sent < len(lines):
                    self._send(b"".join(lines[sent : sent + half]))
                    sent = min(sent + half, len(lines))
                answer = self._receive(limit)
                received += 1
                yield answer
        except GeneratorExit:  # the caller has seen enough: leave the pipe as it was found
            while received < sent and not self._answers.closed:
                self._receive(0)
                received += 1
            raise
        finally:
            self._busy = False

    def _send(self, lines: bytes) -> None:
        try:
            self._requests.write(lines)
            self._requests.flush()
        except BrokenPipeError:
            raise self._stopped() from None

    def _receive(self, limit: int) -> _Answer | str:
        """Read one answer: the object, or git's word for why there is none."""
        header = self._line()
        match = _FOUND.fullmatch(header)
        if match is None:
            return header.rpartition(b" ")[2].decode("utf-8", "replace")
        oid, kind, size = match[1].decode(), match[2].decode(), int(match[3])
        if size > limit:
            self._discard(size + 1)
            return _Answer(oid, kind, None)
        data = self._take(size + 1)[:-1]
        if _oid(match[2], data, like=oid) != oid:
            self._process.kill()  # what follows need not begin where an answer begins
            raise self._lost(oid)
        return _Answer(oid, kind, data)

    def _fill(self) -> None:
        """Read what git has written, waiting for it if need be."""
        if not self._silence.poll(_PATIENCE_S * 1000):
            self._process.kill()
            raise self._stopped()
        chunk = os.read(self._answers.fileno(), _CHUNK_BYTES)
        if not chunk:
            raise self._stopped()
        self._unread += chunk

    def _line(self) -> bytes:
        while (end := self._unread.find(b"\n")) < 0:
            self._fill()
        line = self._take(end + 1)
        return line[:-1]

    def _take(self, count: int) -> bytes:
        while len(self._unread) < count:
            self._fill()
        data = bytes(self._unread[:count])
        del self._unread[:count]
        return data

    def _discard(self, count: int) -> None:
        while count > len(self._unread):
            count -= len(self._unread)
            self._unread.clear()
            self._fill()
        del self._unread[:count]

    def _whole(self, answer: _Answer) -> bytes:
        if answer.data is None:
            msg = f"{answer.kind} {answer.oid} in {self._root} is larger than {_LARGEST_RECORD_BYTES >> 20} MiB"
            raise DeskcError(msg, help="run `git fsck` to see what wrote it")
        return answer.data

    def _stopped(self) -> DeskcError:
        """Say why git ended: a repository that it will not open, or one that it cannot read on."""
        command.run(self._root, "rev-parse", "--git-dir")  # raises with git's own reason
        msg = f"git stopped while reading {self._root}"
        return DeskcError(msg, help="run `git fsck` there to see whether it is whole")

    def _lost(self, oid: str) -> DeskcError:
        msg = f"object {oid} is missing from {self._root}, or spoilt"
        return DeskcError(msg, help="run `git fsck` there; a partial clone lacks contents, so clone without --filter")

    def _unknown(self, revision: str) -> DeskcError:
        """Say why there is no such commit: none at all, one that a shallow clone lacks, or a wrong name."""
        head = command.run(self._root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", accept=(0, 1))
        if revision in {"HEAD", "@"} and head.returncode:
            msg = f"{self._root} has no commit yet"
            return DeskcError(msg, help="commit the desk first, or read the working tree")
        msg = f"{revision} names no commit in {self._root}"
        if command.run(self._root, "rev-parse", "--is-shallow-repository").stdout == b"true\n":
            return DeskcError(f"{msg}, a shallow clone", help=command.DEEPEN)
        return DeskcError(msg, help="name a branch, a tag or a commit's id; `git log --all` lists them")


def _ambiguous(revision: str) -> DeskcError:
    return DeskcError(f"{revision} is the beginning of more than one id", help="write more of its digits")


def _hexadecimal(oid: str) -> str:
    if _SHA.fullmatch(oid) is None:
        msg = f"{oid!r} is no object id"
        raise DeskcError(msg, help="resolve it to a commit first")
    return oid


def _oid(kind: bytes, data: bytes, *, like: str) -> str:
    """Return an object's id, by the hash that gave the id `like`."""
    name = hashlib.sha256 if len(like) > _SHA1_DIGITS else hashlib.sha1
    state = name(b"%s %d\0" % (kind, len(data)), usedforsecurity=False)
    state.update(data)
    return state.hexdigest()


def _nodes(tree: str, raw: bytes) -> tuple[_Node, ...]:
    """Parse a raw tree: mode, space, name, NUL and binary id, again and again, as git's fsck reads it."""
    width, nodes, at = len(tree) // 2, [], 0
    while at < len(raw):
        end = raw.find(b"\0", at)
        mode, _, name = raw[at:end].partition(b" ")
        at = end + 1 + width
        if end < 0 or at > len(raw):
            raise _malformed(tree)
        nodes.append(_Node(name.decode("utf-8", "surrogateescape"), _mode(mode, tree), raw[end + 1 : at].hex()))
    names = {node.name for node in nodes}
    # What no checkout would accept may still be pushed: `a/b` in one name, or a name that stands twice.
    if len(names) != len(nodes) or not names.isdisjoint({"", ".", ".."}) or any("/" in name for name in names):
        raise _malformed(tree)
    return tuple(nodes)


def _mode(mode: bytes, tree: str) -> str:
    """Return the mode as `git ls-tree` shows it: old git wrote other permission bits."""
    if mode in _MODES:
        return _MODES[mode]
    if re.fullmatch(rb"[0-7]{5,6}", mode) is None:
        raise _malformed(tree)
    bits = int(mode, 8)
    known = {0o040000: _TREE, 0o120000: "120000", 0o100000: "100755" if bits & 0o100 else "100644"}
    return known.get(bits & 0o170000, "160000")


def _malformed(oid: str) -> DeskcError:
    return DeskcError(f"tree {oid} is malformed", help="run `git fsck` to see what wrote it")


def _commit(sha: Sha, raw: bytes) -> Commit:
    """Parse a raw commit object; what is odd or missing becomes empty or 0, as `git log` shows it."""
    head, _, message = raw.partition(b"\n\n")
    headers = _headers(head)
    encoding = (headers.get(b"encoding") or [b"utf-8"])[0].decode("ascii", "replace")
    author, email, authored_at = _identity(headers.get(b"author"))
    return Commit(
        sha=sha,
        parents=tuple(Sha(parent.decode("ascii", "replace")) for parent in headers.get(b"parent", ())),
        author=_text(author, encoding),
        author_email=_text(email, encoding),
        authored_at=authored_at,
        committed_at=_identity(headers.get(b"committer"))[2],
        subject=_subject(_text(message, encoding)),
    )


def _headers(head: bytes) -> Mapping[bytes, list[bytes]]:
    headers: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        if not line.startswith(b" "):  # a continuation, of a signature say
            key, _, value = line.partition(b" ")
            headers.setdefault(key, []).append(value)
    return headers


def _identity(lines: Sequence[bytes] | None) -> tuple[bytes, bytes, int]:
    """Split `Name <address> seconds zone`; the seconds follow the last bracket, as git reads it."""
    line = lines[0] if lines else b""
    name, _, rest = line.partition(b"<")
    address, bracket, rest = rest.partition(b">")
    words = rest.rpartition(b">")[2].split() if bracket else []
    seconds = int(words[0][:20]) if words and words[0].isdigit() else 0
    return (name.strip(), address.strip(), seconds if seconds <= _LATEST_SECOND else 0)


def _text(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _subject(message: str) -> str:
    """Return the first paragraph as one line."""
    lines = (line.rstrip(" \t\r") for line in message.split("\n"))
    return " ".join(takewhile(bool, dropwhile(lambda line: not line, lines)))
