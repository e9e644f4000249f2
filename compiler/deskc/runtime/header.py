"""A snapshot's first line (ARCHITECTURE 4): it binds every other line, so it is checked against the digest first."""

from __future__ import annotations

import hashlib
from itertools import accumulate

from deskc.runtime.decode import decode
from deskc.runtime.errors import ExperimentsError, FormatError, TamperedError, TruncatedError
from deskc.runtime.late import TYPES, Rule

__all__ = ["FORMAT", "Header", "read_header"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FORMAT = "deskc-snapshot/1"  # as core.snapshots says, whose dataclasses would cost a bot 10 ms at its start
_NEWLINE = 10


class Header:
    """What the first line says; `rows` are its scopes as they stand there, `starts` the bytes where lines begin."""

    __slots__ = ("bot", "environment", "exchanges", "floats", "index", "late", "restart", "rows", "starts", "strategy")

    def __init__(self, content: Mapping[str, Any], *, size: int) -> None:
        self.environment: str = content["environment"]
        self.bot: str = content["bot"]
        self.exchanges: tuple[str, ...] = tuple(content["exchanges"])
        self.strategy: str | None = content["strategy"]
        self.restart: tuple[str, ...] = tuple(content["restart"])
        self.floats: frozenset[str] = frozenset(content["floats"])
        self.late: Mapping[str, Rule] = {one["path"]: _rule(one) for one in content["late"]}
        self.rows: list[dict[str, Any]] = content["scopes"]
        self.index = {(row["coin"], row["side"]): number for number, row in enumerate(self.rows)}
        self.starts = list(accumulate((row["length"] + 1 for row in self.rows), initial=size + 1))


def read_header(data: bytes, *, digest: str, source: str) -> Header:
    """Return the header of a snapshot's bytes, once it has its digest and the file the length that it says.

    Raises TruncatedError, TamperedError, FormatError and ExperimentsError, each naming `source`.
    """
    size = data.find(b"\n")
    if size < 0:
        msg = f"{source} is cut short: its first line does not end"
        raise TruncatedError(msg, path=source)
    line = memoryview(data)[:size]
    actual = hashlib.sha256(line).hexdigest()
    if actual != digest:
        msg = f"{source} was altered: its first line has the digest {actual}, not {digest}"
        raise TamperedError(msg, path=source, help="fetch the snapshot again, or compile it again from its commit")
    return _header(line, data=data, source=source)


def _header(line: memoryview, *, data: bytes, source: str) -> Header:
    try:
        content = decode(line)
        _check_format(content["format"], source=source)
        _check_arms(content, source=source)
        header = Header(content, size=len(line))
        _check_scopes(header)
        _check_length(data, header, source=source)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        msg = f"{source} has a first line that is no snapshot's header: {type(error).__name__} on {error}"
        raise FormatError(msg, path=source) from error
    return header


def _check_format(found: object, *, source: str) -> None:
    if found != FORMAT:
        msg = f"{source} has the format {found}, and this deskc reads {FORMAT}"
        raise FormatError(msg, path=source, help="upgrade deskc where the bot runs")


def _check_arms(content: Mapping[str, Any], *, source: str) -> None:
    if content["experiments"] or any(row["arm"] is not None for row in content["scopes"]):
        msg = f"{source} runs experiments, and this deskc cannot run experiments yet"
        raise ExperimentsError(msg, path=source, help="upgrade deskc where the bot runs")


def _rule(entry: Mapping[str, Any]) -> Rule:
    if entry["type"] not in TYPES:
        msg = f"the late type {entry['type']!r}"
        raise ValueError(msg)
    enum = entry.get("enum")
    return Rule(
        kind=entry["type"],
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        enum=None if enum is None else tuple(enum),
    )


def _check_scopes(header: Header) -> None:
    bot = (None, None)
    if (
        next(iter(header.index), None) != bot
        or len(header.index) < len(header.rows)
        or sorted(header.starts) != header.starts
    ):
        msg = "its scopes: one is there twice, one has no length, or the bot's own is not first"
        raise ValueError(msg)


def _check_length(data: bytes, header: Header, *, source: str) -> None:
    expected = header.starts[-1]
    if len(data) < expected:
        msg = f"{source} is cut short: {len(data)} of {expected} bytes are there"
        raise TruncatedError(msg, path=source, help="fetch the snapshot again")
    if len(data) > expected or set(map(data.__getitem__, (start - 1 for start in header.starts))) != {_NEWLINE}:
        msg = f"{source} was altered: its lines are not as long as its first line says"
        raise TamperedError(msg, path=source, help="fetch the snapshot again")
