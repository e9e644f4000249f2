"""Refuse the bytes that hide meaning before any reader sees them: size, encoding, invisible characters."""

import re

from deskc.core.findings import Finding, Place, error
from deskc.stages.parse.limits import MAX_BYTES

__all__ = ["refused"]

_HARMLESS = bytes((9, 10, 13, *range(32, 127)))
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LONE_CR = re.compile("\r(?!\n)")


def refused(path: str, data: bytes) -> Finding | None:
    """Say what makes the bytes unreadable before any parser sees them: size, encoding, invisible characters."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes, over the limit of {MAX_BYTES:,}"
        return error("YAML001", message, "split the file", Place(path))
    if data.isascii() and not data.translate(None, _HARMLESS):
        return _lone_carriage_return(path, data) if b"\r" in data else None
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        place = _place_after(path, data[: problem.start].decode())
        return error("YAML002", f"byte 0x{data[problem.start]:02x} is not UTF-8", "save the file as UTF-8", place)
    found = _REFUSED.search(text)
    if found is None:
        return _lone_carriage_return(path, data) if b"\r" in data else None
    name = f"U+{ord(found.group()):04X}"
    message = f"the character {name} is invisible or a control and may hide meaning"
    return error("YAML003", message, f"delete {name}", _place_after(path, text[: found.start()]))


def _lone_carriage_return(path: str, data: bytes) -> Finding | None:
    """Refuse a line that ends with CR alone: where an editor shows no line end, a setting hides in a comment."""
    text = data.decode()
    found = _LONE_CR.search(text)
    if found is None:
        return None
    place = _place_after(path, text[: found.start()])
    return error("YAML003", "a carriage return stands alone, without a line feed", "end lines with LF or CRLF", place)


def _place_after(path: str, before: str) -> Place:
    lines = before.split("\n")
    return Place(path, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)
