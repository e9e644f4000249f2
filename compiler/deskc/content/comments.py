"""Suppressions in comments: `# deskc: ignore[RISK003] until 2027-01-31: migrating`."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import yaml
from yaml._yaml import CParser

from deskc.core.decisions import Suppression
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.stages.parse.limits import MAX_FINDINGS

__all__ = ["read_comments"]

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*deskc:")
_FORM = re.compile(r"[ \t]*ignore[ \t]*\[([^\[\]]*)\](?:[ \t]+until[ \t]+([^\s:]+))?[ \t]*(?::(.*))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 20  # characters of what stands for a day that a message repeats
_WAY_OUT = "write # deskc: ignore[CODE] until YEAR-MONTH-DAY: REASON"


class _Comment(NamedTuple):
    """What follows `deskc:` in a comment, the comment's place and the line that it speaks about."""

    text: str
    place: Place
    line: int


def read_comments(document: Document, data: bytes) -> Outcome[tuple[Suppression, ...]]:
    """Read the suppressions of a file that strict reading has accepted; a malformed one is an error.

    A comment speaks about its own line, or, alone on a line, about the next line that is no comment.
    """
    written = _written(document)
    found: list[Suppression] = []
    findings: list[Finding] = []
    for comment in _comments(document.path, data.decode()):
        read = _read(comment, written.get(comment.line, _NOTHING))
        if isinstance(read, Finding):
            findings.append(read)
            if len(findings) >= MAX_FINDINGS:
                break
        else:
            found.append(read)
    return Outcome(tuple(found), tuple(findings))


def _comments(path: str, text: str) -> Iterator[_Comment]:
    """Yield the comments of a file that begin with the mark, alone or after other words."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    hits = [(number, hit) for number, line in enumerate(lines, 1) if (hit := _COMMENT.search(line))]
    if not hits:
        return
    texts, following = _Texts(text), _following(lines)
    for number, first in hits:
        found: re.Match[str] | None = first
        line = lines[number - 1]
        while found and texts.hold(number, found.start()):
            found = _COMMENT.search(line, found.end())
        if found:
            place = Place(path, number, found.start() + 1, number, len(line) + 1)
            is_alone = line.lstrip(" \t").startswith("#")
            yield _Comment(line[found.end() :], place, following[number] if is_alone else number)


class _Texts:
    """Where a file's scalars stand: what looks like a comment inside one is text."""

    def __init__(self, text: str) -> None:
        parser = CParser(text)
        self.spans: list[tuple[tuple[int, int], tuple[int, int]]] = []
        while (token := parser.get_token()) is not None:
            if type(token) is yaml.ScalarToken:
                start, end = token.start_mark, token.end_mark
                # A block scalar's text begins below its header, where a comment may stand.
                first = (start.line + 2, 0) if token.style in ("|", ">") else (start.line + 1, start.column)
                self.spans.append((first, (end.line + 1, end.column)))

    def hold(self, line: int, column: int) -> bool:
        """Say whether a line (from 1) and column (from 0) lie inside a scalar."""
        index = bisect_right(self.spans, (line, column), key=lambda span: span[0])
        return index > 0 and (line, column) < self.spans[index - 1][1]


def _following(lines: list[str]) -> Mapping[int, int]:
    """Return for each line, from 1, the number of the next one that is no comment."""
    following: dict[int, int] = {}
    after = len(lines) + 1
    for number in range(len(lines), 0, -1):
        following[number] = after
        if not lines[number - 1].lstrip(" \t").startswith("#"):
            after = number
    return following


class _Line(NamedTuple):
    """What is written on a line: the paths whose keys or values begin there, and the lines where those values begin."""

    paths: set[str]
    values: set[int]


def _written(document: Document) -> Mapping[int, _Line]:
    """Return the lines of a document that hold something; a map is named at its key, not by what it holds."""
    lines: defaultdict[int, _Line] = defaultdict(lambda: _Line(set(), set()))
    for group in document.leaves.values():
        for leaf in group.values():
            lines[leaf.line].paths.add(leaf.path)
            lines[leaf.key_line].paths.add(leaf.path)
            lines[leaf.key_line].values.add(leaf.line)
    for path, leaf in document.containers.items():
        if path:
            lines[leaf.key_line].paths.add(path)
    return lines


_NOTHING = _Line(set(), set())


def _read(comment: _Comment, line: _Line) -> Suppression | Finding:
    """Read one comment; return what is wrong with it where it is malformed."""
    found = _FORM.fullmatch(comment.text)
    if found is None:
        return error("SUP001", "the suppression does not have the form of one", _WAY_OUT, comment.place)
    listed, until, reason = found.groups()
    codes = tuple(dict.fromkeys(code.strip() for code in listed.split(",")))
    fault = _fault(codes, until, reason)
    if fault:
        return error("SUP001", f"the suppression {fault}", _WAY_OUT, comment.place)
    lines = tuple(sorted({comment.line, *line.values}))
    return Suppression(codes, until, reason.strip(), comment.place, lines, tuple(sorted(line.paths)))


def _fault(codes: tuple[str, ...], until: str | None, reason: str | None) -> str:
    if "" in codes:
        return "names no code"
    if until is None:
        return "has no expiry"
    if not _is_day(until):
        return f"ends at {until[:_LONGEST]}, which is no day"
    return "" if reason and reason.strip() else "has no reason"


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False
