"""What a build brings beside its layers, from one tree: desk.yaml, schemas, rules, facts, decisions; and digests."""

from deskc.content.decisions import counted, load_decisions
from deskc.content.desk import Folders, load_desk, load_folders
from deskc.content.files import bundled, digest_of
from deskc.content.markets import load_markets, market_readers, traded_coins, unknown_markets
from deskc.content.rules import load_rules
from deskc.content.schemas import load_schemas
from deskc.content.signatures import SIGNERS, unsigned

__all__ = [
    "SIGNERS",
    "Folders",
    "bundled",
    "counted",
    "digest_of",
    "load_decisions",
    "load_desk",
    "load_folders",
    "load_markets",
    "load_rules",
    "load_schemas",
    "market_readers",
    "traded_coins",
    "unknown_markets",
    "unsigned",
]
