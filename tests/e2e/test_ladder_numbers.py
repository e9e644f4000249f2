"""The ladder's numeric verbs where their libraries are not installed."""

import subprocess
import sys

import pytest

from command_line import ROOT, environment

BARE = """\
import sys
for name in ("cma", "numba", "numpy", "scipy"):
    sys.modules[name] = None  # importing it then fails as if it were not there
from deskc.cli import main
sys.argv = ["deskc", "ladder", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("verb", ["certify", "export", "lock", "optimize", "regress", "tune"])
def test_a_missing_library_is_one_sentence_that_says_what_to_install(verb: str) -> None:
    """Checking a desk needs none of them, so they are an extra."""
    done = subprocess.run(
        [sys.executable, "-c", BARE, verb], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"deskc: ladder {verb} needs numpy, which is not installed\n help: pip install 'deskc[ladder]'\n"
    )
