"""What a part of the ladder benchmark is: a module with one function that measures and says what it found."""

from collections.abc import Callable, Mapping
from time import thread_time
from typing import NamedTuple, Protocol

from budgets import Budget

__all__ = ["Found", "Part", "race"]


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
