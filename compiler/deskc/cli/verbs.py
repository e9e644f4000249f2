"""The table of verbs: what `deskc --help` lists, and which module of this package holds each."""

from collections.abc import Mapping

__all__ = ["KEYS", "LADDER", "LEVERAGE", "MARKETS", "VERBS"]

VERBS: Mapping[str, str] = {
    "init": "Start a desk that checks clean.",
    "new": "Add a bot, or a coin to a bot.",
    "parse": "Show how strict YAML reads a file.",
    "check": "Judge the desk as it stands in the working tree, or at a commit.",
    "compile": "Freeze a commit's configuration into snapshots and record them.",
    "publish": "Compile a commit and move a channel to it.",
    "keys": "Make and replace the keys of a signed channel.",
    "verify": "Check every byte of a snapshot, or of all that a channel offers.",
    "watch": "Follow a channel, and keep its newest good snapshot as a file.",
    "halt": "Stop a bot or a coin: one commit, compiled and published.",
    "resume": "Take a halt back.",
    "activate": "Record that a bot runs from now on what its channel names.",
    "status": "Tell which bot runs what, and whether it should run something else.",
    "explain": "Tell where a setting's value comes from, layer by layer.",
    "affects": "Tell which scopes and bots a line decides.",
    "diff": "Show effective differences between two commits or two environments.",
    "versions": "List the versions of bots and coins: compiled, active and ended.",
    "position-size": "Size a coin's next position as its settings and its market allow.",
    "markets": "Lock what a venue says of its markets, and compare it with the lock.",
    "leverage": "Set coins' leverage at their venue, and tell what it has.",
    "ladder": "Judge and find DCA ladders.",
    "schema": "Describe the settings of a section.",
    "rule": "Explain a finding's code.",
    "doctor": "Say what is wrong with this folder, this machine or the ledger.",
}
"""One sentence a verb, in the order in which a newcomer meets them."""

LADDER: Mapping[str, str] = {
    "check": "Judge the orders of a scope or of a file by the eight hard constraints.",
    "certify": "Prove how small the largest need of a ladder can be, and show the ladder.",
    "optimize": "Search for the best ladder in batches that can be resumed.",
    "tune": "Search with one configuration after the other, each made from the best.",
    "runs": "List the searches that a ledger keeps.",
    "export": "Write the best ladder of a search as a layer has it.",
    "import": "Sort the parameters of an old flat configuration into the seven groups.",
    "regress": "Compare what the desk's ladders are worth with its lock.",
    "lock": "Measure what the desk's ladders are worth into its lock.",
}
"""One sentence a verb of `deskc ladder`; each is a module of the package `deskc.cli.ladder`."""

KEYS: Mapping[str, str] = {
    "init": "Make the keys of a signed channel, and its first metadata; or let environments join it.",
    "rotate": "Replace a role's key, the change signed by the old keys and the new.",
}
"""One sentence a verb of `deskc keys`; each is a module of the package `deskc.cli.keys`."""

MARKETS: Mapping[str, str] = {
    "lock": "Write what a venue says of the desk's coins into its lock file.",
    "verify": "Compare a lock file with what its venue says now.",
}
"""One sentence a verb of `deskc markets`; each is a module of the package `deskc.cli.markets`."""

LEVERAGE: Mapping[str, str] = {
    "status": "Tell what the venue has of each coin, and what sizes use.",
    "ensure": "Set a coin's leverage where the venue has another.",
    "sync": "Ensure the leverage of all coins of a bot.",
}
"""One sentence a verb of `deskc leverage`; each is a module of the package `deskc.cli.leverage`."""
