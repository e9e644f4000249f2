"""Freezing: what a snapshot holds beside its bytes."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from deskc.core.canonical import encode
from deskc.core.scopes import TRADING_SECTIONS
from deskc.core.snapshots import Snapshot
from deskc.pipeline import compile_desk, prepare
from deskc.stages.read import WorktreeSource

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def snapshots() -> tuple[Snapshot, ...]:
    """Freeze the reference desk."""
    return compile_desk(prepare(WorktreeSource(ROOT, 0), "config-repo/")).snapshots


def test_the_trading_sections_hash_to_the_params_digest(snapshots: tuple[Snapshot, ...]) -> None:
    """Row by row they are the canonical JSON of the line's trading sections, and their sha256 is the row's."""
    assert any(row.coin is None for one in snapshots for row in one.rows)
    assert any(row.side for one in snapshots for row in one.rows)
    for one in snapshots:
        for row, line, trading in zip(one.rows, one.lines().splitlines(), one.trading(), strict=True):
            params = json.loads(line)["params"]
            traded = {name: section for name, section in params.items() if name in TRADING_SECTIONS}
            assert bytes(trading).decode() == encode(traded)
            assert sha256(trading).hexdigest() == row.params_digest


def test_the_trading_sections_of_a_coin_are_no_copy(snapshots: tuple[Snapshot, ...]) -> None:
    """A fleet has megabytes of them, and the lines hold them already."""
    for one in snapshots:
        for row, trading in zip(one.rows, one.trading(), strict=True):
            if row.coin is not None:
                assert isinstance(trading, memoryview)
                assert trading.obj is one.body
