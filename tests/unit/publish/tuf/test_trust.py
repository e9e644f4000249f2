"""Who signs for a channel: beginnings, keys that are missing, changes, and metadata that somebody else has written."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root

from attacks import Attacker
from deskc.core.errors import DeskcError
from deskc.publish.tuf.keys import Keys
from deskc.publish.tuf.roles import Days, named, spoken
from deskc.publish.tuf.store import TufStore
from deskc.publish.tuf.trust import Policy, begin, join, rotate
from publishing import Place, current, publish_values

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a signed channel with one commit."""
    place = Place("tuf", tmp_path).begin(now=NOW)
    publish_values(place.store(now=NOW), 1)
    return place


def some_keys(place: Place, names: Iterable[str], *, leave_out: int = 0) -> Keys:
    """Return the root and those keys alone whose role begins so; of the first role all but some."""
    folder = place.folder / "some"
    folder.mkdir()
    (folder / "root.json").write_bytes(place.keys().root())
    for name in names:
        for path in sorted((place.folder / "keys").glob(f"{name}.*.pem"))[leave_out:]:
            (folder / path.name).write_bytes(path.read_bytes())
        leave_out = 0
    return Keys([folder])


def state(place: Place) -> dict[Path, bytes]:
    """Return every file of the metadata, to the byte."""
    return {path: path.read_bytes() for path in (place.channel / "metadata").iterdir()}


def expiry(place: Place, role: str) -> datetime:
    """Return until when a role's newest metadata counts."""
    found: datetime = Attacker(place).read(role).signed.expires
    return found


def test_a_channel_begins_with_a_policy(tmp_path: Path) -> None:
    """Thresholds, numbers of keys and expiries are those that were asked for; root says them to every publisher."""
    policy = Policy(threshold=3, of=4, days=Days(root=10, targets=9, environment=8, snapshot=7, timestamp=6))
    place = Place("tuf", tmp_path)
    begin(place.channel, place.keys(), ["production"], policy=policy, now=NOW)
    publish_values(place.store(now=NOW), 1)
    root = Metadata[Root].from_bytes((place.channel / "metadata/1.root.json").read_bytes()).signed
    numbers = {name: (role.threshold, len(role.keyids)) for name, role in root.roles.items()}
    assert numbers == {"root": (3, 4), "targets": (3, 4), "snapshot": (1, 1), "timestamp": (1, 1)}
    roles = ("root", "targets", "bot.production.mm", "environment.production", "snapshot", "timestamp")
    assert [(expiry(place, role) - NOW).days for role in roles] == [10, 9, 8, 8, 7, 6]


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (Policy(threshold=0), "0 of 3 keys can never sign"),
        (Policy(threshold=4), "4 of 3 keys can never sign"),
        (Policy(days=Days(timestamp=0)), "must count for a day at least"),
    ],
)
def test_a_policy_that_cannot_hold_is_refused(tmp_path: Path, policy: Policy, reason: str) -> None:
    """Nothing is written, neither keys nor metadata."""
    with pytest.raises(DeskcError, match=reason):
        begin(tmp_path / "channel", Keys([tmp_path / "keys"]), ["production"], policy=policy, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_channel_begins_once(place: Place) -> None:
    """A second beginning would lock out every bot."""
    before = state(place)
    with pytest.raises(DeskcError, match="is a signed channel already"):
        begin(place.channel, place.keys(), ["production"], policy=Policy(), now=NOW)
    assert state(place) == before


def test_an_environment_joins(place: Place) -> None:
    """It gets a role and a key; those that were there stay as they are."""
    assert join(place.channel, place.keys(), ["production", "staging"], now=NOW) == ("staging",)
    assert join(place.channel, place.keys(), ["production", "staging"], now=NOW) == ()
    assert list((place.folder / "keys").glob("environment.staging.*.pem"))
    assert current(place.store(now=NOW)) == (1, 1)


def test_a_publish_needs_the_bots_key_and_the_online_ones(place: Place) -> None:
    """Root, targets and environments may lie in a safe while bots that are known go on."""
    names = ("bot.production.mm", "bot.production.tradeengine", "snapshot", "timestamp")
    keys = some_keys(place, names)
    publish_values(TufStore(place.channel, keys, now=NOW), 2)
    assert current(place.store(now=NOW)) == (2, 2)


def test_a_commit_that_changes_no_bot_needs_no_key_of_one(place: Place) -> None:
    """How far git was followed is signed by the snapshot's key: two files are written, whatever the fleet's size."""
    publish_values(place.store(now=NOW), 2, "same")
    before = state(place)
    publish_values(TufStore(place.channel, some_keys(place, ("snapshot", "timestamp")), now=NOW), 3, "same")
    after = state(place)
    assert {path.name for path in after if after[path] != before.get(path)} == {"4.snapshot.json", "timestamp.json"}
    with pytest.raises(DeskcError, match=f"follows commit {3:040x}"):
        publish_values(place.store(now=NOW), 2, "same")


def test_missing_keys_are_named_in_one_sentence(place: Place) -> None:
    """Nothing is published, and it says whose signature is missing, by which key, and where it was looked for."""
    keys = some_keys(place, ("bot.production.mm", "snapshot", "timestamp"))
    before = state(place)
    with pytest.raises(
        DeskcError, match=r"keys are missing in .*some for production/tradeengine \(1 of [0-9a-f]{12}\)$"
    ):
        publish_values(TufStore(place.channel, keys, now=NOW), 2)
    assert state(place) == before
    publish_values(TufStore(place.channel, keys, now=NOW), 2, bots=["mm"])


def test_a_new_bot_needs_its_environments_key(place: Place) -> None:
    """Who may sign for a bot is for the environment to say; no key is made for nothing."""
    keys = some_keys(place, ("bot.production.mm", "bot.production.tradeengine", "snapshot", "timestamp"))
    with pytest.raises(DeskcError, match=r"for production \(1 of "):
        publish_values(TufStore(place.channel, keys, now=NOW), 2, bots=["newcomer"])
    assert not list((place.folder / "some").glob("*newcomer*"))


def test_an_environment_that_is_unknown_is_named(tmp_path: Path) -> None:
    """The way to add it is told."""
    place = Place("tuf", tmp_path)
    begin(place.channel, place.keys(), ["staging"], policy=Policy(), now=NOW)
    with pytest.raises(DeskcError, match="has no environment production") as caught:
        publish_values(place.store(now=NOW), 1)
    assert "--env production" in caught.value.help


def test_what_is_due_is_signed_again_with_the_keys_at_hand(place: Place) -> None:
    """After half its time a role gets a new expiry, or a sentence says until when it counts."""
    later = NOW + timedelta(days=46)
    store = TufStore(place.channel, some_keys(place, ("environment", "bot", "snapshot", "timestamp")), now=later)
    online = TufStore(place.channel, place.keys(), now=later)
    assert store.renew() == later + timedelta(days=1)
    assert expiry(place, "environment.production") == expiry(place, "bot.production.mm") == later + timedelta(days=30)
    (note,) = store.notes()
    assert note.startswith("targets counts until 2026-04-01, and to sign it again 2 of the keys ")
    online.renew()
    assert online.notes() == ()
    assert expiry(place, "targets") == later + timedelta(days=90)


def test_renewing_twice_signs_the_timestamp_alone(place: Place) -> None:
    """The scheduled job writes one small file where nothing else is due."""
    before = state(place)
    store = TufStore(place.channel, place.keys(), now=NOW)
    store.renew()
    after = state(place)
    assert {path.name for path in after if after[path] != before.get(path)} == {"timestamp.json"}


def test_the_timestamps_key_alone_signs_the_timestamp(place: Place) -> None:
    """What else is due and cannot be signed is told, and is not in the way."""
    later = NOW + timedelta(days=4)
    store = TufStore(place.channel, some_keys(place, ("timestamp",)), now=later)
    assert store.renew() == later + timedelta(days=1)
    (note,) = store.notes()
    assert note.startswith("snapshot counts until 2026-01-08, and to sign it again 1 of the keys ")


@pytest.mark.parametrize("role", ["root", "targets"])
def test_a_threshold_must_be_met_by_old_and_new_keys(place: Place, role: str) -> None:
    """One of two keys of root changes nothing, whichever role's key is to be replaced."""
    keys = some_keys(place, ("root", "targets", "snapshot", "timestamp"), leave_out=2)
    before = state(place)
    with pytest.raises(DeskcError, match=r"nothing was published: .* for root \(1 of "):
        rotate(place.channel, keys, role, old=None, now=NOW)
    assert state(place) == before


def test_a_lost_key_is_replaced_by_the_others(place: Place) -> None:
    """Two of three keys of root suffice to put a new one in the place of the third."""
    keys = some_keys(place, ("root", "targets", "snapshot", "timestamp"), leave_out=1)
    (lost,) = {key_id for key_id in Attacker(place).read("root").signed.roles["root"].keyids if not keys.signer(key_id)}
    rotation = rotate(place.channel, keys, "root", old=lost[:8], now=NOW)
    assert rotation.old == lost
    assert keys.signer(rotation.new)
    publish_values(place.store(now=NOW), 2)


def test_what_cannot_be_rotated_is_said(place: Place) -> None:
    """A role that is none, and a key that is not the role's."""
    for role in (named("prod"), named("production/nobody"), named("nowhere/mm")):
        with pytest.raises(DeskcError, match="has no role"):
            rotate(place.channel, place.keys(), role, old=None, now=NOW)
    with pytest.raises(DeskcError, match="timestamp has no key 0000"):
        rotate(place.channel, place.keys(), "timestamp", old="0000", now=NOW)


@pytest.mark.parametrize("role", ["targets", "environment.production", "bot.production.mm", "snapshot", "timestamp"])
def test_metadata_of_somebody_else_is_not_signed_again(place: Place, role: str) -> None:
    """A publisher checks what it finds by its own root before it builds on it, and so launders nothing."""
    attacker = Attacker(place)
    md = attacker.read(role)
    md.signed.unrecognized_fields["planted"] = True
    attacker.path(role).write_bytes(md.to_bytes())
    before = state(place)
    with pytest.raises(DeskcError, match=f"the metadata of {spoken(role)} in .* is not what its keys signed"):
        publish_values(place.store(now=NOW), 2)
    assert state(place) == before


def test_a_root_that_does_not_follow_is_refused(place: Place) -> None:
    """A second root that one key of two has signed stops every publisher."""
    attacker = Attacker(place)
    attacker.change_root([attacker.signer("root")])
    with pytest.raises(DeskcError, match="not signed by the keys of the root before it"):
        publish_values(place.store(now=NOW), 2)


@pytest.mark.parametrize("name", ["root", "targets", "snapshot", "timestamp", "production", "production/mm"])
def test_a_role_is_spoken_as_it_is_named(name: str) -> None:
    """What a message calls a role is what the command line takes for it."""
    assert spoken(named(name)) == name


def test_a_publish_that_dies_before_its_timestamp_changed_nothing(place: Place) -> None:
    """Files that nothing names are written over by the next publish."""
    timestamp = place.channel / "metadata/timestamp.json"
    before = timestamp.read_bytes()
    publish_values(place.store(now=NOW), 2)
    timestamp.write_bytes(before)
    assert current(place.store(now=NOW)) == (1, 1)
    publish_values(place.store(now=NOW), 3)
    assert current(place.store(now=NOW)) == (3, 2)
