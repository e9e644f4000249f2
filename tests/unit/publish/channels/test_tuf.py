"""The signed channel's end at a bot: what an attacker may try, what a key's change does, and a clock set back."""

import os
import shutil
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import DelegatedRole, MetaFile, Snapshot, TargetFile, Targets

from attacks import Attacker
from deskc.publish.tuf.clock import Clock
from deskc.publish.tuf.keys import Keys
from deskc.publish.tuf.roles import Days
from deskc.publish.tuf.store import TufStore
from deskc.publish.tuf.trust import rotate
from deskc.runtime.channel import open_channel
from deskc.runtime.errors import (
    ChannelError,
    NotFoundError,
    SnapshotError,
    StaleError,
    TamperedError,
    UnreadableError,
    WrongTargetError,
)
from publishing import Place, publish_values, snapshot

EVERY = int(os.environ.get("DESKC_FLIP_EVERY", "97"))
"""One byte in so many is flipped; 1 flips each, which takes a minute."""
ENOUGH = Days(timestamp=30)
ROLES = ("root", "targets", "snapshot", "timestamp", "environment.production", "bot.production.mm")
MM, ENGINE = "production/mm/current.jsonl", "production/tradeengine/current.jsonl"

Attack = Callable[[Place, Attacker], None]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a signed channel with one commit lies; not to be changed."""
    place = Place("tuf", tmp_path_factory.mktemp("template") / "place").begin()
    publish_values(place.store(), 1)
    return place.folder


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Place:
    """Return a copy of that channel, a test's own."""
    shutil.copytree(published, tmp_path / "place")
    return Place("tuf", tmp_path / "place")


def values(place: Place, bot: str = "mm", state: str = "state") -> bytes:
    """Return what a bot with this state gets now."""
    found = place.bot_end(bot, state=state).fetch(None)
    assert found is not None
    return found.data


def newest(place: Place) -> list[Path]:
    """Return every file that a bot reads to get the newest snapshot; the first root it has."""
    attacker = Attacker(place)
    (target,) = (place.channel / "targets/production/mm").iterdir()
    return [*(attacker.path(role) for role in ROLES[1:]), target]


# Attacks: each changes the channel after a bot has seen commit 1 and another publish has made commit 2 current.


def _old_timestamp(_: Place, attacker: Attacker) -> None:
    attacker.change_timestamp(lambda timestamp: setattr(timestamp, "version", 1))


def _old_snapshot(_: Place, attacker: Attacker) -> None:
    attacker.change_timestamp(lambda timestamp: setattr(timestamp, "snapshot_meta", _info(attacker, "snapshot", 1)))


def _old_role_in_a_new_snapshot(_: Place, attacker: Attacker) -> None:
    name = "bot.production.mm"
    attacker.change_snapshot(lambda found: found.meta.update({f"{name}.json": _info(attacker, name, 1)}))


def _a_role_left_out_of_a_new_snapshot(_: Place, attacker: Attacker) -> None:
    def leave_out(found: Snapshot) -> None:
        del found.meta["bot.production.mm.json"]

    attacker.change_snapshot(leave_out)


def _expired_snapshot(_: Place, attacker: Attacker) -> None:
    attacker.change_snapshot(lambda _: None, expires=datetime.now(UTC) - timedelta(seconds=1))


def _another_snapshots_role(role: str) -> Attack:
    def attack(_: Place, attacker: Attacker) -> None:
        newest = attacker.path(role)
        newest.write_bytes((attacker.folder / f"1.{role}.json").read_bytes())

    return attack


def _endless(role: str) -> Attack:
    def attack(_: Place, attacker: Attacker) -> None:
        with attacker.path(role).open("ab") as file:
            file.write(b" " * 6_000_000)

    return attack


def _endless_target(place: Place, _: Attacker) -> None:
    for path in (place.channel / "targets/production/mm").iterdir():
        path.write_bytes(path.read_bytes() + b"\n" * 1_000_000)


def _stripped(role: str) -> Attack:
    def attack(_: Place, attacker: Attacker) -> None:
        attacker.change(role, lambda _: None, [])

    return attack


def _stripped_online(role: str) -> Attack:
    def attack(_: Place, attacker: Attacker) -> None:
        md = attacker.read(role)
        md.signatures.clear()
        attacker.path(role).write_bytes(md.to_bytes())

    return attack


def _wrong_key(role: str) -> Attack:
    def attack(_: Place, attacker: Attacker) -> None:
        attacker.change(role, lambda _: None, [CryptoSigner.generate_ed25519()])

    return attack


def _one_of_two_signs_targets(_: Place, attacker: Attacker) -> None:
    attacker.change("targets", lambda _: None, [attacker.signer("targets")])


def _one_of_two_twice(_: Place, attacker: Attacker) -> None:
    signer = attacker.signer("targets")
    attacker.change("targets", lambda _: None, [signer, signer])


def _one_of_two_signs_root(_: Place, attacker: Attacker) -> None:
    attacker.change_root([attacker.signer("root")])


def _a_bot_signs_another_ones_target(_: Place, attacker: Attacker) -> None:
    def steal(signed: Targets) -> None:
        signed.targets = {MM: TargetFile.from_data(MM, snapshot("mm", "theirs"))}

    attacker.change("bot.production.tradeengine", steal, [attacker.signer("bot.production.tradeengine")])
    attacker.change("bot.production.mm", steal, [attacker.signer("bot.production.tradeengine")])


def _an_environment_signs_anothers_bot(_: Place, attacker: Attacker) -> None:
    signer = attacker.signer("environment.development")
    attacker.change("bot.production.mm", lambda _: None, [signer])


def _an_environment_delegates_anothers_bot(_: Place, attacker: Attacker) -> None:
    """Only the path says whose bot it is: a role of development's is signed soundly, and gives itself production/mm."""
    signer = attacker.signer("environment.development")
    attacker.change("bot.production.mm", lambda _: None, [CryptoSigner.generate_ed25519()])

    def delegate(signed: Targets) -> None:
        assert signed.delegations is not None
        role = DelegatedRole("bot.production.mm", [], 1, terminating=True, paths=["production/mm/*"])
        signed.delegations.roles = {role.name: role}
        signed.add_key(signer.public_key, role.name)

    attacker.change("environment.development", delegate, [signer])


def _a_record_of_another_digest(_: Place, attacker: Attacker) -> None:
    def lie(signed: Targets) -> None:
        signed.targets[MM].custom["digest"] = "0" * 64

    attacker.change("bot.production.mm", lie, [attacker.signer("bot.production.mm")])


def _a_record_of_another_bot(_: Place, attacker: Attacker) -> None:
    def lie(signed: Targets) -> None:
        signed.targets[MM].custom["bot"] = "tradeengine"

    attacker.change("bot.production.mm", lie, [attacker.signer("bot.production.mm")])


def _no_record(_: Place, attacker: Attacker) -> None:
    def lie(signed: Targets) -> None:
        del signed.targets[MM].unrecognized_fields["custom"]

    attacker.change("bot.production.mm", lie, [attacker.signer("bot.production.mm")])


def _no_target(_: Place, attacker: Attacker) -> None:
    attacker.change("bot.production.mm", lambda signed: signed.targets.clear(), [attacker.signer("bot.production.mm")])


def _no_json(_: Place, attacker: Attacker) -> None:
    attacker.path("timestamp").write_bytes(b"[" * 10_000)


def _gone(role: str) -> Attack:
    def attack(_: Place, attacker: Attacker) -> None:
        attacker.path(role).unlink()

    return attack


def _info(attacker: Attacker, role: str, version: int) -> MetaFile:
    return MetaFile.from_data(version, (attacker.folder / f"{version}.{role}.json").read_bytes(), ["sha256"])


ATTACKS: dict[str, tuple[Attack, type[SnapshotError]]] = {
    "rollback of the timestamp": (_old_timestamp, StaleError),
    "rollback of the snapshot": (_old_snapshot, StaleError),
    "rollback of a role": (_old_role_in_a_new_snapshot, StaleError),
    "a role left out": (_a_role_left_out_of_a_new_snapshot, TamperedError),
    "expired snapshot": (_expired_snapshot, StaleError),
    "mix and match, bot": (_another_snapshots_role("bot.production.mm"), TamperedError),
    "mix and match, snapshot": (_another_snapshots_role("snapshot"), TamperedError),
    **{f"endless {role}": (_endless(role), TamperedError) for role in ("timestamp", "snapshot", "bot.production.mm")},
    "endless target": (_endless_target, TamperedError),
    **{f"stripped {role}": (_stripped_online(role), TamperedError) for role in ("timestamp", "snapshot")},
    **{f"stripped {role}": (_stripped(role), TamperedError) for role in ("targets", *ROLES[4:])},
    **{f"wrong key for {role}": (_wrong_key(role), TamperedError) for role in ("targets", *ROLES[4:])},
    "one of two signatures on targets": (_one_of_two_signs_targets, TamperedError),
    "one of two signatures twice": (_one_of_two_twice, TamperedError),
    "one of two signatures on root": (_one_of_two_signs_root, TamperedError),
    "a bot's role signs another bot's target": (_a_bot_signs_another_ones_target, TamperedError),
    "an environment's key signs another's bot": (_an_environment_signs_anothers_bot, TamperedError),
    "an environment delegates another's bot": (_an_environment_delegates_anothers_bot, TamperedError),
    "a record of another digest": (_a_record_of_another_digest, TamperedError),
    "a record of another bot": (_a_record_of_another_bot, WrongTargetError),
    "no record": (_no_record, ChannelError),
    "no target": (_no_target, NotFoundError),
    "no JSON": (_no_json, TamperedError),
    **{f"{role} is gone": (_gone(role), NotFoundError) for role in ("timestamp", "snapshot", "bot.production.mm")},
}


SEEN = {"rollback of the timestamp", "rollback of the snapshot", "rollback of a role"}
"""Going back is wrong only for who has been there: before these attacks the bot sees commit 2."""


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_one_sentence_and_changes_nothing(place: Place, name: str) -> None:
    """Whoever writes the folder, even with the online keys, gets no bot to take what its role has not signed."""
    attack, expected = ATTACKS[name]
    assert values(place) == snapshot("mm", "values of 1")
    publish_values(place.store(), 2)
    assert name not in SEEN or values(place) == snapshot("mm", "values of 2")
    attack(place, Attacker(place))
    with pytest.raises(SnapshotError) as caught:
        values(place)
    assert type(caught.value) is expected
    assert str(caught.value).startswith(f"tuf+file://{place.channel} ")
    assert "\n" not in str(caught.value)


def test_the_attacker_s_tools_work(place: Place) -> None:
    """With every key of a bot's chain a forged snapshot is taken, so the refusals above are not for clumsiness."""
    attacker = Attacker(place)
    forged = snapshot("mm", "values of 1")
    attacker.change("targets", lambda _: None, [attacker.signer("targets", place) for place in (0, 1)])
    attacker.change("environment.production", lambda _: None, [attacker.signer("environment.production")])
    attacker.change("bot.production.mm", lambda _: None, [attacker.signer("bot.production.mm")])
    attacker.change_root([attacker.signer("root", place) for place in (0, 1)])
    assert values(place) == forged


def test_a_rollback_is_refused_after_a_restart(place: Place) -> None:
    """What was trusted outlives the process: an old copy of the whole channel is refused by a new end."""
    old = {path: path.read_bytes() for path in place.channel.rglob("*") if path.is_file()}
    publish_values(place.store(), 2)
    assert values(place) == snapshot("mm", "values of 2")
    for path, data in old.items():
        path.write_bytes(data)
    with pytest.raises(StaleError, match="older than what it said before"):
        values(place)
    assert values(place, state="of a bot that has seen nothing") == snapshot("mm", "values of 1")


@pytest.mark.parametrize("number", range(6), ids=[*ROLES[1:], "target"])
def test_a_flipped_byte_is_refused(place: Place, number: int) -> None:
    """One bit of any file between the trusted root and the snapshot, wherever it lies in it."""
    path = newest(place)[number]
    sound = path.read_bytes()
    for index in range(number, len(sound), EVERY):
        path.write_bytes(sound[:index] + bytes([sound[index] ^ 1]) + sound[index + 1 :])
        with pytest.raises(SnapshotError):
            values(place)
    path.write_bytes(sound)
    assert values(place) == snapshot("mm", "values of 1")


def test_a_flipped_byte_of_a_new_root_is_refused(place: Place) -> None:
    """A bot that trusts the first root takes the second one whole or not at all."""
    first = place.folder / "first.json"
    first.write_bytes(place.keys().root())
    rotate(place.channel, place.keys(), "root", old=None, now=datetime.now(UTC))
    path = place.channel / "metadata/2.root.json"
    sound = path.read_bytes()
    url = f"{place.url.partition('#')[0]}#root={first}"
    channel, _ = open_channel(url, environment="production", bot="mm", state=str(place.folder / "state"))
    for index in range(sound.index(b'"signed":'), len(sound), EVERY):  # it has more signatures than it needs
        path.write_bytes(sound[:index] + bytes([sound[index] ^ 1]) + sound[index + 1 :])
        with pytest.raises(SnapshotError):
            channel.fetch(None)
    path.write_bytes(sound)
    assert channel.fetch(None)


@pytest.mark.parametrize(
    ("age", "days", "renewing", "role"),
    [
        (timedelta(days=2), Days(), None, "timestamp"),
        (timedelta(days=31), ENOUGH, ("timestamp", "snapshot"), "production"),
        (timedelta(days=91), Days(timestamp=200, snapshot=200, environment=200), None, "targets"),
        (timedelta(days=366), Days(*[400] * 5)._replace(root=365), None, "root"),
    ],
)
def test_a_frozen_channel_is_stale(
    tmp_path: Path, age: timedelta, days: Days, renewing: tuple[str, ...] | None, role: str
) -> None:
    """Whichever role has expired, a bot is told, also where whoever holds the online keys goes on signing."""
    begun = datetime.now(UTC) - age
    place = Place("tuf", tmp_path).begin(days, now=begun)
    publish_values(place.store(now=begun), 1)
    if renewing:
        online = tmp_path / "online"
        online.mkdir()
        for path in (tmp_path / "keys").iterdir():
            if path.name.startswith((*renewing, "root.json")):
                (online / path.name).write_bytes(path.read_bytes())
        store = TufStore(place.channel, Keys([online]), now=datetime.now(UTC))
        store.renew()
        assert any(note.startswith(f"{role} counts until ") for note in store.notes())
    with pytest.raises(StaleError, match="stale") as caught:
        values(place)
    assert role in str(caught.value)


def test_a_signed_timestamp_keeps_a_quiet_channel_fresh(tmp_path: Path) -> None:
    """Nothing is published for days; the scheduled job's signature is all that a bot needs."""
    begun = datetime.now(UTC) - timedelta(days=2)
    place = Place("tuf", tmp_path).begin(now=begun)
    publish_values(place.store(now=begun), 1)
    with pytest.raises(StaleError):
        values(place)
    store = place.store()
    assert isinstance(store, TufStore)
    store.renew()
    assert store.notes() == ()
    assert values(place) == snapshot("mm", "values of 1")


@pytest.mark.parametrize("role", ROLES)
def test_a_rotated_key_is_followed(place: Place, role: str) -> None:
    """A bot that trusts the root from before the change takes what the new key signs."""
    first = place.folder / "first.json"
    first.write_bytes(place.keys().root())
    url = f"{place.url.partition('#')[0]}#root={first}"
    channel, _ = open_channel(url, environment="production", bot="mm", state=str(place.folder / "state"))
    assert channel.fetch(None)
    rotation = rotate(place.channel, place.keys(), role, old=None, now=datetime.now(UTC))
    assert rotation.old != rotation.new
    publish_values(place.store(), 2)
    found = channel.fetch(None)
    assert found is not None
    assert found.data == snapshot("mm", "values of 2")


@pytest.mark.parametrize("role", ROLES)
def test_a_rotated_out_key_is_refused(place: Place, role: str) -> None:
    """What the old key signs after its change counts no more, whatever role it was of."""
    attacker = Attacker(place)
    old = attacker.signer(role)
    rotate(place.channel, place.keys(), role, old=old.public_key.keyid, now=datetime.now(UTC))
    assert values(place) == snapshot("mm", "values of 1")
    if role == "root":
        attacker.change_root([old, attacker.signer("root")])
    elif role in ("snapshot", "timestamp"):
        md = attacker.read(role)
        md.signed.version += 1
        data = attacker.sign(md, [old])
        name = "timestamp.json" if role == "timestamp" else f"{md.signed.version}.snapshot.json"
        (attacker.folder / name).write_bytes(data)
        if role == "snapshot":
            info = _info(attacker, role, md.signed.version)
            attacker.change_timestamp(lambda timestamp: setattr(timestamp, "snapshot_meta", info))
    else:
        others = [attacker.signer("targets")] if role == "targets" else []
        attacker.change(role, lambda _: None, [old, *others])
    with pytest.raises(TamperedError, match="signed by"):
        values(place)


def test_a_clock_set_back_revives_nothing(place: Place) -> None:
    """What had expired at the newest time that a bot has seen stays so, and the way out of a wrong time is told."""
    assert values(place) == snapshot("mm", "values of 1")
    file = place.folder / "state/production/mm/tuf/newest-time"
    assert abs(float(file.read_text()) - time()) < 3600
    Clock(file, wall=lambda: time() + 2 * 86_400).now()
    with pytest.raises(StaleError, match="counted until") as caught:
        values(place)
    assert f"remove {file}" in caught.value.help
    file.unlink()
    assert values(place) == snapshot("mm", "values of 1")


def test_a_channel_that_is_kept_away_grows_stale(place: Place) -> None:
    """A server that cannot be reached is one thing; that its last word has expired meanwhile is told as such."""
    assert values(place) == snapshot("mm", "values of 1")
    place.channel.rename(place.folder / "elsewhere")
    with pytest.raises(NotFoundError):
        values(place)
    Clock(place.folder / "state/production/mm/tuf/newest-time", wall=lambda: time() + 2 * 86_400).now()
    with pytest.raises(StaleError, match="its last word counted until"):
        values(place)


def test_the_newest_time_never_goes_back(tmp_path: Path) -> None:
    """Whatever the wall shows later, and in whichever process, it is at least what was seen."""
    file = tmp_path / "newest-time"
    ahead = time() + 1e6
    assert Clock(file, wall=lambda: ahead).now() == ahead
    assert Clock(file, wall=lambda: 0.0).now() >= round(ahead)
    file.write_text("no number")
    assert Clock(file, wall=lambda: 0.0).now() >= time() - 3600


def test_nothing_is_trusted_the_first_time(place: Place) -> None:
    """Without a root that somebody put there, no channel says who may sign for it."""
    url = place.url.partition("#")[0]
    channel, _ = open_channel(url, environment="production", bot="mm", state=str(place.folder / "state"))
    with pytest.raises(ChannelError, match="there is no trusted root at"):
        channel.fetch(None)
    root = place.folder / "state/tuf/root.json"
    root.parent.mkdir(parents=True)
    root.write_bytes(place.keys().root())
    assert channel.fetch(None)


def test_another_channel_s_root_proves_nothing(place: Place, tmp_path: Path) -> None:
    """A bot that trusts other keys refuses; so does one whose root is no root."""
    other = Place("tuf", tmp_path / "other").begin()
    for data in (other.keys().root(), b"{}", b""):
        (place.folder / "keys/root.json").write_bytes(data)
        with pytest.raises(TamperedError):
            values(place)


@pytest.mark.parametrize("fragment", ["", "root=", "path=x", "root"])
def test_a_url_that_ends_in_nonsense_is_refused(place: Place, fragment: str) -> None:
    """What stands behind # names a root's file, or nothing stands there."""
    url = f"{place.url.partition('#')[0]}#{fragment}"
    with pytest.raises(ChannelError, match="says nothing of a channel"):
        open_channel(url, environment="production", bot="mm", state=str(place.folder))


def test_without_the_extra_one_sentence_names_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that was installed without python-tuf says so when it looks."""
    monkeypatch.setitem(sys.modules, "tuf", None)
    monkeypatch.delitem(sys.modules, "deskc.publish.tuf.client", raising=False)
    for name in [name for name in sys.modules if name.startswith("tuf.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ChannelError, match=r"needs the extra deskc\[tuf\]$"):
        values(place)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_any_static_server_serves_it(place: Place) -> None:
    """Python's own http.server is enough; a server that has gone is an error, and the bot goes on when it is back."""
    (place.folder / "state/tuf").mkdir(parents=True)
    (place.folder / "state/tuf/root.json").write_bytes(place.keys().root())
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=place.channel)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"tuf+http://127.0.0.1:{server.server_port}"
        state = str(place.folder / "state")
        channel, _ = open_channel(url, environment="production", bot="mm", state=state)
        found = channel.fetch(None)
        publish_values(place.store(), 2)
        newer = channel.fetch(found.digest if found else None)
        server.shutdown()
        thread.join()
    assert found is not None
    assert newer is not None
    assert (found.data, newer.data) == (snapshot("mm", "values of 1"), snapshot("mm", "values of 2"))
    with pytest.raises(UnreadableError):
        channel.fetch(None)
    channel.close()
