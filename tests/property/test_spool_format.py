"""Whatever happens to a segment's bytes, what was acknowledged is found or its damage is told."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from deskc.runtime.frames import Record, first_line, frame, scan
from deskc.runtime.leftovers import Found, read
from deskc.runtime.spool import Segment
from laws import laws

NAME = "17-1800000000000000000-0badcafe"
PAYLOADS = st.lists(
    st.one_of(
        st.binary(max_size=30), st.text(max_size=20).map(str.encode), st.just(b"\xffdsk" * 3), st.just(b"\0" * 24)
    ),
    max_size=6,
)


def written(payloads: list[bytes]) -> bytes:
    """Return a segment that holds these, numbered from 1."""
    return first_line(NAME) + b"".join(frame(number, one) for number, one in enumerate(payloads, start=1))


def found(data: bytes, *, whole: bool = False) -> Found:
    """Read bytes as the last segment of a dead process, or as one that was acknowledged to its end."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "segment"
        path.write_bytes(data)
        return read(NAME, Segment(path, len(data), closed=True, whole=whole), 0)


@laws(100)
@given(PAYLOADS)
def test_what_was_written_comes_back(payloads: list[bytes]) -> None:
    """Record for record with its number, to the last byte, with nothing to tell."""
    data = written(payloads)
    records = tuple(Record(number, one) for number, one in enumerate(payloads, start=1))
    assert found(data, whole=True) == Found(records, len(data), ())


@laws(60)
@given(PAYLOADS, st.data())
def test_a_prefix_of_a_segment_holds_a_prefix_of_its_records(payloads: list[bytes], draw: st.DataObject) -> None:
    """Wherever a write broke off, all records before are there, none is half there, and nothing counts as damaged."""
    data = written(payloads)
    size = draw.draw(st.integers(0, len(data)))
    cut = found(data[:size])
    ends = [len(written(payloads[:count])) for count in range(len(payloads) + 1)]
    assert cut.damages == ()
    assert [one.payload for one in cut.records] == payloads[: sum(end <= size for end in ends[1:])]


@laws(60)
@given(PAYLOADS.filter(bool), st.data())
def test_a_flipped_byte_is_noticed_and_costs_one_record(payloads: list[bytes], draw: st.DataObject) -> None:
    """It is told where; every other record is there, unchanged and in order."""
    data = written(payloads)
    place = draw.draw(st.integers(0, len(data) - 1))
    other = data[place] ^ draw.draw(st.integers(1, 255))
    try:
        broken = found(data[:place] + bytes([other]) + data[place + 1 :], whole=True)
    except ValueError as error:
        assert "format" in str(error)  # noqa: PT017 - only a flip in the first line may say so
        assert place < len(first_line(NAME))
        return
    assert broken.damages
    ends = [len(written(payloads[:count])) for count in range(len(payloads) + 1)]
    hit = [number for number, (begin, end) in enumerate(pairwise(ends), start=1) if begin <= place < end]
    expected = [Record(number, one) for number, one in enumerate(payloads, start=1) if number not in hit]
    assert [one for one in broken.records if one not in inside(payloads, hit)] == expected


def inside(payloads: list[bytes], hit: list[int]) -> list[Record]:
    """Return the records that a damaged payload of raw bytes may itself spell; no payload of text can."""
    return [one for number in hit for one in scan(payloads[number - 1]).records]


@laws(30)
@given(PAYLOADS, st.integers(1, 100))
def test_zeros_behind_the_end_are_cut_off(payloads: list[bytes], zeros: int) -> None:
    """A file system may have grown the file before the power went, and written nothing there."""
    assert found(written(payloads) + b"\0" * zeros) == found(written(payloads))
