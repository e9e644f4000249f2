"""The tuner: proposes the next configuration to try from how those before did (LADDER 8)."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from deskc.core.canonical import encode
from deskc.core.errors import DeskcError
from deskc.ladder.room import room
from deskc.ledger.runs import Configuration, Performance
from deskc.tuning.config import EvaluationConfig
from deskc.tuning.configure import settings_from
from deskc.tuning.store import ConfigStore

__all__ = ["TUNED", "ConfigAutoTuner", "TuningStrategy", "chosen"]

_WINDOW = 10
_STAGNANT, _MOVING = 0.01, 0.10
_STEP = 0.15  # of a range: the standard deviation of a mutation
_TRIES = 100

TUNED: dict[str, tuple[float, float]] = {
    "constraints.slope_cap": (0.15, 0.30),
    "constraints.m2_min": (0.05, 0.20),
    "constraints.m2_max": (0.60, 1.00),
    "constraints.m_min": (0.02, 0.10),
    "constraints.m_max": (0.60, 1.00),
    "constraints.q1_cap": (18.0, 24.0),
    "constraints.tail_floor": (28.0, 38.0),
    "constraints.tail_cap": (30.0, 45.0),
    "generation.min_indent_step_pct": (0.05, 0.50),
}
"""What the tuner changes, and between which bounds: those that presets use, and a little more.

Nothing that the score is made of is among them, and not what the ladder is for: scores of configurations that differ in
these are scores of one thing, so the least is the best.
"""


@dataclass(frozen=True, slots=True)
class TuningStrategy:
    """How boldly the tuner proposes; rates are probabilities.

    With `exploration_rate` a proposal is drawn anew. Otherwise it descends from the `elite_size` best: with
    `crossover_rate` from two of them, else from one, and each setting moves with `mutation_rate`, one at the least.
    """

    name: str = "balanced"
    exploration_rate: float = 0.2
    mutation_rate: float = 0.1
    crossover_rate: float = 0.3
    elite_size: int = 5

    def __post_init__(self) -> None:
        """Raise ValueError where a rate is no probability, or there is no elite."""
        for rate in (self.exploration_rate, self.mutation_rate, self.crossover_rate):
            if not 0 <= rate <= 1:
                msg = f"{rate} is no probability"
                raise ValueError(msg)
        if self.elite_size < 1:
            msg = f"an elite of {self.elite_size} has nobody in it"
            raise ValueError(msg)


_STRATEGIES = {
    "initial exploration": TuningStrategy("initial exploration", exploration_rate=1.0),
    "break stagnation": TuningStrategy("break stagnation", exploration_rate=0.5, mutation_rate=0.3),
    "exploit momentum": TuningStrategy("exploit momentum", exploration_rate=0.05, mutation_rate=0.1),
    "balanced": TuningStrategy(),
}


def chosen(performances: Sequence[Performance], elite_size: int = 5) -> TuningStrategy:
    """Return the strategy for what the last ten runs gained on the best before them.

    Fewer runs with a ladder than an elite has: initial exploration. A gain under 1 %: break stagnation. Over 10 %:
    exploit momentum. Else, and while fewer than ten runs can say: balanced. The gain is a share of the size of the best
    before, so negative scores do not turn it round.
    """
    scores = [one.best_score for one in performances if one.best_score is not None]
    if len(scores) < elite_size:
        return _STRATEGIES["initial exploration"]
    if len(scores) <= _WINDOW:
        return _STRATEGIES["balanced"]
    before, now = min(scores[:-_WINDOW]), min(scores)
    gain = (before - now) / max(abs(before), 1e-12)
    name = "break stagnation" if gain < _STAGNANT else "exploit momentum" if gain > _MOVING else "balanced"
    return _STRATEGIES[name]


class _Proposal(NamedTuple):
    values: dict[str, float]
    parents: tuple[Configuration, ...]
    operation: str


class ConfigAutoTuner:
    """Proposes configurations that differ from `base` in what TUNED names; equal ledgers and seeds, equal proposals."""

    __slots__ = ("_base", "_seed", "_store")

    def __init__(self, store: ConfigStore, *, base: EvaluationConfig | None = None, seed: int = 0) -> None:
        """Raise ValueError for a seed below 0."""
        if seed < 0:
            msg = f"a seed is 0 or more, and {seed} is not"
            raise ValueError(msg)
        self._store = store
        self._base = base or EvaluationConfig()
        self._seed = seed

    def suggest_next_config(self, strategy: TuningStrategy | None = None) -> EvaluationConfig:
        """Return the configuration to try next, saved with its lineage; without a strategy the history chooses one.

        The first is the base itself. Raise DeskcError where no configuration within the ranges leaves room for ladders.
        """
        with self._store.runs() as runs:
            family = self._family(runs.configurations())
            tried = {one.config_hash for one in family}
            mine = [one for one in runs.performances() if one.config_hash in tried]
            strategy = strategy or chosen(mine)
            config, proposal = self._untried(family, strategy) if family else (self._base, None)
            runs.save(config.config_hash, encode(config.to_mapping()), at_ns=time.time_ns())
            if proposal is not None:
                parents = [one.config_hash for one in proposal.parents] or [self._base.config_hash]
                runs.descend(config.config_hash, parents, proposal.operation, at_ns=time.time_ns())
        return EvaluationConfig(config.settings)

    def _untried(
        self, family: Sequence[Configuration], strategy: TuningStrategy
    ) -> "tuple[EvaluationConfig, _Proposal]":
        """Draw proposals until one is new and has room for ladders."""
        draw = np.random.default_rng([self._seed, len(family)])
        ranked = [one for one in family if one.best_score is not None]
        tried = {one.config_hash for one in family}
        for _ in range(_TRIES):
            proposal = _proposed(draw, strategy, ranked)
            config = self._made(proposal.values)
            if config.config_hash not in tried and _has_room(config):
                return config, proposal
        raise DeskcError("the tuner finds no configuration that it has not tried", help="give it another base")

    def _family(self, every: Sequence[Configuration]) -> list[Configuration]:
        """Return what was tried of this base, the best first: all that differs from it in nothing but what is tuned."""
        own = _untuned(self._base.to_mapping())
        return [one for one in every if _untuned(json.loads(one.config)) == own]

    def _made(self, values: dict[str, float]) -> EvaluationConfig:
        return EvaluationConfig(settings_from(values, self._base.to_mapping(), {}).settings)


def _untuned(section: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings by path that the tuner leaves alone."""
    every = {f"{group}.{name}": value for group, values in section.items() for name, value in values.items()}
    return {path: value for path, value in every.items() if path not in TUNED}


def _proposed(draw: np.random.Generator, strategy: TuningStrategy, ranked: Sequence[Configuration]) -> _Proposal:
    """Draw a proposal: anew, or from one or two of the elite."""
    elite = ranked[: strategy.elite_size]
    if not elite or draw.random() < strategy.exploration_rate:
        values = {path: _rounded(low + draw.random() * (high - low)) for path, (low, high) in TUNED.items()}
        return _Proposal(values, (), "exploration")
    crossed = len(elite) > 1 and draw.random() < strategy.crossover_rate
    parents = tuple(elite[place] for place in draw.permutation(len(elite))[: 2 if crossed else 1])
    values = _inherited(draw, parents)
    paths = list(TUNED)
    moved = {path for path in paths if draw.random() < strategy.mutation_rate}
    if not moved and not crossed:
        moved = {paths[int(draw.integers(len(paths)))]}
    for path in paths:
        if path in moved:
            low, high = TUNED[path]
            values[path] = _rounded(float(np.clip(values[path] + draw.normal() * _STEP * (high - low), low, high)))
    return _Proposal(values, parents, "crossover" if crossed else "mutation")


def _inherited(draw: np.random.Generator, parents: Sequence[Configuration]) -> dict[str, float]:
    """Return each tuned value from one of the parents."""
    sections = [json.loads(one.config) for one in parents]
    found = {}
    for path in TUNED:
        group, _, name = path.partition(".")
        found[path] = float(sections[int(draw.integers(len(sections)))][group][name])
    return found


def _rounded(value: float) -> float:
    """Return a value as a person would write it."""
    return round(value, 4)


def _has_room(config: EvaluationConfig) -> bool:
    """Say whether some ladder is known that keeps HC0 to HC5."""
    try:
        return room(config.settings).anchored
    except ValueError:
        return False
