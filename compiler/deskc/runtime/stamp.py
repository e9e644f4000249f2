"""The ids that go on each order and fill, so that it can be traced to the settings that caused it."""

from __future__ import annotations

__all__ = ["Stamp"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from typing import NoReturn

    from deskc.runtime.order_id import OrderId, Style

_FIELDS = ("environment", "git_sha", "snapshot_digest", "params_digest", "config_version", "experiment", "arm")


class Stamp:
    """Which settings were in force: frozen, hashable, picklable (a plain class, for the bot's import time).

    `git_sha` is the running commit, None where no channel named one; experiment and arm are None outside experiments.
    """

    __slots__ = _FIELDS

    environment: str
    git_sha: str | None
    snapshot_digest: str
    params_digest: str
    config_version: str | None
    experiment: str | None
    arm: str | None

    def __init__(  # noqa: PLR0913 - a record of seven ids, by keyword alone
        self,
        *,
        environment: str,
        git_sha: str | None,
        snapshot_digest: str,
        params_digest: str,
        config_version: str | None,
        experiment: str | None = None,
        arm: str | None = None,
    ) -> None:
        ids = (environment, git_sha, snapshot_digest, params_digest, config_version, experiment, arm)
        for name, value in zip(_FIELDS, ids, strict=True):
            object.__setattr__(self, name, value)

    def record(self) -> dict[str, str | None]:
        """Return the ids by name, ready for an order's tag or a log line."""
        return {name: getattr(self, name) for name in _FIELDS}

    def order_id(self, style: Style = "hex") -> str:
        """Return a new client order id that names these settings, unique over threads and processes.

        `hex` is `0x` and 32 digits, as Hyperliquid takes it; `base62` is `dk` and 22, for venues with short ids.
        Raises OrderIdError where the params digest is none.
        """
        from deskc.runtime.order_id import new_order_id  # noqa: PLC0415 - only who sends orders pays for it

        return new_order_id(self.params_digest, style)

    @staticmethod
    def parse(text: str) -> OrderId:
        """Return what a client order id of either style holds: the first digits of a params digest, run and sequence.

        Raises OrderIdError, a ValueError, for what is no such id.
        """
        from deskc.runtime.order_id import parse_order_id  # noqa: PLC0415 - only who reads orders pays for it

        return parse_order_id(text)

    def __eq__(self, other: object) -> bool:
        """Two stamps are equal when all their ids are."""
        return self.record() == other.record() if isinstance(other, Stamp) else NotImplemented

    def __hash__(self) -> int:
        """Hash by the ids."""
        return hash(tuple(self.record().values()))

    def __repr__(self) -> str:
        """Show every id by name."""
        return f"Stamp({', '.join(f'{name}={value!r}' for name, value in self.record().items())})"

    def __reduce__(self) -> tuple[object, ...]:
        """Let stamps travel with orders between processes, and be copied."""
        return _restore, (self.record(),)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: a stamp is frozen."""
        msg = f"a stamp is frozen: {name} stays what it was"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: a stamp is frozen."""
        self.__setattr__(name, None)


def _restore(record: dict[str, str | None]) -> Stamp:
    return Stamp(**record)  # type: ignore[arg-type]  # the record of a Stamp
