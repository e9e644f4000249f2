"""The benchmark of the bot's side: what trading by a snapshot costs, part by part, beside the least that it could cost.

Usage: python bench/runtime.py [--full] [--only NAME]. Exit 1 where a budget of ARCHITECTURE 8 is missed or not
measured, or something that was acknowledged is not there.
"""

import sys

from parts import run_parts

PARTS = {"load": "runtime_load", "watch": "runtime_watch", "recorder": "runtime_recorder"}
"""By name: the module beside this one whose `run` measures the part."""


if __name__ == "__main__":
    sys.exit(run_parts(PARTS, about=(__doc__ or "").partition("\n")[0], full="more rounds"))
