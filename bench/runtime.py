"""The benchmark of the bot's side: what trading by a snapshot costs, part by part, beside the least that it could cost.

Usage: python bench/runtime.py [--full] [--only NAME]. Exit 1 where a budget of ARCHITECTURE 8 is missed or not
measured, or something that was acknowledged is not there.
"""

import argparse
import sys
from importlib import import_module

from compile import machine, verdicts
from ladder_part import Found, Part

PARTS = {"load": "runtime_load", "watch": "runtime_watch", "recorder": "runtime_recorder"}
"""By name: the module beside this one whose `run` measures the part."""


def measure(name: str, *, quick: bool) -> Found:
    """Run one part."""
    part: Part = import_module(PARTS[name])
    print(f"part {name}", file=sys.stderr)
    return part.run(quick=quick)


def main() -> int:
    """Run the parts asked for, print their tables and judge them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds, as without --full")
    parser.add_argument("--full", action="store_true", help="more rounds")
    parser.add_argument("--only", default="", metavar="NAME", help="parts whose names contain NAME")
    options = parser.parse_args()
    print(*machine(), sep="\n")
    kept = True
    for name in filter(lambda name: options.only in name, PARTS):
        found = measure(name, quick=not options.full)
        print("", *found.table, "", *verdicts(list(found.budgets)), *found.failures, sep="\n", flush=True)
        kept = kept and not found.failures and all(budget.verdict == "ok" for budget in found.budgets)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
