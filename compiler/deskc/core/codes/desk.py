"""The codes of the desk and its bots: desk.yaml, paths, declarations and labels."""

from deskc.core.codes.code import Code
from deskc.core.codes.tiny import TINY

__all__ = ["CODES"]

_DESK = TINY["desk.yaml"]
_BOT = "bots/maker/bot.yaml"
_SECOND = "bots/taker/bot.yaml"
_COIN = "bots/maker/coins/ETH.yaml"
_DECLARED = "bot: {exchange: venue, environments: [paper], coins: [ETH]}\n"
_SERVICE = "bot: {environments: [paper], coins: []}\n"

_SIGNED = _DESK.replace("writes: direct", "writes: proposal") + "signatures: required\n"
_SIGNERS = "risk@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

CODES = (
    Code(
        "DESK001",
        "The desk does not say where its schemas or its rules lie.",
        why="Without its schemas and rules nothing can judge a desk, and a build takes them from its own tree alone.",
        fix="Write schemas: and validators: in desk.yaml, each a folder of the same repository.",
        bad={"desk.yaml": _DESK.replace("validators: validators\n", "")},
        good={"desk.yaml": _DESK},
    ),
    Code(
        "DESK002",
        "Two patterns of the hierarchy can name one file.",
        why="The file's level, and with it what wins over what, would depend on which pattern is tried first.",
        fix="Make the patterns differ, most simply by a folder of their own.",
        bad={"desk.yaml": _DESK.replace("schemas:", "  - bots/{bot}/{coin}.yaml\nschemas:", 1)},
        good={"desk.yaml": _DESK.replace("schemas:", "  - bots/{bot}/more/{coin}.yaml\nschemas:", 1)},
    ),
    Code(
        "DESK003",
        "An approval names something that is no setting.",
        why="Nobody would be asked to approve a change to the setting that was meant.",
        fix="Name a section, a group or a setting by its path.",
        bad={"desk.yaml": _DESK + "approvals: {trading.levrage: [risk-owners]}\n"},
        good={"desk.yaml": _DESK + "approvals: {trading.leverage: [risk-owners]}\n"},
    ),
    Code(
        "DESK004",
        "The hierarchy does not say where bots are declared.",
        why="A bot is one file at one level. Without that level there are no bots, with two a bot is declared twice.",
        fix="Let exactly one pattern end in {bot}/bot.yaml.",
        bad={"desk.yaml": _DESK.replace("bots/{bot}/bot.yaml", "bots/{bot}/base.yaml")},
        good={"desk.yaml": _DESK},
    ),
    Code(
        "DESK005",
        "A pattern of the hierarchy can be read in more than one way.",
        why="In a name such as ETHLONG nobody can tell where the coin ends and the side begins.",
        fix="Put a dot or a slash between two variables; no name holds either.",
        bad={"desk.yaml": _DESK.replace("schemas:", "  - coins/{coin}{side}.yaml\nschemas:", 1)},
        good={"desk.yaml": _DESK.replace("schemas:", "  - coins/{coin}.{side}.yaml\nschemas:", 1)},
    ),
    Code(
        "SIGN001",
        "No listed principal signed the commit.",
        why="The desk promises that what trades in these environments was signed by somebody whom it names.",
        fix="Sign the commit with a listed ssh key, or let somebody sign it who is listed.",
        bad={"desk.yaml": _SIGNED, "allowed_signers": _SIGNERS},
        good={"desk.yaml": _SIGNED.replace("required", "optional")},
        given_by="compile",
    ),
    Code(
        "SIGN002",
        "Signatures are required, but nobody is listed who may sign.",
        why="Without a list of principals and keys every signature would be as good as none.",
        fix="Add allowed_signers to the desk's folder, as ssh-keygen describes it.",
        bad={"desk.yaml": _SIGNED},
        good={"desk.yaml": _SIGNED, "allowed_signers": _SIGNERS},
    ),
    Code(
        "PATH001",
        "A path leads out of the desk or its repository.",
        why="What lies outside is not in the commit, so a build could not be repeated from it.",
        fix="Move the file into the desk and name it from there.",
        bad={_COIN: "extends: [../shared/calm.yaml]\n"},
        good={_COIN: "extends: [templates/calm.yaml]\n", "templates/calm.yaml": "trading:\n  leverage: 1\n"},
    ),
    Code(
        "BOT001",
        "A bot's folder has no bot.yaml.",
        why="A bot exists once it is declared; the folder's other layers would speak to no one.",
        fix="Add a bot.yaml with a bot: section, or correct the folder's name.",
        bad={"bots/taker/coins/ETH.yaml": "trading:\n  mode: taker\n"},
        good={"bots/taker/coins/ETH.yaml": "trading:\n  mode: taker\n", _SECOND: _DECLARED},
    ),
    Code(
        "BOT002",
        "A bot.yaml has no bot: section.",
        why="It says where a bot trades, in which environments and which coins; without it nothing can be compiled.",
        fix="Write bot: with exchange, strategy, environments and coins.",
        bad={_SECOND: "config_version: 1.0.0\n"},
        good={_SECOND: _DECLARED + "config_version: 1.0.0\n"},
    ),
    Code(
        "BOT003",
        "A bot names an environment or a strategy that the desk does not have.",
        why="The bot would be missing where it is expected, or run without its strategy's schema.",
        fix="Correct the name, declare the environment in desk.yaml, or add the strategy's schema.",
        bad={_SECOND: _DECLARED.replace("[paper]", "[papper]")},
        good={_SECOND: _DECLARED},
    ),
    Code(
        "BOT004",
        "Two coins differ only by upper and lower case.",
        why="Their layers are one file on some file systems, and people read them as one coin.",
        fix="Use one spelling throughout the desk.",
        bad={_BOT: _DECLARED.replace("[ETH]", "[ETH, Eth]")},
        good={_BOT: _DECLARED},
    ),
    Code(
        "BOT005",
        "A bot: section stands outside a bot.yaml.",
        why="A declaration that a coin or an environment could change would make bots appear and vanish with a layer.",
        fix="Move it to the bot's bot.yaml.",
        bad={_COIN: "bot: {coins: [ETH, AVAX]}\n"},
        good={_BOT: _DECLARED.replace("[ETH]", "[ETH, AVAX]")},
    ),
    Code(
        "BOT006",
        "A service bot sets what it does not load.",
        why="A bot without coins and strategy loads system alone, so whoever reads the value would be misled.",
        fix="Take the section out, or give the bot what it needs to trade: coins, or a strategy.",
        bad={_SECOND: _SERVICE + "trading:\n  leverage: 2\n"},
        good={_SECOND: _SERVICE + "system:\n  host: localhost\n"},
    ),
    Code(
        "VER001",
        "A config_version is not text.",
        why="A label such as 1.10 would be read as the number 1.1 and show another version than was written.",
        fix="Write three parts, such as 1.10.0, or quote the label.",
        bad={_BOT: _DECLARED + "config_version: 1.10\n"},
        good={_BOT: _DECLARED + "config_version: 1.10.0\n"},
    ),
    Code(
        "VER002",
        "A config_version stands in a layer that more than one bot reads.",
        why="A label versions one bot, or one coin of it. In a shared layer it would move when nothing of theirs did.",
        fix="Move it to the bot's bot.yaml or to the bot's file for the coin.",
        bad={"global.yaml": TINY["global.yaml"] + "config_version: 1.1.0\n"},
        good={_COIN: "config_version: 1.1.0\n" + TINY[_COIN]},
    ),
)
