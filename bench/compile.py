"""The compile benchmark: the compiler, its floor and its peers on one synthetic fleet, in one run, interleaved.

Usage: python bench/compile.py [--quick] [--only NAME]. Every output is compared leaf by leaf before it is timed. Exit 1
where a budget of ARCHITECTURE 8 is missed or not measured, or outputs differ. `--quick` runs three rounds without the
slow peers; `--only` keeps the contestants whose names contain NAME (and the floor) and judges what they allow to judge.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from budgets import Budget, budgets, over_interpreter_mb
from contestants import (
    BENCH,
    CONTESTANTS,
    UNAVAILABLE,
    Contestant,
    Cost,
    Course,
    environment,
    once,
    prepare,
    scaled,
    typical,
)
from fleet import Fleet, generate

_ROOT = BENCH.parent
_WORK = _ROOT / "build" / "bench"
_ROUNDS, _SLOW_ROUNDS, _QUICK_ROUNDS = 7, 3, 3
_UNITS = ("python -c pass", "floor", "empty typer verb")  # what everything else is counted in


def build_fleets() -> dict[str, Fleet]:
    """Write the fleet, the one with twice the bots, and the one that the repository's rules judge."""
    shutil.rmtree(_WORK, ignore_errors=True)
    rules = {f"validators/{path.name}": path for path in (_ROOT / "validators").glob("*.py")}
    return {
        "single": generate(_WORK / "fleets" / "single"),
        "double": generate(_WORK / "fleets" / "double", bots=8),
        "ruled": generate(_WORK / "fleets" / "ruled", copies=rules),
    }


def lay_out(contestant: Contestant, fleets: Mapping[str, Fleet]) -> Course:
    """Return where a contestant runs: in its fleet's repository, or in this one."""
    work = _WORK / contestant.name.replace(",", "").replace(" ", "-")
    if contestant.fleet == "none":
        return Course(contestant, _ROOT, _ROOT / "config-repo", work)
    fleet = fleets[contestant.fleet]
    return Course(contestant, fleet.folder, fleet.desk, work)


def warm_up(course: Course) -> tuple[str, bool]:
    """Run a contestant once, untimed; return why it cannot take part, if so, and whether that is a failure."""
    reason = prepare(course)
    if reason:
        return f"absent: {reason}", False
    status = once(course).status
    said = course.log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it printed nothing"]
    if status == UNAVAILABLE:
        return said[-1], False
    return (f"failed with {status}: {said[-1]}", True) if status else ("", False)


def compare(courses: list[Course]) -> Iterator[str]:
    """Hold every output of the warm-up against ours, or the floor's where there is none of ours; yield what differs."""
    groups: dict[str, list[Course]] = {}
    for course in courses:
        if course.contestant.compared:
            same = "single" if course.contestant.fleet == "ruled" else course.contestant.fleet
            groups.setdefault(same, []).append(course)
    for group in groups.values():
        reference = next((course for course in group if course.contestant.ours), group[0])
        for other in group:
            if other is not reference:
                yield from _differences(reference, other)


def _differences(reference: Course, other: Course) -> Iterator[str]:
    command = [sys.executable, str(BENCH / "compare.py"), str(reference.out), str(other.out)]
    subset = ["--subset"] if other.contestant.scopes else []
    done = subprocess.run([*command, *subset], env=environment(), capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    names = f"{other.contestant.name} and {reference.contestant.name}"
    if done.returncode:
        yield f"{names} differ:\n{said}"
    else:
        print(f"same leaves: {names}, {said}")


def race(courses: list[Course], *, quick: bool) -> dict[str, Cost]:
    """Run everyone in turn, round after round, so that what else the machine does hits all alike; return medians."""
    runs: dict[str, list[Cost]] = {course.contestant.name: [] for course in courses}
    for turn in range(_QUICK_ROUNDS if quick else _ROUNDS):
        for course in courses:
            if not course.contestant.slow or turn < _SLOW_ROUNDS:
                print(f"round {turn + 1}: {course.contestant.name}", file=sys.stderr)
                runs[course.contestant.name].append(once(course))
    return {name: typical(costs) for name, costs in runs.items()}


def whole(costs: dict[str, Cost], *, scopes: int) -> dict[str, Cost]:
    """Scale what ran on a subset to all scopes."""
    whole = dict(costs)
    for contestant in CONTESTANTS:
        start = costs.get(f"{contestant.name}, no scope")
        if contestant.scopes and start and contestant.name in costs:
            whole[contestant.name] = scaled(costs[contestant.name], start, share=scopes / contestant.scopes)
    return whole


def machine() -> Iterator[str]:
    """Yield what the figures depend on."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    yield f"{os.cpu_count()} x {models[0] if models else platform.machine()}"
    yield f"{platform.python_implementation()} {platform.python_version()}, {git}, load {os.getloadavg()[0]:.2f}"


def table(costs: Mapping[str, Cost], absent: Mapping[str, str]) -> Iterator[str]:
    """Yield the results: the ratio of a fleet's command is to the floor on the same fleet."""
    yield f"{'':24}{'median s':>10}{'cpu s':>9}{'x floor':>9}{'MB over':>9}"
    bare = costs["python -c pass"]
    for contestant in CONTESTANTS:
        name = contestant.name
        if name in absent:
            yield f"{name:24}{absent[name]}"
        elif name in costs:
            cost, floor = costs[name], costs.get("floor, twice the bots" if contestant.fleet == "double" else "floor")
            ratio = f"{cost.wall_s / floor.wall_s:9.2f}" if floor and contestant.fleet != "none" else f"{'':9}"
            peak = over_interpreter_mb(cost, bare)
            yield f"{name:24}{cost.wall_s:10.3f}{cost.cpu_s:9.3f}{ratio}{peak:9.1f}  {contestant.note}".rstrip()


def verdicts(judged: list[Budget]) -> Iterator[str]:
    """Yield a line a budget."""
    for budget in judged:
        value = "" if budget.measured is None else f"{budget.measured:.2f}"
        yield f"{budget.what:32}{value:>8}  of {budget.limit:>4g} {budget.unit:24}{budget.verdict}"


def main() -> int:
    """Prepare, compare, time, print and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="three rounds, no slow peers")
    parser.add_argument(
        "--only", default="", metavar="NAME", help="contestants whose names contain NAME, and the floor"
    )
    options = parser.parse_args()
    print("\n".join(machine()))
    fleets = build_fleets()
    scopes = fleets["single"].scopes
    print(f"{scopes} coin scopes from {len(fleets['single'].files)} files\n")
    courses, absent, failures = [], {}, []
    for contestant in CONTESTANTS:
        if contestant.name in _UNITS or (options.only in contestant.name and not (options.quick and contestant.slow)):
            course = lay_out(contestant, fleets)
            reason, failed = warm_up(course)
            if reason:
                absent[contestant.name] = reason
            else:
                courses.append(course)
            failures += [f"{contestant.name}: {reason}"] if failed else []
    failures += compare(courses)
    costs = whole(race(courses, quick=options.quick), scopes=scopes)
    failures += [f"{name}: failed with {cost.status} in a round" for name, cost in costs.items() if cost.status]
    judged = list(budgets(costs, scopes=scopes))
    print("", *table(costs, absent), "", *verdicts(judged), *failures, sep="\n")
    kept = all(budget.verdict == "ok" or (options.only and budget.measured is None) for budget in judged)
    return 0 if kept and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
