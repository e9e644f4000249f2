"""The bot's face of deskc: load a frozen snapshot and trade by it."""

from __future__ import annotations

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from deskc import testing
    from deskc.core.errors import DeskcError
    from deskc.ledger.recorder import Recorder
    from deskc.runtime.errors import (
        ChannelError,
        DirtyError,
        ExperimentsError,
        FormatError,
        NotFoundError,
        OrderIdError,
        RecordError,
        SecretsError,
        SnapshotError,
        SpoolError,
        StaleError,
        TamperedError,
        TruncatedError,
        UnboundError,
        UnknownScopeError,
        UnknownSettingError,
        UnreadableError,
        WrongTargetError,
    )
    from deskc.runtime.load import load
    from deskc.runtime.order_id import OrderId
    from deskc.runtime.overrides import IgnoredVariableWarning
    from deskc.runtime.scopes import Scope
    from deskc.runtime.snapshot import Snapshot
    from deskc.runtime.stamp import Stamp
    from deskc.runtime.watch import Watch, watch

__all__ = [
    "ChannelError",
    "DeskcError",
    "DirtyError",
    "ExperimentsError",
    "FormatError",
    "IgnoredVariableWarning",
    "NotFoundError",
    "OrderId",
    "OrderIdError",
    "RecordError",
    "Recorder",
    "Scope",
    "SecretsError",
    "Snapshot",
    "SnapshotError",
    "SpoolError",
    "StaleError",
    "Stamp",
    "TamperedError",
    "TruncatedError",
    "UnboundError",
    "UnknownScopeError",
    "UnknownSettingError",
    "UnreadableError",
    "Watch",
    "WrongTargetError",
    "load",
    "testing",
    "watch",
]

_HOMES = {
    "DeskcError": "core.errors",
    "IgnoredVariableWarning": "runtime.overrides",
    "OrderId": "runtime.order_id",
    "Recorder": "ledger.recorder",
    "Scope": "runtime.scopes",
    "Snapshot": "runtime.snapshot",
    "Stamp": "runtime.stamp",
    "Watch": "runtime.watch",
    "load": "runtime.load",
    "watch": "runtime.watch",
}


if not TYPE_CHECKING:  # or every misspelt name would be one, of any type

    def __getattr__(name: str) -> object:
        """Import a name of the face when it is first used, so that `import deskc` costs nothing."""
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from importlib import import_module  # noqa: PLC0415 - as lazy as the rest

        if name == "testing":
            return import_module("deskc.testing")
        value: object = getattr(import_module(f"deskc.{_HOMES.get(name, 'runtime.errors')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the face, loaded or not."""
    return sorted(__all__)
