"""A lock is written alike for equal numbers, read back whole, and refused where it is not one."""

import pytest

from deskc.ladder.constraints import violated
from deskc.tuning.fixed import FIXED
from deskc.tuning.lock import Budget, Lock, Measurements, lock_text, read_lock

HASH = "0" * 64
MEASURED: Measurements = {
    "presets": {"production": {"config_hash": HASH, "lower_bound_pct": 3.4, "best_score": None}},
    "ladders": {
        "live/maker/ETH/LONG": {
            "config_hash": HASH,
            "score": 1e-7,
            "max_need_pct": 3.5,
            "lower_bound_pct": 3.4,
            "best_score": 1.4,
        }
    },
    "kernels": {"even": {"score": 1.25, "max_need_pct": 2.0, "violations": 65}},
}


def read(text: str) -> Lock:
    """Read a lock that has no error."""
    found = read_lock("desk/ladders.lock.yaml", text.encode())
    assert found.findings == ()
    assert found.value is not None
    return found.value


def test_a_written_lock_is_read_back_whole() -> None:
    """Every number is the very double that was measured, and the budget stays beside it."""
    lock = read(lock_text(MEASURED, Budget(seed=3, evaluations=200, tolerance=0.01)))
    assert {group: lock.entries(group) for group in MEASURED} == MEASURED
    assert lock.budget == Budget(seed=3, evaluations=200, tolerance=0.01)


def test_a_lock_that_says_only_its_format_holds_nothing_to_anything() -> None:
    """What a lock leaves out has its default."""
    lock = read("format: 1\n")
    assert lock.budget == Budget()
    assert lock.entries("ladders") == {}


def test_each_number_of_a_lock_has_its_place() -> None:
    """A finding points at the line that it is about, and at the entry where the number is absent."""
    lock = read(lock_text(MEASURED, Budget()))
    place = lock.place("ladders", "live/maker/ETH/LONG", "score")
    line = lock_text(MEASURED, Budget()).splitlines()[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == "1e-7"
    assert lock.place("kernels", "even", "absent").line == place.line + 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("format: 2\n", "ENUM001"),
        ("format: 1\nseed: -1\n", "BOUND001"),
        ("format: 1\ntolerance: nan\n", "TYPE001"),
        ("format: 1\nladders: {a: {scor: 1}}\n", "KEY002"),
        ("format: 1\nkernels: {a: {violations: 256}}\n", "BOUND001"),
        ("format: 1\nformat: 1\n", "YAML013"),
    ],
)
def test_a_lock_with_a_mistake_is_refused_where_it_stands(text: str, code: str) -> None:
    """No number of a broken lock counts."""
    found = read_lock("ladders.lock.yaml", text.encode())
    assert found.value is None
    assert [finding.code for finding in found.findings] == [code]
    assert found.findings[0].places[0].path == "ladders.lock.yaml"


def test_the_fixed_ladders_break_each_constraint_between_them() -> None:
    """A kernel that lost a constraint could not keep all of its values."""
    assert [any(broken) for broken in zip(*(violated(*fixed) for fixed in FIXED.values()), strict=True)] == [True] * 8
