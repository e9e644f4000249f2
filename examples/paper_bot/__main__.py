"""Run the paper bot: `python examples/paper_bot CHANNEL --env production --bot mm_multi_v1 --ledger sqlite:///…`.

It follows the channel, trades a market that is recorded on a tape, or made up from a seed, and records what it does,
until its ticks are over or it is interrupted. Without --tape and --seed it takes the tape that lies beside this
repository, in ../shared/data, where there is one.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import deskc
from bot import PaperBot
from tape import TapeError, Tick, recorded, synthetic

_TAPE = Path(__file__).resolve().parents[3] / "shared" / "data" / "binance_usdm_btcusdt_tape.gz"
_START_PX = {"ETH": "2500", "AVAX": "25", "PENGU": "0.5", "FARTCOIN": "1.5"}


def main() -> None:
    """Trade."""
    options = _options()
    variables = dict(one.split("=", 1) for one in options.set)
    target = {"environment": options.env, "bot": options.bot}
    try:
        with (
            deskc.watch(options.channel, **target, env=variables or None, state=options.state) as watch,
            deskc.Recorder(options.ledger, watch.snapshot) as recorder,
        ):
            bot = PaperBot(watch, recorder, _paced(_tape(options, watch.snapshot), options.every))
            try:
                bot.run(options.ticks)
            finally:
                bot.stop()
    except KeyboardInterrupt:
        sys.exit(130)
    except (deskc.DeskcError, OSError, TapeError) as error:
        sys.exit(f"paper bot: {error}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="paper_bot", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("channel", help="a folder or a URL, as deskc.watch takes it")
    parser.add_argument("--env", required=True, help="the environment")
    parser.add_argument("--bot", required=True, help="the bot")
    parser.add_argument("--ledger", required=True, help="the ledger's URL")
    parser.add_argument("--state", help="the folder of what outlives the process")
    parser.add_argument("--ticks", type=int, help="how many; to the end of the tape if left out")
    parser.add_argument("--every", type=float, default=0.0, metavar="SECONDS", help="between two ticks")
    parser.add_argument("--seed", type=int, help="of a made-up market")
    parser.add_argument("--tape", type=Path, help="a recorded tape, in place of the made-up market")
    parser.add_argument("--coin", help="whose settings trade the tape; the first coin's if left out")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="in place of the environment")
    options = parser.parse_args()
    if options.every < 0 or (options.ticks is not None and options.ticks < 0):
        parser.error("--ticks and --every cannot be below 0")
    if any("=" not in one for one in options.set):
        parser.error("--set takes NAME=VALUE")
    return options


def _tape(options: argparse.Namespace, snapshot: deskc.Snapshot) -> Iterator[Tick]:
    tape = options.tape or (_TAPE if options.seed is None and _TAPE.exists() else None)
    if tape is not None:
        return recorded(tape, options.coin or snapshot.coins[0])
    return synthetic({coin: Decimal(_START_PX.get(coin, "100")) for coin in snapshot.coins}, seed=options.seed or 1)


def _paced(tape: Iterator[Tick], every_s: float) -> Iterator[Tick]:
    for tick in tape:
        yield tick
        time.sleep(every_s)


if __name__ == "__main__":
    main()
