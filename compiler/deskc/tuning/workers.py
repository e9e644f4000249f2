"""Who works on jobs: this thread, several, or the workers of a Dask cluster; answers come in the jobs' order."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeAlias

from deskc.core.errors import DeskcError
from deskc.ladder.search.search import Candidates, Job
from deskc.ladder.settings import Settings

__all__ = ["PATIENCE_S", "Deadline", "Work", "cluster", "cores", "threads"]

Deadline: TypeAlias = float | None
"""A time of `time.monotonic`, None for no limit."""

Work: TypeAlias = Callable[[Sequence[Job], Deadline], Iterator[Candidates]]
"""Yields what jobs find, in their order; after the deadline it stops, though not before the first answer."""


PATIENCE_S = 10.0
"""How long a scheduler may take to answer."""


def cores() -> int:
    """Return how many threads run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def threads(settings: Settings, count: int = 0) -> Iterator[Work]:
    """Work with so many threads, 0 for one a core; jobs let go of the interpreter's lock while they compute."""
    number = count or cores()
    if number == 1:
        yield partial(_alone, settings)
        return
    pool = ThreadPoolExecutor(number, "ladder")
    try:
        yield lambda jobs, deadline: _in_order([pool.submit(job.work, settings) for job in jobs], deadline)
    finally:
        pool.shutdown(cancel_futures=True)  # what is under way ends; nothing else begins


def _alone(settings: Settings, jobs: Sequence[Job], deadline: Deadline) -> Iterator[Candidates]:
    for place, job in enumerate(jobs):
        if place and deadline is not None and time.monotonic() >= deadline:
            return
        yield job.work(settings)


def _in_order(futures: "list[Future[Candidates]]", deadline: Deadline) -> Iterator[Candidates]:
    try:
        for place, future in enumerate(futures):
            left = None if deadline is None or place == 0 else max(0.0, deadline - time.monotonic())
            yield future.result(left)
    except TimeoutError:
        for future in futures:
            future.cancel()


@contextmanager
def cluster(settings: Settings, address: str) -> Iterator[Work]:
    """Work on the Dask cluster whose scheduler has this address, such as `tcp://host:8786`.

    Raise DeskcError where Dask is not installed or nobody answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and half a second
    except ImportError as error:
        msg = "--cluster needs Dask, which is not installed"
        raise DeskcError(msg, help="pip install 'deskc[cluster]'") from error
    try:
        client: Any = Client(address, timeout=PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        msg = f"no Dask scheduler answers at {address}"
        raise DeskcError(msg, help="start one with dask scheduler, and name its address: tcp://host:8786") from error
    with client:
        yield partial(_far, client, settings)


def _far(client: Any, settings: Settings, jobs: Sequence[Job], deadline: Deadline) -> Iterator[Candidates]:  # noqa: ANN401 - Dask has no types
    futures = client.map(_work, jobs, settings=settings, pure=False)
    try:
        for place, future in enumerate(futures):
            left = None if deadline is None or place == 0 else max(0.0, deadline - time.monotonic())
            yield future.result(left)
    except TimeoutError:
        return
    finally:
        client.cancel(futures)


def _work(job: Job, *, settings: Settings) -> Candidates:
    return job.work(settings)
