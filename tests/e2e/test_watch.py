"""deskc watch: a channel followed from a shell, for bots that only read files."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from command_line import DESKC, Answer, deskc, environment
from snapshots import ScopeText, SnapshotText, publish

WHO = ("--env", "production", "--bot", "tradeengine", "--state", "state")
TEXT = SnapshotText([ScopeText({"system": {"log_level": "${env:LOG_LEVEL}"}})])
LATER = SnapshotText([ScopeText({"system": {"log_level": "DEBUG"}})])
COMMIT = "c0ffee" * 6 + "c0ff"


def once(folder: Path, *more: str) -> Answer:
    """Tell what the channel of these tests has, and end."""
    return deskc("watch", "channel", *WHO, "--once", *more, cwd=folder)


def test_the_newest_good_snapshot_is_a_file(tmp_path: Path) -> None:
    """The line names the file, which holds the published bytes: references are left to whoever reads it."""
    publish(TEXT, tmp_path / "channel")
    answer = once(tmp_path)
    path = f"state/production/tradeengine/last/production/tradeengine/{TEXT.digest}.jsonl"
    assert answer.code == 0
    assert answer.out.split(" ", 1)[1] == (
        f"production/tradeengine snapshot {TEXT.digest[:12]} of commit {COMMIT[:12]}: {path}\n"
    )
    assert (tmp_path / path).read_bytes() == TEXT.data()
    told = once(tmp_path, "--output-format", "json").json()
    assert told == {
        "at": told["at"],
        "environment": "production",
        "bot": "tradeengine",
        "digest": TEXT.digest,
        "commit": COMMIT,
        "path": path,
    }


@pytest.mark.usefixtures("interruptible")
def test_a_command_runs_for_each_snapshot(tmp_path: Path) -> None:
    """It finds the file, the digest and the commit in variables; ^C ends the watch with 130."""
    publish(TEXT, tmp_path / "channel")
    script = tmp_path / "on_snapshot.sh"
    script.write_text('echo "$DESKC_DIGEST $DESKC_COMMIT" && cmp "$DESKC_SNAPSHOT" "$1/$DESKC_DIGEST.jsonl"\n')
    folder = tmp_path / "channel" / "production" / "tradeengine"
    run = ("--exec", f"sh {script} {folder}")
    with subprocess.Popen(
        [DESKC, "watch", "channel", *WHO, *run, "--every", "0.05", "-q"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{TEXT.digest} {COMMIT}\n"
        publish(LATER, tmp_path / "channel")
        assert process.stdout.readline() == f"{LATER.digest} {COMMIT}\n"
        process.send_signal(signal.SIGINT)
        assert (process.stdout.read(), process.wait(20)) == ("", 130)


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    """Its exit code is said on standard error; the snapshot stands."""
    publish(TEXT, tmp_path / "channel")
    answer = once(tmp_path, "--exec", "sh -c 'exit 3'", "-q")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"deskc: sh ended with 3 on snapshot {TEXT.digest[:12]}\n"


def test_without_its_channel_it_stays_with_the_last_good_one(tmp_path: Path) -> None:
    """The reason is said, and what earlier runs kept is told."""
    pointer = publish(TEXT, tmp_path / "channel")
    once(tmp_path)
    pointer.unlink()
    answer = once(tmp_path)
    assert (answer.code, TEXT.digest in answer.out) == (0, True)
    assert answer.err.startswith(f"deskc: stays with snapshot {TEXT.digest[:12]}: channel has nothing published")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("channel", "--env", "production"), "watch needs --bot BOT"),
        (("channel", *WHO), "channel does not exist"),
        (("ftp://x/y", *WHO), "ftp://x/y is no channel that this deskc reads"),
        (("channel", *WHO, "--every", "0"), "--every 0 is no time to wait between two looks"),
        (("channel", *WHO, "--exec", "'"), "--exec ' cannot be split into words: No closing quotation"),
        (("channel", *WHO, "--exec", " "), "--exec names no command"),
        (("channel", "--env", "..", "--bot", "x"), "'..' is no name of an environment or bot"),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    """Nothing is followed and nothing is written."""
    assert deskc("watch", *options, cwd=tmp_path).refuses(message)
    assert [*tmp_path.iterdir()] == []


def test_what_cannot_be_run_or_written_is_one_sentence(tmp_path: Path) -> None:
    """A command that does not exist, a state folder that cannot be."""
    publish(TEXT, tmp_path / "channel")
    assert "no-such-program cannot be run: No such file" in once(tmp_path, "--exec", "no-such-program").err
    (tmp_path / "file").touch()
    answer = deskc("watch", "channel", *WHO[:4], "--state", "file", "--once", cwd=tmp_path)
    assert answer.refuses("could not be written", help="--state")
    assert json.loads(once(tmp_path, "--output-format", "json").out)["digest"] == TEXT.digest
