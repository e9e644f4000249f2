"""Loading: what is found, what is refused, and by which error."""

import json
import pickle
from pathlib import Path

import pytest

import deskc
from deskc.runtime import errors
from deskc.runtime.load import load
from snapshots import ScopeText, SnapshotText, publish

TEXT = SnapshotText(
    [ScopeText({"system": {"log_level": "INFO"}}), ScopeText({"trading": {"leverage": 10}}, coin="ETH")]
)
COMMIT = "c0ffee" * 6 + "c0ff"


def opened(where: str | Path, *, allow_dirty: bool = False) -> deskc.Snapshot:
    """Load what these tests write, with an empty environment."""
    return load(where, environment="production", bot="tradeengine", allow_dirty=allow_dirty, env={})


def test_a_snapshot_file_loads_by_path_text_and_url(tmp_path: Path) -> None:
    """A Path, its text and its file URL are one snapshot, without a commit."""
    path = TEXT.write(tmp_path / "a b")
    for where in (path, str(path), path.as_uri(), path.as_uri().replace("file://", "file://localhost")):
        snap = opened(where)
        assert (snap.digest, snap.git_sha, snap.dirty) == (TEXT.digest, None, False)
        assert snap["ETH"].trading.leverage == 10


def test_a_folder_channel_loads_what_its_pointer_names(tmp_path: Path) -> None:
    """The pointer gives the digest and the commit for the stamp."""
    SnapshotText(TEXT.scopes, header={"strategy": "older"}).write(tmp_path / "production/tradeengine")
    publish(TEXT, tmp_path)
    snap = opened(tmp_path)
    assert (snap.digest, snap.git_sha, snap.dirty) == (TEXT.digest, COMMIT, False)
    assert snap["ETH"].stamp == deskc.Stamp(
        environment="production",
        git_sha=COMMIT,
        snapshot_digest=TEXT.digest,
        params_digest=TEXT.scopes[1].row()["params_digest"],
        config_version="1.0.0",
    )


@pytest.mark.parametrize("url", ["ftp://example.com/channel", "postgresql://db/desk", "file://elsewhere/channel"])
def test_a_channel_of_another_kind_says_what_can_be_read(url: str) -> None:
    """An unknown scheme is named with the kinds that there are."""
    with pytest.raises(errors.ChannelError, match=r"no channel that this deskc reads: file://.*folder") as caught:
        opened(url)
    assert caught.value.path == url


def test_nothing_there_is_not_found(tmp_path: Path) -> None:
    """A missing file, a channel without the bot and a pointer to a missing file each name what is missing."""
    with pytest.raises(errors.NotFoundError, match="does not exist"):
        opened(tmp_path / f"{TEXT.digest}.jsonl")
    with pytest.raises(errors.NotFoundError, match="has nothing published for production/tradeengine"):
        opened(tmp_path)
    pointer = publish(TEXT, tmp_path, digest="0" * 64)
    with pytest.raises(errors.NotFoundError, match=r"0{64}\.jsonl does not exist") as caught:
        opened(tmp_path)
    assert caught.value.path == str(pointer.with_name(f"{'0' * 64}.jsonl"))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """What the system refuses is an error of its own, with the system's reason."""
    publish(TEXT, tmp_path).unlink()
    (tmp_path / "production/tradeengine/current.json").mkdir()
    with pytest.raises(errors.UnreadableError, match=r"current.json cannot be read: Is a directory"):
        opened(tmp_path)
    with pytest.raises(errors.UnreadableError, match="cannot be read"):
        opened("nul\0byte.jsonl")


@pytest.mark.parametrize("name", ["current.json", "snapshot.jsonl", f"{'A' * 64}.jsonl", f"{'0' * 64}.json"])
def test_a_file_not_named_by_its_digest_is_refused(tmp_path: Path, name: str) -> None:
    """Without the digest in its name nothing says what the file should hold."""
    (tmp_path / name).write_bytes(TEXT.data())
    with pytest.raises(errors.FormatError, match="is not named by its digest"):
        opened(tmp_path / name)


@pytest.mark.parametrize(("environment", "bot"), [("staging", "tradeengine"), ("production", "other")])
def test_another_environment_or_bot_is_refused(tmp_path: Path, environment: str, bot: str) -> None:
    """A production file never reaches a staging bot, by file or by a pointer that was copied."""
    path = TEXT.write(tmp_path)
    asked = f"is of production/tradeengine, and {environment}/{bot} was asked for"
    with pytest.raises(errors.WrongTargetError, match=asked):
        load(path, environment=environment, bot=bot)
    pointer = publish(TEXT, tmp_path)
    (tmp_path / environment).mkdir(exist_ok=True)
    pointer.parent.rename(tmp_path / environment / bot)
    with pytest.raises(errors.WrongTargetError, match=asked):
        load(tmp_path, environment=environment, bot=bot)


@pytest.mark.parametrize("name", ["", ".", "..", "../production", "a/b"])
def test_a_name_that_leads_out_of_the_channel_is_refused(tmp_path: Path, name: str) -> None:
    """Environment and bot are names, never paths."""
    publish(TEXT, tmp_path)
    with pytest.raises(errors.WrongTargetError, match="no name of an environment or bot"):
        load(tmp_path, environment="production", bot=name)
    with pytest.raises(errors.WrongTargetError, match="no name of an environment or bot"):
        load(tmp_path, environment=name, bot="tradeengine")


@pytest.mark.parametrize(
    "record",
    [
        "",
        "{",
        "[]",
        "null",
        "NaN",
        "{} {}",
        "[" * 100_000,
        '"\\ud800',
        '{"environment":"production","bot":"tradeengine"}',
        '{"environment":"production","bot":"tradeengine","digest":"../../x","commit":null}',
        '{"environment":"production","bot":"tradeengine","digest":"' + "0" * 64 + '","commit":7}',
    ],
)
def test_a_pointer_that_is_no_build_record_is_refused(tmp_path: Path, record: str) -> None:
    """Whatever lies in current.json, the error names that file."""
    pointer = publish(TEXT, tmp_path)
    pointer.write_text(record, encoding="utf-8")
    with pytest.raises(errors.ChannelError, match="is no build record") as caught:
        opened(tmp_path)
    assert caught.value.path == str(pointer)


@pytest.mark.parametrize("record", [{"commit": None, "dirty": True}, {"commit": None}, {"dirty": True}])
def test_uncommitted_edits_load_only_where_allowed(tmp_path: Path, record: dict[str, object]) -> None:
    """A pointer without a commit, or that says dirty, is refused by channel and by file unless asked for."""
    publish(TEXT, tmp_path, **record)
    with pytest.raises(errors.DirtyError, match="uncommitted edits"):
        opened(tmp_path)
    assert opened(tmp_path, allow_dirty=True).dirty


def test_a_file_under_worktree_is_dirty_wherever_it_is_reached_from(tmp_path: Path) -> None:
    """The folder worktree/<environment>/<bot> alone makes a file dirty, through a symbolic link as well."""
    path = TEXT.write(tmp_path / "out/worktree/production/tradeengine")
    (tmp_path / "link").symlink_to(path.parent)
    (tmp_path / path.name).symlink_to(path)
    for where in (path, tmp_path / "link" / path.name, tmp_path / path.name):
        with pytest.raises(errors.DirtyError, match="uncommitted edits"):
            opened(where)
    assert opened(path, allow_dirty=True).stamp.git_sha is None


def test_a_copied_worktree_folder_stays_dirty(tmp_path: Path) -> None:
    """The record that lies beside a bare file and names it is believed when it says dirty."""
    folder = publish(TEXT, tmp_path, commit=None, dirty=True).parent
    other = SnapshotText(TEXT.scopes, header={"strategy": "other"}).write(folder)
    assert not opened(other).dirty
    with pytest.raises(errors.DirtyError):
        opened(folder / f"{TEXT.digest}.jsonl")


def test_an_unreadable_record_beside_a_bare_file_does_not_matter(tmp_path: Path) -> None:
    """A bare file needs no pointer, so a broken one is not its business."""
    path = TEXT.write(tmp_path)
    (tmp_path / "current.json").write_text("{", encoding="utf-8")
    assert opened(path).digest == TEXT.digest


def test_a_pointer_may_be_written_for_people(tmp_path: Path) -> None:
    """Indentation and a final newline in current.json change nothing."""
    pointer = publish(TEXT, tmp_path)
    pointer.write_text(json.dumps(json.loads(pointer.read_text()), indent=2) + "\n", encoding="utf-8")
    assert opened(tmp_path).digest == TEXT.digest


def test_errors_cross_process_boundaries() -> None:
    """A worker's error arrives whole: type, sentence, path and help."""
    sent = errors.TamperedError("x was altered", path="x", help="fetch it again")
    got = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own bytes
    assert (type(got), str(got), got.path, got.help) == (errors.TamperedError, "x was altered", "x", "fetch it again")
    assert isinstance(got, deskc.DeskcError)
