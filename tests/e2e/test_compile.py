"""deskc compile as a person and as CI run it: what it writes, records and says, and when it writes nothing."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import deskc as bots_face
from command_line import DESKC, Desk, deskc, environment, git
from deskc.core.errors import DeskcError

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
GLOBAL = "config-repo/global.yaml"
LEDGER = ".deskc/ledger.db"
TARGETS = {
    ("development", "correlation_arbitrage"): 2,
    ("development", "market_maker"): 3,
    ("development", "mean_reversion"): 4,
    ("development", "mm_multi_v1"): 5,
    ("development", "orchestrator"): 1,
    ("development", "template_strategy"): 1,
    ("production", "mm_multi_v1"): 5,
    ("production", "orchestrator"): 1,
    ("production", "tradeengine"): 3,
    ("staging", "orchestrator"): 1,
    ("staging", "tradeengine"): 3,
}
SLOW = '''"""A rule that never ends."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("SLOW001")
def never_ends(scope: Scope) -> Iterator[Finding]:
    """Judging goes on for ever.

    PASS  {}
    FAIL  {}
    """
    if scope.bot == "tradeengine":
        print("judging", flush=True)
        while True:
            pass
    yield Finding.at("trading", message="", help="")
'''


def compiled(desk: Desk, *arguments: str | Path) -> Any:  # noqa: ANN401 - the JSON that compile prints
    """Compile a desk that has no error, and return what compile says to programs."""
    answer = desk.run("compile", "--output-format", "json", *arguments)
    assert (answer.code, answer.err) == (0, "")
    return answer.json()


def digests(told: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - as above
    """Return each target's digest."""
    return {(one["environment"], one["bot"]): one["digest"] for one in told["snapshots"]}


def rows(desk: Desk, query: str, ledger: str = LEDGER) -> list[Any]:
    """Ask a ledger with SQL."""
    with closing(sqlite3.connect(desk.root / ledger)) as connection:
        return connection.execute(query).fetchall()


def dump(desk: Desk) -> list[str]:
    """Return everything that the ledger holds, as SQL."""
    with closing(sqlite3.connect(desk.root / LEDGER)) as connection:
        return list(connection.iterdump())


def edit_and_commit(desk: Desk, old: str = "0.3", new: str = "0.4") -> str:
    """Change ETH's spread, which one target in two environments trades, and commit that."""
    desk.edit(ETH, f"min_spread_bps: {old}", f"min_spread_bps: {new}")
    return desk.commit()


# What is written


def test_a_file_s_name_is_its_header_s_digest_and_its_lines_are_the_header_s(desk: Desk) -> None:
    """`<environment>/<bot>/<digest>.jsonl`: the first line's sha256 is the name, and it binds every other line."""
    assert {(one["environment"], one["bot"]): one["scopes"] for one in compiled(desk)["snapshots"]} == TARGETS
    files = desk.files(".deskc/snapshots")
    assert len(files) == len(TARGETS)
    for name, data in files.items():
        environment_name, bot, file = name.split("/")
        first, *lines = data.removesuffix(b"\n").split(b"\n")
        header = json.loads(first)
        assert file == f"{sha256(first).hexdigest()}.jsonl"
        assert (header["format"], header["environment"], header["bot"]) == ("deskc-snapshot/1", environment_name, bot)
        assert [(len(line), sha256(line).hexdigest()) for line in lines] == [
            (scope["length"], scope["line_digest"]) for scope in header["scopes"]
        ]


def test_json_is_the_contract_key_by_key(desk: Desk) -> None:
    """Programs find exactly what ARCHITECTURE 7 promises, and the paths lead to the files."""
    told = compiled(desk)
    assert list(told) == ["commit", "snapshots", "findings", "seconds"]
    assert told["commit"] == desk.head()
    assert {finding["code"] for finding in told["findings"]} == {"MARKET006"}
    assert isinstance(told["seconds"], float)
    for one in told["snapshots"]:
        assert list(one) == ["environment", "bot", "digest", "path", "scopes", "changed"]
        path = desk.root / one["path"]
        assert path.name == f"{one['digest']}.jsonl"
        assert path.is_file()
        assert one["changed"] is True


def test_json_of_a_failed_compile_lists_findings_and_no_snapshot(desk: Desk) -> None:
    """The same shape, exit code 1."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    desk.commit()
    answer = desk.run("compile", "--output-format", "json")
    told = answer.json()
    assert (answer.code, told["commit"], told["snapshots"]) == (1, desk.head(), [])
    assert {finding["code"] for finding in told["findings"]} == {"KEY002", "MARKET006"}


def test_the_ledger_holds_commit_builds_snapshots_params_and_versions(desk: Desk) -> None:
    """Anybody can read with SQL what was compiled from which commit."""
    told = compiled(desk)
    head = desk.head()
    assert rows(desk, "SELECT sha, author, subject FROM commits") == [(head, "owner", "Start the desk")]
    builds = rows(desk, "SELECT environment, bot, snapshot_digest, commit_sha FROM builds")
    assert {(env, bot): digest for env, bot, digest, _ in builds} == digests(told)
    assert {sha for *_, sha in builds} == {head}
    assert rows(
        desk, "SELECT DISTINCT length(rules_digest), length(schemas_digest), length(markets_digest) FROM builds"
    ) == [(64, 64, 64)]
    assert {digest for (digest,) in rows(desk, "SELECT digest FROM snapshots")} == set(digests(told).values())
    for digest, params in rows(desk, "SELECT params_digest, params FROM scope_params"):
        assert sha256(params.encode()).hexdigest() == digest
    versions = rows(desk, "SELECT config_version, first_commit FROM scope_versions WHERE coin = 'ETH'")
    assert versions == [("1.2.0", head)] * 2


def test_compiling_a_commit_twice_changes_nothing(desk: Desk) -> None:
    """Files, ledger and folder stay as they were to the byte, and `changed` says so."""
    first = compiled(desk)
    files, ledger = desk.files(".deskc/snapshots"), dump(desk)
    stamps = {path: path.stat().st_mtime_ns for path in (desk.root / ".deskc/snapshots").rglob("*")}
    second = compiled(desk)
    assert [one["changed"] for one in second["snapshots"]] == [False] * len(TARGETS)
    assert digests(second) == digests(first)
    assert (desk.files(".deskc/snapshots"), dump(desk)) == (files, ledger)
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_only_what_a_commit_changed_is_changed(desk: Desk) -> None:
    """A wider spread of ETH is no change of the engine that trades BTCUSDT."""
    compiled(desk)
    edit_and_commit(desk)
    changed = {(one["environment"], one["bot"]): one["changed"] for one in compiled(desk)["snapshots"]}
    assert changed == {target: target[1] == "mm_multi_v1" for target in TARGETS}
    versions = rows(desk, "SELECT coin, environment, first_commit FROM scope_versions")
    new = {(coin, place) for coin, place, commit in versions if commit == desk.head()}
    assert new == {("ETH", "development"), ("ETH", "production")}


def test_a_comment_is_a_new_commit_of_the_same_snapshots(desk: Desk) -> None:
    """A build is recorded for the commit, and no scope has a new version."""
    first = compiled(desk)
    desk.edit(ETH, "# ETH:", "# Ether:")
    desk.commit()
    assert digests(compiled(desk)) == digests(first)
    assert rows(desk, "SELECT count(*) FROM builds") == [(2 * len(TARGETS),)]
    assert rows(desk, "SELECT count(DISTINCT first_commit) FROM scope_versions") == [(1,)]


def test_text_says_what_was_made_in_a_line_a_snapshot(desk: Desk) -> None:
    """A person reads target, digest, scopes and whether it changed; --quiet reads nothing."""
    answer = desk.run("compile")
    *lines, last = answer.out.splitlines()
    assert answer.code == 0
    assert [line.split()[0] for line in lines] == ["/".join(target) for target in TARGETS]
    assert all(line.endswith("  changed") for line in lines)
    assert last.startswith(f"Commit {desk.head()[:12]} compiled in ")
    assert desk.run("compile").out.count("  as before\n") == len(TARGETS)
    assert desk.run("compile", "--quiet").out == ""


def test_what_deskc_makes_never_reaches_a_commit(desk: Desk) -> None:
    """The folder at the repository's root ignores itself."""
    compiled(desk)
    assert git("status", "--porcelain", cwd=desk.root) == ""


def test_places_of_one_s_own_leave_the_repository_alone(desk: Desk, tmp_path: Path) -> None:
    """With --out and --ledger nothing is made in the repository; --out is relative to where one stands."""
    answer = deskc(
        "compile", "--out", "made", "--ledger", f"sqlite:///{tmp_path}/own/ledger.db", cwd=desk.root / "config-repo"
    )
    assert answer.code == 0
    assert len(desk.files("config-repo/made")) == len(TARGETS)
    assert (tmp_path / "own/ledger.db").is_file()
    assert not (desk.root / ".deskc").exists()


# What writes nothing


@pytest.mark.parametrize("arguments", [(), ("--publish", "channel"), ("--out", "made"), ("--worktree",)], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (ETH, "min_spread_bps", "min_sprad_bps"),
        ("config-repo/environments/staging.yaml", "max_leverage: 20", "max_leverage: 19"),
    ],
    ids=["of the first bot", "of the last target, by a rule"],
)
def test_an_error_anywhere_writes_nothing_at_all(
    desk: Desk, arguments: tuple[str, ...], name: str, old: str, new: str
) -> None:
    """No snapshot of the healthy bot, no ledger, not even a folder; the finding is shown."""
    desk.edit(name, old, new)
    desk.commit()
    before = desk.files("")
    answer = desk.run("compile", *arguments)
    assert answer.code == 1
    assert answer.out.startswith("error[")
    assert answer.out.endswith("Nothing was written.\n")
    assert desk.files("") == before
    assert not {".deskc", "channel", "made"} & {path.name for path in desk.root.iterdir()}


def test_a_bot_compiles_while_another_team_s_is_red(desk: Desk) -> None:
    """Narrowed to a bot, only its own snapshots are written and recorded."""
    desk.edit(ETH, "min_spread_bps", "min_sprad_bps")
    desk.commit()
    told = compiled(desk, "--bot", "tradeengine")
    assert list(digests(told)) == [("production", "tradeengine"), ("staging", "tradeengine")]
    assert rows(desk, "SELECT DISTINCT bot FROM builds") == [("tradeengine",)]
    staging = [target for target in TARGETS if target[0] == "staging"]
    assert list(digests(compiled(desk, "--env", "staging"))) == staging
    assert desk.run("compile", "--bot", "mm_multi_v1").code == 1


def test_a_narrowed_compile_gives_the_same_bytes(desk: Desk) -> None:
    """What else is compiled beside a bot changes nothing of it."""
    whole = digests(compiled(desk))
    for target in TARGETS:
        assert digests(compiled(desk, "--env", target[0], "--bot", target[1])) == {target: whole[target]}


@pytest.mark.parametrize("revision", ["nope", "-x", "--help", "", "HEAD~9", "HEAD^{tree}", "HEAD..HEAD", "main\n"])
def test_what_names_no_commit_is_refused(desk: Desk, revision: str) -> None:
    """One sentence, and nothing is written: an unset variable after --at must not compile HEAD."""
    assert desk.run("compile", f"--at={revision}").refuses("")
    assert not (desk.root / ".deskc").exists()


def test_outside_any_repository_it_is_refused(tmp_path: Path) -> None:
    """One sentence that names init."""
    assert deskc("compile", cwd=tmp_path).refuses("is not in a git repository", "deskc init")


def test_before_the_first_commit_it_is_refused(tmp_path: Path) -> None:
    """An empty repository has nothing to compile, unless the working tree is meant."""
    assert deskc("init", "fresh", cwd=tmp_path).code == 0
    fresh = Desk(tmp_path / "fresh")
    assert fresh.run("compile").refuses("has no commit yet", "commit the desk first")
    assert not (fresh.root / ".deskc").exists()
    assert fresh.run("compile", "--worktree").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--worktree", "--at", "HEAD"), "uncommitted edits have no commit"),
        (("--worktree", "--publish", "x"), "uncommitted edits have no commit"),
        (("--worktree", "--ledger", "sqlite:///x.db"), "uncommitted edits have no commit"),
        (("--force", "because"), "--publish is missing"),
        (("--publish", "x", "--force", ""), "needs a reason"),
        (("--publish", "x", "--force", " \t"), "needs a reason"),
        (("--out", ""), "--out names no folder"),
        (("--publish", ""), "--publish names no folder"),
        (("--ledger", ""), "names no ledger"),
        (("--ledger", "ledger.db"), "names no ledger"),
        (("--ledger", "postgresql://host/x"), "names no ledger"),
        (("--output-format", "sarif"), "no output format of this command"),
        (("--env", "prod"), "no environment prod"),
        (("--bot", "none"), "no bot none"),
        (("--color", "blue"), "no value of --color"),
    ],
)
def test_options_that_contradict_or_say_nothing_are_refused(
    desk: Desk, arguments: tuple[str, ...], message: str
) -> None:
    """Wrong usage is found before anything is written."""
    before = desk.files("")
    assert desk.run("compile", *arguments).refuses(message)
    assert desk.files("") == before


@pytest.mark.parametrize("option", ["--out", "--publish"])
def test_a_place_that_cannot_be_written_is_refused(desk: Desk, option: str) -> None:
    """A file where a folder should be: one sentence, nothing recorded."""
    desk.write("taken", "a file")
    assert desk.run("compile", option, "taken").refuses("cannot be written")
    assert not (desk.root / LEDGER).exists()


def test_a_state_folder_that_cannot_be_made_is_refused(desk: Desk) -> None:
    """A file named .deskc: the sentence names the options that lead elsewhere."""
    desk.write(".deskc", "a file")
    assert desk.run("compile").refuses(".deskc cannot be written", "--out and --ledger")


def test_a_damaged_ledger_is_refused(desk: Desk) -> None:
    """One sentence that says how to go on; the file stays as it is."""
    compiled(desk)
    (desk.root / LEDGER).write_bytes(b"no database" * 1000)
    edit_and_commit(desk)
    assert desk.run("compile").refuses("is no SQLite database, or a damaged one", "backup")
    assert (desk.root / LEDGER).read_bytes() == b"no database" * 1000


def test_a_snapshot_that_something_else_wrote_is_refused(desk: Desk) -> None:
    """A file that does not hold what its name says is not overwritten, nor trusted."""
    told = compiled(desk)
    path = desk.root / told["snapshots"][0]["path"]
    path.write_bytes(path.read_bytes()[:-2])
    assert desk.run("compile").refuses("does not hold what its name says")


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_compile_ends_with_130_and_leaves_nothing(desk: Desk) -> None:
    """^C while rules judge the second bot: no traceback, no file of the first, no folder."""
    desk.write("validators/slow.py", SLOW)
    desk.commit()
    process = subprocess.Popen(
        [DESKC, "compile"],
        cwd=desk.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"judging\n"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: git hears it too
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, said) == (130, b"")
    assert not (desk.root / ".deskc").exists()


# Which commit


def test_an_older_commit_compiles_as_it_did(desk: Desk) -> None:
    """--at names a commit by id, branch or distance, and edits of the working tree are no matter."""
    first = compiled(desk)
    old = desk.head()
    edit_and_commit(desk)
    second = compiled(desk)
    desk.write(GLOBAL, "broken: [")
    assert digests(second) != digests(first)
    for name in (old, old[:12], "HEAD~1", "main~1"):
        told = compiled(desk, "--at", name)
        assert (told["commit"], digests(told)) == (old, digests(first))
        assert not any(one["changed"] for one in told["snapshots"])


def test_a_depth_1_clone_compiles_and_explains(desk: Desk, tmp_path: Path) -> None:
    """What lacks history says so and names fetch-depth: 0; what does not need it works."""
    edit_and_commit(desk)
    git("clone", "--quiet", "--depth", "1", f"file://{desk.root}", tmp_path / "shallow", cwd=tmp_path)
    shallow = Desk(tmp_path / "shallow")
    assert digests(compiled(shallow)) == digests(compiled(desk))
    scope = ("--env", "production", "--bot", "mm_multi_v1", "--coin", "ETH")
    explained = shallow.run("explain", "trading.min_spread_bps", *scope)
    assert explained.code == 0
    assert "fetch-depth: 0" in explained.out
    for arguments in (("diff", "HEAD~1"), ("check", "--base", "HEAD~1"), ("compile", "--at", "HEAD~1")):
        assert shallow.run(*arguments).refuses("a shallow clone", "fetch-depth: 0")


def test_uncommitted_edits_are_left_out_and_named(desk: Desk) -> None:
    """HEAD is compiled; edited, new and deleted files are said, three by name; none is recorded."""
    clean = digests(compiled(desk))
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    desk.write("config-repo/bots/mm_multi_v1/coins/PENGU.yaml", "trading: {min_spread_bps: 0.7}\n")
    (desk.root / "config-repo/coins/BTCUSDT.LONG.yaml").unlink()
    desk.edit("validators/trading_size_order.py", "The smallest", "The very smallest")
    ledger = dump(desk)
    last = desk.run("compile").out.splitlines()[-1]
    assert last == (
        "Left out, not committed: config-repo/bots/mm_multi_v1/coins/ETH.yaml, "
        "config-repo/bots/mm_multi_v1/coins/PENGU.yaml, config-repo/coins/BTCUSDT.LONG.yaml and 1 more"
    )
    assert digests(compiled(desk)) == clean
    assert dump(desk) == ledger


def test_what_a_build_does_not_read_is_not_said_to_be_left_out(desk: Desk) -> None:
    """A note, an ignored file and a changed mode are no edits of the desk."""
    desk.write("README.md", "Soon\n")
    desk.write("config-repo/notes.txt", "Later\n")
    (desk.root / ETH).chmod(0o755)
    assert "Left out" not in desk.run("compile").out


# The working tree


def test_uncommitted_edits_compile_into_a_folder_of_their_own(desk: Desk) -> None:
    """--worktree writes below worktree/, with a pointer that says dirty, and records nothing."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    told = compiled(desk, "--worktree")
    assert told["commit"] is None
    assert not any(one["changed"] for one in told["snapshots"])
    assert all("worktree" in Path(one["path"]).parts for one in told["snapshots"])
    assert not (desk.root / LEDGER).exists()
    pointer = json.loads((desk.root / ".deskc/snapshots/worktree/production/mm_multi_v1/current.json").read_bytes())
    assert pointer == {
        "commit": None,
        "dirty": True,
        "environment": "production",
        "bot": "mm_multi_v1",
        "digest": digests(told)["production", "mm_multi_v1"],
    }


def test_a_bot_loads_uncommitted_edits_only_when_told_to(desk: Desk) -> None:
    """`load` refuses a dirty pointer without allow_dirty."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    compiled(desk, "--worktree", "--out", "made")
    channel = desk.root / "made/worktree"
    with pytest.raises(DeskcError, match="uncommitted edits") as refused:
        bots_face.load(channel, environment="development", bot="mm_multi_v1")
    assert "allow_dirty=True" in refused.value.help
    loaded = bots_face.load(channel, environment="development", bot="mm_multi_v1", allow_dirty=True)
    assert loaded["ETH"].trading.min_spread_bps == 0.4


def test_a_clean_working_tree_gives_the_commit_s_bytes(desk: Desk) -> None:
    """Where nothing was edited, the two ways to read a desk agree."""
    assert digests(compiled(desk, "--worktree")) == digests(compiled(desk))


def test_text_about_uncommitted_edits_tells_no_change(desk: Desk) -> None:
    """Nothing is recorded, so nothing can be as before."""
    out = desk.run("compile", "--worktree").out
    assert "as before" not in out
    assert "changed" not in out
    assert "Uncommitted edits, frozen in" in out


# The same bytes everywhere


def test_a_fresh_clone_elsewhere_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    """Neither folder, umask, time zone, language nor hash seed leaves a trace in a snapshot."""
    compiled(desk)
    place = tmp_path / "eine andere Stelle" / "ünïcode"
    place.parent.mkdir()
    git("clone", "--quiet", desk.root, place, cwd=tmp_path)
    strange = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "POSIX",
        "LANG": "tr_TR",
        "PYTHONHASHSEED": "17",
        "PYTHONUTF8": "0",
    }
    answer = deskc("compile", cwd=place, env=strange, umask=0o077)
    assert (answer.code, answer.err) == (0, "")
    assert Desk(place).files(".deskc/snapshots") == desk.files(".deskc/snapshots")


def test_neither_order_nor_number_of_commits_leaves_a_trace(desk: Desk, tmp_path: Path) -> None:
    """The same files, written last first and committed one by one, freeze to the same bytes."""
    compiled(desk)
    other = Desk(tmp_path / "other")
    other.root.mkdir()
    git("init", "--quiet", cwd=other.root)
    for name in sorted(git("ls-files", cwd=desk.root).splitlines(), reverse=True):
        other.write(name, (desk.root / name).read_text(encoding="utf-8"))
        if name.startswith("config-repo/coins"):
            other.commit(f"Add {name}")
    other.commit()
    compiled(other)
    assert other.files(".deskc/snapshots") == desk.files(".deskc/snapshots")


def test_a_checkout_with_crlf_gives_the_commit_s_bytes(desk: Desk, tmp_path: Path) -> None:
    """Line ends of a checkout are no edit and change nothing."""
    git("clone", "--quiet", "--config", "core.autocrlf=true", desk.root, tmp_path / "crlf", cwd=tmp_path)
    crlf = Desk(tmp_path / "crlf")
    assert b"\r\n" in (crlf.root / GLOBAL).read_bytes()
    assert digests(compiled(crlf)) == digests(compiled(desk))
    assert "Left out" not in crlf.run("compile").out
    assert digests(compiled(crlf, "--worktree")) == digests(compiled(desk))


# A bot that is gone


def test_a_removed_bot_is_compiled_no_more(desk: Desk, tmp_path: Path) -> None:
    """Its snapshots and its pointer stay what they were: a bot that runs keeps what it runs."""
    compiled(desk, "--publish", tmp_path / "channel")
    pointer = (tmp_path / "channel/production/tradeengine/current.json").read_bytes()
    shutil.rmtree(desk.root / "config-repo/bots/tradeengine")
    for name in ("coins/BTCUSDT.yaml", "coins/BTCUSDT.LONG.yaml"):
        (desk.root / "config-repo" / name).unlink()
    for name in ("exchanges/binance_usdm.yaml", "strategies/signal_execution.yaml", "environments/staging.yaml"):
        (desk.root / "config-repo" / name).unlink()
    desk.commit("Retire the engine")
    told = compiled(desk, "--publish", tmp_path / "channel")
    assert {bot for _, bot in digests(told)} == {bot for _, bot in TARGETS} - {"tradeengine"}
    assert (tmp_path / "channel/production/tradeengine/current.json").read_bytes() == pointer


def test_findings_that_do_not_fail_are_shown_with_what_was_made(desk: Desk) -> None:
    """A warning stands before the snapshots, in a file as on the screen."""
    desk.write(
        "validators/aloud.py",
        '"""Aloud."""\n\nfrom deskc.sdk import Finding, rule\n\n\n@rule("LOOK001", needs=("trading.leverage",))\n'
        'def aloud(scope):\n    """Say it.\n\n    PASS  {}\n    FAIL  {}\n    """\n'
        '    yield Finding.at("trading.leverage", message="said", help="hear", severity="warning")\n',
    )
    desk.commit()
    shown = desk.run("compile")
    assert desk.run("compile", "-o", "kept").out == ""
    kept = (desk.root / "kept").read_text(encoding="utf-8")
    for text in (shown.out, kept):
        assert "warning[LOOK001]: said" in text
        assert "Commit " in text
        assert "Nothing was written" not in text
