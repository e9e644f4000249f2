"""A configuration that may be changed in place, for programs that try one after the other."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from deskc.core.canonical import Digest
from deskc.ladder.settings import Settings, config_hash, to_mapping
from deskc.tuning.configure import settings_from

__all__ = ["EvaluationConfig"]

_GROUPS = tuple(group.name for group in fields(Settings))


class _Group:
    """One of the seven groups; a setting is an attribute, and what is no setting or no value of one is refused."""

    __slots__ = ("_config", "_name")

    def __init__(self, config: "EvaluationConfig", name: str) -> None:
        object.__setattr__(self, "_config", config)
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a setting's value
        """Return a setting's value; raise AttributeError for what is no setting."""
        return getattr(getattr(self._config.settings, self._name), name)

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401 - as above
        """Change a setting, as `EvaluationConfig.set` does."""
        self._config.set(f"{self._name}.{name.rstrip('_')}", value)

    def __repr__(self) -> str:
        """Return the group's settings as code."""
        return repr(getattr(self._config.settings, self._name))


class EvaluationConfig:
    """The seven groups of a ladder's settings: `config.constraints.slope_cap = 0.15`.

    Everything else of deskc takes frozen `Settings`, which `settings` returns; a change here makes new ones, and what
    was handed out before stays as it was. Configurations are equal where their settings are.
    """

    __slots__ = ("_settings",)

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()

    @property
    def settings(self) -> Settings:
        """Return the settings as they are now."""
        return self._settings

    @property
    def config_hash(self) -> Digest:
        """Return the digest by which performance is recorded: configurations that differ in any value differ in it."""
        return config_hash(self._settings)

    @property
    def core(self) -> _Group:
        """Return price, reach, number of orders, side, sizing, profit, fee and seed."""
        return _Group(self, "core")

    @property
    def generation(self) -> _Group:
        """Return how candidates are drawn."""
        return _Group(self, "generation")

    @property
    def constraints(self) -> _Group:
        """Return the bounds of HC0 to HC7, and which of them are enforced."""
        return _Group(self, "constraints")

    @property
    def penalties(self) -> _Group:
        """Return the soft penalties."""
        return _Group(self, "penalties")

    @property
    def scoring(self) -> _Group:
        """Return the weights of the score."""
        return _Group(self, "scoring")

    @property
    def adaptive(self) -> _Group:
        """Return how a search adapts."""
        return _Group(self, "adaptive")

    @property
    def normalization(self) -> _Group:
        """Return how ladders are rounded."""
        return _Group(self, "normalization")

    def set(self, path: str, value: Any) -> None:  # noqa: ANN401 - a setting's value
        """Change one setting, by its path such as `constraints.slope_cap`.

        Raise DeskcError, with a guess, for what is no setting, and for a value that it may not have.
        """
        changed = settings_from({path: value}, {}, {}).settings
        group, _, name = path.partition(".")
        field = next(one.name for one in fields(getattr(changed, group)) if one.name.rstrip("_") == name)
        own = replace(getattr(self._settings, group), **{field: getattr(getattr(changed, group), field)})
        self._settings = replace(self._settings, **{group: own})

    def to_mapping(self) -> dict[str, dict[str, Any]]:
        """Return the settings as section `ladder` writes them."""
        return to_mapping(self._settings)

    @classmethod
    def from_mapping(cls, section: Mapping[str, Any]) -> "EvaluationConfig":
        """Read a configuration as section `ladder` or `--save-config` writes it; raise DeskcError where it is none."""
        return cls(settings_from({}, section, {}).settings)

    def __eq__(self, other: object) -> bool:
        """Compare the settings."""
        return isinstance(other, EvaluationConfig) and self._settings == other.settings

    __hash__ = None  # type: ignore[assignment]  # what changes has no hash that lasts

    def __repr__(self) -> str:
        """Return the settings as code."""
        return f"EvaluationConfig({self._settings!r})"
