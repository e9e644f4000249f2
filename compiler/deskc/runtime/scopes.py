"""A scope as a bot holds it: its sections, who it is, and the stamp for its orders."""

from __future__ import annotations

from deskc.runtime.sections import Section

__all__ = ["Scope"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from deskc.runtime.stamp import Stamp


class Scope(Section):
    """The frozen settings of one (environment, bot, coin, side); coin and side are None on the bot's own scope."""

    __slots__ = ("coin", "side", "stamp")

    coin: str | None
    side: str | None
    stamp: Stamp

    @property
    def config_version(self) -> str | None:
        """The human's label for these settings; the params digest is the truth."""
        return self.stamp.config_version

    @property
    def params_digest(self) -> str:
        """The digest of what trades here."""
        return self.stamp.params_digest

    @property
    def arm(self) -> str | None:
        """The experiment's arm, None outside experiments."""
        return self.stamp.arm

    def __repr__(self) -> str:
        """Show who this is and its version, not every setting."""
        version = f"{self.config_version} · {self.params_digest[:8]}"
        return f"Scope({self._place[1]!r}, {version})"
