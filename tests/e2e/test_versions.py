"""deskc versions list: what each scope is compiled to, what bots run of it, and what they ran."""

import json
from typing import Any

import pytest

from command_line import Desk, deskc, git

BOT = "config-repo/bots/mm_multi_v1/bot.yaml"
ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
KEYS = [
    *("environment", "bot", "coin", "side", "config_version", "params_digest", "since_commit", "since"),
    *("active", "ended", "next_action"),
]
MM = ("--env", "production", "--bot", "mm_multi_v1")


def listed(desk: Desk, *arguments: str) -> list[dict[str, Any]]:
    """List versions as a program reads them."""
    answer = desk.run("versions", "list", "--output-format", "json", *arguments)
    assert (answer.code, answer.err) == (0, "")
    rows = answer.json()["versions"]
    assert all(list(row) == KEYS for row in rows)
    return list(rows)


def test_without_a_ledger_it_lists_and_says_what_makes_one(desk: Desk) -> None:
    """Labels need no ledger, only the days do; looking makes none."""
    rows = listed(desk)
    assert len(rows) == 29
    assert {row["since_commit"] for row in rows} == {None}
    text = desk.run("versions", "list").out
    assert text.endswith("\nNo ledger yet, so nothing tells since when: run deskc compile, which makes one.\n")
    assert not (desk.root / ".deskc").exists()


def test_with_a_ledger_each_scope_has_its_own_first_commit(desk: Desk) -> None:
    """A scope keeps the commit at which what it trades began."""
    first = desk.head()
    assert desk.run("compile").code == 0
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    desk.edit(ETH, "config_version: 1.2.0", "config_version: 1.3.0")
    second = desk.commit()
    assert desk.run("compile").code == 0
    since = {(row["environment"], row["coin"]): (row["config_version"], row["since_commit"]) for row in listed(desk)}
    assert since["production", "ETH"] == since["development", "ETH"] == ("1.3.0", second)
    assert since["production", "AVAX"] == ("1.1.0", first)
    assert since["production", "BTCUSDT"] == ("1.0.0", first)
    assert {row["since"] for row in listed(desk)} == {"2026-01-02"}


def test_a_scope_that_is_not_recorded_yet_is_said(desk: Desk) -> None:
    """A commit that nobody compiled has no day; the table says what to run."""
    assert desk.run("compile").code == 0
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    desk.commit()
    text = desk.run("versions", "list").out
    assert "are not recorded yet: run deskc compile" in text
    assert [row["coin"] for row in listed(desk) if row["since_commit"] is None] == ["ETH", "ETH"]


def test_a_table_has_a_row_a_scope(desk: Desk) -> None:
    """People read environment, bot, scope, label with digest, commit and day."""
    assert desk.run("compile").code == 0
    text = desk.run("versions", "list", "--env", "production", "--bot", "tradeengine").out
    head, *lines = text.partition("\n\n")[0].splitlines()
    assert head.split() == ["environment", "bot", "scope", "state", "version", "commit", "since"]
    assert len(lines) == 3
    assert [line.split()[:3] for line in lines] == [
        ["production", "tradeengine", "(bot)"],
        ["production", "tradeengine", "BTCUSDT"],
        ["production", "tradeengine", "BTCUSDT"],
    ]
    assert all(desk.head()[:12] in line and "1.0.0 · " in line for line in lines)


def release(desk: Desk, old: str, new: str) -> None:
    """Commit an edit of ETH, publish it, and let the market maker run it."""
    desk.edit(ETH, old, new)
    desk.commit()
    activate(desk)


def activate(desk: Desk, *more: str) -> None:
    """Publish HEAD and let the market maker run it."""
    assert desk.run("compile", "--publish", "channel").code == 0
    assert desk.run("activate", *MM, "--channel", "channel", *more).code == 0


def states(desk: Desk, *arguments: str) -> list[list[str]]:
    """Return (coin, state, label) of each line of the market maker's table in production."""
    table = desk.run("versions", "list", *MM, *arguments).out.partition("\n\n")[0]
    return [line.split()[2:5] for line in table.splitlines()[1:]]


def test_compiled_active_and_ended_stand_apart(desk: Desk) -> None:
    """A commit is compiled before a bot runs it, and what the bot ran before has ended."""
    activate(desk)
    release(desk, "config_version: 1.2.0", "config_version: 1.3.0")
    desk.edit(ETH, "config_version: 1.3.0", "config_version: 1.4.0")
    desk.commit()
    assert states(desk, "--coin", "ETH") == [
        ["ETH", "compiled", "1.4.0"],
        ["ETH", "active", "1.3.0"],
        ["ETH", "ended", "1.2.0"],
    ]
    assert states(desk, "--coin", "AVAX") == [["AVAX", "compiled", "1.1.0"], ["AVAX", "active", "1.1.0"]]


def test_an_interval_says_since_when_and_until_when(desk: Desk) -> None:
    """As the ledger has them, with commit, method and whose they are; the table names runs that are told apart."""
    activate(desk, "--account", "0xab", "--instance", "b")
    first = desk.head()
    desk.edit(ETH, "config_version: 1.2.0", "config_version: 1.3.0")
    desk.commit()
    activate(desk, "--account", "0xab", "--instance", "b")
    (row,) = listed(desk, *MM, "--coin", "ETH")
    (active,), (ended,) = row["active"], row["ended"]
    assert ended["ended_at"] == active["started_at"] > ended["started_at"]
    assert (active["ended_at"], active["git_sha"], ended["git_sha"]) == (None, desk.head(), first)
    assert (ended["config_version"], ended["method"]) == ("1.2.0", "activate")
    assert (active["config_version"], active["account"], active["instance"]) == ("1.3.0", "0xab", "b")
    text = desk.run("versions", "list", *MM, "--coin", "ETH").out
    assert text.splitlines()[0].split()[-2:] == ["until", "run"]
    assert text.count("account 0xab, instance b") == 2
    assert f"{ended['ended_at'][:19]}Z" in text


def test_when_nothing_is_active_it_says_what_to_run(desk: Desk) -> None:
    """The very command, for each bot that nothing is active for, and with the ledger where one was named."""
    assert desk.run("compile", "--publish", "channel").code == 0
    commands = [f"deskc activate --env {env} --bot mm_multi_v1 --channel URL" for env in ("development", "production")]
    text = desk.run("versions", "list", "--bot", "mm_multi_v1").out
    assert text.endswith("say so:\n" + "".join(f"  {command}\n" for command in commands))
    assert {row["next_action"] for row in listed(desk, "--bot", "mm_multi_v1")} == set(commands)
    ledger = "sqlite:///.deskc/ledger.db"
    (command,) = {row["next_action"] for row in listed(desk, *MM, "--ledger", ledger)}
    assert command == f"deskc activate --env production --bot mm_multi_v1 --ledger {ledger} --channel URL"
    assert desk.run(*command.replace("URL", "channel").split()[1:]).code == 0
    assert {row["next_action"] for row in listed(desk, *MM)} == {None}
    assert "activate" not in desk.run("versions", "list", *MM).out


def test_without_a_ledger_compile_comes_first(desk: Desk) -> None:
    """An activation has nowhere to go yet."""
    assert {row["next_action"] for row in listed(desk)} == {"deskc compile"}
    assert "deskc activate" not in desk.run("versions", "list").out


def test_a_coin_that_head_no_longer_has_keeps_its_history(desk: Desk) -> None:
    """It is compiled no more, but still active until the bot goes over, and ended afterwards."""
    activate(desk)
    desk.edit(BOT, "coins: [ETH, AVAX, PENGU, FARTCOIN]", "coins: [ETH, AVAX, FARTCOIN]")
    desk.commit()
    assert states(desk, "--coin", "PENGU") == [["PENGU", "active", "1.0.0"]]
    activate(desk)
    assert states(desk, "--coin", "PENGU") == [["PENGU", "ended", "1.0.0"]]
    (row,) = listed(desk, *MM, "--coin", "PENGU")
    assert (row["config_version"], row["params_digest"], row["since"]) == (None, None, None)


def test_it_is_narrowed_by_coin(desk: Desk) -> None:
    """Repeatable, and a typing error is refused."""
    assert [row["coin"] for row in listed(desk, *MM, "--coin", "ETH", "--coin", "AVAX")] == ["AVAX", "ETH"]
    assert desk.run("versions", "list", "--coin", "ETHH").refuses("there is no coin ETHH", "did you mean ETH?")
    assert desk.run("versions", "list", *MM, "--coin", "XYZ").refuses("there is no coin XYZ", "known are AVAX, ETH")


def test_it_is_narrowed_by_environment_and_bot(desk: Desk) -> None:
    """Repeatable, and a typing error is refused."""
    assert {row["bot"] for row in listed(desk, "--bot", "tradeengine")} == {"tradeengine"}
    assert {row["environment"] for row in listed(desk, "--env", "staging", "--env", "development")} == {
        "staging",
        "development",
    }
    assert desk.run("versions", "list", "--bot", "tradengine").refuses("no bot tradengine", "tradeengine?")


def test_edits_are_no_matter(desk: Desk) -> None:
    """It tells of HEAD, whatever the working tree holds."""
    before = listed(desk)
    desk.write(ETH, "broken: [")
    assert listed(desk) == before


def test_a_head_that_does_not_compile_is_refused(desk: Desk) -> None:
    """One sentence that says where to look; another bot's error is no matter when narrowed."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    desk.commit()
    assert desk.run("versions", "list").refuses("HEAD does not compile", "deskc check --at HEAD")
    assert len(listed(desk, "--bot", "tradeengine")) == 6


@pytest.mark.parametrize("ledger", ["sqlite:///gone.db", "gone.db", ""])
def test_a_ledger_that_was_named_must_be_there(desk: Desk, ledger: str) -> None:
    """A typing error in --ledger is not taken for a desk without one, and makes none."""
    assert desk.run("versions", "list", "--ledger", ledger).refuses("ledger")
    assert not (desk.root / "gone.db").exists()


def test_an_empty_repository_is_refused(desk: Desk) -> None:
    """Without a commit there is nothing to list."""
    git("update-ref", "-d", "HEAD", cwd=desk.root)
    assert desk.run("versions", "list").refuses("has no commit yet")


def test_versions_alone_shows_its_verbs(desk: Desk) -> None:
    """A group without a verb prints its help and is wrong usage."""
    answer = desk.run("versions")
    assert answer.code == 2
    assert "list" in answer.out + answer.err
    assert "..." not in (answer.out + answer.err).partition("Commands:")[2]


def test_json_goes_to_a_file(desk: Desk) -> None:
    """As every result does with -o."""
    assert deskc("versions", "list", "--output-format", "json", "-o", "v.json", cwd=desk.root).out == ""
    assert json.loads((desk.root / "v.json").read_bytes())["versions"] == listed(desk)
