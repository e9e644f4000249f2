"""Watching a channel: what a running bot goes over to, what it keeps, and what it is told."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import deskc
from snapshots import ScopeText, SnapshotText, publish

Damage = Callable[[bytes], bytes | None]


def written(leverage: int = 10, *, spread: float = 0.3, version: str = "1.0.0", **system: Any) -> SnapshotText:  # noqa: ANN401 - any setting
    """Return a snapshot of one coin whose leverage needs a restart."""
    bot = ScopeText({"system": {"log_level": "INFO", **system}}, config_version=version)
    coin = ScopeText({"trading": {"leverage": leverage, "min_spread_bps": spread}}, coin="ETH", config_version=version)
    return SnapshotText([bot, coin], header={"restart": ["system.workers", "trading.leverage"]})


class Desk:
    """A folder channel and a bot's state folder, and the watches that a test opened on them."""

    def __init__(self, folder: Path) -> None:
        self.channel = folder / "channel"
        self.state = folder / "state"
        self.open: list[deskc.Watch] = []

    def publish(self, text: SnapshotText, **record: object) -> SnapshotText:
        """Make a snapshot current, by renames, as publish does."""
        return self.put(text, pointer=bytes, data=bytes, **record)

    def put(self, text: SnapshotText, *, pointer: Damage, data: Damage, **record: object) -> SnapshotText:
        """Publish a snapshot whose files became something else on the way, or were lost."""
        made = publish(text, self.channel.with_name("aside"), **record)
        target = self.channel / "production" / "tradeengine"
        target.mkdir(parents=True, exist_ok=True)
        for path, damage in ((made.with_name(f"{text.digest}.jsonl"), data), (made, pointer)):
            after = damage(path.read_bytes())
            if after is None:
                (target / path.name).unlink(missing_ok=True)
            else:
                path.write_bytes(after)
                path.replace(target / path.name)
        return text

    def watch(self, channel: Path | None = None, **options: Any) -> deskc.Watch:  # noqa: ANN401 - any option
        """Watch the channel, or another one."""
        target = {"environment": "production", "bot": "tradeengine", "state": self.state, "env": {}, "every_s": 0.05}
        made = deskc.watch(channel or self.channel, **{**target, **options})
        self.open.append(made)
        return made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return an empty channel; what watches it is closed at the end."""
    made = Desk(tmp_path)
    yield made
    for one in made.open:
        one.close()


def until(watch: deskc.Watch, text: SnapshotText) -> deskc.Snapshot:
    """Wait for a snapshot to become the watch's own."""
    return next(snap for snap in watch if snap.digest == text.digest)


class Log(logging.Handler):
    """Keeps what was logged; `said` is set by each record."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.said = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record's message."""
        self.lines.append(record.getMessage())
        self.said.set()

    def next(self) -> str:
        """Wait for the next message."""
        assert self.said.wait(20)
        self.said.clear()
        return self.lines[-1]


@pytest.fixture
def log() -> Iterator[Log]:
    """Return what the watch logs."""
    handler, logger = Log(), logging.getLogger("deskc.watch")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def test_a_new_digest_gives_a_new_snapshot_and_leaves_the_old_one_alone(desk: Desk) -> None:
    """A snapshot never changes: an order that began with one ends with it."""
    desk.publish(written(spread=0.3))
    watch = desk.watch()
    old = watch.snapshot
    new = until(watch, desk.publish(written(spread=0.4)))
    assert (old["ETH"].trading.min_spread_bps, new["ETH"].trading.min_spread_bps) == (0.3, 0.4)
    assert watch.snapshot is new
    assert new["ETH"].stamp.snapshot_digest == new.digest != old.digest


def test_a_setting_that_needs_a_restart_keeps_its_value_and_waits(desk: Desk) -> None:
    """The bot goes on with the old leverage, says what waits, and stamps the digest of what it really trades."""
    desk.publish(written(10, spread=0.3))
    watch = desk.watch()
    watch.snapshot["ETH"]
    mixed = until(watch, desk.publish(written(20, spread=0.4, version="1.1.0")))
    (pending,) = mixed.pending
    assert (pending.coin, pending.setting, pending.running, pending.wanted) == ("ETH", "trading.leverage", 10, 20)
    assert mixed["ETH"].trading == {"leverage": 10, "min_spread_bps": 0.4}
    really = written(10, spread=0.4).scopes[1].row()["params_digest"]
    assert (mixed["ETH"].stamp.params_digest, mixed["ETH"].config_version) == (really, "1.1.0")


def test_what_waits_goes_on_waiting_and_ends_when_the_desk_takes_it_back(desk: Desk) -> None:
    """A third snapshot is compared with what runs, not with what was wanted in between."""
    desk.publish(written(10, spread=0.3))
    watch = desk.watch()
    until(watch, desk.publish(written(20, spread=0.3)))
    third = until(watch, desk.publish(written(30, spread=0.4)))
    assert [(one.running, one.wanted) for one in third.pending] == [(10, 30)]
    back = until(watch, desk.publish(written(10, spread=0.5)))
    assert back.pending == ()
    assert back["ETH"].stamp.params_digest == written(10, spread=0.5).scopes[1].row()["params_digest"]


def test_a_scope_that_trades_as_before_keeps_its_digest_and_its_label(desk: Desk) -> None:
    """Where nothing but a waiting setting changed, fills before and after belong to one sample."""
    desk.publish(written(10, version="1.0.0"))
    watch = desk.watch()
    before = watch.snapshot["ETH"].stamp
    after = until(watch, desk.publish(written(20, version="2.0.0")))["ETH"].stamp
    assert (after.params_digest, after.config_version) == (before.params_digest, "1.0.0")
    assert after.snapshot_digest != before.snapshot_digest


def test_the_bots_own_scope_waits_too(desk: Desk) -> None:
    """A setting that does not trade keeps its value as well, and leaves the params digest alone."""
    desk.publish(written(workers=2))
    watch = desk.watch()
    before = watch.snapshot.stamp.params_digest
    after = until(watch, desk.publish(written(workers=4)))
    assert (after.bot.system.workers, after.stamp.params_digest) == (2, before)
    assert [(one.coin, one.wanted) for one in after.pending] == [(None, 4)]


def test_a_restart_takes_over_what_waited(desk: Desk) -> None:
    """A new process begins with the whole of the newest snapshot."""
    desk.publish(written(10))
    first = desk.watch()
    until(first, desk.publish(written(20)))
    first.close()
    again = desk.watch().snapshot
    assert (again["ETH"].trading.leverage, again.pending) == (20, ())


def test_what_comes_and_goes_is_taken_over(desk: Desk) -> None:
    """A new coin has its own leverage at once, and one that went is gone: there is nothing to keep."""
    desk.publish(written(10))
    watch = desk.watch()
    watch.snapshot["ETH"]
    scopes = [written().scopes[0], ScopeText({"trading": {"leverage": 5}}, coin="AVAX")]
    after = until(watch, desk.publish(SnapshotText(scopes, header={"restart": ["trading.leverage"]})))
    assert (after.coins, after["AVAX"].trading.leverage, after.pending) == (("AVAX",), 5, ())


@pytest.mark.parametrize(
    ("pointer", "data", "reason"),
    [
        (lambda _: b"{", bytes, "is no build record"),
        (lambda _: None, bytes, "nothing published"),
        (bytes, lambda _: None, "does not exist"),
        (bytes, lambda whole: whole[:-20], "cut short"),
        (bytes, lambda whole: whole.replace(b"0.5", b"0.6"), "was altered"),
        (bytes, lambda whole: whole.replace(b"tradeengine", b"tradeenginf"), "was altered"),
    ],
    ids=["pointer torn", "pointer gone", "file gone", "file short", "line altered", "header altered"],
)
def test_a_damaged_channel_leaves_the_last_good_snapshot(
    desk: Desk, log: Log, pointer: Damage, data: Damage, reason: str
) -> None:
    """The bot goes on trading by what it has, says why, and recovers by itself."""
    good = desk.publish(written(spread=0.3))
    watch = desk.watch()
    desk.put(written(spread=0.5), pointer=pointer, data=data)
    line = log.next()
    assert line.startswith(f"production/tradeengine stays with snapshot {good.digest[:8]}: ")
    assert reason in line
    assert watch.snapshot.digest == good.digest
    assert watch.reason is not None
    assert until(watch, desk.publish(written(spread=0.7)))["ETH"].trading.min_spread_bps == 0.7
    assert watch.reason is None


def test_a_start_without_the_channel_takes_the_last_good_snapshot(desk: Desk) -> None:
    """What was good survives the process, with the reason why nothing newer is there and its age."""
    good = desk.publish(written())
    desk.watch().close()
    (desk.channel / "production" / "tradeengine" / "current.json").unlink()
    pointer = desk.state / "production/tradeengine/last/production/tradeengine/current.json"
    os.utime(pointer, (pointer.stat().st_atime, pointer.stat().st_mtime - 3600))
    watch = desk.watch(expires_after_s=1800)
    assert (watch.snapshot.digest, watch.snapshot.git_sha) == (good.digest, "c0ffee" * 6 + "c0ff")
    assert "nothing published" in (watch.reason or "")
    assert watch.age_s > 3599
    assert watch.reduce_only


def test_a_start_with_nothing_good_raises(desk: Desk) -> None:
    """A bot never begins on defaults: without any snapshot it gets the channel's own error."""
    with pytest.raises(deskc.NotFoundError, match="does not exist"):
        desk.watch()


def test_another_channels_snapshot_is_not_taken(desk: Desk) -> None:
    """What an earlier run followed elsewhere is no fallback."""
    desk.publish(written())
    desk.watch().close()
    with pytest.raises(deskc.NotFoundError):
        desk.watch(desk.channel.with_name("other"))


def test_a_state_folder_that_cannot_be_written_stops_nobody(desk: Desk, log: Log) -> None:
    """The bot follows its channel; that a restart would need it is said."""
    desk.publish(written(spread=0.3))
    desk.state.write_text("a file in the folder's place", encoding="utf-8")
    watch = desk.watch()
    assert "cannot be written" in log.next()
    assert until(watch, desk.publish(written(spread=0.4)))["ETH"].trading.min_spread_bps == 0.4


def test_a_reference_that_cannot_be_bound_keeps_the_last_good_snapshot(desk: Desk, log: Log) -> None:
    """A snapshot that needs a variable which the process does not have is not gone over to."""
    good = desk.publish(written())
    watch = desk.watch()
    late = [{"path": "system.host", "type": "string", "minimum": None, "maximum": None, "enum": None}]
    scopes = [ScopeText({"system": {"host": "${env:DB_HOST}"}})]
    desk.publish(SnapshotText(scopes, header={"late": late}))
    assert "DB_HOST is not set" in log.next()
    assert watch.snapshot.digest == good.digest


def test_uncommitted_edits_are_followed_only_when_asked(desk: Desk, log: Log) -> None:
    """A dirty snapshot is refused while running as it is at a start."""
    desk.publish(written(spread=0.3))
    strict, lenient = desk.watch(), desk.watch(allow_dirty=True)
    dirty = desk.publish(written(spread=0.4), commit=None, dirty=True)
    assert until(lenient, dirty).dirty
    assert "uncommitted edits" in log.next()
    assert strict.snapshot.digest != dirty.digest


def test_callbacks_get_each_changed_setting_of_their_section(desk: Desk) -> None:
    """A callback hears (setting, old, new), with the coin on the setting; other sections are left out."""
    heard: list[tuple[str, str | None, object, object]] = []
    desk.publish(written(10, spread=0.3, log_level="INFO"))
    watch = desk.watch(callback=lambda key, old, new: heard.append((key, key.coin, old, new)), section="trading")
    everything: list[str] = []
    watch.on_change(lambda key, *_: everything.append(key))
    done = threading.Event()
    watch.on_change(lambda *_: done.set(), section="system")
    desk.publish(written(20, spread=0.4, log_level="DEBUG"))
    assert done.wait(20)
    assert heard == [("trading.min_spread_bps", "ETH", 0.3, 0.4)]
    assert sorted(everything) == ["system.log_level", "trading.min_spread_bps"]


def test_a_callback_that_raises_is_reported_and_changes_nothing(desk: Desk, log: Log) -> None:
    """The others are still called, and the snapshot is the new one."""

    def raising(*_: object) -> None:
        raise ValueError("a bot's mistake")

    heard = threading.Event()
    desk.publish(written(spread=0.3))
    watch = desk.watch(callback=raising)
    watch.on_change(lambda *_: heard.set())
    new = desk.publish(written(spread=0.4))
    assert heard.wait(20)
    assert log.next() == "a callback raised on trading.min_spread_bps; nothing changes by that"
    assert (watch.snapshot.digest, watch.reason) == (new.digest, None)


def test_asyncio_iterates_without_a_thread_of_its_own(desk: Desk) -> None:
    """`async for` yields the snapshot, then each newer one, and ends when the watch is closed."""
    desk.publish(written(spread=0.3))
    watch = desk.watch()

    async def follow() -> list[float]:
        seen = []
        async for snap in watch:
            seen.append(snap["ETH"].trading.min_spread_bps)
            if len(seen) == 1:
                desk.publish(written(spread=0.4))
            else:
                await asyncio.to_thread(watch.close)
        return seen

    assert asyncio.run(follow()) == [0.3, 0.4]


def test_closing_ends_an_iteration(desk: Desk) -> None:
    """A thread that waits for the next snapshot comes back, and what it has stays good."""
    desk.publish(written())
    watch = desk.watch()
    seen: list[deskc.Snapshot] = []
    first = threading.Event()

    def read() -> None:
        for snap in watch:
            seen.append(snap)
            first.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert first.wait(20)
    watch.close()
    reader.join(20)
    assert not reader.is_alive()
    assert [snap["ETH"].trading.leverage for snap in seen] == [10]


def test_readers_in_a_storm_of_reloads_see_whole_snapshots(desk: Desk) -> None:
    """However fast snapshots follow each other, one read never mixes two of them."""
    desk.publish(SnapshotText([ScopeText({"system": {"one": 0, "two": 0}})]))
    watch = desk.watch()
    done, torn = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            system = watch.snapshot.bot.system
            if system.one != system.two:
                torn.append((system.one, system.two))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 60):
        last = desk.publish(SnapshotText([ScopeText({"system": {"one": number, "two": number}})]))
    until(watch, last)
    done.set()
    for reader in readers:
        reader.join()
    assert torn == []


def test_a_halt_file_halts_the_bot_or_a_coin(desk: Desk) -> None:
    """A file on this machine stops trading, with its reason, and whatever the channel says."""
    desk.publish(written())
    watch = desk.watch()
    assert (watch.halted(), watch.halted("ETH")) == (None, None)
    coin = watch.state / "HALT.ETH"
    coin.write_text("spread blew out\n", encoding="utf-8")
    assert (watch.halted(), watch.halted("ETH"), watch.halted("AVAX")) == (None, "spread blew out", None)
    (watch.state / "HALT").touch()
    assert watch.halted("AVAX") == "a HALT file without a reason"
    coin.unlink()
    (watch.state / "HALT").unlink()
    assert watch.halted("ETH") is None


def test_a_halt_file_that_cannot_be_read_halts(desk: Desk) -> None:
    """Whoever put it there meant it."""
    desk.publish(written())
    watch = desk.watch()
    (watch.state / "HALT").mkdir()
    assert "cannot be read" in (watch.halted() or "")
