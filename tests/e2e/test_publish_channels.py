"""deskc publish as a merge job runs it: to each kind of channel, only forwards, and a bot at the other end."""

import json
from pathlib import Path

import pytest

import deskc as bots_face
from command_line import Desk, git

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
MM = ("--env", "development", "--bot", "mm_multi_v1")


def url(desk: Desk, kind: str) -> str:
    """Return what a channel of a kind is called; nothing is there yet."""
    place = desk.root.parent / "channel"
    return {"folder": str(place), "sqlite": f"sqlite:///{place}", "tuf": f"tuf+file://{place}"}[kind]


def begin(desk: Desk, kind: str) -> tuple[str, ...]:
    """Make the keys of a signed channel; return the options by which it is published to."""
    if kind != "tuf":
        return ("--channel", url(desk, kind))
    keys = desk.root.parent / "keys"
    answer = desk.run("keys", "init", keys, "--channel", url(desk, kind), "--env", "development")
    assert (answer.code, answer.err) == (0, "")
    return ("--channel", url(desk, kind), "--keys", str(keys))


def widen(desk: Desk, old: str, new: str) -> str:
    """Change ETH's spread and commit that."""
    desk.edit(ETH, f"min_spread_bps: {old}", f"min_spread_bps: {new}")
    return desk.commit()


@pytest.mark.parametrize("kind", ["folder", "sqlite", "tuf"])
def test_a_commit_reaches_a_bot_and_no_older_one_follows(desk: Desk, kind: str) -> None:
    """Publish, load, publish the next, load; the commit before is refused, and leads on as a new number by force."""
    first, channel = desk.head(), begin(desk, kind)
    root = "#root=" + str(desk.root.parent / "keys/root.json") if kind == "tuf" else ""

    def spread() -> object:
        where, state = url(desk, kind) + root, desk.root.parent / "state"
        snap = bots_face.load(where, environment="development", bot="mm_multi_v1", env={}, state=state)
        assert snap.git_sha is not None
        return snap.git_sha, snap["ETH"].trading.min_spread_bps

    answer = desk.run("publish", *channel, *MM)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[-1] == f"Published commit {first[:12]} to {channel[1]}: 1 of 1 pointers moved."
    assert spread() == (first, 0.3)
    second = widen(desk, "0.3", "0.4")
    answer = desk.run("publish", *channel, *MM, "--output-format", "json")
    (told,) = answer.json()["published"]
    assert (answer.json()["commit"], told["sequence"], told["changed"]) == (second, 2, True)
    assert spread() == (second, 0.4)
    assert desk.run("publish", *channel, *MM, "--at", first).refuses("does not descend from it", "--force REASON")
    assert desk.run("publish", *channel, *MM, "--at", first, "--force", "the venue widened").code == 0
    assert spread() == (first, 0.3)


def test_an_error_publishes_nothing(desk: Desk) -> None:
    """The finding is shown, the exit code is 1, and no channel is begun."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_sprad_bps: 0.4")
    desk.commit()
    answer = desk.run("publish", "--channel", url(desk, "folder"))
    assert answer.code == 1
    assert "min_sprad_bps" in answer.out
    assert answer.out.endswith("Nothing was published.\n")
    assert not (desk.root.parent / "channel").exists()


def test_two_merge_jobs_cannot_publish_backwards(desk: Desk) -> None:
    """A job that checked out an older commit and comes second is refused; publishing records nothing of its own."""
    first, channel = desk.head(), begin(desk, "sqlite")
    git("worktree", "add", "--quiet", "--detach", "../slow", first, cwd=desk.root)
    widen(desk, "0.3", "0.4")
    assert desk.run("publish", *channel, *MM).code == 0
    assert Desk(desk.root.parent / "slow").run("publish", *channel, *MM).refuses("does not descend from it")
    assert not (desk.root / ".deskc").exists()


def test_the_scheduled_job_signs_again(desk: Desk) -> None:
    """With root.json and the two online keys alone, in a folder without a desk, the timestamp gets a day more."""
    channel = begin(desk, "tuf")
    assert desk.run("publish", *channel, *MM).code == 0
    keys, online = desk.root.parent / "keys", desk.root.parent / "online"
    online.mkdir()
    for path in (*keys.glob("timestamp.*"), *keys.glob("snapshot.*"), keys / "root.json"):
        path.rename(online / path.name)
    before = (desk.root.parent / "channel/metadata/timestamp.json").read_bytes()
    alone = ("publish", *channel[:2], "--keys", str(online), "--timestamp")
    answer = Desk(desk.root.parent).run(*alone)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Signed the timestamp of {channel[1]} again: it counts until ")
    assert (desk.root.parent / "channel/metadata/timestamp.json").read_bytes() != before
    assert set(Desk(desk.root.parent).run(*alone, "--output-format", "json").json()) == {
        "channel",
        "notes",
        "timestamp_expires_at",
    }


def test_what_cannot_be_published_to_is_one_sentence(desk: Desk) -> None:
    """No channel, one that only bots read, one of no kind, a signed one without keys or beginning, options in vain."""
    signed = f"tuf+file://{desk.root}/signed"
    assert desk.run("publish").refuses("publish needs --channel", "--channel URL")
    assert desk.run("publish", "--channel", "").refuses("--channel names nothing")
    assert desk.run("publish", "--channel", "https://desk/x").refuses("is read by bots", "the folder that its server")
    assert desk.run("publish", "--channel", "redis://x").refuses("no channel that this deskc publishes to")
    assert desk.run("publish", "--channel", "sqlite://x").refuses("names no file for a channel", "four slashes")
    assert desk.run("publish", "--channel", signed).refuses("no keys are named", "--keys DIR")
    assert desk.run("publish", "--channel", signed, "--keys", "k").refuses("is no signed channel yet", "keys init")
    assert desk.run("publish", "--channel", signed, "--timestamp", "--at", "HEAD").refuses("publishes nothing")
    assert desk.run("publish", "--channel", "folder", "--timestamp").refuses("no signed channel that can be written")
    assert desk.run("publish", "--channel", "folder", "--force", " ").refuses("needs a reason")
    assert not (desk.root / "signed").exists()


def test_verify_says_what_is_proven(desk: Desk) -> None:
    """Integrity of a file, a folder and a database; reviewed of a signed channel; a changed byte is refused with 1."""
    for kind in ("folder", "sqlite", "tuf"):
        channel = begin(desk, kind)
        root: tuple[str, ...] = ("--root", str(desk.root.parent / "keys/root.json")) if kind == "tuf" else ()
        assert desk.run("publish", *channel, *MM).code == 0
        answer = desk.run("verify", channel[1], *root)
        assert (answer.code, answer.err) == (0, "")
        head, row, last = answer.out.splitlines()
        assert head.split() == ["bot", "snapshot", "commit", "scopes"]
        assert (row.split()[0], row.split()[2:]) == ("development/mm_multi_v1", [desk.head()[:12], "5", "whole"])
        proven = "reviewed: the keys" if kind == "tuf" else "integrity: every byte is the one that its digest names"
        assert last.startswith(f"Proven of 1 of 1: {proven}")
        if kind != "tuf":
            place = desk.root.parent / "channel"
            if kind == "folder":
                refuses_a_changed_byte(desk, place, channel[1])
            place.rename(desk.root.parent / kind)
    refuses_a_changed_byte(desk, desk.root.parent / "channel/targets", channel[1], *root)


def refuses_a_changed_byte(desk: Desk, place: Path, *arguments: str) -> None:
    """Change the last line of the one snapshot below a folder, verify, and put it back."""
    (path,) = place.rglob("*.jsonl")
    sound = path.read_bytes()
    path.write_bytes(sound[:-20] + bytes([sound[-20] ^ 1]) + sound[-19:])
    answer = desk.run("verify", *arguments, "--output-format", "json")
    (told,) = answer.json()["snapshots"]
    assert (answer.code, told["proves"], told["digest"]) == (1, None, None)
    assert told["error"]
    answer = desk.run("verify", *arguments)
    assert answer.code == 1
    assert answer.out.endswith("Proven: nothing.\n")
    path.write_bytes(sound)


def test_what_cannot_be_verified_is_one_sentence(desk: Desk) -> None:
    """Nothing there, a signed channel without a root, a static server without a name, a root in vain."""
    assert desk.run("verify", "nowhere").refuses("neither a snapshot's file nor a channel")
    assert desk.run("verify", "config-repo").refuses("offers nothing", "publish there")
    assert desk.run("verify", "config-repo/desk.yaml").refuses("is not named by its digest")
    assert desk.run("verify", "sqlite:///nowhere.db").refuses("cannot be read as a channel")
    assert desk.run("verify", "tuf+file:///nowhere").refuses("no trusted root is named", "--root FILE")
    assert desk.run("verify", "tuf+file:///nowhere", "--root", "r").refuses("there is no trusted root at r")
    assert desk.run("verify", "http://127.0.0.1:9/x").refuses("lists nothing", "--env ENV and --bot BOT")
    assert desk.run("verify", "config-repo", "--root", "r").refuses("--root is about signed channels")


def test_keys_are_made_and_replaced(desk: Desk) -> None:
    """Environments come from the desk, the files are listed, each role's key can be replaced, and a bot follows."""
    keys, channel = desk.root.parent / "keys", f"tuf+file://{desk.root.parent}/channel"
    answer = desk.run("keys", "init", keys, "--channel", channel, "--threshold", "1", "--of", "1")
    assert (answer.code, answer.err) == (0, "")
    *files, delegates, trust = answer.out.splitlines()
    roles = ("root", "targets", "snapshot", "timestamp", *(f"environment.{one}" for one in ENVIRONMENTS))
    assert [Path(file).name.rsplit(".", 2)[0] for file in files] == list(roles)
    assert {Path(file).stat().st_mode & 0o777 for file in files} == {0o600}
    assert delegates == f"{channel} delegates to {', '.join(ENVIRONMENTS)}."
    assert f"Give {keys / 'root.json'} to every bot" in trust
    answer = desk.run("keys", "init", keys, "--channel", channel)
    assert answer.out == f"{channel} has these environments already; nothing was written.\n"
    answer = desk.run("keys", "rotate", keys, "--channel", channel, "--role", "production", "--output-format", "json")
    told = json.loads(answer.out)
    assert (told["role"], len(told["keys"])) == ("production", 1)
    assert told["new"] != told["old"]
    answer = desk.run("keys", "rotate", keys, "--channel", channel, "--role", "timestamp")
    assert answer.out.splitlines()[-1] == "The old key counts no more; remove its file."


def test_keys_that_cannot_be_made_are_one_sentence(desk: Desk) -> None:
    """A channel of another kind, a threshold that is none, a role that is none."""
    folder, signed = desk.root / "keys", f"tuf+file://{desk.root}/signed"
    one = ("--env", "production")
    assert desk.run("keys", "init", folder).refuses("needs a folder and --channel")
    assert desk.run("keys", "init", folder, "--channel", "sqlite:///x").refuses("no signed channel that can be written")
    assert desk.run("keys", "init", folder, "--channel", signed, *one, "--threshold", "4").refuses("4 of 3 keys")
    assert desk.run("keys", "rotate", folder, "--channel", signed).refuses("needs --channel and --role")
    answer = desk.run("keys", "rotate", folder, "--channel", signed, "--role", "root")
    assert answer.refuses("is no signed channel yet")
    assert not folder.exists()
    assert not (desk.root / "signed").exists()


ENVIRONMENTS = ("development", "staging", "production")
