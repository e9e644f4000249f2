"""A bot that records, as a process of its own: prints its peak memory in KiB and how often the ledger was out of reach.

Usage: python recording_bot.py CHANNEL bare | books LEDGER COUNT | fills LEDGER COUNT NAME. A bare bot only loads its
snapshot. Books are recorded one at a time, each moved to the ledger before the next.
"""

import logging
import sys
from pathlib import Path

import deskc

BIDS = [("2500.1", "3.2"), ("2500.0", "12"), ("2499.8", "7.55"), ("2499.5", "31"), ("2499.1", "44.2")]
ASKS = [("2500.6", "1.5"), ("2500.7", "9"), ("2500.9", "22.1"), ("2501.4", "18"), ("2501.9", "60.25")]


class _Counting(logging.Handler):
    """Counts warnings of the recorder."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self.count += record.levelno >= logging.WARNING


def main(channel: str, what: str, *arguments: str) -> None:
    """Do what is asked and print what it took."""
    warnings = _Counting()
    snapshot = deskc.load(channel, environment="production", bot="maker")
    if what != "bare":
        logging.getLogger("deskc.recorder").addHandler(warnings)
        url, count, *name = arguments
        with deskc.Recorder(url, snapshot, instance=name[0] if name else None) as recorder:
            eth = snapshot["ETH"]
            for number in range(int(count)):
                if what == "books":
                    recorder.market_snapshot(eth, bids=BIDS, asks=ASKS)
                    recorder.flush(timeout_s=60)
                else:
                    recorder.fill(eth, side="buy", px="2500.1", sz="0.02", order_id=number)
            recorder.close(timeout_s=60)
    print(_peak_kib(), warnings.count)


def _peak_kib() -> int:
    """Return this process's own peak; that of getrusage counts whoever started it, too."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(*sys.argv[1:])
