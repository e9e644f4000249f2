"""`deskc diff`, as a user runs it."""

import json
from pathlib import Path

import pytest

from command_line import deskc
from small_desk import Repository, start


@pytest.fixture
def desk(tmp_path: Path) -> Repository:
    """Return a small desk with a second commit that changes one value."""
    repository = start(tmp_path / "repository")
    repository.edit("desk/global.yaml", "leverage: 10", "leverage: 12")
    repository.commit("More leverage")
    return repository


def diff(desk: Repository, *arguments: str) -> tuple[int, str, str]:
    """Run diff inside the desk's folder; return its exit code and what it wrote."""
    done = deskc("diff", *arguments, cwd=desk.root / "desk")
    return done.code, done.out, done.err


def test_a_commit_is_compared_with_head(desk: Repository) -> None:
    """One change over many scopes is one row; differences are no failure."""
    code, text, said = diff(desk, "HEAD~1")
    assert (code, said) == (0, "")
    assert text.splitlines()[:2] == [
        "trading.leverage 10 → 12 x",
        "  10 scopes · minor, hot · set at desk/global.yaml:3:13",
    ]


def test_differences_fail_where_asked(desk: Repository) -> None:
    """With --exit-code differences end with 1, equality with 0."""
    assert diff(desk, "HEAD~1", "--exit-code")[0] == 1
    code, text, _ = diff(desk, "HEAD", "HEAD", "--exit-code")
    assert (code, text.startswith("Nothing differs")) == (0, True)


def test_uncommitted_edits_are_left_out_and_named(desk: Repository) -> None:
    """HEAD is a commit: what is not committed is named, and --worktree compares it."""
    desk.edit("desk/global.yaml", "leverage: 12", "leverage: 14")
    _, text, said = diff(desk, "HEAD~1")
    assert "10 → 12" in text
    assert "left out, because not committed: desk/global.yaml" in said
    _, text, said = diff(desk, "HEAD~1", "--worktree")
    assert ("10 → 14" in text, said) == (True, "")


def test_two_environments_are_compared_at_one_commit(desk: Repository) -> None:
    """A..B compares each bot that runs in both, at HEAD or at the commit named."""
    desk.edit("desk/environments/production.yaml", "INFO", "DEBUG")
    desk.commit("Log more")
    assert 'system.log_level not set → "DEBUG"' in diff(desk, "--env", "staging..production")[1]
    assert 'system.log_level not set → "INFO"' in diff(desk, "HEAD~1", "--env", "staging..production")[1]


def test_names_limit_what_is_compared(desk: Repository) -> None:
    """--env and --bot leave the rest out."""
    _, text, _ = diff(desk, "HEAD~1", "--env", "development", "--bot", "maker")
    assert "  3 scopes" in text
    assert "engine" not in text


def test_a_removed_bot_may_still_be_named(desk: Repository) -> None:
    """A bot that only one side has can be asked for."""
    desk.write({"desk/bots/engine/bot.yaml": None, "desk/coins/BTC.LONG.yaml": None})
    desk.commit("Retire the engine")
    code, text, _ = diff(desk, "HEAD~1", "--bot", "engine")
    assert (code, text.splitlines()[0]) == (0, "6 scopes removed")


def test_programs_get_digests(desk: Repository) -> None:
    """The object names both commits, and each scope's params digest before and after."""
    record = json.loads(diff(desk, "HEAD~1", "--output-format", "json")[1])
    assert (record["base"], record["head"]) == (desk.git("rev-parse", "HEAD~1"), desk.git("rev-parse", "HEAD"))
    assert all(scope["before"]["params_digest"] != scope["after"]["params_digest"] for scope in record["scopes"])
    assert len(record["scopes"]) == 10


def test_an_error_on_one_side_is_said(desk: Repository) -> None:
    """What cannot be resolved is not compared, and the note says how to see why."""
    desk.edit("desk/bots/maker/coins/ETH.yaml", "0.3", "wide")
    desk.commit("Break it")
    code, text, said = diff(desk, "HEAD~1")
    assert code == 0
    assert "2 scopes not compared" in text
    assert "deskc check --at REV shows them" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "diff compares with a commit, and none is named"),
        (("HEAD~9",), "HEAD~9 names no commit"),
        (("HEAD~1", "--bot", "makr"), "did you mean maker?"),
        (("HEAD~1", "HEAD", "--worktree"), "leave out HEAD"),
        (("--env", "staging.."), "write --env staging..production"),
        (("--env", "staging..prodction"), "did you mean production?"),
        (("--env", "development..staging"), "no bot runs in both"),
        (("HEAD", "HEAD~1", "--env", "staging..production"), "leave out HEAD~1"),
    ],
)
def test_wrong_use_is_one_sentence(desk: Repository, arguments: tuple[str, ...], said: str) -> None:
    """Wrong use ends with 2, prints no result and names the way out."""
    code, text, error = diff(desk, *arguments)
    assert (code, text) == (2, "")
    assert said in error


def test_check_ends_with_a_line_a_changed_scope(desk: Repository) -> None:
    """Check says of uncommitted edits which scopes change and which label follows."""
    desk.edit("desk/bots/maker/coins/ETH.yaml", "0.3", "0.4")
    done = deskc("check", cwd=desk.root / "desk")
    assert done.out.splitlines()[-1] == "maker/ETH spread_bps 0.3 → 0.4 · minor → 1.3.0"
