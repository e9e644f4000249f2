"""How every ledger keeps who ran which version from when to when: a backend joins by a parameter of the fixture."""

import json
from pathlib import Path

import pytest

from deskc.core.canonical import digest, encode
from deskc.core.errors import DeskcError
from deskc.core.scopes import ScopeId
from deskc.core.snapshots import Sha, Snapshot
from deskc.ledger.activate import Kept, go_over, traded
from deskc.ledger.ledger import Activated, Activation, Interval, Ledger, Run
from deskc.ledger.open import SqliteLedger, open_ledger
from deskc.ledger.sqlite import transaction
from snapshots import ScopeText, SnapshotText, frozen

MM = Run("production", "mm")
FIRST, SECOND = Sha("1" * 40), Sha("2" * 40)
NOON = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z

Values = dict[str | None, tuple[str | None, str]]
"""coin → (config version, what trades), the coin None being the bot itself."""


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a new ledger, of each backend."""
    return {"sqlite": f"sqlite:///{tmp_path}/ledger.db"}[request.param]


def snapshot(values: Values, run: Run = MM) -> Snapshot:
    """Freeze values as a snapshot of a run's bot; one that values do not name trades nothing."""
    scopes = {None: ("1", "bot"), **values}
    texts = [
        ScopeText({"trading": {"name": name}}, coin=coin, config_version=version)
        for coin, (version, name) in scopes.items()
    ]
    return frozen(SnapshotText(texts, environment=run.environment, bot=run.bot))


def activate(ledger: Ledger, values: Values | Snapshot, at: int, *, run: Run = MM, commit: Sha = FIRST) -> Activated:
    """Let a run go over to values, so many nanoseconds after noon."""
    made = snapshot(values, run) if isinstance(values, dict) else values
    return ledger.activate(Activation(run, made.digest, commit, "activate", NOON + at), made)


def history(ledger: Ledger, coin: str | None = "ETH", run: Run = MM) -> list[tuple[str | None, int, int | None]]:
    """Return (label, start, end) of a coin's intervals in nanoseconds after noon, the oldest first."""
    found = [one for one in ledger.intervals() if one.run == run and one.scope.coin == coin]
    return [
        (one.config_version, one.started_at_ns - NOON, one.ended_at_ns and one.ended_at_ns - NOON)
        for one in reversed(found)
    ]


def coins(intervals: tuple[Interval, ...]) -> list[str | None]:
    """Return the coins that intervals are of."""
    return [one.scope.coin for one in intervals]


def test_a_first_activation_begins_an_interval_for_every_scope(url: str) -> None:
    """Each is read back whole: whose it is, what trades, what began it, and that it has not ended."""
    made = snapshot({"ETH": ("1.2.0", "slow")})
    with open_ledger(url, create=True) as ledger:
        done = activate(ledger, made, 5, commit=SECOND)
        expected = tuple(
            Interval(
                ScopeId("production", "mm", row.coin),
                *(MM, row.config_version, row.params_digest, made.digest, SECOND, "activate", NOON + 5, None),
            )
            for row in made.rows
        )
        assert done == Activated(recorded=True, since_ns=NOON + 5, ended=(), begun=expected)
    with open_ledger(url) as ledger:
        assert ledger.intervals() == expected


def test_only_what_changed_ends_and_begins(url: str) -> None:
    """A coin that trades as before keeps its interval, start, commit and all."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"AVAX": ("1", "slow"), "ETH": ("1", "slow")}, 1)
        before = ledger.intervals(coin="AVAX")
        done = activate(ledger, {"AVAX": ("1", "slow"), "ETH": ("2", "fast")}, 2, commit=SECOND)
        assert (coins(done.ended), coins(done.begun)) == (["ETH"], ["ETH"])
        assert history(ledger) == [("1", 1, 2), ("2", 2, None)]
        assert ledger.intervals(coin="AVAX") == before


def test_a_label_alone_is_a_change(url: str) -> None:
    """What a human calls another version is one, though it trades alike."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"ETH": ("1", "slow")}, 1)
        activate(ledger, {"ETH": ("2", "slow")}, 2)
        assert history(ledger) == [("1", 1, 2), ("2", 2, None)]
        old, new = ledger.intervals(coin="ETH")
        assert old.params_digest == new.params_digest


def test_an_empty_label_is_none(url: str) -> None:
    """The table knows no difference, so the same settings of another commit begin nothing anew."""
    with open_ledger(url, create=True) as ledger:
        assert activate(ledger, {"ETH": ("", "slow")}, 1).begun[1].config_version is None
        assert activate(ledger, {"ETH": ("", "slow")}, 2, commit=SECOND).begun == ()
        assert activate(ledger, {"ETH": (None, "slow")}, 3).begun == ()
        assert history(ledger) == [(None, 1, None)]


def test_another_digest_under_one_label_is_a_change(url: str) -> None:
    """The digest is the truth, and a scope without a label has one too."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"ETH": (None, "slow")}, 1)
        activate(ledger, {"ETH": (None, "fast")}, 2)
        assert history(ledger) == [(None, 1, 2), (None, 2, None)]


def test_a_return_to_an_old_version_is_a_new_interval(url: str) -> None:
    """The same label with the same digest stands twice, the first ended."""
    with open_ledger(url, create=True) as ledger:
        for number, label in enumerate(("1", "2", "1"), start=1):
            activate(ledger, {"ETH": (label, f"trades by {label}")}, number)
        assert history(ledger) == [("1", 1, 2), ("2", 2, 3), ("1", 3, None)]


def test_a_coin_that_went_ends_and_one_that_comes_back_begins_anew(url: str) -> None:
    """Between the two nothing is active for it, and the others never noticed."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"AVAX": ("1", "slow"), "ETH": ("1", "slow")}, 1)
        assert coins(activate(ledger, {"AVAX": ("1", "slow")}, 2).ended) == ["ETH"]
        assert history(ledger) == [("1", 1, 2)]
        activate(ledger, {"AVAX": ("1", "slow"), "ETH": ("1", "slow")}, 3)
        assert history(ledger) == [("1", 1, 2), ("1", 3, None)]
        assert history(ledger, "AVAX") == [("1", 1, None)]


def test_the_bot_itself_has_intervals(url: str) -> None:
    """A service bot without coins would leave no trace otherwise."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {None: ("1", "slow")}, 1)
        activate(ledger, {None: ("2", "fast")}, 2)
        assert history(ledger, None) == [("1", 1, 2), ("2", 2, None)]


def test_saying_the_same_again_changes_nothing(url: str) -> None:
    """A bot that starts again, at whatever time, goes on in its intervals; the answer says since when."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"ETH": ("1", "slow")}, 5)
        before = ledger.intervals()
        for at in (4, 5, 6):
            assert activate(ledger, {"ETH": ("1", "slow")}, at) == Activated(recorded=False, since_ns=NOON + 5)
        assert ledger.intervals() == before
        assert activate(ledger, {"ETH": ("2", "slow")}, 6).recorded


def test_the_same_snapshot_of_another_commit_is_recorded_and_moves_nothing(url: str) -> None:
    """The running commit is another one now; what trades began with the old one. Time goes on from there."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"ETH": ("1", "slow")}, 1)
        before = ledger.intervals()
        assert activate(ledger, {"ETH": ("1", "slow")}, 3, commit=SECOND) == Activated(recorded=True, since_ns=NOON + 3)
        assert ledger.intervals() == before
        with pytest.raises(DeskcError, match="not before"):
            activate(ledger, {"ETH": ("2", "fast")}, 2)


@pytest.mark.parametrize("at", [4, 5])
def test_time_never_runs_backwards(url: str, at: int) -> None:
    """An activation that is not later than the run's last one is refused with both times, and nothing is written."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"AVAX": ("1", "slow"), "ETH": ("1", "slow")}, 1)
        activate(ledger, {"AVAX": ("1", "slow")}, 5_000)
        before = ledger.intervals()
        with pytest.raises(DeskcError, match=r"at 2026-01-01T12:00:00\.000005Z.* 2026-01-01T12:00:00\.00000") as caught:
            activate(ledger, {"AVAX": ("1", "slow"), "ETH": ("1", "slow")}, at * 1_000)
        assert "clock" in caught.value.help
        assert ledger.intervals() == before


def test_a_failure_half_way_writes_nothing(url: str) -> None:
    """Where the time of an activation turns out to be none, not even its snapshot is there."""
    made = snapshot({"ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        with pytest.raises((OverflowError, ValueError)):
            activate(ledger, made, 2**80)
        assert ledger.intervals() == ()
        assert ledger.params(made.rows[1].params_digest) is None


OTHERS = (
    Run("staging", "mm"),
    Run("production", "arb"),
    Run("production", "mm", account="0xab"),
    Run("production", "mm", instance="0xab"),
    Run("production", "mm", account="0xab", instance="0xab"),
)


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_runs_never_touch_each_other(url: str, other: Run) -> None:
    """Another environment, bot, account or instance has intervals and a clock of its own."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"ETH": ("1", "slow")}, 5)
        activate(ledger, {"ETH": ("1", "slow")}, 2, run=other)
        activate(ledger, {"AVAX": ("2", "fast")}, 3, run=other)
        assert history(ledger) == [("1", 5, None)]
        assert history(ledger, run=other) == [("1", 2, 3)]
        assert history(ledger, "AVAX", other) == [("2", 3, None)]


def test_sides_are_scopes_of_their_own(url: str) -> None:
    """A change of one side leaves the other alone."""

    def sided(long: str) -> Snapshot:
        sides = (("LONG", long), ("SHORT", "slow"))
        scopes = [ScopeText({"trading": {"name": name}}, coin="ETH", side=side) for side, name in sides]
        return frozen(SnapshotText([ScopeText(), *scopes], environment="production", bot="mm"))

    with open_ledger(url, create=True) as ledger:
        activate(ledger, sided("slow"), 1)
        done = activate(ledger, sided("fast"), 2)
        assert [one.scope.side for one in done.begun] == ["LONG"]
        assert [(one.scope.side, one.ended_at_ns is None) for one in ledger.intervals(coin="ETH")] == [
            ("LONG", True),
            ("LONG", False),
            ("SHORT", True),
        ]


def test_what_trades_is_known_though_nobody_compiled_it_here(url: str) -> None:
    """A ledger that never saw the build can still say what each interval's digest means."""
    with open_ledger(url, create=True) as ledger:
        activate(ledger, {"ETH": ("1", "slow")}, 1)
        assert ledger.builds() == ()
        (interval,) = ledger.intervals(coin="ETH")
        assert json.loads(ledger.params(interval.params_digest) or "") == {"trading": {"name": "slow"}}


def test_intervals_are_narrowed_by_what_is_asked(url: str) -> None:
    """Environment, bot and coin each leave out the rest; within a scope runs stand apart, the newest first."""
    twin = Run("production", "mm", instance="b")
    with open_ledger(url, create=True) as ledger:
        for run in (MM, twin, *OTHERS[:2]):
            activate(ledger, {"ETH": ("1", "slow")}, 1, run=run)
        activate(ledger, {"ETH": ("2", "fast")}, 2)
        found = ledger.intervals(environment="production", bot="mm", coin="ETH")
        assert [(one.run, one.config_version) for one in found] == [(MM, "2"), (MM, "1"), (twin, "1")]
        assert {one.run for one in ledger.intervals(environment="staging")} == {OTHERS[0]}
        assert ledger.intervals(coin="ETHH") == ()


def test_an_activation_of_another_snapshot_is_a_bug(url: str) -> None:
    """One that disagrees with the snapshot it brings raises ValueError, not an error for users."""
    made = snapshot({"ETH": ("1", "slow")})
    with open_ledger(url, create=True) as ledger:
        for run, digest in ((Run("staging", "mm"), made.digest), (MM, made.rows[0].params_digest)):
            with pytest.raises(ValueError, match="is not of production/mm"):
                ledger.activate(Activation(run, digest, FIRST, "activate", NOON), made)
        assert ledger.intervals() == ()


def test_what_a_scope_keeps_until_a_restart_is_what_it_trades_by(url: str) -> None:
    """Its interval has digest and label of the values in force; a restart, of the same snapshot, begins another."""
    new = snapshot({"ETH": ("2", "new"), "AVAX": ("2", "new")})
    mixed = {"trading": {"name": "mixed"}}
    text = encode(mixed).encode()
    kept = Kept("ETH", None, "1", digest(text), text, text)
    with open_ledger(url, create=True) as ledger:
        assert isinstance(ledger, SqliteLedger)
        activation = Activation(MM, new.digest, FIRST, "recorder", NOON)
        with transaction(ledger.connection):
            go_over(ledger.connection, activation, new, traded(activation, new, [kept]))
        assert {one.scope.coin: (one.config_version, one.params_digest) for one in ledger.intervals()}["ETH"] == (
            "1",
            kept.params_digest,
        )
        assert ledger.params(kept.params_digest) == text.decode()
        again = activate(ledger, new, 1)
        assert [(one.scope.coin, one.config_version) for one in again.begun] == [("ETH", "2")]
        assert [one.params_digest for one in again.ended] == [kept.params_digest]
        assert not activate(ledger, new, 2).recorded


def test_a_kept_scope_must_have_its_digest() -> None:
    """A spool that names another digest than that of its values is refused, before anything is written."""
    new = snapshot({"ETH": ("2", "new")})
    kept = Kept("ETH", None, "1", digest(b"other"), b"{}", b"{}")
    with pytest.raises(ValueError, match="is not the digest of what ETH keeps"):
        traded(Activation(MM, new.digest, FIRST, "recorder", NOON), new, [kept])
