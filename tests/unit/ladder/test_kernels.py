"""What the kernels refuse, and how they are compiled."""

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deskc.ladder.kernels import judge_batch
from deskc.ladder.parameters import pack
from deskc.ladder.settings import Constraints, Core, Generation, Scoring, Settings

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("shape", [(2, 9), (10,), (1, 2, 10)])
def test_ladders_of_another_length_are_refused(shape: tuple[int, ...]) -> None:
    """Parameters are packed for a number of orders, and hold for no other."""
    with pytest.raises(ValueError, match="not n ladders of 10 orders"):
        judge_batch(np.ones(shape), np.ones(shape), pack(Settings()))


def test_volumes_and_indents_go_together() -> None:
    """As many volumes as indents."""
    with pytest.raises(ValueError, match="not n ladders"):
        judge_batch(np.ones((2, 10)), np.ones((3, 10)), pack(Settings()))


def test_no_ladders_are_judged_as_none() -> None:
    """An empty batch has an empty answer."""
    assert [len(found) for found in judge_batch(np.ones((0, 10)), np.ones((0, 10)), pack(Settings()))] == [0, 0, 0]


def test_any_layout_of_numbers_is_read_as_it_looks() -> None:
    """Columns first and every second row give what rows side by side give."""
    volumes = np.arange(1.0, 81.0).reshape(8, 10) % 7 + 1
    indents = np.tile(np.arange(10) * 2.0, (8, 1))
    plain = judge_batch(volumes, indents, pack(Settings()))
    other = judge_batch(np.asfortranarray(volumes), np.asfortranarray(indents), pack(Settings()))
    half = judge_batch(volumes[::2], indents[::2], pack(Settings()))
    assert [found.tolist() for found in plain] == [found.tolist() for found in other]
    assert [found[::2].tolist() for found in plain] == [found.tolist() for found in half]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (Settings(core=Core(base_price=math.nan)), "base_price"),
        (Settings(scoring=Scoring(lambda_=math.inf)), "lambda_"),
        (Settings(constraints=Constraints(m_max=math.nan)), "ceiling_most"),
        (Settings(generation=Generation(strong=-math.inf)), "strong"),
        (Settings(constraints=Constraints(tail_cap=0.0)), "tail_cap"),
    ],
)
def test_settings_that_no_score_can_be_made_of_are_refused(settings: Settings, name: str) -> None:
    """One sentence names what is no finite number."""
    with pytest.raises(ValueError, match=name):
        pack(settings)


def test_a_ladder_of_one_order_breaks_hc0_alone() -> None:
    """There is nothing to score."""
    found = judge_batch(np.ones((2, 1)), np.ones((2, 1)), pack(replace(Settings(), core=Core(num_orders=1))))
    assert [column.tolist() for column in found] == [[math.inf] * 2, [1, 1], [math.inf] * 2]


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the compiler importable and some variables set."""
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "compiler"), str(ROOT / "tests")])}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= paths | variables
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_laws_of_the_twins_hold_without_compilation() -> None:
    """The same suites, with fewer examples, where every compiled function runs as Python."""
    suites = ("tests/property/test_ladder_twins.py", "tests/property/test_ladder_decoder.py")
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", *suites, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_functions_compile_where_no_folder_can_be_written(tmp_path: Path) -> None:
    """Without a place for a cache, as in a read-only installation, they compile in memory: here 1/(x − 3) at 3."""
    script = tmp_path / "script.py"
    script.write_text(
        "from deskc.ladder.compiled import compiled\n\n"
        "def inverse(x):\n    return 1.0 / (x - 3.0)\n\n"
        "print(compiled(inverse)(3.0), type(compiled(inverse)._cache).__name__)\n",
        encoding="utf-8",
    )
    nowhere = run(str(script), NUMBA_CACHE_LOCATOR_CLASSES="IPythonCacheLocator", NUMBA_DISABLE_JIT="0")
    assert nowhere.stdout.split() == ["inf", "NullCache"], nowhere.stderr
    somewhere = run(str(script), NUMBA_CACHE_DIR=str(tmp_path / "cache"), NUMBA_DISABLE_JIT="0")
    assert somewhere.stdout.split() == ["inf", "FunctionCache"], somewhere.stderr
