"""deskc activate: what a bot runs from now on, as intervals that SQL finds."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from command_line import Answer, Desk, deskc

BOT = "config-repo/bots/mm_multi_v1/bot.yaml"
ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
COINS = ["", "AVAX", "ETH", "FARTCOIN", "PENGU"]
WHO = ("--env", "production", "--bot", "mm_multi_v1", "--channel", "channel")
TIME = "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z"


def publish(desk: Desk) -> None:
    """Compile HEAD into the channel, as a pipeline does after a merge."""
    assert desk.run("compile", "--publish", "channel").code == 0


def activate(desk: Desk, *more: str) -> Answer:
    """Say that the market maker runs what its channel names; it must succeed."""
    answer = desk.run("activate", *WHO, *more)
    assert (answer.code, answer.err) == (0, "")
    return answer


def query(desk: Desk, sql: str) -> list[tuple[object, ...]]:
    """Ask the ledger's file, as any SQLite shell would."""
    with closing(sqlite3.connect(desk.root / ".deskc/ledger.db")) as connection:
        return connection.execute(sql).fetchall()


def eth(desk: Desk) -> list[tuple[object, ...]]:
    """Return (label, commit, ended or not) of ETH's intervals, the oldest first."""
    return query(
        desk,
        "SELECT config_version, git_sha, ended_at IS NOT NULL FROM coin_config_versions WHERE coin = 'ETH' ORDER BY id",
    )


@pytest.fixture(scope="module")
def activated(reference_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose market maker runs its first commit; not to be changed."""
    root = tmp_path_factory.mktemp("activated") / "desk"
    shutil.copytree(reference_build, root, symlinks=True)
    activate(Desk(root))
    return root


@pytest.fixture
def running(activated: Path, tmp_path: Path) -> Desk:
    """Return a copy of that repository."""
    shutil.copytree(activated, tmp_path / "desk", symlinks=True)
    return Desk(tmp_path / "desk")


def test_a_first_activation_is_told_and_written(built: Desk) -> None:
    """Every scope of the snapshot, the bot's own as '', has an open interval with all that the table promises."""
    head, columns, *lines = activate(built).out.splitlines()
    digest = json.loads((built.root / "channel/production/mm_multi_v1/current.json").read_bytes())["digest"]
    assert head.startswith(f"production/mm_multi_v1 runs snapshot {digest[:12]} of commit {built.head()[:12]} since 20")
    assert columns.split()[0] == "scope"
    assert [line.split()[0] for line in lines] == ["(bot)", *COINS[1:]]
    rows = query(built, "SELECT coin, environment, bot_id, method, git_sha, snapshot_digest FROM coin_config_versions")
    assert sorted(rows) == [(coin, "production", "mm_multi_v1", "activate", built.head(), digest) for coin in COINS]


def test_the_documented_statements_run_verbatim(running: Desk) -> None:
    """The debug commands of the version tracking page: the schema, and a bot's versions."""
    ((schema,),) = query(running, "SELECT sql FROM sqlite_master WHERE name = 'coin_config_versions'")
    assert str(schema).startswith("CREATE TABLE coin_config_versions (")
    rows = query(running, "SELECT * FROM coin_config_versions WHERE bot_id='mm_multi_v1';")
    documented = [row[:7] for row in rows]
    assert [(bot, coin, label, ended) for _, bot, coin, label, _, _, ended in documented] == [
        ("mm_multi_v1", coin, {"AVAX": "1.1.0", "ETH": "1.2.0"}.get(coin, "1.0.0"), None) for coin in COINS
    ]


def test_times_are_text_and_nanoseconds(running: Desk) -> None:
    """As everywhere in the ledger: six digits and a Z for people, integers for analysis, and both agree."""
    ns = "CAST(strftime('%s', {0}_at) AS INTEGER) = {0}_at_ns / 1000000000"
    for table, name in (("activations", "activated"), ("coin_config_versions", "started")):
        condition = f"{name}_at GLOB '{TIME}' AND {ns.format(name)}"
        assert query(running, f"SELECT count(*) FROM {table} WHERE NOT ({condition})") == [(0,)]  # noqa: S608 - ours


def test_a_config_snapshot_is_the_scopes_line(running: Desk) -> None:
    """The complete state of each scope, canonical, references unbound: what the snapshot's file holds."""
    (path,) = (running.root / "channel/production/mm_multi_v1").glob("*.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    rows = query(running, "SELECT coin, config_snapshot FROM coin_config_versions")
    assert {coin: json.loads(str(text)) for coin, text in rows} == {
        line["coin"] or "": line["params"] for line in lines
    }
    assert all(str(text) in path.read_text(encoding="utf-8") for _, text in rows)


def test_saying_it_again_writes_nothing(running: Desk) -> None:
    """A bot that restarts is no news; the answer says so and since when."""
    before = query(running, "SELECT * FROM activations")
    assert "already, since 20" in activate(running).out
    assert query(running, "SELECT * FROM activations") == before
    told = activate(running, "--output-format", "json").json()
    assert (told["recorded"], told["changes"]) == (False, [])


def test_an_edit_ends_one_interval_and_begins_the_next(running: Desk) -> None:
    """Only the coin that the commit changed moves; the answer tells from what to what."""
    first = running.head()
    running.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    running.edit(ETH, "config_version: 1.2.0", "config_version: 1.3.0")
    second = running.commit()
    publish(running)
    (line,) = activate(running).out.splitlines()[2:]
    assert [line.split()[index] for index in (0, 1, 4, 5)] == ["ETH", "1.2.0", "→", "1.3.0"]
    assert eth(running) == [("1.2.0", first, 1), ("1.3.0", second, 0)]
    ((ended, started),) = query(
        running,
        "SELECT a.ended_at_ns, b.started_at_ns FROM coin_config_versions a JOIN coin_config_versions b "
        "ON a.coin = b.coin AND a.id < b.id",
    )
    assert ended == started


def test_a_label_alone_is_a_change(running: Desk) -> None:
    """The bot trades as before, under another name."""
    running.edit(ETH, "config_version: 1.2.0", "config_version: 1.2.1")
    running.commit()
    publish(running)
    activate(running)
    assert [row[::2] for row in eth(running)] == [("1.2.0", 1), ("1.2.1", 0)]
    assert query(running, "SELECT count(DISTINCT params_digest) FROM coin_config_versions WHERE coin = 'ETH'") == [(1,)]


def test_a_commit_that_changes_nothing_is_recorded_without_an_interval(running: Desk) -> None:
    """The channel's pointer stays where it is, so the commit is named by hand."""
    running.write("README.md", "A desk.\n")
    second = running.commit()
    publish(running)
    assert activate(running, "--sha", second).out.endswith("No scope changed.\n")
    assert query(running, "SELECT git_sha FROM activations ORDER BY id DESC LIMIT 1") == [(second,)]
    assert query(running, "SELECT count(*) FROM coin_config_versions") == [(len(COINS),)]


def test_a_removed_coin_closes_and_a_returning_one_begins_anew(running: Desk) -> None:
    """Between the two nothing of it is active."""
    running.edit(BOT, "coins: [ETH, AVAX, PENGU, FARTCOIN]", "coins: [ETH, AVAX, FARTCOIN]")
    running.commit()
    publish(running)
    (line,) = activate(running).out.splitlines()[2:]
    assert line.startswith("PENGU")
    assert line.endswith("→  nothing")
    pengu = "SELECT ended_at IS NULL FROM coin_config_versions WHERE coin = 'PENGU' ORDER BY id"
    assert query(running, pengu) == [(0,)]
    running.edit(BOT, "coins: [ETH, AVAX, FARTCOIN]", "coins: [ETH, AVAX, PENGU, FARTCOIN]")
    running.commit()
    publish(running)
    activate(running)
    assert query(running, pengu) == [(0,), (1,)]


def test_a_return_to_an_old_version_is_a_new_row(running: Desk) -> None:
    """A revert is a commit of its own with the old label and digest."""
    old, new = ("min_spread_bps: 0.3", "config_version: 1.2.0"), ("min_spread_bps: 0.4", "config_version: 1.3.0")
    for before, after in ((old, new), (new, old)):
        for one, other in zip(before, after, strict=True):
            running.edit(ETH, one, other)
        running.commit()
        publish(running)
        activate(running)
    assert [row[::2] for row in eth(running)] == [("1.2.0", 1), ("1.3.0", 1), ("1.2.0", 0)]


def test_an_older_snapshot_is_named_by_its_digest(running: Desk) -> None:
    """Its commit is the one that the ledger knows; where nobody knows it, the commit must be named."""
    first = running.head()
    ((digest,),) = query(running, "SELECT DISTINCT snapshot_digest FROM activations")
    running.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    second = running.commit()
    publish(running)
    activate(running)
    activate(running, "--digest", str(digest))
    assert [row[1:] for row in eth(running)] == [(first, 1), (second, 1), (first, 0)]


def test_a_ledger_that_never_saw_the_build_takes_it_from_the_channel(desk: Desk) -> None:
    """Another machine compiled; here only the channel is known."""
    publish(desk)
    other = f"sqlite:///{desk.root}/other.db"
    assert desk.run("compile", "--ledger", other, "--bot", "tradeengine", "--env", "staging").code == 0
    activate(desk, "--ledger", other)
    digest = json.loads((desk.root / "channel/production/mm_multi_v1/current.json").read_bytes())["digest"]
    answer = desk.run("activate", *WHO, "--ledger", other, "--digest", digest)
    assert answer.refuses("which commit gave production/mm_multi_v1 the snapshot", "--sha")
    activate(desk, "--ledger", other, "--digest", digest, "--sha", desk.head())


def test_accounts_and_instances_are_kept_apart(running: Desk) -> None:
    """The same bot at work three times has three sets of intervals."""
    activate(running, "--account", "0xab")
    told = activate(running, "--account", "0xab", "--instance", "b", "--output-format", "json").json()
    assert (told["account"], told["instance"], len(told["changes"])) == ("0xab", "b", len(COINS))
    rows = query(running, "SELECT account, instance, count(*) FROM coin_config_versions GROUP BY 1, 2 ORDER BY 1, 2")
    assert rows == [(None, None, 5), ("0xab", None, 5), ("0xab", "b", 5)]


def test_json_tells_what_changed(running: Desk) -> None:
    """Whose activation it was, and each scope before and after."""
    running.edit(ETH, "config_version: 1.2.0", "config_version: 1.3.0")
    running.commit()
    publish(running)
    told = activate(running, "--output-format", "json").json()
    (change,) = told.pop("changes")
    assert list(told) == [
        *("environment", "bot", "account", "instance", "snapshot_digest", "git_sha", "method", "activated_at"),
        "recorded",
    ]
    assert (told["environment"], told["bot"], told["git_sha"]) == ("production", "mm_multi_v1", running.head())
    assert (change["coin"], change["side"], change["arm"]) == ("ETH", None, None)
    assert [change[when]["config_version"] for when in ("before", "after")] == ["1.2.0", "1.3.0"]


# Refused: one sentence, exit code 2, nothing written


def refused(desk: Desk, message: str, way_out: str, *arguments: str) -> None:
    """Run activate, which must refuse and leave every table as it was."""
    tables = ("activations", "coin_config_versions", "snapshots", "scope_params")
    before = [query(desk, f"SELECT * FROM {table}") for table in tables]  # noqa: S608 - the names above
    assert desk.run("activate", *arguments).refuses(message, way_out)
    assert [query(desk, f"SELECT * FROM {table}") for table in tables] == before  # noqa: S608 - as above


@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_a_flipped_byte_is_refused(running: Desk, place: float) -> None:
    """In the first line or in the last, before anything is written; the same bytes restored are fine."""
    (path,) = (running.root / "channel/production/mm_multi_v1").glob("*.jsonl")
    whole = bytearray(path.read_bytes())
    index = int(len(whole) * place)
    path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
    refused(running, "was altered", "", *WHO, "--instance", "b")
    path.write_bytes(whole)
    activate(running, "--instance", "b")


def test_another_bots_snapshot_is_refused(running: Desk) -> None:
    """A folder that was copied is not taken for the bot whose name it bears."""
    (running.root / "channel/production/mm_multi_v1").rename(running.root / "channel/production/arb")
    refused(running, "is of production/mm_multi_v1", "", "--env", "production", "--bot", "arb", "--channel", "channel")


def test_a_channel_of_any_kind_says_what_runs(desk: Desk) -> None:
    """What a SQLite channel has current is activated as a folder's is."""
    assert desk.run("compile", "-q").code == 0
    assert desk.run("publish", "--channel", "sqlite:///channel.db", "--bot", "mm_multi_v1").code == 0
    assert activate(desk, "--channel", "sqlite:///channel.db").out.startswith("production/mm_multi_v1 runs")
    assert [row[0] for row in eth(desk)] == ["1.2.0"]


def test_uncommitted_edits_are_never_activated(running: Desk) -> None:
    """Only what a commit gave may be recorded."""
    running.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    assert running.run("compile", "--worktree").code == 0
    refused(running, "uncommitted edits", "commit", *WHO[:4], "--channel", ".deskc/snapshots/worktree")


@pytest.mark.parametrize(
    ("arguments", "message", "way_out"),
    [
        ((), "activate needs --env and --bot and --channel", "add --env ENV --bot BOT --channel URL"),
        (WHO[:4], "activate needs --channel", "add --channel URL"),
        ((*WHO[:4], "--channel", "nowhere"), "nowhere does not exist", ""),
        ((*WHO[:4], "--channel", "config-repo"), "nothing published for production/mm_multi_v1", "--publish"),
        ((*WHO[:4], "--channel", "ftp://example.com/"), "is no channel that this deskc reads", ""),
        ((*WHO[:4], "--channel", "sqlite:///x.db", "--digest", "0" * 64), "current snapshots alone", "--digest"),
        ((*WHO[:4], "--channel", ""), "--channel names nothing", "unset variable"),
        ((*WHO, "--account", ""), "--account names nothing", "unset variable"),
        ((*WHO, "--instance", "a\nb"), "--instance holds characters that cannot be shown", ""),
        ((*WHO, "--digest", "3f9a1c2b"), "--digest is no digest", "copy it whole"),
        ((*WHO, "--digest", "0" * 64), "channel has no snapshot 000", "--out"),
        ((*WHO, "--sha", "HEAD"), "--sha is no commit", "git rev-parse"),
        ((*WHO, "--ledger", "sqlite:///gone.db"), "there is no ledger at gone.db yet", "deskc compile"),
        (("--env", "prodution", *WHO[2:]), "nothing published for prodution/mm_multi_v1", ""),
    ],
)
def test_bad_input_gets_one_sentence(running: Desk, arguments: tuple[str, ...], message: str, way_out: str) -> None:
    """And nothing is written, no ledger made."""
    refused(running, message, way_out, *arguments)
    assert not (running.root / "gone.db").exists()


def test_a_commit_that_gave_another_snapshot_is_refused(running: Desk) -> None:
    """Both snapshots are named; a commit that this ledger does not know is taken at its word."""
    first = running.head()
    running.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    running.commit()
    publish(running)
    refused(running, f"commit {first[:12]} gave production/mm_multi_v1 the snapshot", "--sha", *WHO, "--sha", first)
    activate(running, "--sha", "f" * 40)


def test_an_older_ledger_is_not_migrated(running: Desk) -> None:
    """Activating is no moment to change tables: the sentence says what does."""
    with closing(sqlite3.connect(running.root / ".deskc/ledger.db")) as connection:
        connection.execute("DELETE FROM schema_migrations WHERE number = 2")
        connection.commit()
    assert running.run("activate", *WHO).refuses("lacks 0002_activations.sql", "deskc compile")


def test_outside_a_repository_a_ledger_is_named(running: Desk, tmp_path: Path) -> None:
    """Where the bot runs there is no desk, only a channel and a ledger."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    who = (*WHO[:4], "--channel", str(running.root / "channel"))
    ledger = ("--ledger", f"sqlite:///{running.root}/.deskc/ledger.db")
    assert deskc("activate", *who, *ledger, "--instance", "b", cwd=elsewhere).code == 0
    assert deskc("activate", *who, cwd=elsewhere).refuses("git repository")
