"""deskc versions list: which label each scope carries at HEAD, and since which commit."""

import json

import pytest

from command_line import Desk, deskc, git

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
KEYS = ["environment", "bot", "coin", "side", "config_version", "params_digest", "since_commit", "since"]


def listed(desk: Desk, *arguments: str) -> list[dict[str, str | None]]:
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
    head, *lines = desk.run("versions", "list", "--env", "production", "--bot", "tradeengine").out.splitlines()
    assert head.split("  ")[0] == "environment"
    assert len(lines) == 3
    assert [line.split()[:3] for line in lines] == [
        ["production", "tradeengine", "(bot)"],
        ["production", "tradeengine", "BTCUSDT"],
        ["production", "tradeengine", "BTCUSDT"],
    ]
    assert all(desk.head()[:12] in line and "1.0.0 · " in line for line in lines)


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
