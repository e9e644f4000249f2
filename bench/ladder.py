"""The ladder benchmark: what the ladder's mathematics costs, part by part, beside peers that do the same.

Usage: python bench/ladder.py [--full] [--only NAME]. Each part compares its peers' results with ours before it times
anything, and runs everyone in turn. Exit 1 where a budget of ARCHITECTURE 8 is missed or not measured, or results
differ.
"""

import sys
from pathlib import Path

from parts import run_parts

PARTS = {"kernel": "ladder_kernel", "exact": "ladder_exact", "search": "ladder_search", "guided": "ladder_guided"}
"""By name: the module beside this one whose `run` measures the part; it finds its peers in peers/ by bare name."""


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).with_name("peers")))
    about = (__doc__ or "").partition("\n")[0]
    sys.exit(run_parts(PARTS, about=about, full="every cell and more rounds; the peers take an hour"))
