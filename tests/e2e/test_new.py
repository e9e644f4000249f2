"""deskc new as a person types it: a bot and a coin that check clean, compile and load, and every way it refuses."""

import shlex
import subprocess
from pathlib import Path

import pytest

import deskc as bot_side
from command_line import DESKC, Desk, deskc, environment, git
from deskc.edit.template import templates

BOT = "config-repo/bots/mm_multi_v1/bot.yaml"


@pytest.fixture
def fresh(tmp_path: Path) -> Desk:
    """Return a desk as init makes it, committed."""
    assert deskc("init", "fresh", cwd=tmp_path).code == 0
    desk = Desk(tmp_path / "fresh")
    desk.commit()
    return desk


def clean(desk: Desk) -> bool:
    """Say whether a check finds nothing wrong; what it could not look up is no more than a note."""
    return desk.run("check", "--strict").code == 0


@pytest.mark.parametrize("template", templates())
def test_a_bot_and_a_coin_check_clean_compile_and_load(fresh: Desk, template: str) -> None:
    """From two commands to a value that a process of the new bot reads for its new coin."""
    added = fresh.run("new", "bot", "second", "--template", template)
    assert (added.code, added.err) == (0, "")
    assert clean(fresh)
    added = fresh.run("new", "coin", "LINK", "--bot", "second")
    assert (added.code, added.err) == (0, "")
    assert clean(fresh)
    fresh.commit()
    assert fresh.run("compile", "--publish", "channel").code == 0
    snapshot = bot_side.load(fresh.root / "channel", environment="production", bot="second")
    assert snapshot["LINK"].trading.leverage == 2


def test_a_coin_begun_from_a_template_has_its_values(fresh: Desk) -> None:
    """What the template's coin has of its own is the new coin's, label included."""
    assert fresh.run("new", "coin", "SOL", "--bot", "mm_multi_v1", "--template", "mm").code == 0
    assert clean(fresh)
    fresh.commit()
    assert fresh.run("compile", "--publish", "channel").code == 0
    snapshot = bot_side.load(fresh.root / "channel", environment="staging", bot="mm_multi_v1")
    assert snapshot["SOL"].trading.size_notional_usd == 25
    assert snapshot["AVAX"].trading.size_notional_usd == 10


def test_where_and_what_a_bot_trades_may_be_said(fresh: Desk) -> None:
    """Venue, environments and coins are what was asked for, and only those scopes compile."""
    where = ("--exchange", "phemex", "--environments", "development,production", "--coins", "SOL, LINK")
    assert fresh.run("new", "bot", "grid", *where).code == 0
    assert clean(fresh)
    fresh.commit()
    compiled = fresh.run("compile", "--bot", "grid", "--output-format", "json").json()
    assert {(one["environment"], one["scopes"]) for one in compiled["snapshots"]} == {
        ("development", 3),
        ("production", 3),
    }


def test_the_commands_that_new_prints_work_as_printed(fresh: Desk) -> None:
    """From anywhere in the repository, pasted into a shell, they lead to a compiled commit."""
    said = fresh.run("new", "bot", "second", "--template", "arb", "bots/..").out
    elsewhere = deskc("new", "coin", "SOL", "--bot", "second", cwd=fresh.root / "bots").out
    who = {f"GIT_{role}_{what}": "owner" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for lines, folder in ((said, fresh.root), (elsewhere, fresh.root / "bots")):
        commands = lines.partition("Next:\n")[2].replace("deskc", shlex.quote(str(DESKC)))
        done = subprocess.run(
            ["sh", "-e", "-c", commands],
            cwd=folder,
            env=environment(**who),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert git("log", "--format=%s", cwd=fresh.root).splitlines()[:2] == ["Trade SOL with second", "Add the bot second"]
    assert git("status", "--porcelain", cwd=fresh.root) == ""


@pytest.mark.parametrize("template", templates())
def test_the_reference_desk_grows(desk: Desk, template: str) -> None:
    """A desk below the root, with schemas and rules beside it and layers of its own, takes a bot of every template."""
    before = desk.files("config-repo")
    answer = desk.run("new", "bot", "second", "--template", template, "--environments", "production")
    assert (answer.code, answer.err) == (0, "")
    assert desk.run("check").code == 0
    after = desk.files("config-repo")
    assert {path: after[path] for path in before} == before


def test_a_coin_changes_nothing_of_a_bot_but_its_list(desk: Desk) -> None:
    """Line ends, comments and spaces of bot.yaml are kept, byte for byte."""
    path = desk.root / BOT
    text = path.read_bytes().replace(b"\n", b"\r\n").replace(b"[ETH, AVAX,", b"[ ETH,AVAX, # two\r\n   ")
    path.write_bytes(text)
    assert desk.run("new", "coin", "SOL", "--bot", "mm_multi_v1", "config-repo").code == 0
    assert path.read_bytes() == text.replace(b"FARTCOIN]", b"FARTCOIN, SOL]")
    assert desk.run("check").code == 0


REFUSED: dict[str, tuple[tuple[str, ...], str, str]] = {
    "a bot that is there": (("bot", "tradeengine"), "the desk has a bot tradeengine already", "another name"),
    "no name of a bot": (("bot", "MM"), "MM is no name of a bot", "a-z"),
    "a template": (("bot", "b", "--template", "mean_revrsion"), "no template mean_revrsion", "did you mean mean_rev"),
    "an environment": (("bot", "b", "--environments", "stagin"), "no environment stagin", "did you mean staging?"),
    "a case twin": (("bot", "b", "--coins", "SOL,eth"), "ETH and eth differ only by case", "write ETH"),
    "a coin that is there": (("coin", "ETH", "--bot", "mm_multi_v1"), "mm_multi_v1 trades ETH already", ""),
    "another case": (("coin", "pengu", "--bot", "tradeengine"), "PENGU and pengu differ only by case", ""),
    "a bot that is not": (("coin", "SOL", "--bot", "mm_multi_v2"), "no bot mm_multi_v2", "did you mean mm_multi_v1?"),
    "no desk": (("bot", "b", "nowhere"), "there is no nowhere/desk.yaml in the working tree", "deskc init"),
    "a line end in a name": (("coin", "S\nL", "--bot", "mm_multi_v1"), "is no name of a coin", "letters"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_added_is_refused_in_one_sentence(desk: Desk, case: str) -> None:
    """Exit code 2, and not a file more or less."""
    arguments, message, way_out = REFUSED[case]
    before = desk.files("config-repo")
    assert desk.run("new", *arguments).refuses(message, way_out)
    assert desk.files("config-repo") == before


def test_what_would_not_check_clean_is_shown_and_not_written(desk: Desk) -> None:
    """A coin's limits hold before its file does: the finding names the place that would be wrong, exit is 1."""
    desk.write("config-repo/coins/SOL.yaml", "trading: {leverage: 21}\n")
    before = desk.files("config-repo")
    answer = desk.run("new", "coin", "SOL", "--bot", "mm_multi_v1")
    assert (answer.code, answer.out) == (1, "")
    assert "config-repo/coins/SOL.yaml:1:21" in answer.err
    assert answer.err.endswith("Nothing was written.\n")
    assert desk.files("config-repo") == before


def test_a_file_in_the_way_is_named(desk: Desk) -> None:
    """What a build does not read, such as a link, is still not written over."""
    (desk.root / "config-repo/bots/second").symlink_to("tradeengine")
    answer = desk.run("new", "bot", "second")
    assert answer.refuses("config-repo/bots/second is in the way", "another name")
    assert (desk.root / "config-repo/bots/second").is_symlink()


def test_a_repository_without_a_working_tree_is_named(desk: Desk, tmp_path: Path) -> None:
    """There is nowhere to write."""
    git("clone", "--quiet", "--bare", str(desk.root), str(tmp_path / "bare.git"), cwd=tmp_path)
    assert deskc("new", "bot", "second", cwd=tmp_path / "bare.git").refuses("is a bare repository", "in a clone")


def test_a_folder_without_a_repository_is_named(tmp_path: Path) -> None:
    """A desk lies in a repository, so there is none here."""
    assert deskc("new", "bot", "second", cwd=tmp_path).refuses("is not in a git repository", "deskc init")


def test_a_coin_called_bot_is_a_coin(desk: Desk) -> None:
    """Its layer, scope and values are its own, beside those of the bot itself."""
    assert desk.run("new", "coin", "bot", "--bot", "mm_multi_v1").code == 0
    desk.write("config-repo/bots/mm_multi_v1/coins/bot.yaml", "trading:\n  leverage: 2\n")
    desk.commit()
    assert desk.run("compile", "--publish", "channel").code == 0
    snapshot = bot_side.load(str(desk.root / "channel"), environment="development", bot="mm_multi_v1")
    assert (snapshot["bot"].trading.leverage, snapshot.bot.trading.leverage) == (2, 3)
