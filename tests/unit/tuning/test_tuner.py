"""The tuner: what it proposes, from what, and that a seed decides it."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from deskc.core.canonical import Digest
from deskc.core.errors import DeskcError
from deskc.ladder.settings import Core, Scoring, Settings
from deskc.ledger.runs import Performance
from deskc.tuning import ConfigAutoTuner, ConfigStore, EvaluationConfig, TuningStrategy
from deskc.tuning.plan import Plan
from deskc.tuning.tune import trials
from deskc.tuning.tuner import TUNED, chosen
from searching import ALONE, rows

BOLD = TuningStrategy(name="exploration", exploration_rate=0.3)


def tuned(ledger: Path, count: int, strategy: TuningStrategy | None = None, seed: int = 0) -> list[EvaluationConfig]:
    """Let a tuner propose so many; a configuration is the better, the nearer its slope cap is to a fifth."""
    store = ConfigStore(ledger)
    tuner = ConfigAutoTuner(store, seed=seed)
    proposed = []
    for number in range(count):
        config = tuner.suggest_next_config(strategy)
        best = 1 + abs(config.constraints.slope_cap - 0.2)
        store.record_performance(
            config.config_hash, number, f"{number}-1", best_score=best, avg_score=best + 1, total_evaluations=10
        )
        proposed.append(config)
    return proposed


def histories(*scores: float | None) -> Sequence[Performance]:
    """Return runs with these best scores."""
    return [Performance(Digest("1" * 64), number, "", score, score, 1) for number, score in enumerate(scores)]


def test_the_documented_python_runs(tmp_path: Path) -> None:
    """As it stands in the document, but for where the names come from."""
    config_store = ConfigStore(tmp_path / "results.db")
    tuner = ConfigAutoTuner(config_store)
    strategy = TuningStrategy(name="exploration", exploration_rate=0.3)
    next_config = tuner.suggest_next_config(strategy)
    config_hash, experiment_id, run_id, score, avg, n = next_config.config_hash, 1, "1-1", 1.5, 2.5, 1000
    config_store.record_performance(
        config_hash, experiment_id, run_id, best_score=score, avg_score=avg, total_evaluations=n
    )
    query = "SELECT config_hash, best_score, avg_score, use_count FROM config_versions WHERE best_score IS NOT NULL"
    assert rows(tmp_path / "results.db", query) == [(config_hash, 1.5, 2.5, 1)]


def test_a_seed_decides(tmp_path: Path) -> None:
    """Equal seeds and histories give equal proposals, another seed others; none comes twice."""
    first, again, other = (tuned(tmp_path / f"{name}.db", 8, seed=name == "other") for name in ("a", "b", "other"))
    assert first == again != other
    assert len({config.config_hash for config in first}) == 8
    assert first[0] == EvaluationConfig()


def test_only_bounds_are_tuned_and_within_their_ranges(tmp_path: Path) -> None:
    """So that all scores are of one thing; what the score is made of and what the ladder is for stay the base's."""
    base = EvaluationConfig(Settings(core=Core(num_orders=12, overlap_pct=25), scoring=Scoring(alpha=0.6)))
    tuner = ConfigAutoTuner(ConfigStore(tmp_path / "l.db"), base=base)
    tuner.suggest_next_config()
    for _ in range(5):
        config = tuner.suggest_next_config()
        assert (config.settings.core, config.settings.scoring) == (base.settings.core, base.settings.scoring)
        for path, (low, high) in TUNED.items():
            group, _, name = path.partition(".")
            assert low <= getattr(getattr(config, group), name) <= high


def test_a_child_knows_its_parents(tmp_path: Path) -> None:
    """What is drawn anew descends from the base, a mutation from one of the elite, a crossover from two of them."""
    tuned(tmp_path / "l.db", 24, BOLD)
    store = ConfigStore(tmp_path / "l.db")
    parents: dict[str, list[str]] = {}
    operations = {}
    for child, parent, operation in store.lineage():
        parents.setdefault(child, []).append(parent)
        operations[child] = operation
    counts: dict[str, set[int]] = {}
    for child, operation in operations.items():
        counts.setdefault(operation, set()).add(len(parents[child]))
    assert counts == {"exploration": {1}, "mutation": {1}, "crossover": {2}}
    base = EvaluationConfig().config_hash
    assert {parents[child][0] for child in operations if operations[child] == "exploration"} == {base}


def test_the_tuner_gets_better_than_drawing(tmp_path: Path) -> None:
    """On a hill, proposals of the default strategy come nearer to the top than as many drawn anew."""
    draw = TuningStrategy("draw", exploration_rate=1.0)
    near = [abs(config.constraints.slope_cap - 0.2) for config in tuned(tmp_path / "a.db", 24, TuningStrategy())]
    far = [abs(config.constraints.slope_cap - 0.2) for config in tuned(tmp_path / "b.db", 24, draw)]
    assert sum(sorted(near)[:12]) < sum(sorted(far)[:12])


@pytest.mark.parametrize(
    ("scores", "name"),
    [
        ([], "initial exploration"),
        ([2.0] * 4 + [None] * 9, "initial exploration"),
        ([2.0] * 5, "balanced"),
        ([2.0] * 11, "break stagnation"),
        ([2.0] * 10 + [1.981], "break stagnation"),
        ([2.0] * 10 + [1.9], "balanced"),
        ([2.0] * 10 + [1.7], "exploit momentum"),
        ([-2.0] * 10 + [-2.5], "exploit momentum"),
        ([2.0, 1.0] + [2.0] * 10, "break stagnation"),
    ],
)
def test_history_chooses_a_strategy(scores: list[float | None], name: str) -> None:
    """By what the last ten runs gained on the best before, negative scores too."""
    assert chosen(histories(*scores)).name == name


@pytest.mark.parametrize("rates", [{"exploration_rate": 1.1}, {"mutation_rate": -0.1}, {"elite_size": 0}])
def test_a_strategy_has_probabilities(rates: dict[str, float]) -> None:
    """And somebody in its elite."""
    with pytest.raises(ValueError, match=r"probability|elite"):
        TuningStrategy(**rates)  # type: ignore[arg-type]


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_performance_is_a_number_or_nothing(tmp_path: Path, score: float) -> None:
    """And belongs to a configuration that was saved."""
    store = ConfigStore(f"sqlite:///{tmp_path}/l.db")
    config_hash = store.save(EvaluationConfig())
    with pytest.raises(ValueError, match="no score"):
        store.record_performance(config_hash, 1, "1-1", best_score=score, avg_score=1.0, total_evaluations=1)
    with pytest.raises(DeskcError, match="has no configuration 000000000000"):
        store.record_performance("0" * 64, 1, "1-1", best_score=1.0, avg_score=1.0, total_evaluations=1)
    assert store.config(config_hash) == EvaluationConfig()


def test_trials_run_what_the_tuner_proposes(tmp_path: Path) -> None:
    """Each is an experiment whose outcome the next proposal knows of."""
    store = ConfigStore(tmp_path / "l.db")
    done = [*trials(store, Settings(), count=3, plan=Plan("random", 1, 50), workers=partial(ALONE))]
    assert [one.operation for one in done] == ["base", "exploration", "exploration"]
    told = [(one.outcome.experiment.config_hash, one.outcome.score) for one in done]
    assert [(one.config_hash, one.best_score) for one in store.performances()] == told
    saved = {one.config_hash: json.loads(one.config) for one in store.configurations()}
    assert saved.keys() == {config_hash for config_hash, _ in told}
