"""What every ledger keeps, whatever the database behind it: a backend joins by a parameter of the fixture `url`."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from deskc.core.canonical import Digest, digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import ScopeId, Target
from deskc.core.snapshots import Build, Commit, ScopeRow, Sha, Snapshot, frame
from deskc.ledger.ledger import BuildRow, Ledger, ScopeVersion
from deskc.ledger.open import open_ledger

NOON = 1_767_268_800  # 2026-01-01T12:00:00Z
MM = Target("production", "mm")

Values = dict[str | None, tuple[str, str]]
"""coin → (config version, what trades), the coin None being the bot itself."""


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a ledger that does not exist yet, of each backend."""
    return {"sqlite": f"sqlite:///{tmp_path}/ledger.db"}[request.param]


def commit(number: int, *, at: int | None = None, parents: Sequence[Commit] = ()) -> Commit:
    """Return a commit, a second after noon for each number."""
    time = NOON + number if at is None else at
    shas = tuple(parent.sha for parent in parents)
    return Commit(Sha(f"{number:040x}"), shas, "A. Trader", "trader@example.org", time, time, f"change {number}")


def snapshot(values: Values, *, environment: str = "production", bot: str = "mm") -> Snapshot:
    """Freeze values as a snapshot with one row a coin."""
    trading = tuple(json.dumps({"trading": {"name": name}}, ensure_ascii=False).encode() for _, name in values.values())
    lines = tuple(
        text.join(frame(coin, None, None, version))
        for (coin, (version, _)), text in zip(values.items(), trading, strict=True)
    )
    rows = tuple(
        ScopeRow(coin, None, None, version, digest(text), digest(line), len(line))
        for (coin, (version, _)), text, line in zip(values.items(), trading, lines, strict=True)
    )
    names = ("coin", "side", "arm", "config_version", "params_digest", "line_digest", "length")
    scopes = [{name: getattr(row, name) for name in names} for row in rows]
    header = json.dumps({"environment": environment, "bot": bot, "scopes": scopes}).encode()
    return Snapshot(environment, bot, digest(header), header, rows, b"{}", b"".join(line + b"\n" for line in lines))


def build(of: Commit, frozen: Snapshot, *, compiler: str = "0.1.0", rules: str = "rules") -> Build:
    """Return the record that a commit gave a snapshot."""
    digests = (digest(rules.encode()), digest(b"schemas"), digest(b"markets"))
    return Build(of.sha, frozen.environment, frozen.bot, frozen.digest, *digests, compiler)


def record(ledger: Ledger, of: Commit, *frozen: Snapshot, compiler: str = "0.1.0") -> frozenset[Target]:
    """Record what a commit gave, a second after it was made."""
    made = [(build(of, one, compiler=compiler), one) for one in frozen]
    return ledger.record(of, made, recorded_at_ns=(of.committed_at + 1) * 10**9)


def contents(ledger: Ledger) -> tuple[object, ...]:
    """Return all that a ledger says."""
    versions = ledger.scope_versions()
    return (ledger.builds(), versions, [ledger.params(version.params_digest) for version in versions])


def history(ledger: Ledger, coin: str | None = "ETH") -> list[tuple[str, str | None]]:
    """Return (first commit's number, label) of a coin's versions, the oldest first."""
    found = [version for version in ledger.scope_versions() if version.scope.coin == coin]
    return [(f"{int(version.first_commit, 16)}", version.config_version) for version in reversed(found)]


def naive_history(recorded: Iterable[tuple[int, Values]], coin: str | None) -> list[tuple[str, str | None]]:
    """Walk the commits in order and note where a coin is other than in the commit before."""
    found: list[tuple[str, str | None]] = []
    last = None
    for number, values in sorted(recorded, key=lambda one: one[0]):
        value = values.get(coin)
        if value is not None and value != last:
            found.append((f"{number}", value[0]))
        last = value
    return found


def record_many(url: str, first: int) -> None:
    """Record twenty commits, every second one in common with the other processes that do the same."""
    with open_ledger(url, create=True) as ledger:
        for number in range(20):
            own = number if number % 2 else first + number
            record(ledger, commit(own), snapshot({None: ("1", "bot"), "ETH": ("1", f"params {own}")}))


def test_what_was_recorded_is_read_back_whole(url: str) -> None:
    """A build comes back with its record and times, a scope with its first commit, a digest with its params."""
    one, frozen = commit(1), snapshot({None: ("1", "bot"), "ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        assert record(ledger, one, frozen) == {MM}
    with open_ledger(url) as ledger:
        assert ledger.builds() == (BuildRow(build(one, frozen), NOON + 1, (NOON + 2) * 10**9),)
        scopes = (ScopeId("production", "mm"), ScopeId("production", "mm", "ETH"))
        assert ledger.scope_versions() == tuple(
            ScopeVersion(scope, "1", row.params_digest, frozen.digest, one.sha, NOON + 1)
            for scope, row in zip(scopes, frozen.rows, strict=True)
        )
        assert ledger.params(frozen.rows[1].params_digest) == '{"trading": {"name": "slow"}}'
        assert ledger.params(Digest("0" * 64)) is None


def test_recording_twice_changes_nothing(url: str) -> None:
    """The second time, even at another time of day, changes no target and leaves every answer as it was."""
    one, frozen = commit(1), snapshot({None: ("1", "bot"), "ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        assert record(ledger, one, frozen)
        before = contents(ledger)
        made = [(build(one, frozen), frozen)] * 2
        assert ledger.record(one, made, recorded_at_ns=NOON * 10**9 + 5) == frozenset()
        assert contents(ledger) == before


def test_a_version_begins_only_where_a_scope_changes(url: str) -> None:
    """Of three commits, one that changes another coin and one that changes the label, each scope notes its own."""
    with open_ledger(url, create=True) as ledger:
        record(ledger, commit(1), snapshot({"AVAX": ("1", "slow"), "ETH": ("1", "slow")}))
        record(ledger, commit(2), snapshot({"AVAX": ("1", "fast"), "ETH": ("1", "slow")}))
        record(ledger, commit(3), snapshot({"AVAX": ("1", "fast"), "ETH": ("2", "slow")}))
        assert history(ledger, "AVAX") == [("1", "1"), ("2", "1")]
        assert history(ledger, "ETH") == [("1", "1"), ("3", "2")]


def test_an_unchanged_snapshot_is_a_build_and_no_version(url: str) -> None:
    """A commit that changes no setting is still known to have been compiled."""
    frozen = snapshot({"ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        record(ledger, commit(1), frozen)
        assert record(ledger, commit(2), frozen) == frozenset()
        assert [row.build.commit for row in ledger.builds()] == [commit(2).sha, commit(1).sha]
        assert history(ledger) == [("1", "1")]


def test_a_return_to_old_values_is_a_new_version(url: str) -> None:
    """A rollback is a change like any other, though its snapshot is known."""
    old, new = snapshot({"ETH": ("1", "slow")}), snapshot({"ETH": ("2", "fast")})
    with open_ledger(url, create=True) as ledger:
        for number, frozen in enumerate((old, new, old), start=1):
            record(ledger, commit(number), frozen)
        assert history(ledger) == [("1", "1"), ("2", "2"), ("3", "1")]


def test_a_coin_that_comes_back_begins_a_version(url: str) -> None:
    """The commit that lists a coin again is the one that makes it trade."""
    both, alone = snapshot({"AVAX": ("1", "slow"), "ETH": ("1", "slow")}), snapshot({"AVAX": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        for number, frozen in enumerate((both, alone, both), start=1):
            record(ledger, commit(number), frozen)
        assert history(ledger) == [("1", "1"), ("3", "1")]
        assert history(ledger, "AVAX") == [("1", "1")]


STORIES: tuple[Values, ...] = (
    {"AVAX": ("1", "slow"), "ETH": ("1", "slow")},
    {"AVAX": ("1", "slow"), "ETH": ("2", "fast")},
    {"ETH": ("2", "fast")},
    {"AVAX": ("2", "fast"), "ETH": ("1", "slow")},
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(STORIES)))))
def test_the_order_of_recording_never_decides(url: str, order: tuple[int, ...]) -> None:
    """After each recording, in any order, versions begin where a walk over the commits known so far finds a change."""
    recorded: list[tuple[int, Values]] = []
    with open_ledger(url, create=True) as ledger:
        for number in order:
            record(ledger, commit(number), snapshot(STORIES[number]))
            recorded.append((number, STORIES[number]))
            for coin in ("AVAX", "ETH"):
                assert history(ledger, coin) == naive_history(recorded, coin)


@pytest.mark.parametrize("child_first", [True, False])
def test_within_one_second_a_parent_comes_first(url: str, child_first: bool) -> None:  # noqa: FBT001 - a parameter
    """Commits of a script carry one time; their order is the parents', whichever was recorded first."""
    parent = commit(7, at=NOON)
    child = commit(3, at=NOON, parents=[parent])
    work = [(parent, snapshot({"ETH": ("1", "slow")})), (child, snapshot({"ETH": ("2", "fast")}))]
    with open_ledger(url, create=True) as ledger:
        for one, frozen in reversed(work) if child_first else work:
            record(ledger, one, frozen)
        assert history(ledger) == [("7", "1"), ("3", "2")]
        assert [row.build.commit for row in ledger.builds()] == [child.sha, parent.sha]


def test_a_later_compiler_speaks_for_its_commit(url: str) -> None:
    """Where two compilers make different things of one commit, versions follow the one recorded last."""
    with open_ledger(url, create=True) as ledger:
        for number in (1, 2):
            record(ledger, commit(number), snapshot({"ETH": ("1", "slow")}))
        record(ledger, commit(1), snapshot({"ETH": ("1", "fast")}), compiler="0.2.0")
        assert len(ledger.builds(commit=commit(1).sha)) == 2
        assert history(ledger) == [("1", "1"), ("2", "1")]
        record(ledger, commit(2), snapshot({"ETH": ("1", "fast")}), compiler="0.2.0")
        assert history(ledger) == [("1", "1")]
        (version,) = ledger.scope_versions()
        assert ledger.params(version.params_digest) == '{"trading": {"name": "fast"}}'


def test_one_build_has_one_outcome(url: str) -> None:
    """The same commit, target and compiler with another snapshot, or other rules, is refused and changes nothing."""
    one, frozen, other = commit(1), snapshot({"ETH": ("1", "slow")}), snapshot({"ETH": ("1", "fast")})
    with open_ledger(url, create=True) as ledger:
        record(ledger, one, frozen)
        before = contents(ledger)
        with pytest.raises(DeskcError, match="production/mm"):
            record(ledger, one, other)
        with pytest.raises(DeskcError, match="other rules"):
            ledger.record(one, [(build(one, frozen, rules="others"), frozen)], recorded_at_ns=1)
        assert contents(ledger) == before


def test_one_refused_build_keeps_its_neighbours_out(url: str) -> None:
    """Where one build of a commit is known with another outcome, the new ones beside it are not recorded either."""
    one, frozen = commit(1), snapshot({"ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        record(ledger, one, frozen)
        before = contents(ledger)
        with pytest.raises(DeskcError, match="production/mm"):
            record(ledger, one, snapshot({"ETH": ("1", "slow")}, bot="arb"), snapshot({"ETH": ("1", "fast")}))
        assert contents(ledger) == before


def test_the_targets_that_a_commit_changed_are_told(url: str) -> None:
    """A target is told where its snapshot is new or another than in the recorded commit before, and no other is."""
    mm, arb = snapshot({"ETH": ("1", "slow")}), snapshot({"ETH": ("1", "slow")}, bot="arb")
    faster = snapshot({"ETH": ("2", "fast")})
    with open_ledger(url, create=True) as ledger:
        assert record(ledger, commit(1), mm) == {MM}
        assert record(ledger, commit(4), mm, arb) == {Target("production", "arb")}
        assert record(ledger, commit(5), faster, arb) == {MM}


def test_an_older_commit_is_compared_with_the_one_before_it(url: str) -> None:
    """What was recorded of later commits says nothing about what an earlier one changed."""
    old, new = snapshot({"ETH": ("1", "slow")}), snapshot({"ETH": ("2", "fast")})
    with open_ledger(url, create=True) as ledger:
        record(ledger, commit(1), old)
        record(ledger, commit(9), new)
        assert record(ledger, commit(4), old) == frozenset()
        assert record(ledger, commit(7), new) == {MM}


def test_another_compiler_is_compared_with_the_one_before_it(url: str) -> None:
    """Of one commit, a second compiler changes a target only where it makes something else of it than the first."""
    old, new = snapshot({"ETH": ("1", "slow")}), snapshot({"ETH": ("2", "fast")})
    with open_ledger(url, create=True) as ledger:
        record(ledger, commit(1), old)
        record(ledger, commit(2), new)
        assert record(ledger, commit(2), new, compiler="0.2.0") == frozenset()
        assert record(ledger, commit(2), old, compiler="0.3.0") == {MM}


def test_a_record_that_disagrees_with_itself_is_a_bug(url: str) -> None:
    """A build of another commit or another snapshot raises ValueError, not an error for users."""
    one, frozen = commit(1), snapshot({"ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        with pytest.raises(ValueError, match="does not record"):
            ledger.record(commit(2), [(build(one, frozen), frozen)], recorded_at_ns=1)
        assert ledger.builds() == ()


def test_a_failure_half_way_writes_nothing(url: str, tmp_path: Path) -> None:
    """Where a snapshot's file turns out to be damaged while it is recorded, not even its commit is there."""
    one, frozen = commit(1), snapshot({"AVAX": ("1", "slow"), "ETH": ("1", "fast")})
    (tmp_path / "snapshot.jsonl").write_bytes(frozen.data()[:-1])
    broken = frozen._replace(body=tmp_path / "snapshot.jsonl")
    with open_ledger(url, create=True) as ledger:
        with pytest.raises(DeskcError, match="is not what was compiled"):
            record(ledger, one, broken)
        assert contents(ledger) == ((), (), [])
        assert ledger.params(frozen.rows[0].params_digest) is None


def test_answers_are_narrowed_by_what_is_asked(url: str) -> None:
    """Environment, bot, coin and commit each leave out the rest; an unknown one leaves nothing."""
    with open_ledger(url, create=True) as ledger:
        for environment, bot in itertools.product(("production", "staging"), ("mm", "tradeengine")):
            frozen = snapshot({None: ("1", "bot"), "ETH": ("1", "slow")}, environment=environment, bot=bot)
            record(ledger, commit(1), frozen)
        assert len(ledger.builds(environment="staging")) == 2
        assert len(ledger.builds(environment="staging", bot="mm", commit=commit(1).sha)) == 1
        assert ledger.builds(commit=commit(2).sha) == ()
        assert [one.scope for one in ledger.scope_versions(environment="staging", bot="mm", coin="ETH")] == [
            ScopeId("staging", "mm", "ETH")
        ]
        assert ledger.scope_versions(coin="ETHH") == ()


def fleet(bots: int, coins: int) -> list[Snapshot]:
    """Return a snapshot a bot, no two of whose scopes trade alike."""
    return [
        snapshot({f"C{coin}": ("1", f"params {bot} {coin}") for coin in range(coins)}, bot=f"b{bot}")
        for bot in range(bots)
    ]


@pytest.mark.parametrize(("bots", "coins"), [(1, 12_000), (30, 400)])
def test_what_takes_several_transactions_is_recorded_whole(url: str, bots: int, coins: int) -> None:
    """One snapshot of many scopes, or many snapshots, keep every build, every scope and every text."""
    frozen = fleet(bots, coins)
    with open_ledger(url, create=True) as ledger:
        assert len(record(ledger, commit(1), *frozen)) == bots
        assert len(ledger.builds()) == bots
        assert len(ledger.scope_versions()) == bots * coins
        assert all(ledger.params(row.params_digest) for one in frozen for row in one.rows)


def test_a_snapshot_may_lie_in_its_file(url: str, tmp_path: Path) -> None:
    """Lines that were put aside are recorded as the text that they are."""
    frozen = snapshot({"ETH": ("1", "café")})
    (tmp_path / "snapshot.jsonl").write_bytes(frozen.data())
    with open_ledger(url, create=True) as ledger:
        record(ledger, commit(1), frozen._replace(body=tmp_path / "snapshot.jsonl"))
        assert ledger.params(frozen.rows[0].params_digest) == '{"trading": {"name": "café"}}'


def test_names_need_not_be_text(url: str) -> None:
    """What git keeps as stray bytes is recorded with a replacement, not refused."""
    one, frozen = commit(1), snapshot({"ETH": ("1", "slow")})
    odd = Commit(one.sha, (), "Jos\udce9", "j@example.org", NOON, NOON, "caf\udce9")
    with open_ledger(url, create=True) as ledger:
        assert record(ledger, odd, frozen)


@pytest.mark.parametrize("time", [-1, 2**40])
def test_a_time_that_no_clock_shows_is_refused(url: str, time: int) -> None:
    """A commit whose time fits no ledger is an error that names it."""
    with open_ledger(url, create=True) as ledger:
        with pytest.raises(DeskcError, match=f"{1:040x} has the time {time}"):
            record(ledger, commit(1, at=time), snapshot({"ETH": ("1", "slow")}))
        assert contents(ledger) == ((), (), [])


def test_four_processes_record_at_once(url: str) -> None:
    """They create one ledger and fill it together; none meets an error and nothing is lost."""
    code = "import runpy, sys; runpy.run_path(sys.argv[1])['record_many'](sys.argv[2], int(sys.argv[3]))"
    command = [sys.executable, "-W", "error", "-c", code, __file__, url]
    workers = [
        subprocess.Popen([*command, f"{first}"], stderr=subprocess.PIPE, text=True) for first in range(100, 500, 100)
    ]
    errors = [worker.communicate()[1] for worker in workers]
    assert errors == [""] * 4
    numbers = {*range(1, 20, 2)} | {first + number for first in range(100, 500, 100) for number in range(0, 20, 2)}
    with open_ledger(url) as ledger:
        assert {int(row.build.commit, 16) for row in ledger.builds()} == numbers
        assert history(ledger) == [(f"{number}", "1") for number in sorted(numbers)]
