"""The codes of what people decide beside settings: suppressions, the baseline, the quarantine."""

from functools import partial

from deskc.core.codes import code
from deskc.core.codes.code import Code
from deskc.core.codes.tiny import TINY

__all__ = ["CODES"]

_OfChange = partial(code.Code, given_by="check --base")

_COIN = "bots/maker/coins/ETH.yaml"
_RULE = "validators/leverage_limit.py"
_RISK = {_RULE: TINY[_RULE].replace("OWN001", "RISK901")}
_WIDE = "trading:\n  leverage: 9{}\n"
_GOOD = " # deskc: ignore[OWN001] until 2027-01-31: the venue caps it"
_MET = "6ab169e59f793fad"  # the fingerprint of what OWN001 finds where the coin is too wide
_TRADED = "1897b53095943577caee898e924b93ee5a3839ca1583051a6c516dc7217ad555"  # what the coin of the tiny desk trades
_LISTED = "- code: OWN001\n  fingerprint: {}\n  place: bots/maker/coins/ETH.yaml\n"
_QUARANTINED = """\
- params_digest: "{}"
  bot: maker
  coin: ETH
  reason: it bought the top on three days
"""

CODES = (
    Code(
        "SUP001",
        "A suppression is malformed.",
        why="What nobody can date or explain stays for ever, and a half-read comment would hide more than was meant.",
        fix="Name the codes, the last day and the reason: # deskc: ignore[CODE] until 2027-01-31: REASON",
        bad={_COIN: TINY[_COIN].replace("100", "100 # deskc: ignore[OWN001]")},
        good={_COIN: _WIDE.format(_GOOD)},
    ),
    Code(
        "SUP002",
        "A suppression names a code that no rule has.",
        why="Whoever wrote it believes that something is let pass, and it is not.",
        fix="Correct the code; deskc rule lists those of the desk's rules.",
        bad={_COIN: TINY[_COIN].replace("100", "100" + _GOOD.replace("OWN001", "OWN01"))},
        good={_COIN: _WIDE.format(_GOOD)},
    ),
    Code(
        "SUP003",
        "A suppression has expired.",
        why="It was a promise to mend something by a day, and the day is over.",
        fix="Mend what it hid and delete it, or have a later day reviewed.",
        bad={_COIN: TINY[_COIN].replace("100", "100" + _GOOD.replace("2027", "2020"))},
        good={_COIN: _WIDE.format(_GOOD)},
    ),
    Code(
        "SUP004",
        "A suppression suppresses nothing.",
        why="The next mistake on its line would pass unseen, under a reason that was given for another one.",
        fix="Delete it, or move it to the line of the setting that was meant.",
        bad={_COIN: TINY[_COIN].replace("100", "100" + _GOOD)},
        good={_COIN: _WIDE.format(_GOOD)},
    ),
    Code(
        "SUP005",
        "A suppression names a code of the compiler itself.",
        why="What cannot be read, or has no schema, has no meaning that could be let pass.",
        fix="Mend what is found, and delete the suppression.",
        bad={_COIN: TINY[_COIN].replace("100", "100" + _GOOD.replace("OWN001", "TYPE001"))},
        good={_COIN: _WIDE.format(_GOOD)},
    ),
    Code(
        "SUP006",
        "A suppression stands in a layer that has no authority over the limit.",
        why="A coin that may not raise a limit could else ignore it, which comes to the same.",
        fix="Keep the limit, or have it suppressed in a layer that may set it.",
        bad={**_RISK, _COIN: TINY[_COIN].replace("100", "100" + _GOOD.replace("OWN001", "RISK901"))},
        good={
            **_RISK,
            "global.yaml": TINY["global.yaml"].replace(
                "leverage: 3", "leverage: 9" + _GOOD.replace("OWN001", "RISK901")
            ),
        },
    ),
    _OfChange(
        "SUP007",
        "A suppression is not in the base yet.",
        why="A change that could suppress what is found in it would be its own judge.",
        fix="Have the suppression reviewed; it counts once it is merged.",
        bad={_COIN: TINY[_COIN].replace("100", "100" + _GOOD)},
        good={_COIN: TINY[_COIN]},
    ),
    Code(
        "BASE001",
        "Lines of the baseline match nothing any more.",
        why="The same mistake could come back unseen.",
        fix="Write the baseline again with deskc check --write-baseline, and commit it.",
        bad={"baseline.yaml": _LISTED.format("0123456789abcdef")},
        good={"baseline.yaml": _LISTED.format(_MET), _COIN: _WIDE.format("")},
    ),
    Code(
        "BASE002",
        "The baseline lists what it never lets pass.",
        why="A baseline has neither an expiry nor an owner, so it is no place for risk, secrets or unreadable files.",
        fix="Delete the line and mend what is found.",
        bad={"baseline.yaml": _LISTED.format("0123456789abcdef").replace("OWN001", "RISK001")},
        good={"baseline.yaml": _LISTED.format(_MET), _COIN: _WIDE.format("")},
    ),
    _OfChange(
        "BASE003",
        "Lines of the baseline are not in the base yet.",
        why="A change that could add its own findings to the baseline would hide what it breaks.",
        fix="Have the new lines reviewed and merged by themselves.",
        bad={"baseline.yaml": _LISTED.format(_MET)},
        good={_COIN: TINY[_COIN]},
    ),
    Code(
        "QUAR001",
        "A scope resolves to settings that were withdrawn.",
        why="Somebody stopped these settings for a reason, and an undone edit must not bring them back by accident.",
        fix="Change what trades; if the settings are trusted again, have their line of quarantine.yaml deleted.",
        bad={"quarantine.yaml": _QUARANTINED.format(_TRADED)},
        good={"quarantine.yaml": _QUARANTINED.format("0" * 64)},
    ),
    Code(
        "QUAR002",
        "A withdrawal names a bot or a coin that the desk does not have.",
        why="It protects from nothing, which is dangerous where the name is only mistyped.",
        fix="Correct the name. A bot that was renamed keeps its withdrawals by bot.formerly.",
        bad={"quarantine.yaml": _QUARANTINED.format("0" * 64).replace("ETH", "ETHH")},
        good={"quarantine.yaml": _QUARANTINED.format("0" * 64)},
    ),
)
