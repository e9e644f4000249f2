"""The ladder's settings in seven groups, as section `ladder` has them; a test holds the schema's defaults to these."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from deskc.core.canonical import Digest, digest, encode

__all__ = [
    "CODES",
    "Adaptive",
    "Constraints",
    "Core",
    "Generation",
    "Normalization",
    "Penalties",
    "Scoring",
    "Settings",
    "config_hash",
    "from_mapping",
    "to_mapping",
]

CODES = ("HC0", "HC1", "HC2", "HC3", "HC4", "HC5", "HC6", "HC7")
"""The hard constraints. All are always judged; those that `constraints.enforce` names are errors, the rest warnings."""

_CENT = 0.01


@dataclass(frozen=True, slots=True)
class Core:
    """What the ladder is for: a price, a reach, a number of orders, and what closing must earn."""

    base_price: float = 1.0
    overlap_pct: float = 20.0
    num_orders: int = 10
    side: Literal["long", "short"] = "long"
    sizing: Literal["base", "quote"] = "base"
    take_profit_pct: float = 0.0
    fee_pct: float = 0.0
    seed: int = 0

    @property
    def sign(self) -> int:
        """Return s of (1.1): +1 for a long ladder, -1 for a short one."""
        return 1 if self.side == "long" else -1

    @property
    def gain(self) -> float:
        """Return g of (1.4): the factor on the average entry at which the position closes with its profit."""
        s = self.sign
        return (1 + s * (self.take_profit_pct / 100)) * (1 + s * (self.fee_pct / 100))


@dataclass(frozen=True, slots=True)
class Generation:
    """How candidates are drawn, where the first order stands and how near its neighbours an order may be."""

    wave_pattern: bool = True
    wave_mode: Literal["anchors", "blocks"] = "anchors"
    anchors: int = 6
    blocks: int = 3
    wave_amp_min: float = 0.05
    wave_amp_max: float = 0.30
    strong: float = 0.50
    weak: float = 0.10
    min_indent_step_pct: float = 0.05
    softmax_temp: float = 1.4
    first_volume_target: float = 1.0
    first_indent_pct: float = 0.0


@dataclass(frozen=True, slots=True)
class Constraints:
    """The bounds of the hard constraints, LADDER 3; volumes in percent of the budget, ratios as fractions."""

    first_volume_min: float = 0.0
    m2_min: float = 0.10
    m2_max: float = 1.00
    c2: float = 2.0
    growth_eps: float = 1e-6
    m_min: float = 0.05
    m_max: float = 1.0
    ceiling: bool = False
    m_head: float = 0.40
    m_tail: float = 0.20
    slope_cap: float = 0.25
    q1_cap: float = 22.0
    tail_floor: float = 32.0
    tail_cap: float = 40.0
    flat: float = 0.05
    max_plateau: int = 3
    wave_std_min: float = 0.18
    wave_turn_min: float = 0.10
    wave_turns_min: int = 2
    enforce: tuple[str, ...] = ("HC0", "HC1", "HC2", "HC3", "HC4", "HC5")


@dataclass(frozen=True, slots=True)
class Penalties:
    """The soft penalties of (2.2): whether they count, and with which weights; null takes the preset's weight."""

    soft_penalties: bool = False
    preset: Literal["default", "explore", "robust", "tight"] = "default"
    sp1: float | None = None
    sp2: float | None = None
    sp3: float | None = None
    sp4: float | None = None
    sp5: float | None = None
    sp6: float | None = None
    sp7: float | None = None

    @property
    def weights(self) -> tuple[float, ...]:
        """Return w_1 … w_7 of (2.2)."""
        own = (self.sp1, self.sp2, self.sp3, self.sp4, self.sp5, self.sp6, self.sp7)
        return tuple(
            preset if weight is None else weight for weight, preset in zip(own, _WEIGHTS[self.preset], strict=True)
        )


_WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "default": (3, 2, 2, 1.2, 2, 2, 1),
    "explore": (2, 1.5, 1.5, 0.5, 2, 2, 0.5),
    "robust": (3, 2.5, 2.5, 1, 3, 3, 1.5),
    "tight": (4, 3, 3, 1.5, 4, 4, 2),
}


@dataclass(frozen=True, slots=True)
class Scoring:
    """The weights α, β, γ, λ of the score (2.1)."""

    alpha: float = 0.5
    beta: float = 0.3
    gamma: float = 0.2
    lambda_: float = 0.1


@dataclass(frozen=True, slots=True)
class Adaptive:
    """Whether a search adapts its own steps to what it finds, and how boldly."""

    use_adaptive: bool = False
    strategy: Literal["balanced", "aggressive", "conservative"] = "balanced"


@dataclass(frozen=True, slots=True)
class Normalization:
    """Whether and how volumes and indents are rounded to two decimals, LADDER 5."""

    post_round_2dp: bool = False
    strategy: Literal["tail-first", "largest-remainder", "balanced", "minimal"] = "tail-first"
    keep_v2_band: bool = True
    v2_band: tuple[float, float] = (1.1, 2.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that judges and searches a ladder."""

    core: Core = field(default_factory=Core)
    generation: Generation = field(default_factory=Generation)
    constraints: Constraints = field(default_factory=Constraints)
    penalties: Penalties = field(default_factory=Penalties)
    scoring: Scoring = field(default_factory=Scoring)
    adaptive: Adaptive = field(default_factory=Adaptive)
    normalization: Normalization = field(default_factory=Normalization)

    @property
    def first_volume_min(self) -> float:
        """Return HC0's floor of the first volume in percent: with two decimals no order may round to nothing."""
        own = self.constraints.first_volume_min
        return max(own, _CENT) if self.normalization.post_round_2dp else own


def to_mapping(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the settings as section `ladder` writes them: every group whole, lists for tuples, `lambda` by name."""
    return {
        group: {name.rstrip("_"): list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        for group, values in asdict(settings).items()
    }


def from_mapping(section: Mapping[str, Any]) -> Settings:
    """Read settings from section `ladder`; groups and keys that are absent have their defaults.

    `orders` is no setting and is left out. Raise KeyError with the dotted name of what no group has.
    """
    groups = {group.name: group.default_factory for group in fields(Settings)}
    made: dict[str, Any] = {}
    for group, values in section.items():
        if group == "orders":
            continue
        if group not in groups:
            raise KeyError(group)
        kind: Any = groups[group]
        names = {one.name.rstrip("_"): one for one in fields(kind)}
        unknown = [f"{group}.{name}" for name in values if name not in names]
        if unknown:
            raise KeyError(*unknown)
        made[group] = kind(**{names[name].name: _like(names[name].default, value) for name, value in values.items()})
    return Settings(**made)


def _like(default: Any, value: Any) -> Any:  # noqa: ANN401 - a setting's JSON value
    """Return a number as its default's type: a whole one as a float where that is one, or null stands for one.

    Arrays that are made of settings would else be whole numbers, and cut what is laid into them.
    """
    if isinstance(value, (list, tuple)):
        return tuple(_like(default[0] if default else value[0], one) for one in value)
    if type(default) is int and isinstance(value, float) and value.is_integer():
        return int(value)
    whole = type(value) is int
    return float(value) if whole and (default is None or isinstance(default, float)) else value


def config_hash(settings: Settings) -> Digest:
    """Return the digest of the settings' canonical JSON: settings that differ in any value differ in it."""
    return digest(encode(to_mapping(settings)).encode())
