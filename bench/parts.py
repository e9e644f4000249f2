"""Benchmarks in parts: a module with one function that measures and says what it found, and what runs several."""

import argparse
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from time import thread_time
from typing import NamedTuple, Protocol

from budgets import Budget
from compile import machine, verdicts

__all__ = ["Found", "Part", "race", "run_parts"]


class Found(NamedTuple):
    """A part's table, line by line, its budgets, and a line for each result that differs."""

    table: tuple[str, ...]
    budgets: tuple[Budget, ...]
    failures: tuple[str, ...]


class Part(Protocol):
    """A module of the benchmark."""

    def run(self, *, quick: bool) -> Found:
        """Compare results, time everyone in turn, and return what was found; `quick` is for fewer rounds."""
        ...


def race(contestants: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Run everyone in turn, round after round, after one untimed; return the least seconds of one core each took.

    The least, not the median: within one process, what else the machine does can only add to a run.
    """
    for once in contestants.values():
        once()
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, once in contestants.items():
            begin = thread_time()
            once()
            seconds[name].append(thread_time() - begin)
    return {name: min(runs) for name, runs in seconds.items()}


def run_parts(parts: Mapping[str, str], *, about: str, full: str) -> int:
    """Run the parts asked for on the command line, print their tables and judge them; return the exit code.

    `parts` are modules by name, `about` is what --help says, `full` what --full means.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="as without --full")
    parser.add_argument("--full", action="store_true", help=full)
    parser.add_argument("--only", default="", metavar="NAME", help="parts whose names contain NAME")
    options = parser.parse_args()
    print(*machine(), sep="\n")
    kept = True
    for name in filter(lambda name: options.only in name, parts):
        print(f"part {name}", file=sys.stderr)
        part: Part = import_module(parts[name])
        found = part.run(quick=not options.full)
        print("", *found.table, "", *verdicts(list(found.budgets)), *found.failures, sep="\n", flush=True)
        kept = kept and not found.failures and all(budget.verdict == "ok" for budget in found.budgets)
    return 0 if kept else 1
