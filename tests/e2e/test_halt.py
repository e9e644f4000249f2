"""deskc halt and deskc resume: one command stops a bot, through git and channel, or on its own machine."""

from pathlib import Path

import pytest

import deskc
from command_line import Answer, Desk, git

ETH = "config-repo/bots/mm_multi_v1/environments/development/ETH.yaml"
WHO = ("--env", "development", "--bot", "mm_multi_v1")
COIN = (*WHO, "--coin", "ETH")
WHY = ("--reason", "the venue rejects our orders")
OWNER = {f"GIT_{role}_{what}": "owner" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
VARIABLES = dict.fromkeys(("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD"), "1")


def run(desk: Desk, verb: str, *options: str) -> Answer:
    """Halt or resume as an operator whom git knows."""
    return desk.run(verb, *options, env=OWNER)


def enabled(desk: Desk) -> dict[str, bool]:
    """Return, coin by coin, whether what the channel has lets the market maker open positions."""
    with deskc.watch(
        desk.root / "channel", environment="development", bot="mm_multi_v1", env=VARIABLES, state=desk.root / "state"
    ) as watch:
        return {str(scope.coin): scope.trading.enabled for scope in watch.snapshot.scopes}


@pytest.fixture
def published(desk: Desk) -> Desk:
    """Return a desk whose channel has its first commit."""
    assert desk.run("compile", "--publish", "channel", "-q").code == 0
    return desk


def test_a_coin_is_halted_and_resumed_by_two_commits(published: Desk) -> None:
    """The commit says who, what and why; its snapshot is current; the second commit leaves no trace in the files."""
    desk, before = published, published.head()
    answer = run(desk, "halt", *COIN, *WHY, "--channel", "channel")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[:2] == [
        f"Committed {desk.head()[:12]}: halt development/mm_multi_v1/ETH, the venue rejects our orders",
        f"  {ETH}",
    ]
    assert git("log", "-1", "--format=%an%n%B", cwd=desk.root).splitlines() == [
        "owner",
        "Halt development/mm_multi_v1/ETH",
        "",
        "the venue rejects our orders",
        "",
        "Deskc-Scope: development/mm_multi_v1/ETH",
        "Deskc-Verb: halt",
        "Deskc-Reason: the venue rejects our orders",
    ]
    assert enabled(desk) == {"AVAX": True, "ETH": False, "FARTCOIN": True, "PENGU": True}
    assert git("status", "--porcelain", "config-repo", cwd=desk.root) == ""
    answer = run(desk, "resume", *COIN, "--channel", "channel")
    assert (answer.code, answer.err) == (0, "")
    assert all(enabled(desk).values())
    assert git("diff", "--name-only", before, "HEAD", cwd=desk.root) == ""


def test_a_bot_is_halted_whole(published: Desk) -> None:
    """Every coin of it stops, and the builds of the halt are in the ledger."""
    assert run(published, "halt", *WHO, *WHY, "--channel", "channel").code == 0
    assert not any(enabled(published).values())
    assert published.head()[:12] in published.run("versions", "list", "--bot", "mm_multi_v1").out


def test_another_teams_error_is_not_in_the_way(published: Desk) -> None:
    """A bot that does not compile keeps nobody from halting this one."""
    published.edit("config-repo/bots/market_maker/bot.yaml", "strategy: ", "strategy: no_such_")
    published.commit("Break another bot")
    assert run(published, "halt", *COIN, *WHY, "--channel", "channel").code == 0
    assert not enabled(published)["ETH"]


def test_an_own_error_is_shown_and_nothing_is_committed(published: Desk) -> None:
    """Where the bot itself does not compile, the local way is named."""
    published.edit("config-repo/bots/mm_multi_v1/bot.yaml", "min_spread_bps: 0.6", "min_spread_bps: wide")
    head = published.commit("Break this bot")
    answer = run(published, "halt", *COIN, *WHY, "--channel", "channel")
    assert (answer.code, published.head()) == (1, head)
    assert "min_spread_bps" in answer.err
    assert answer.err.endswith("Nothing was committed. deskc halt --local stops the bot on its own machine.\n")


def test_uncommitted_edits_stay_what_they_are(published: Desk) -> None:
    """They are in no commit, they keep their text, and committing them later does not undo the halt."""
    published.write(ETH, "trading: {leverage: 2}\n")
    published.commit("Give ETH a layer")
    published.write(ETH, "# later\ntrading: {leverage: 3}\n")
    assert run(published, "halt", *COIN, *WHY, "--channel", "channel").code == 0
    assert git("show", f"HEAD:{ETH}", cwd=published.root) == "trading: {leverage: 2, enabled: false}"
    assert (published.root / ETH).read_text() == "# later\ntrading: {leverage: 3, enabled: false}\n"
    published.commit("Finish the edit")
    assert run(published, "resume", *COIN, "--channel", "channel").code == 0
    assert (published.root / ETH).read_text() == "# later\ntrading: {leverage: 3}\n"


def test_halting_again_publishes_what_was_not(published: Desk) -> None:
    """A halt whose channel was named wrongly is finished by naming the right one; nothing is committed twice."""
    answer = run(published, "halt", *COIN, *WHY)
    assert answer.out.endswith("Nothing was published, so no bot knows of it yet: deskc publish --channel URL\n")
    head = published.head()
    answer = run(published, "halt", *COIN, *WHY, "--channel", "channel")
    assert (answer.code, published.head()) == (0, head)
    assert "opens no positions" in answer.out
    assert not enabled(published)["ETH"]


def test_a_damaged_ledger_is_not_in_the_way(published: Desk) -> None:
    """The bot is halted all the same, and the ledger's trouble is told."""
    (published.root / ".deskc/ledger.db").write_bytes(b"no database, but of some length" * 100)
    answer = run(published, "halt", *COIN, *WHY, "--channel", "channel")
    assert (answer.code, answer.err) == (0, "")
    assert not enabled(published)["ETH"]
    assert answer.out.endswith("so it does not know of this build yet; deskc compile records it\n")


def test_a_halt_file_stops_a_bot_without_git_or_channel(desk: Desk, tmp_path: Path) -> None:
    """The file is where the bot looks; taking it away ends the halt."""
    local = ("--local", "--state", "state")
    assert desk.run("halt", *COIN, *WHY, *local).code == 0
    assert (desk.root / "state/development/mm_multi_v1/HALT.ETH").read_text() == "the venue rejects our orders\n"
    assert desk.run("resume", *COIN, *local).code == 0
    assert not (desk.root / "state/development/mm_multi_v1/HALT.ETH").exists()
    assert desk.run("resume", *COIN, *local).refuses("does not exist, so nothing is halted by it")
    (tmp_path / "desk/file").touch()
    assert desk.run("halt", *COIN, *WHY, "--local", "--state", "file").refuses("cannot be written", help="--state")


@pytest.mark.parametrize(
    ("verb", "options", "message", "help_"),
    [
        ("halt", WHO, "halt needs a reason", "--reason"),
        ("halt", (*WHO, "--reason", " "), "halt needs a reason", "--reason"),
        ("halt", ("--bot", "mm_multi_v1", *WHY), "halt needs --env", "development, production, staging"),
        ("halt", (*WHO, "--coin", "ETX", *WHY), "mm_multi_v1 does not trade ETX in development", "did you mean ETH?"),
        ("halt", ("--env", "development", "--bot", "mm_multi", *WHY), "no bot mm_multi", "did you mean mm_multi_v1?"),
        ("halt", (*WHO, *WHY, "--channel", "ftp://x/y"), "ftp://x/y", ""),
        ("halt", ("--local", *WHY), "--local needs --env ENV and --bot BOT", "add"),
        ("resume", WHO, "no commit that halts development/mm_multi_v1 waits", "deskc explain"),
        ("resume", (*WHO, "--reason", ""), "--reason says nothing", "leave it out"),
    ],
)
def test_wrong_use_is_one_sentence(desk: Desk, verb: str, options: tuple[str, ...], message: str, help_: str) -> None:
    """Nothing is committed."""
    head = desk.head()
    assert run(desk, verb, *options).refuses(message, help=help_)
    assert desk.head() == head
