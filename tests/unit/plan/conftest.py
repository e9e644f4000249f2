"""What the tests of the plan share: a small desk of their own."""

from pathlib import Path
from shutil import copytree

import pytest

from small_desk import Repository, start


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return the small desk that every test's is a copy of: committing it costs more than most tests."""
    return start(tmp_path_factory.mktemp("desk") / "repository")


@pytest.fixture
def desk(first: Repository, tmp_path: Path) -> Repository:
    """Return a small desk with one commit."""
    return Repository(copytree(first.root, tmp_path / "repository"))
