"""The exact part of the ladder benchmark: certificates of max need, beside one linear programme of the same size."""

from collections.abc import Iterator

from budgets import Budget
from deskc.ladder.constraints import violated
from deskc.ladder.exact.certify import Certificate, certify
from deskc.ladder.exact.descend import even_growth
from deskc.ladder.exact.problem import problem_of
from deskc.ladder.exact.programme import joined, least_excess
from deskc.ladder.exact.rows import box_of, needs, others, tangents_at
from deskc.ladder.settings import Constraints, Core, Settings
from parts import Found, race

__all__ = ["run"]

COUNTS = (10, 15, 20, 25, 30)
FLOORS = {"defaults": 0.0, "first volume 0.01": 0.01}
"""The floor of the first volume in percent: where it binds, HC4 takes most boxes."""

CHECKED = {10: 3.45414, 20: 1.65043}  # LADDER 6: percent, for the defaults
GAP, CLOSE = 1e-6, 5e-6
ROUNDS, QUICK_ROUNDS = 9, 3
SECONDS, PROGRAMMES = 1.0, 200.0


def run(*, quick: bool) -> Found:
    """Compare certificates with the checked values, then time each beside one solve of its root's rows by HiGHS."""
    cases = {(name, count): _settings(count, floor) for name, floor in FLOORS.items() for count in COUNTS}
    failures = [line for (name, count), settings in cases.items() for line in _failures(name, count, settings)]
    times = {case: _times(settings, quick=quick) for case, settings in cases.items()}
    table = [f"{'certificates to 1e-6, ms of one core':40}" + "".join(f"{f'N = {count}':>10}" for count in COUNTS)]
    for name in FLOORS:
        for what in ("certificate", "one programme"):
            row = [1e3 * times[name, count][what] for count in COUNTS]
            table.append(f"{f'{what}, {name}':40}" + "".join(f"{value:10.1f}" for value in row))
    slowest = max(found["certificate"] for found in times.values())
    ratio = max(found["certificate"] / found["one programme"] for found in times.values())
    budgets = (
        Budget("slowest certificate, N <= 30", SECONDS, "s", slowest),
        Budget("certificate, N <= 30, at most", PROGRAMMES, "x one programme", ratio),
    )
    return Found(tuple(table), budgets, tuple(failures))


def _settings(count: int, floor: float) -> Settings:
    return Settings(Core(num_orders=count), constraints=Constraints(first_volume_min=floor))


def _failures(name: str, count: int, settings: Settings) -> Iterator[str]:
    """Yield what a certificate gets wrong: its gap, its ladder, or a value that was checked elsewhere."""
    told = certify(settings, gap=GAP)
    if not isinstance(told, Certificate) or told.ladder is None or told.max_need_pct is None or told.gap is None:
        yield f"N = {count}, {name}: no ladder was found"
        return
    if told.gap > GAP:
        yield f"N = {count}, {name}: the gap is {told.gap:.1e}"
    if any(violated(told.ladder, settings)[:6]):
        yield f"N = {count}, {name}: the ladder breaks a bound"
    if name == "defaults" and abs(told.max_need_pct - CHECKED.get(count, told.max_need_pct)) > CLOSE:
        yield f"N = {count}: max need is {told.max_need_pct:.6f} %, not {CHECKED[count]:.5f} %"


def _times(settings: Settings, *, quick: bool) -> dict[str, float]:
    """Return the seconds that a certificate took, and one solve of the rows at its root."""
    problem = problem_of(settings)
    scale = even_growth(problem)
    target = problem.max_need(scale)
    rows = joined(needs(problem, target, scale), others(problem, box_of(problem), tangents_at(scale), scale))
    contestants = {
        "certificate": lambda: certify(settings, gap=GAP),
        "one programme": lambda: least_excess(rows, scale),
    }
    return race(contestants, rounds=QUICK_ROUNDS if quick else ROUNDS)
