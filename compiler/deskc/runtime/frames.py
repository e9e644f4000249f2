"""The bytes of a spool's segment: a first line, then records with length, sequence and CRC32; damage is always seen.

A record is, little-endian: the marker ff 64 73 6b (its first byte is in no UTF-8 text, so no payload of text has one),
the payload's length (4 bytes), its sequence (8), the CRC32 of length, sequence and payload (4), the payload.
docs/recording.md describes the format for other readers.
"""

from struct import Struct
from typing import NamedTuple
from zlib import crc32

__all__ = ["Record", "Scanned", "first_line", "frame", "scan"]

MARKER = b"\xffdsk"
_NUMBERS = Struct("<IQ")
_SUM = Struct("<I")
_SUM_AT = len(MARKER) + _NUMBERS.size
_HEAD = _SUM_AT + _SUM.size


class Record(NamedTuple):
    """One payload and its number in the spool, from 1; later ones have greater numbers, and some may be left out."""

    sequence: int
    payload: bytes


class Scanned(NamedTuple):
    """What bytes hold: their records, the spans between them that are none, and where a record that is cut off begins.

    Spans are (begin, end); `end` is the number of bytes where nothing is cut off.
    """

    records: tuple[Record, ...]
    damaged: tuple[tuple[int, int], ...]
    end: int


def first_line(spool: str) -> bytes:
    """Return how each segment of a spool begins."""
    return f"deskc-spool/1 {spool}\n".encode()


def frame(sequence: int, payload: bytes) -> bytes:
    """Return a record's bytes."""
    numbers = _NUMBERS.pack(len(payload), sequence)
    return b"".join((MARKER, numbers, _SUM.pack(crc32(payload, crc32(numbers))), payload))


def scan(data: bytes, start: int = 0) -> Scanned:
    """Return what the bytes from `start` on hold; a whole record is found again behind whatever is damaged.

    What follows the last whole record counts as cut off where it may be the beginning of one, or is zeros, as a file
    system leaves behind a power cut; everything else as damaged.
    """
    records: list[Record] = []
    damaged: list[tuple[int, int]] = []
    place = start
    while place < len(data):
        end = _end(data, place)
        if end:
            records.append(Record(_NUMBERS.unpack_from(data, place + len(MARKER))[1], data[place + _HEAD : end]))
            place = end
            continue
        following = _next(data, place + 1)
        if following is None and _is_cut_off(data, place):
            break
        following = len(data) if following is None else following
        damaged.append((place, following))
        place = following
    return Scanned(tuple(records), tuple(damaged), place)


def _end(data: bytes, place: int) -> int:
    """Return where the whole record that begins at a place ends, 0 where none does."""
    end = _said_end(data, place)
    if end is None or end > len(data):
        return 0
    (told,) = _SUM.unpack_from(data, place + _SUM_AT)
    view = memoryview(data)
    actual = crc32(view[place + _HEAD : end], crc32(view[place + len(MARKER) : place + _SUM_AT]))
    return end if actual == told else 0


def _said_end(data: bytes, place: int) -> int | None:
    """Return where the head at a place says that its record ends, None where there is no whole head."""
    if not data.startswith(MARKER, place) or len(data) - place < _HEAD:
        return None
    length: int = _NUMBERS.unpack_from(data, place + len(MARKER))[0]
    return place + _HEAD + length


def _next(data: bytes, place: int) -> int | None:
    """Return where the next whole record begins, None where none does."""
    place = data.find(MARKER, place)
    while place >= 0 and not _end(data, place):
        place = data.find(MARKER, place + 1)
    return place if place >= 0 else None


def _is_cut_off(data: bytes, place: int) -> bool:
    """Say whether the rest may be what a write left that did not come to its end."""
    rest = data[place:]
    if len(rest) < _HEAD:
        return MARKER.startswith(rest[: len(MARKER)]) or not any(rest)
    end = _said_end(data, place)
    return end > len(data) if end is not None else not any(rest)
