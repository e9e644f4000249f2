"""How property tests run, no clock and in CI the same examples every time; and what they compare."""

import json
import os
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from deskc.core.snapshots import Snapshot
from deskc.pipeline import compile_desk, prepare
from in_memory import InMemory

__all__ = ["frozen", "laws", "lines_of", "snapshots_of"]


_DEPTH = int(os.environ.get("DESKC_TEST_DEPTH", "1"))


def laws(examples: int) -> settings:
    """Return the settings of a test with this many examples, or DESKC_TEST_DEPTH times as many."""
    return settings(
        deadline=None,
        max_examples=examples * _DEPTH,
        phases=[phase for phase in Phase if phase is not Phase.explain],  # it takes minutes on a desk
        derandomize=bool(os.environ.get("CI")),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def snapshots_of(files: Mapping[str, str]) -> tuple[Snapshot, ...]:
    """Compile a desk at the root of its repository that has nothing wrong."""
    compilation = compile_desk(prepare(InMemory(files), ""))
    assert compilation.findings == ()
    return compilation.snapshots


def lines_of(snapshot: Snapshot) -> list[bytes]:
    """Return a snapshot's lines after the header, as a reader of the file finds them."""
    return snapshot.data().split(b"\n")[1:-1]


def frozen(files: Mapping[str, str]) -> dict[tuple[str, str, str | None, str | None], dict[str, Any]]:
    """Return what the snapshots' lines say: for each (environment, bot, coin, side) its label and its sections."""
    found: dict[tuple[str, str, str | None, str | None], dict[str, Any]] = {}
    for snapshot in snapshots_of(files):
        for line in map(json.loads, lines_of(snapshot)):
            key = (snapshot.environment, snapshot.bot, line["coin"], line["side"])
            found[key] = {"config_version": line["config_version"], "params": line["params"]}
    return found
