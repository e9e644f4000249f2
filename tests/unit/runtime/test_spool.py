"""The spool: what it acknowledges is on the disk, what it refuses is nowhere, and the dead leave theirs to others."""

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from deskc.runtime.errors import SpoolError
from deskc.runtime.frames import Record, first_line, frame
from deskc.runtime.leftovers import Leftover, adopt, read
from deskc.runtime.spool import Segment, Spool, segment_name


def held(source: Spool | Leftover) -> list[bytes]:
    """Return the payloads that a spool's files hold."""
    return [one.payload for segment in source.segments() for one in read(source.id, segment, 0).records]


def adopted(folder: Path) -> list[bytes]:
    """Return what the dead have left in a folder, and leave it there."""
    sources = adopt(folder, ())
    try:
        return [payload for source in sources for payload in held(source)]
    finally:
        for source in sources:
            source.release()


DISKS = ("limit", "file system") if os.geteuid() == 0 else ("limit",)


@contextmanager
def full_disk(folder: Path, kind: str) -> Iterator[Path]:
    """Give a folder whose disk holds 64 KiB: a file system that root mounts, or a limit on this process's files."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if kind == "file system" and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_is_appended_is_there_in_order(tmp_path: Path) -> None:
    """Numbered from 1, over any number of segments; the last number is returned."""
    with Spool(tmp_path, segment_bytes=300) as spool:
        payloads = [f"record {number} ".encode() * 5 for number in range(20)]
        assert [spool.append([one]) for one in payloads[:5]] == [1, 2, 3, 4, 5]
        assert spool.append(payloads[5:]) == spool.append([]) == spool.acknowledged == 20
        assert held(spool) == payloads
        assert len(spool.segments()) > 1
        assert [one.closed for one in spool.segments()][-2:] == [True, False]


def test_threads_that_append_at_once_share_a_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is told after its own record is on the disk, and the disk is asked less often than there are records."""
    begun: list[int] = []
    ended: list[int] = []
    syncs: list[int] = []
    sync = os.fdatasync

    def slow(descriptor: int) -> None:
        syncs.append(descriptor)
        while len(begun) - len(ended) < 2 and len(begun) < 400:
            os.sched_yield()
        sync(descriptor)

    def append(number: int) -> None:
        begun.append(number)
        spool.append([str(number).encode()])
        assert str(number).encode() in held(spool) if number % 50 == 0 else True
        ended.append(number)

    with Spool(tmp_path) as spool, ThreadPoolExecutor(8) as pool:
        monkeypatch.setattr(os, "fdatasync", slow)
        list(pool.map(append, range(400)))
        assert sorted(map(int, held(spool))) == list(range(400))
        assert len(syncs) < 400


@pytest.mark.parametrize("kind", DISKS)
def test_a_full_disk_raises_and_leaves_nothing_half_written(tmp_path: Path, kind: str) -> None:
    """What was acknowledged stays, the record that did not fit is nowhere, and with room it goes on."""
    with full_disk(tmp_path / "disk", kind) as folder, Spool(folder) as spool:
        acknowledged = []
        while spool.append([bytes(3000)]) < 15:
            acknowledged.append(bytes(3000))
        acknowledged.append(bytes(3000))
        with pytest.raises(SpoolError, match="nothing was recorded") as caught:
            spool.append([bytes(30_000)])
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__.errno in (errno.ENOSPC, errno.EFBIG)
        (segment,) = spool.segments()
        assert segment.path.stat().st_size == segment.size
        assert held(spool) == acknowledged
        spool.append([b"small"])
        assert held(spool) == [*acknowledged, b"small"]


def test_a_sync_that_fails_acknowledges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk says no after a write, the record is taken back; the next begins where the last good one ends."""
    sync = os.fdatasync
    failures = iter((True, False, False, False))

    def fails(descriptor: int) -> None:
        if next(failures):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    with Spool(tmp_path) as spool:
        spool.append([b"first"])
        monkeypatch.setattr(os, "fdatasync", fails)
        with pytest.raises(SpoolError, match="Input/output error"):
            spool.append([b"lost, and told so"])
        assert held(spool) == [b"first"]
        spool.append([b"second"])
        assert held(spool) == [b"first", b"second"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """With the way out."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="cannot be written") as caught:
        Spool(tmp_path / "file" / "spool")
    assert "spool=" in caught.value.help


def test_a_spool_that_is_closed_takes_nothing(tmp_path: Path) -> None:
    """What it holds stays for whoever drains it; empty, it leaves no file."""
    with Spool(tmp_path) as spool:
        spool.append([b"kept"])
    with pytest.raises(SpoolError, match="closed"):
        spool.append([b"late"])
    assert adopted(tmp_path) == [b"kept"]
    with Spool(tmp_path / "empty"):
        pass
    assert list((tmp_path / "empty").iterdir()) == []


def test_the_living_are_left_alone_and_the_dead_are_taken_over_once(tmp_path: Path) -> None:
    """A lock tells them apart; of two who look, one takes over; the oldest comes first; nothing stays behind."""
    dead = [Spool(tmp_path) for _ in range(3)]
    for number, spool in enumerate(dead):
        spool.append([str(number).encode()])
        spool.close()
        spool.release()
    with Spool(tmp_path) as living:
        living.append([b"mine"])
        assert adopt(tmp_path, {one.id for one in dead}) == ()
        taken = adopt(tmp_path, ())
        assert [held(one) for one in taken] == [[b"0"], [b"1"], [b"2"]]
        assert adopt(tmp_path, ()) == ()
        for one in taken:
            for segment in one.segments():
                one.discard(segment, keep=False)
            one.release()
        assert {path.name.partition(".")[0] for path in tmp_path.iterdir()} == {living.id}
    assert adopted(tmp_path) == [b"mine"]


def test_a_lock_that_was_found_before_it_was_held_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks for the dead may take a lock away between its making and its holding; the spool holds the next."""
    taken: list[int] = []

    def first_somebody_else(descriptor: int, operation: int) -> None:
        if not taken:
            taken.append(descriptor)
            (path,) = tmp_path.glob("*.lock")
            path.unlink()
        flock(descriptor, operation)

    monkeypatch.setattr("deskc.runtime.spool.flock", first_somebody_else)
    with Spool(tmp_path):
        assert len(list(tmp_path.glob("*.lock"))) == len(taken) == 1
        assert adopt(tmp_path, ()) == ()


def test_a_torn_tail_is_cut_off_and_only_at_the_very_end(tmp_path: Path) -> None:
    """Half a record ends the last file of the dead; in an earlier one it is damage, since more was acknowledged."""
    name = "7-1800000000000000000-00000000"
    torn = first_line(name) + frame(1, b"first") + frame(2, b"second")[:-3]
    paths = [tmp_path / segment_name(name, number) for number in (1, 2)]
    for path in paths:
        path.write_bytes(torn)
    (tmp_path / f"{name}.lock").touch()
    (leftover,) = adopt(tmp_path, ())
    earlier, last = leftover.segments()
    assert read(name, last, 0) == ((Record(1, b"first"),), len(torn) - len(frame(2, b"second")) + 3, ())
    assert read(name, earlier, 0).damages == (f"{paths[0].name} is damaged from byte {len(torn) - 23} to {len(torn)}",)
    leftover.release()


def test_a_damaged_record_is_told_and_the_next_is_found(tmp_path: Path) -> None:
    """The sentence names the file and the bytes; what cannot be drained is kept under another name."""
    with Spool(tmp_path) as spool:
        spool.append([b"first", b"second", b"third"])
        (segment,) = spool.segments()
        data = segment.path.read_bytes()
        segment.path.write_bytes(data.replace(b"second", b"sEcond"))
        found = read(spool.id, segment, 0)
        begin = data.index(frame(2, b"second"))
        sentence = f"{segment.path.name} is damaged from byte {begin} to {begin + len(frame(2, b'second'))}"
        assert found == ((Record(1, b"first"), Record(3, b"third")), len(data), (sentence,))
    (left,) = adopt(tmp_path, ())
    (segment,) = left.segments()
    left.discard(segment, keep=True)
    left.release()
    assert [path.suffix for path in tmp_path.iterdir()] == [".damaged"]
    assert adopt(tmp_path, ()) == ()


def test_another_spool_s_segment_is_told(tmp_path: Path) -> None:
    """A file under a name that is not its own would be counted by the wrong numbers."""
    path = tmp_path / "copied"
    path.write_bytes(first_line("7-8-a") + frame(1, b"one"))
    found = read("7-9-b", Segment(path, path.stat().st_size), 0)
    assert "does not begin with the line that names its spool" in found.damages[0]
    assert found.records == (Record(1, b"one"),)


def test_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    """A later deskc may have another layout, and guessing would lose what it acknowledged."""
    path = tmp_path / "newer"
    path.write_bytes(b"deskc-spool/2 7-9-b\nwhatever")
    with pytest.raises(ValueError, match="format that this deskc does not read"):
        read("7-9-b", Segment(path, path.stat().st_size), 0)


def test_a_lock_held_elsewhere_keeps_a_spool(tmp_path: Path) -> None:
    """Whoever holds the lock lives, whatever the name says."""
    path = tmp_path / "1-1800000000000000000-00000000.lock"
    with path.open("w") as lock:
        flock(lock, LOCK_EX)
        assert adopt(tmp_path, ()) == ()
    (leftover,) = adopt(tmp_path, ())
    leftover.release()
    assert list(tmp_path.iterdir()) == []
