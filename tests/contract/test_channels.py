"""What every kind of channel does: the rules of publishing at one end, a bot's fetch and wait at the other."""

import json
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.publish.publish import Force, Publication, publish
from deskc.runtime.errors import NotFoundError, SnapshotError
from publishing import BOTS, KINDS, Place, build, current, descends, head, publish_values, snapshot, start

NOON = "2026-01-01T12:00:00.000000Z"


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return a channel of each kind; nothing is published yet."""
    return Place(request.param, tmp_path).begin()


def publish_every_second(kind: str, folder: str, first: int) -> None:
    """Publish every second of twenty commits, and print how often the first bot's pointer moved."""
    moved = 0
    for number in range(first, 20, 2):
        try:
            moved += publish_values(Place(kind, Path(folder)).store(), number)[0].changed
        except DeskcError as error:
            if "does not descend" not in error.message:
                raise
    sys.stdout.write(f"{moved}")


def test_a_first_publish_begins_every_sequence(place: Place) -> None:
    """Each pointer names its build and has a sequence of 1; the channel has followed git to that commit."""
    store = place.store()
    assert publish_values(store, 1) == tuple(
        Publication("production", bot, build(1, bot, "values of 1").digest, 1, changed=True) for bot in BOTS
    )
    assert [(current(store, bot), head(store, bot)) for bot in BOTS] == [((1, 1), 1)] * 2


def test_the_sequence_counts_the_changes_of_each_bot(place: Place) -> None:
    """A commit that changes one bot moves that one's pointer alone."""
    store = place.store()
    publish_values(store, 1, "same", bots=["tradeengine"])
    for number in (1, 2, 3):
        publish_values(store, number, bots=["mm"])
    assert (current(store), current(store, "tradeengine")) == ((3, 3), (1, 1))


def test_an_unchanged_digest_leaves_the_pointer_alone(place: Place) -> None:
    """The channel follows git by its head; the pointer stays though other facts of the build changed."""
    store = place.store()
    publish_values(store, 1, "same")
    assert [one.changed for one in publish_values(store, 2, "same")] == [False, False]
    assert (current(store), head(store)) == ((1, 1), 2)


def test_publishing_backwards_is_refused(place: Place) -> None:
    """An older commit is an error that names both, and no bot's pointer or head moves, not even one that could."""
    store = place.store()
    publish_values(store, 1, bots=["mm"])
    publish_values(store, 3, bots=["tradeengine"])
    with pytest.raises(DeskcError, match=f"follows commit {3:040x} .* and commit {2:040x} does not") as caught:
        publish_values(store, 2)
    assert "--force REASON" in caught.value.help
    assert (current(store), head(store), current(store, "tradeengine")) == ((1, 1), 1, (3, 1))


def test_the_head_counts_not_the_pointer(place: Place) -> None:
    """A commit between the pointer's and the head's is already behind."""
    store = place.store()
    publish_values(store, 1, "same")
    publish_values(store, 3, "same")
    with pytest.raises(DeskcError, match="does not descend"):
        publish_values(store, 2, "other")


def test_force_goes_back_and_is_audited(place: Place) -> None:
    """The pointer moves forward in sequence to the old content; the audit says when, why, from where and to where."""
    store = place.store()
    publish_values(store, 1)
    publish_values(store, 2, force=Force("to be sure", NOON))
    publish_values(store, 1, force=Force("2 loses money", NOON))
    assert (current(store), head(store)) == ((1, 3), 1)
    with store.locked():
        lines = [json.loads(line) for line in (store.read("audit.jsonl") or b"").splitlines()]
    assert [line.pop("bot") for line in lines] == list(BOTS)
    assert lines[0] == {
        "at": NOON,
        "digest": build(1, "mm", "values of 1").digest,
        "environment": "production",
        "from": f"{2:040x}",
        "reason": "2 loses money",
        "to": f"{1:040x}",
    }


def test_a_commit_that_git_no_longer_knows_needs_force(place: Place) -> None:
    """Where git cannot say, its error stands, and only a human's reason goes past it."""
    store = place.store()
    publish_values(store, 1)
    made, data = build(2, "mm", "new"), snapshot("mm", "new")

    def unknown(old: Sha, _: Sha) -> bool:
        msg = f"commit {old} is not in this repository"
        raise DeskcError(msg)

    with pytest.raises(DeskcError, match="not in this repository"):
        publish(store, [made], data=lambda _: data, is_descendant=unknown)
    assert current(store) == (1, 1)
    force = Force("history was rewritten", NOON)
    publish(store, [made], data=lambda _: data, is_descendant=unknown, force=force)
    assert current(store) == (2, 2)


def test_other_bytes_than_the_digest_names_are_refused(place: Place) -> None:
    """A file that does not begin with the header that the digest names never enters a channel."""
    store = place.store()
    with pytest.raises(DeskcError, match="is not the one that its digest"):
        publish(store, [build(1, "mm", "one")], data=lambda _: snapshot("mm", "two"), is_descendant=descends)
    assert current(store) == (0, 0)


def test_a_channel_that_another_publish_holds_is_left_alone(place: Place) -> None:
    """While another publish holds the lock for long, ours is an error and nothing is written."""
    publish_values(place.store(), 1)
    with place.store().locked(), pytest.raises(DeskcError, match="locked by another publish"):
        publish_values(place.store(lock_timeout_s=0), 2)
    assert current(place.store()) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_two_merge_jobs_cannot_publish_backwards(kind: str, tmp_path: Path) -> None:
    """Nothing is lost or counted twice: the sequence is the number of moves, and the newest commit is current."""
    store = Place(kind, tmp_path).begin().store()
    publishers = [start(__file__, "publish_every_second", kind, str(tmp_path), first) for first in (0, 1)]
    answers = [publisher.communicate() for publisher in publishers]
    assert [error for _, error in answers] == ["", ""]
    assert current(store) == (19, sum(int(moved) for moved, _ in answers))
    assert head(store) == 19


def test_a_bot_fetches_what_is_current(place: Place) -> None:
    """The bytes are those that were published, with their digest and commit; what is known already is not sent."""
    publish_values(place.store(), 1)
    channel = place.bot_end()
    found = channel.fetch(None)
    assert found is not None
    made = build(1, "mm", "values of 1")
    assert (found.data, found.digest, found.git_sha) == (snapshot("mm", "values of 1"), made.digest, made.commit)
    assert not found.dirty
    assert channel.fetch(found.digest) is None
    publish_values(place.store(), 2)
    newer = channel.fetch(found.digest)
    assert newer is not None
    assert newer.data == snapshot("mm", "values of 2")
    channel.close()


def test_what_is_not_published_is_said(place: Place) -> None:
    """A bot that the channel does not know gets one sentence, before and after anything is published."""
    for number in (0, 1):
        if number:
            publish_values(place.store(), number, bots=["mm"])
        with closing(place.bot_end("tradeengine")) as channel, pytest.raises(NotFoundError) as caught:
            channel.fetch(None)
        assert "\n" not in str(caught.value)


def test_a_failure_leaves_the_channel_usable(place: Place) -> None:
    """The channel that was not there yet is there later, for the same end."""
    channel = place.bot_end()
    with pytest.raises(SnapshotError):
        channel.fetch(None)
    publish_values(place.store(), 1)
    found = channel.fetch(None)
    assert found is not None
    channel.close()


def test_a_wait_ends_when_something_is_published(place: Place) -> None:
    """A bot on the same machine hears of a publish without waiting for its whole time."""
    publish_values(place.store(), 1)
    channel = place.bot_end()
    known = channel.fetch(None)
    assert known is not None
    waiting = Thread(target=channel.wait, args=(600.0,))
    waiting.start()
    publish_values(place.store(), 2)
    waiting.join(60)
    assert not waiting.is_alive()
    assert channel.fetch(known.digest) is not None
    channel.close()


def test_closing_ends_a_wait(place: Place) -> None:
    """Another thread's wait returns when the channel is closed, and so does every later one."""
    publish_values(place.store(), 1)
    channel = place.bot_end()
    channel.fetch(None)
    waiting = Thread(target=channel.wait, args=(600.0,))
    waiting.start()
    channel.close()
    waiting.join(60)
    assert not waiting.is_alive()
    channel.wait(600.0)
