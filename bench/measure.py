"""Run one command and print its wall seconds, CPU seconds, peak resident KiB and exit status as four words.

Usage: python -I -S measure.py LOG COMMAND…; the command's output goes to LOG. This process imports next to nothing:
Linux counts the memory of whoever starts a program into its peak, so a large parent would hide what is measured.
"""

import os
import sys
from time import perf_counter


def main(log: str, command: list[str]) -> None:
    """Run the command; CPU time and peak cover its waited-for children too."""
    opened = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    actions = [(os.POSIX_SPAWN_DUP2, opened, 1), (os.POSIX_SPAWN_DUP2, opened, 2)]
    begin = perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = perf_counter() - begin
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
