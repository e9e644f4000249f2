"""What a run is asked to do: how many batches of which size, in which mode, and when to stop."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from deskc.core.errors import DeskcError

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A run: at most `batches` × `batch_size` candidates, none after `patience` batches without a better one.

    `patience` 0 is patience without end, which a grid has. `overlaps` (percent) and `orders` are the grid of the mode
    `exhaustive`; where one is empty the configuration's own value stands for it.
    """

    mode: str = "adaptive"
    batches: int = 10
    batch_size: int = 100
    patience: int = 10
    overlaps: tuple[float, ...] = ()
    orders: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raise DeskcError where a number makes no run, or a grid has no use."""
        for name, value, least in (
            ("batches", self.batches, 1),
            ("batch-size", self.batch_size, 1),
            ("patience", self.patience, 0),
        ):
            if value < least:
                msg = f"--{name} is {value}, and a run needs at least {least}"
                raise DeskcError(msg, help=f"give --{name} a number from {least} on")
        if self.mode != "exhaustive" and (self.overlaps or self.orders):
            msg = f"a grid is searched in mode exhaustive alone, and this is mode {self.mode}"
            raise DeskcError(msg, help="add --mode exhaustive, or leave the grid out")

    def to_mapping(self) -> dict[str, Any]:
        """Return the plan as JSON holds it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_mapping(cls, value: Mapping[str, Any]) -> "Plan":
        """Read a plan again; raise TypeError where it is none."""
        said: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}
        return cls(**said)
