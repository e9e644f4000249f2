"""What the tests of the plan share: a small desk of their own."""

from pathlib import Path

import pytest
from small_desk import Repository, start


@pytest.fixture
def desk(tmp_path: Path) -> Repository:
    """Return a small desk with one commit."""
    return start(tmp_path / "repository")
