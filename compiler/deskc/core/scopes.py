"""What configuration resolves for: targets (environment, bot) and the scopes inside them."""

from typing import NamedTuple

__all__ = ["OTHER_SECTIONS", "SECTIONS", "SERVICE_SECTIONS", "TRADING_SECTIONS", "ScopeId", "Target"]

TRADING_SECTIONS = ("exchange", "ladder", "risk", "strategy", "trading")
"""The sections that decide what trades; the params digest covers these."""

OTHER_SECTIONS = ("monitoring", "system")
"""The sections that change nothing about trading; they stand on the bot-level scope alone."""

SERVICE_SECTIONS = ("system",)
"""All that a service bot loads: one without coins and without a strategy."""

SECTIONS = tuple(sorted((*TRADING_SECTIONS, *OTHER_SECTIONS)))


class Target(NamedTuple):
    """One (environment, bot): what a snapshot freezes."""

    environment: str
    bot: str

    def __str__(self) -> str:
        """Return `environment/bot`, as findings write it."""
        return f"{self.environment}/{self.bot}"


class ScopeId(NamedTuple):
    """One resolved target: bot level has neither coin nor side; arm is null outside experiments."""

    environment: str
    bot: str
    coin: str | None = None
    side: str | None = None
    arm: str | None = None

    def __str__(self) -> str:
        """Return `environment/bot[/coin[/side]]`, as findings write it."""
        return "/".join(part for part in (self.environment, self.bot, self.coin, self.side, self.arm) if part)
