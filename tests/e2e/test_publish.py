"""deskc compile --publish as a release runs it: pointers, sequence, descendants, force, and a bot at the other end."""

import json
from pathlib import Path
from typing import Any

import pytest

import deskc as bots_face
from command_line import Desk, git

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
BINDINGS = {f"DB_{name}": "1" for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")} | {
    f"REDIS_{name}": "1" for name in ("HOST", "PORT", "PASSWORD")
}


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    """Return where the channel will be; nothing is there yet."""
    return tmp_path / "channel"


def publish(desk: Desk, channel: Path, *arguments: str) -> str:
    """Publish, and return the line about pointers."""
    answer = desk.run("compile", "--publish", channel, *arguments)
    assert (answer.code, answer.err) == (0, "")
    (line,) = (line for line in answer.out.splitlines() if line.startswith("Published: "))
    return line


def pointer(channel: Path, target: str = "production/mm_multi_v1", name: str = "current.json") -> Any:  # noqa: ANN401 - any JSON value
    """Read a file that a channel keeps for a target."""
    return json.loads((channel / target / name).read_bytes())


def pointers(channel: Path) -> dict[str, bytes]:
    """Return every pointer of a channel, to the byte."""
    return {path.relative_to(channel).as_posix(): path.read_bytes() for path in channel.rglob("*.json")}


def widen(desk: Desk, old: str, new: str) -> str:
    """Change ETH's spread and commit that."""
    desk.edit(ETH, f"min_spread_bps: {old}", f"min_spread_bps: {new}")
    return desk.commit()


def test_a_pointer_holds_the_whole_build_record(desk: Desk, channel: Path) -> None:
    """Every key of ARCHITECTURE 7, a sequence from 1, and head.json with the commit."""
    assert publish(desk, channel) == "Published: 11 of 11 pointers moved."
    found = pointer(channel)
    keys = {"digest", "commit", "sequence", "environment", "bot"}
    assert set(found) == keys | {"rules_digest", "schemas_digest", "markets_digest", "compiler_version"}
    assert (found["commit"], found["sequence"]) == (desk.head(), 1)
    assert (found["environment"], found["bot"]) == ("production", "mm_multi_v1")
    assert (channel / "production/mm_multi_v1" / f"{found['digest']}.jsonl").is_file()
    assert pointer(channel, name="head.json") == {"commit": desk.head()}


def test_the_sequence_counts_moves(desk: Desk, channel: Path) -> None:
    """A pointer moves only where the digest changed, each time by one."""
    publish(desk, channel)
    second = widen(desk, "0.3", "0.4")
    assert publish(desk, channel) == "Published: 2 of 11 pointers moved."
    assert (pointer(channel)["sequence"], pointer(channel)["commit"]) == (2, second)
    assert pointer(channel, "production/tradeengine")["sequence"] == 1
    assert publish(desk, channel) == "Published: 0 of 11 pointers moved."


def test_an_unchanged_digest_leaves_the_pointer_s_file_alone(desk: Desk, channel: Path) -> None:
    """A comment moves head.json alone: current.json keeps inode and time, so caches and watchers stay quiet."""
    publish(desk, channel)
    before = (channel / "production/mm_multi_v1/current.json").stat()
    desk.edit(ETH, "# ETH:", "# Ether:")
    commit = desk.commit()
    assert publish(desk, channel) == "Published: 0 of 11 pointers moved."
    after = (channel / "production/mm_multi_v1/current.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert pointer(channel, name="head.json") == {"commit": commit}


def test_a_commit_that_does_not_descend_is_refused(desk: Desk, channel: Path) -> None:
    """Neither an ancestor nor a cousin moves a pointer, not even where its digest is the same."""
    first = desk.head()
    second = widen(desk, "0.3", "0.4")
    publish(desk, channel)
    git("checkout", "--quiet", "--detach", first, cwd=desk.root)
    cousin = widen(desk, "0.3", "0.5")
    before = pointers(channel)
    for commit in (first, cousin):
        answer = desk.run("compile", "--at", commit, "--publish", channel)
        assert answer.refuses(f"commit {commit} does not descend from it", "--force REASON")
        assert second in answer.err
        assert pointers(channel) == before


def test_the_line_may_be_left_with_a_reason(desk: Desk, channel: Path) -> None:
    """--force moves pointers backwards, on in sequence, and the audit says from where, to where and why."""
    first = desk.head()
    second = widen(desk, "0.3", "0.4")
    publish(desk, channel)
    assert publish(desk, channel, "--at", first, "--force", "the venue widened") == "Published: 2 of 11 pointers moved."
    assert (pointer(channel)["commit"], pointer(channel)["sequence"]) == (first, 2)
    lines = [json.loads(line) for line in (channel / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(line["reason"], line["from"], line["to"]) for line in lines} == {("the venue widened", second, first)}
    assert publish(desk, channel, "--at", second) == "Published: 2 of 11 pointers moved."


def test_a_descendant_needs_no_force_and_leaves_no_audit(desk: Desk, channel: Path) -> None:
    """A reason given in vain overrides nothing, so nothing is written down."""
    publish(desk, channel)
    widen(desk, "0.3", "0.4")
    publish(desk, channel, "--force", "to be sure")
    assert not (channel / "audit.jsonl").exists()


def test_an_error_moves_no_pointer(desk: Desk, channel: Path) -> None:
    """One bot's error holds back everything, unless the publish is narrowed to the others."""
    publish(desk, channel)
    before = pointers(channel)
    desk.edit(ETH, "min_spread_bps: 0.3", "min_sprad_bps: 0.4")
    desk.edit("config-repo/coins/BTCUSDT.yaml", "leverage: 15", "leverage: 14")
    desk.commit()
    assert desk.run("compile", "--publish", channel).code == 1
    assert pointers(channel) == before
    assert publish(desk, channel, "--bot", "tradeengine") == "Published: 2 of 2 pointers moved."


def test_a_damaged_pointer_is_refused(desk: Desk, channel: Path) -> None:
    """What was edited by hand is not guessed at."""
    publish(desk, channel)
    (channel / "production/mm_multi_v1/current.json").write_text("{}", encoding="utf-8")
    assert desk.run("compile", "--publish", channel).refuses("is damaged, or was edited by hand")


def test_publishing_records_too(desk: Desk, channel: Path) -> None:
    """`compile --publish` writes there and does both: snapshots lie in the channel alone, builds in the ledger."""
    publish(desk, channel)
    assert not (desk.root / ".deskc/snapshots").exists()
    assert (desk.root / ".deskc/ledger.db").is_file()


def test_a_folder_of_one_s_own_and_a_channel_both_get_the_snapshots(desk: Desk, channel: Path) -> None:
    """With --out as well, the files lie in both places and only the channel has pointers."""
    publish(desk, channel, "--out", "made")
    assert sorted(desk.files("made")) == sorted(
        path.relative_to(channel).as_posix() for path in channel.rglob("*.jsonl")
    )
    assert len(desk.files("made")) == len(list(channel.rglob("current.json"))) == 11


def test_from_a_commit_to_a_bot_s_values(desk: Desk, channel: Path) -> None:
    """Compile, publish, load: the bot sees what the commit's layers say, with the ids of both."""
    widen(desk, "0.3", "0.4")
    publish(desk, channel)
    maker = bots_face.load(channel, environment="development", bot="mm_multi_v1")
    assert maker["ETH"].trading.min_spread_bps == 0.4
    assert maker["AVAX"]["trading"]["max_per_coin_notional"] == 200
    assert maker.bot.system.log_level == "INFO"
    engine = bots_face.load(channel, environment="production", bot="tradeengine", env=BINDINGS)
    assert (engine["BTCUSDT", "LONG"].trading.leverage, engine["BTCUSDT", "SHORT"].trading.leverage) == (20, 15)
    stamp = engine["BTCUSDT", "LONG"].stamp
    assert stamp.snapshot_digest == pointer(channel, "production/tradeengine")["digest"]
    assert stamp.git_sha == desk.head()
