"""Judge settings by one rule of the repository, through the real pipeline and the real schemas."""

from pathlib import Path

from deskc.core.findings import Finding
from deskc.pipeline import compile_desk, prepare
from desks import Memory

__all__ = ["ROOT", "judged"]

ROOT = Path(__file__).resolve().parents[1]

_DESK = b"""\
format: 1
environments: {paper: {writes: direct}}
hierarchy: [global.yaml, "coins/{coin}.yaml", "bots/{bot}/bot.yaml"]
schemas: schemas
validators: validators
markets: markets
"""
_BOT = b"bot: {exchange: venue, environments: [paper], coins: [ETH]}\n"


def judged(rule: str, settings: str, **coins: str) -> tuple[Finding, ...]:
    """Return what a rule, named by its file, has to say of a desk whose global.yaml holds these settings.

    `coins` are further layers, by coin; a coin's settings overrule those of global.yaml.
    """
    schemas = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / "schemas").rglob("*.json")}
    files = {
        **schemas,
        "desk.yaml": _DESK,
        "bots/bot/bot.yaml": _BOT,
        "global.yaml": settings.encode(),
        f"validators/{rule}.py": (ROOT / "validators" / f"{rule}.py").read_bytes(),
        **{f"coins/{coin}.yaml": text.encode() for coin, text in coins.items()},
    }
    return compile_desk(prepare(Memory(files), "")).findings
