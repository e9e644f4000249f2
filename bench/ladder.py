"""The ladder benchmark: what the ladder's mathematics costs, part by part, beside peers that do the same.

Usage: python bench/ladder.py [--full] [--only NAME]. Each part compares its peers' results with ours before it times
anything, and runs everyone in turn. Exit 1 where a budget of ARCHITECTURE 8 is missed or not measured, or results
differ.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from compile import machine, verdicts
from ladder_part import Found, Part

PARTS = {"kernel": "ladder_kernel", "exact": "ladder_exact", "search": "ladder_search", "guided": "ladder_guided"}
"""By name: the module beside this one whose `run` measures the part; it finds its peers in peers/ by bare name."""


def measure(name: str, *, quick: bool) -> Found:
    """Run one part."""
    part: Part = import_module(PARTS[name])
    print(f"part {name}", file=sys.stderr)
    return part.run(quick=quick)


def main() -> int:
    """Run the parts asked for, print their tables and judge them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few cells and rounds, as without --full")
    parser.add_argument("--full", action="store_true", help="every cell and more rounds; the peers take an hour")
    parser.add_argument("--only", default="", metavar="NAME", help="parts whose names contain NAME")
    options = parser.parse_args()
    sys.path.append(str(Path(__file__).with_name("peers")))
    print(*machine(), sep="\n")
    kept = True
    for name in filter(lambda name: options.only in name, PARTS):
        found = measure(name, quick=not options.full)
        print("", *found.table, "", *verdicts(list(found.budgets)), *found.failures, sep="\n", flush=True)
        kept = kept and not found.failures and all(budget.verdict == "ok" for budget in found.budgets)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
