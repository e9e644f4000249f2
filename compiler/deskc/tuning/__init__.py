"""Ladder runs: how they are configured, worked on, kept and tuned. What programs use is here by name.

from deskc.tuning import ConfigAutoTuner, ConfigStore, EvaluationConfig, TuningStrategy
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskc.tuning.config import EvaluationConfig
    from deskc.tuning.store import ConfigStore
    from deskc.tuning.tuner import ConfigAutoTuner, TuningStrategy

__all__ = ["ConfigAutoTuner", "ConfigStore", "EvaluationConfig", "TuningStrategy"]

_HOMES = {
    "ConfigAutoTuner": "tuner",
    "ConfigStore": "store",
    "EvaluationConfig": "config",
    "TuningStrategy": "tuner",
}


if not TYPE_CHECKING:  # or every misspelt name would be one, of any type

    def __getattr__(name: str) -> object:
        """Import a name when it is first used: the tuner needs numpy, and reading a file of settings does not."""
        if name not in _HOMES:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from importlib import import_module  # noqa: PLC0415 - as lazy as the rest

        value: object = getattr(import_module(f"deskc.tuning.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
