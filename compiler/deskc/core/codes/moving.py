"""The codes of moving in: a single JSON file that becomes a bot of a desk."""

from functools import partial

from deskc.core.codes import code

__all__ = ["CODES"]

Code = partial(code.Code, given_by="init --from")

_FILE = "config.json"
_GOOD = '{\n  "bot_id": "maker",\n  "coins": ["ETH"],\n  "leverage": 3,\n  "per_coin": {"ETH": {"leverage": 5}}\n}\n'

CODES = (
    Code(
        "JSON001",
        "The file to migrate is no JSON.",
        why="What cannot be read cannot be moved, and half a migration would trade with values that nobody wrote.",
        fix="Correct the JSON where the finding points; comments may begin with // and with nothing else.",
        bad={_FILE: _GOOD.replace('"maker",', '"maker"')},
        good={_FILE: _GOOD},
    ),
    Code(
        "JSON002",
        "The file to migrate does not describe one bot.",
        why="Layers are made from bot_id, coins and per_coin; without one of them, what a coin traded with is a guess.",
        fix="Write bot_id and coins, and under per_coin only coins that are listed.",
        bad={_FILE: _GOOD.replace('["ETH"]', '["AVAX"]')},
        good={_FILE: _GOOD},
    ),
)
