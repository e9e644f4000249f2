"""The folder channel: descendants only, a sequence of its own, and always a whole pointer, whatever dies when."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from deskc.core.canonical import digest
from deskc.core.errors import DeskcError
from deskc.core.snapshots import Build
from deskc.publish.folder import FolderStore
from deskc.publish.publish import Force, Publication, publish
from publishing import BOTS, build, descends, snapshot, start
from publishing import publish_values as publish_to

RENAMES = 6
"""How often a publish of both bots renames a file: two snapshots, two heads, two pointers."""


def publish_values(
    channel: Path, number: int, values: str = "", *, bots: Iterable[str] = BOTS, force: Force | None = None
) -> tuple[Publication, ...]:
    """Publish commit `number` into a folder, by default with values that no other commit has."""
    return publish_to(FolderStore(channel), number, values, bots=bots, force=force)


def publish_until_killed(channel: str, number: int, renames: int) -> None:
    """Publish in a process that dies right before its next rename after so many."""
    done = 0

    def die(event: str, _: object) -> None:
        nonlocal done
        if event == "os.rename":
            if done == renames:
                os._exit(9)
            done += 1

    sys.addaudithook(die)
    publish_values(Path(channel), number)


def read(path: Path) -> dict[str, object]:
    """Read a JSON object."""
    value: dict[str, object] = json.loads(path.read_bytes())
    return value


def untouched(path: Path) -> tuple[int, int]:
    """Return what any writing to a file would change: its inode and its time in nanoseconds."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def current(channel: Path, bot: str = "mm") -> tuple[int, object]:
    """Return the commit's number and the sequence that a bot's pointer shows, after looking at what it names."""
    pointer = read(channel / f"production/{bot}/current.json")
    file = channel / f"production/{bot}/{pointer['digest']}.jsonl"
    assert digest(file.read_bytes().split(b"\n")[0]) == pointer["digest"]
    return int(str(pointer["commit"]), 16), pointer["sequence"]


def head(channel: Path, bot: str = "mm") -> int:
    """Return the number of the commit that the channel has followed to."""
    return int(str(read(channel / f"production/{bot}/head.json")["commit"]), 16)


def test_a_first_publish_makes_everything(tmp_path: Path) -> None:
    """The snapshot lies under its digest, the pointer is the build record and a sequence of 1, in canonical JSON."""
    made = build(1, "mm", "values of 1")
    assert publish_values(tmp_path, 1) == (
        Publication("production", "mm", made.digest, 1, changed=True),
        Publication("production", "tradeengine", build(1, "tradeengine", "values of 1").digest, 1, changed=True),
    )
    here = tmp_path / "production/mm"
    assert (here / f"{made.digest}.jsonl").read_bytes() == snapshot("mm", "values of 1")
    text = (here / "current.json").read_text()
    assert json.loads(text) == {**made.record(), "sequence": 1}
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) + "\n"
    assert (here / "head.json").read_text() == f'{{"commit":"{1:040x}"}}\n'
    assert {file.name for file in here.iterdir()} == {f"{made.digest}.jsonl", "current.json", "head.json"}


def test_an_unchanged_digest_leaves_the_pointer_alone(tmp_path: Path) -> None:
    """The channel follows git by its head; current.json stays the same file though other facts of the build changed."""
    publish_values(tmp_path, 1, "same")
    pointer = tmp_path / "production/mm/current.json"
    before = untouched(pointer)
    assert [one.changed for one in publish_values(tmp_path, 2, "same")] == [False, False]
    assert untouched(pointer) == before
    assert current(tmp_path) == (1, 1)
    assert head(tmp_path) == 2


def test_publishing_twice_touches_nothing(tmp_path: Path) -> None:
    """The same commit again is fine and leaves every file as it was."""
    publish_values(tmp_path, 1)
    before = {path: untouched(path) for path in tmp_path.rglob("*.js*")}
    assert [one.changed for one in publish_values(tmp_path, 1)] == [False, False]
    assert {path: untouched(path) for path in tmp_path.rglob("*.js*")} == before


def test_without_a_head_the_pointers_commit_stands_for_it(tmp_path: Path) -> None:
    """A lost head.json opens no way back, and the next publish writes it again."""
    publish_values(tmp_path, 2)
    (tmp_path / "production/mm/head.json").unlink()
    with pytest.raises(DeskcError, match="does not descend"):
        publish_values(tmp_path, 1)
    publish_values(tmp_path, 2)
    assert head(tmp_path) == 2


def test_force_that_overrides_nothing_is_no_event(tmp_path: Path) -> None:
    """A descendant needs no force, so the audit stays empty."""
    publish_values(tmp_path, 1, force=Force("to be sure", "2026-01-01T12:00:00.000000Z"))
    publish_values(tmp_path, 2, force=Force("to be sure", "2026-01-01T12:00:00.000000Z"))
    assert not (tmp_path / "audit.jsonl").exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_force_needs_a_reason(reason: str) -> None:
    """An audit line that says nothing is no audit."""
    with pytest.raises(DeskcError, match="needs a reason"):
        Force(reason, "2026-01-01T12:00:00.000000Z")


def test_a_failure_before_the_pointers_moves_none(tmp_path: Path) -> None:
    """Where the second snapshot cannot be had, the first bot's pointer is the old one too."""
    publish_values(tmp_path, 1)
    builds = [build(2, bot, "new") for bot in BOTS]

    def data(of: Build) -> bytes:
        if of.bot == "tradeengine":
            msg = "the snapshot is gone"
            raise DeskcError(msg)
        return snapshot(of.bot, "new")

    with pytest.raises(DeskcError, match="is gone"):
        publish(FolderStore(tmp_path), builds, data=data, is_descendant=descends)
    assert (current(tmp_path), head(tmp_path)) == ((1, 1), 1)


def test_bytes_that_are_not_the_snapshot_are_refused(tmp_path: Path) -> None:
    """A file that does not begin with the header that the digest names never enters a channel."""
    with pytest.raises(DeskcError, match="is not the one that its digest"):
        publish(
            FolderStore(tmp_path), [build(1, "mm", "one")], data=lambda _: snapshot("mm", "two"), is_descendant=descends
        )
    assert not (tmp_path / "production").exists()


@pytest.mark.parametrize("renames", range(RENAMES))
def test_a_publish_killed_anywhere_leaves_whole_pointers(tmp_path: Path, renames: int) -> None:
    """Each pointer is the old or the new one and names a whole snapshot; publishing again ends the work."""
    publish_values(tmp_path, 1)
    killed = start(__file__, "publish_until_killed", str(tmp_path), 2, renames)
    assert killed.communicate() == ("", "")
    assert killed.returncode == 9
    assert {current(tmp_path, bot) for bot in BOTS} <= {(1, 1), (2, 2)}
    publish_values(tmp_path, 2)
    assert [(current(tmp_path, bot), head(tmp_path, bot)) for bot in BOTS] == [((2, 2), 2)] * 2


def test_a_publish_renames_as_often_as_the_test_above_believes(tmp_path: Path) -> None:
    """A process that is to die after the last rename lives."""
    publish_values(tmp_path, 1)
    alive = start(__file__, "publish_until_killed", str(tmp_path), 2, RENAMES)
    assert alive.communicate() == ("", "")
    assert alive.returncode == 0


def test_a_publish_that_died_half_way_holds_back_older_commits(tmp_path: Path) -> None:
    """Once a head has moved, a commit older than it is refused, though the pointer is still the old one."""
    publish_values(tmp_path, 1)
    start(__file__, "publish_until_killed", str(tmp_path), 3, 3).communicate()
    assert (current(tmp_path), head(tmp_path)) == ((1, 1), 3)
    with pytest.raises(DeskcError, match="does not descend"):
        publish_values(tmp_path, 2)


def test_a_channel_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the channel should be, or where a bot's folder should be, is an error with its path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DeskcError, match=r"channel .*file cannot be written"):
        publish_values(tmp_path / "file", 1)
    (tmp_path / "production").write_text("")
    with pytest.raises(DeskcError, match=r"production.* cannot be"):
        publish_values(tmp_path, 1)


def edited(text: str, **values: object) -> str:
    """Return a pointer's text with other values, written as deskc writes it."""
    return json.dumps({**json.loads(text), **values}, sort_keys=True, separators=(",", ":")) + "\n"


@pytest.mark.parametrize(
    "edit",
    [
        lambda _: "",
        lambda text: text[:-10],
        lambda _: "[" * 100_000,
        lambda _: "null\n",
        lambda _: "\udcff\n",
        lambda text: text.replace(":", ": "),
        lambda text: text.rstrip("\n"),
        lambda text: edited(text, sequence=0),
        lambda text: edited(text, sequence=True),
        lambda text: edited(text, sequence="2"),
        lambda text: edited(text, digest="../secret"),
        lambda text: edited(text, commit=None),
        lambda text: edited(text, bot="tradeengine"),
        lambda text: edited(text, note="by hand"),
    ],
)
def test_a_damaged_pointer_stops_everything(tmp_path: Path, edit: Callable[[str], str]) -> None:
    """Whatever is not what deskc wrote is an error with the file and the way out; nothing is written over it."""
    publish_values(tmp_path, 1)
    path = tmp_path / "production/mm/current.json"
    path.write_text(edit(path.read_text()), errors="surrogateescape")
    before = path.read_bytes()
    with pytest.raises(DeskcError, match=r"mm/current\.json is damaged, or was edited by hand") as caught:
        publish_values(tmp_path, 2)
    assert "remove it and publish again" in caught.value.help
    assert path.read_bytes() == before
    assert current(tmp_path, "tradeengine") == (1, 1)
    path.unlink()
    publish_values(tmp_path, 2)
    assert current(tmp_path) == (2, 1)


@pytest.mark.parametrize(
    "text", ["", "null\n", '{"commit":1}\n', '{"commit":"main"}\n', '{"commit": "' + "a" * 40 + '"}\n']
)
def test_a_damaged_head_stops_everything(tmp_path: Path, text: str) -> None:
    """How far the channel has followed git is never guessed from a file that deskc did not write."""
    publish_values(tmp_path, 1)
    path = tmp_path / "production/mm/head.json"
    path.write_text(text)
    with pytest.raises(DeskcError, match=r"mm/head\.json is damaged"):
        publish_values(tmp_path, 2)
    assert current(tmp_path) == (1, 1)


def test_a_tampered_snapshot_stops_everything(tmp_path: Path) -> None:
    """A file that has the right name and other bytes is never pointed at."""
    publish_values(tmp_path, 1)
    made = build(2, "mm", "values of 2")
    (tmp_path / f"production/mm/{made.digest}.jsonl").write_bytes(b"tampered")
    with pytest.raises(DeskcError, match="does not hold what its name says"):
        publish_values(tmp_path, 2)
    assert current(tmp_path) == (1, 1)


def test_two_commits_in_one_publish_are_a_bug(tmp_path: Path) -> None:
    """One publish takes one commit, and each target once."""
    for builds in ([build(1, "mm", "a"), build(2, "tradeengine", "a")], [build(1, "mm", "a"), build(1, "mm", "b")]):
        with pytest.raises(ValueError, match="one commit"):
            publish(FolderStore(tmp_path), builds, data=lambda _: b"", is_descendant=descends)
