"""The names of a signed channel's roles, what each may sign, and for how long its word counts."""

import re
from typing import NamedTuple

from deskc.core.scopes import Target

__all__ = [
    "TOP",
    "Days",
    "bot_of",
    "bot_role",
    "delegator",
    "environment_role",
    "named",
    "spoken",
    "target_path",
]

TOP = ("root", "targets", "snapshot", "timestamp")

_BOT = re.compile(r"bot\.([a-z][a-z0-9_]*)\.([a-z0-9_]+)")


class Days(NamedTuple):
    """For how many days a role's metadata counts once it is signed; an environment's number is its bots' too."""

    root: int = 365
    targets: int = 90
    environment: int = 30
    snapshot: int = 7
    timestamp: int = 1

    def of(self, role: str) -> int:
        """Return the days of a role."""
        days: int = getattr(self, role if role in TOP else "environment")
        return days


def environment_role(environment: str) -> str:
    """Return the role that delegates to an environment's bots."""
    return f"environment.{environment}"


def bot_role(target: Target) -> str:
    """Return the role that signs what one bot runs; no slash, which servers would take for a folder."""
    return f"bot.{target.environment}.{target.bot}"


def bot_of(role: str) -> Target | None:
    """Return whose role this is, None where it is no bot's."""
    found = _BOT.fullmatch(role)
    return Target(found[1], found[2]) if found else None


def delegator(role: str) -> str:
    """Return the role that says who may sign this one."""
    bot = bot_of(role)
    if bot is not None:
        return environment_role(bot.environment)
    return "root" if role in TOP else "targets"


def target_path(target: Target) -> str:
    """Return the one target of a bot's role: the snapshot that the bot shall run."""
    return f"{target.environment}/{target.bot}/current.jsonl"


def named(name: str) -> str:
    """Return the role that a person names: root, targets, snapshot, timestamp, ENVIRONMENT or ENVIRONMENT/BOT."""
    environment, slash, bot = name.partition("/")
    if slash:
        return bot_role(Target(environment, bot))
    return name if name in TOP else environment_role(name)


def spoken(role: str) -> str:
    """Return a role as `named` reads it."""
    bot = bot_of(role)
    return role.removeprefix("environment.") if bot is None else str(bot)
