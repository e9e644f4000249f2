"""The SQLite channel's ends: whole changes or none, files that are no channel, and files in another's place."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.publish.sqlite import SqliteStore, location
from deskc.runtime.channel import open_channel
from deskc.runtime.errors import ChannelError, NotFoundError, SnapshotError, UnreadableError
from publishing import Place, build, current, publish_values, snapshot


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a channel with one commit."""
    place = Place("sqlite", tmp_path)
    publish_values(place.store(), 1)
    return place


def change(place: Place, statement: str, *values: object) -> None:
    """Do something to the database that no deskc would."""
    with closing(sqlite3.connect(place.channel, isolation_level=None)) as connection:
        connection.execute(statement, values)


def test_a_publish_that_fails_half_way_changed_nothing(place: Place) -> None:
    """All pointers move at one moment: what was written before the failure is taken back."""
    store = place.store()

    def write_and_fail() -> None:
        with store.locked():
            store.replace("production/mm/current.json", b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert current(store) == (1, 1)


def test_a_bot_sees_one_moment(place: Place) -> None:
    """While another publish is under way a fetch gives what was there before it, and does not wait."""
    store, channel = place.store(), place.bot_end()
    with store.locked():
        store.replace("production/mm/current.json", b"half")
        found = channel.fetch(None)
    assert found is not None
    assert found.data == snapshot("mm", "values of 1")
    channel.close()


def test_a_file_in_another_s_place_is_read_anew(place: Place, tmp_path: Path) -> None:
    """A restored backup is another file: the bot's end lets go of the one that was."""
    channel = place.bot_end()
    assert channel.fetch(None)
    other = Place("sqlite", tmp_path / "other")
    publish_values(other.store(), 2)
    other.channel.replace(place.channel)
    found = channel.fetch(None)
    assert found is not None
    assert found.data == snapshot("mm", "values of 2")
    channel.close()


def test_a_file_that_is_gone_ends_the_wait(place: Place) -> None:
    """What is wrong is said by the next fetch, and the file may come back."""
    channel = place.bot_end()
    assert channel.fetch(None)
    kept = place.channel.with_name("kept")
    place.channel.rename(kept)
    channel.wait(600.0)
    with pytest.raises(NotFoundError, match="does not exist"):
        channel.fetch(None)
    kept.rename(place.channel)
    assert channel.fetch(None)
    channel.close()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DROP TABLE files", UnreadableError),
        ("UPDATE files SET data = 'text' WHERE name = 'production/mm/current.json'", ChannelError),
        ("UPDATE files SET data = CAST('{}' AS BLOB) WHERE name = 'production/mm/current.json'", ChannelError),
        ("DELETE FROM files WHERE name LIKE '%.jsonl'", NotFoundError),
        ("DELETE FROM files", NotFoundError),
    ],
)
def test_a_database_that_is_no_channel_is_one_sentence(
    place: Place, statement: str, expected: type[SnapshotError]
) -> None:
    """Whatever is missing or of another kind is named, and nothing is guessed."""
    change(place, statement)
    channel = place.bot_end()
    with pytest.raises(SnapshotError) as caught:
        channel.fetch(None)
    assert type(caught.value) is expected
    assert "\n" not in str(caught.value)
    channel.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """Neither end takes it, and the publisher leaves it as it is."""
    place = Place("sqlite", tmp_path)
    place.channel.write_bytes(b"no database, " * 100)
    with pytest.raises(ChannelError, match="is no channel, or damaged"):
        place.bot_end().fetch(None)
    with pytest.raises(DeskcError, match="cannot be written"):
        publish_values(place.store(), 1)
    assert place.channel.read_bytes() == b"no database, " * 100


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    """The publisher says that it cannot write, a bot that it cannot read."""
    place = Place("sqlite", tmp_path)
    place.channel.mkdir()
    with pytest.raises(DeskcError, match="cannot be written"):
        publish_values(place.store(), 1)
    with pytest.raises(UnreadableError):
        place.bot_end().fetch(None)


def test_a_tampered_snapshot_stops_everything(place: Place) -> None:
    """A row that has the right name and other bytes is never pointed at."""
    made = build(2, "mm", "values of 2")
    change(place, "INSERT INTO files VALUES (?, ?)", f"production/mm/{made.digest}.jsonl", b"tampered")
    with pytest.raises(DeskcError, match="does not hold what its name says"):
        publish_values(place.store(), 2)
    assert current(place.store()) == (1, 1)


@pytest.mark.parametrize("url", ["sqlite://file", "sqlite:///", "sqlite:///:memory:", "file"])
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    """The way to write one is told; a bot gets the same sentence."""
    with pytest.raises(DeskcError, match="names no file for a channel") as caught:
        location(url)
    assert "four slashes" in caught.value.help
    if url.startswith("sqlite:"):
        with pytest.raises(ChannelError, match="names no file for a channel"):
            open_channel(url, environment="production", bot="mm", state="")


def test_a_channel_is_used_under_its_lock(tmp_path: Path) -> None:
    """Reading without it is a bug of the caller."""
    with pytest.raises(RuntimeError, match="under its lock"):
        SqliteStore(tmp_path / "file").read("production/mm/current.json")
