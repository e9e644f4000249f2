"""What people decided about findings and settings: suppressions, a baseline, a quarantine."""

from typing import NamedTuple

from deskc.core.findings import Finding, Place

__all__ = [
    "BASELINE",
    "LADDERS",
    "NOTHING_DECIDED",
    "NOTHING_HIDDEN",
    "PROTECTED",
    "QUARANTINE",
    "Accepted",
    "Decisions",
    "Hidden",
    "Suppression",
    "Withdrawn",
]

BASELINE = "baseline.yaml"
"""The desk's file of findings that were there when it adopted their rules."""

QUARANTINE = "quarantine.yaml"
"""The desk's file of settings that were withdrawn."""

LADDERS = "ladders.lock.yaml"
"""The desk's file of what its ladders are worth."""

PROTECTED = ("AXES", "RISK", "SECRET")
"""How the codes begin that no baseline hides, and that only whoever may set their limit suppresses."""


class Suppression(NamedTuple):
    """A comment that lets findings of some codes pass at a line until the end of a day (UTC).

    `lines` are where a finding may stand: the comment's own line or the one below it, and where values begin whose keys
    stand there. `settings` are the paths written there, by which a base knows the comment although lines moved.
    """

    codes: tuple[str, ...]
    until: str
    reason: str
    place: Place
    lines: tuple[int, ...]
    settings: tuple[str, ...]

    @property
    def fact(self) -> tuple[object, ...]:
        """Return what stays the same when lines move."""
        return (self.place.path, self.codes, self.until, self.reason, self.settings)


class Accepted(NamedTuple):
    """One entry of baseline.yaml: a finding that was there when the desk adopted its rule."""

    code: str
    fingerprint: str
    reason: str | None
    place: Place

    @property
    def fact(self) -> tuple[str, str]:
        """Return what a finding is known by."""
        return (self.code, self.fingerprint)


class Withdrawn(NamedTuple):
    """One entry of quarantine.yaml: settings that must not trade for a bot and a coin again (None: the bot's own)."""

    params_digest: str
    bot: str
    coin: str | None
    reason: str
    place: Place

    @property
    def fact(self) -> tuple[object, ...]:
        """Return which settings are meant."""
        return (self.params_digest, self.bot, self.coin)


class Decisions(NamedTuple):
    """All that a tree has decided and that counts."""

    suppressions: tuple[Suppression, ...] = ()
    baseline: tuple[Accepted, ...] = ()
    quarantine: tuple[Withdrawn, ...] = ()


NOTHING_DECIDED = Decisions()


class Hidden(NamedTuple):
    """Findings that are counted, not judged."""

    suppressed: tuple[Finding, ...] = ()
    baselined: tuple[Finding, ...] = ()


NOTHING_HIDDEN = Hidden()
