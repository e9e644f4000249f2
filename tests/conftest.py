"""What holds for the whole suite: tests work in memory, and in CI one runs or stands on the list of allowed skips."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

FORBIDDEN = os.environ.get("DESKC_FORBID_SKIPS") == "1"
LIST = Path(__file__).with_name("allowed_skips.txt")

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders there that nobody else may enter
ROOM = 2_000_000_000

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_configure() -> None:
    """Put temporary folders into memory where there is room: a compile waits for the disk more than fifty times."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        of = os.statvfs(MEMORY)
        # Programs that tests plant must be able to run there, or nobody would notice that deskc runs none.
        if not of.f_flag & os.ST_NOEXEC and of.f_bavail * of.f_frsize >= ROOM:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", os.fspath(MEMORY))


def allowed() -> tuple[str, ...]:
    """Return the beginnings of the node ids that may skip."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return tuple(line.split("  ", 1)[0] for line in lines if line and not line.startswith("#"))


def judge(report: Report) -> Report:
    """Turn a skip that is not on the list into a failure that gives the skip's own reason."""
    expected_failure = hasattr(report, "wasxfail")
    if not FORBIDDEN or report.outcome != "skipped" or expected_failure or report.nodeid.startswith(allowed()):
        return report
    reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} is not in tests/{LIST.name}: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge the skip of a test."""
    return judge((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge the skip of a module."""
    return judge((yield))
