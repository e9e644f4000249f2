"""A denial: which setting stands against a trade, and by how much."""

from decimal import Decimal
from typing import Any, NamedTuple

from deskc.runtime.stamp import Stamp

__all__ = ["Denial"]


class Denial(NamedTuple):
    """What a setting does not let a bot do now; reducing and closing a position is never denied.

    `setting` is its path and `value` its value; `measured` is the number that was held against it, None where none is
    needed or none is known. `closes` says that the open position has to be closed, beyond that none may be opened.

    A snapshot has no origins, so a denial has none either: `stamp` names commit and params digest, and with them
    `deskc explain SETTING` in the desk prints each file and line that set it.
    """

    setting: str
    value: bool | float | str
    measured: Decimal | None
    sentence: str
    stamp: Stamp
    closes: bool = False

    def record(self) -> dict[str, Any]:
        """Return it as JSON holds it, for the details of a system event; a measured number is its exact text."""
        measured = None if self.measured is None else str(self.measured)
        return {
            "setting": self.setting,
            "value": self.value,
            "measured": measured,
            "closes": self.closes,
            "stamp": self.stamp.record(),
        }
