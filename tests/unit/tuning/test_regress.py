"""What got worse against a lock is an error at both places; what a change's own lock accepts is for its reviewers."""

from collections.abc import Mapping
from typing import Any

import pytest

from deskc.core.findings import Finding, Place
from deskc.tuning.lock import Budget, Group, Lock, Measurements, lock_text, read_lock
from deskc.tuning.regress import regress

SCOPE = "live/maker/ETH"
ORDERS = Place("bots/maker/coins/ETH.yaml", 3, 5, role="orders set here")
LOCKED: dict[Group, dict[str, dict[str, Any]]] = {
    "presets": {"strict": {"config_hash": "a" * 64, "lower_bound_pct": 2.0, "best_score": 1.0}},
    "ladders": {
        SCOPE: {
            "config_hash": "b" * 64,
            "score": 1.5,
            "max_need_pct": 3.0,
            "lower_bound_pct": 2.5,
            "best_score": 1.4,
        }
    },
    "kernels": {"even": {"score": -1.25, "max_need_pct": 2.0, "violations": 64}},
}


def locked(measured: Measurements) -> Lock:
    """Return the lock of these measurements."""
    found = read_lock("ladders.lock.yaml", lock_text(measured, Budget()).encode()).value
    assert found is not None
    return found


def changed(group: Group, name: str, **fields: object) -> Measurements:
    """Return what was locked, but for some numbers."""
    return {**LOCKED, group: {**LOCKED[group], name: {**LOCKED[group].get(name, {}), **fields}}}


def found(now: Measurements, refreshed: Measurements | None = None) -> tuple[Finding, ...]:
    """Compare with what was locked."""
    lock = None if refreshed is None else locked(refreshed)
    return regress(locked(LOCKED), now, refreshed=lock, ladders={SCOPE: ORDERS})


def test_what_did_not_change_is_no_finding() -> None:
    """A desk is compared with its own lock in every pull request."""
    assert found(LOCKED) == ()


@pytest.mark.parametrize(
    ("code", "now"),
    [
        ("OPT001", changed("ladders", SCOPE, score=1.500001)),
        ("OPT001", changed("ladders", SCOPE, max_need_pct=3.1)),
        ("OPT002", changed("ladders", SCOPE, best_score=1.402)),
        ("OPT002", changed("presets", "strict", best_score=1.0011)),
        ("OPT002", changed("presets", "strict", best_score=None)),
        ("OPT003", changed("kernels", "even", score=-1.25 * (1 + 3e-9))),
        ("OPT003", changed("kernels", "even", violations=65)),
        ("OPT003", changed("presets", "strict", lower_bound_pct=2.0001)),
        ("OPT003", changed("ladders", SCOPE, lower_bound_pct=None)),
    ],
)
def test_what_got_worse_is_an_error_at_its_line_of_the_lock(code: str, now: Measurements) -> None:
    """The last place is the number that the lock holds; a ladder's orders come first."""
    (finding,) = found(now)
    assert (finding.code, finding.severity) == (code, "error")
    assert finding.places[-1].path == "ladders.lock.yaml"
    assert finding.scopes == ((SCOPE,) if now["ladders"] != LOCKED["ladders"] else ())
    assert (finding.places[0] == ORDERS) == bool(finding.scopes)


@pytest.mark.parametrize(
    "now",
    [
        changed("ladders", SCOPE, score=1.4, max_need_pct=2.9, best_score=1.3),
        changed("presets", "strict", best_score=1.0009),
        changed("kernels", "even", score=-1.25 * (1 + 1e-10)),
        changed("presets", "strict", lower_bound_pct=2.000001),
    ],
)
def test_what_got_better_or_moved_within_its_tolerance_is_no_finding(now: Measurements) -> None:
    """Only a loss is worth stopping for."""
    assert found(now) == ()


def test_a_loss_that_the_changes_own_lock_accepts_is_a_warning() -> None:
    """Whoever reviews the change sees the lock's new line; without it the loss is an error."""
    worse = changed("ladders", SCOPE, score=1.6)
    assert [finding.severity for finding in found(worse, refreshed=worse)] == ["warning"]
    assert [finding.severity for finding in found(worse, refreshed=LOCKED)] == ["error"]


@pytest.mark.parametrize(
    ("group", "name", "fields"),
    [
        ("ladders", "live/maker/BTC", {"config_hash": "c" * 64, "score": 1.0}),
        ("presets", "own", {"config_hash": "c" * 64, "best_score": 1.0}),
        ("presets", "strict", {"config_hash": "c" * 64, "best_score": 9.0, "lower_bound_pct": 9.0}),
    ],
)
def test_what_the_lock_does_not_hold_is_a_warning(group: Group, name: str, fields: Mapping[str, Any]) -> None:
    """A new ladder, and settings that changed, are compared with nothing, which somebody has to know."""
    assert [(finding.code, finding.severity) for finding in found(changed(group, name, **fields))] == [
        ("OPT004", "warning")
    ]
