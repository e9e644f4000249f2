"""What searches for ladders left behind: experiments in a list, one of them as a section, trials of the tuner."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from deskc.core.times import text
from deskc.edit.block import block
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings, to_mapping
from deskc.ledger.runs import Experiment
from deskc.report.table import table
from deskc.tuning.flat import Imported

if TYPE_CHECKING:  # a trial's searches need numpy, and a list of runs does not
    from deskc.tuning.tune import Trial

__all__ = [
    "exported_json",
    "exported_text",
    "imported_json",
    "imported_text",
    "runs_json",
    "runs_text",
    "trials_json",
    "trials_text",
]

_MINUTE = 16  # characters of a time down to the minute


def runs_text(experiments: Sequence[Experiment]) -> str:
    """Write an experiment a line, the newest first."""
    rows = [
        (
            one.experiment_id,
            text(one.started_at_ns)[:_MINUTE].replace("T", " "),
            one.mode,
            one.config_hash[:8],
            one.counts.batches,
            one.counts.evaluations,
            None if one.counts.best_score is None else round(one.counts.best_score, 6),
            one.ended_by or "not ended",
            one.run_id,
        )
        for one in experiments
    ]
    headers = ("experiment", "started", "mode", "config", "batches", "evaluations", "best J", "ended by", "last run")
    return table(rows, headers) if rows else "No run is in this ledger yet.\n"


def runs_json(experiments: Sequence[Experiment]) -> str:
    """Write a list of objects, the newest experiment first; `best_score` and `ended_by` may be null."""
    return _json(
        [
            {
                "experiment_id": one.experiment_id,
                "run_id": one.run_id,
                "config_hash": one.config_hash,
                "mode": one.mode,
                "plan": json.loads(one.plan),
                "ended_by": one.ended_by,
                **one.counts._asdict(),
                "started_at": text(one.started_at_ns),
                "updated_at": text(one.updated_at_ns),
            }
            for one in experiments
        ]
    )


def exported_text(settings: Settings, ladder: Ladder) -> str:
    """Write section `ladder` as a layer has it: what differs from the defaults, and the orders."""
    defaults = to_mapping(Settings())
    own = {
        group: {name: value for name, value in values.items() if value != defaults[group][name]}
        for group, values in to_mapping(settings).items()
    }
    section: dict[str, Any] = {group: values for group, values in own.items() if values}
    return block({"ladder": {**section, "orders": _orders(ladder)}})


def exported_json(settings: Settings, ladder: Ladder) -> str:
    """Write section `ladder` whole: the seven groups and the orders, as --config and `ladder check --file` read it."""
    return _json({**to_mapping(settings), "orders": _orders(ladder)})


def _orders(ladder: Ladder) -> dict[str, Any]:
    return {"volumes_pct": list(ladder.volumes), "indents_pct": list(ladder.indents)}


def imported_text(told: Imported) -> str:
    """Write the groups alone, as --config reads them."""
    return _json(told.section)


def imported_json(told: Imported) -> str:
    """Write the groups, and the keys that are no settings."""
    return _json({"config": told.section, "unknown": list(told.unknown)})


def trials_text(trials: "Iterable[Trial]") -> str:
    """Write a trial a line, in their order, and which was the best."""
    rows, best = [], None
    for number, one in enumerate(trials, start=1):
        score = one.outcome.score
        best = one if score is not None and (best is None or score < (best.outcome.score or score)) else best
        experiment = one.outcome.experiment
        shown = None if score is None else round(score, 6)
        rows.append((number, experiment.config_hash[:8], one.operation, shown, experiment.counts.evaluations))
    told = table(rows, ("trial", "config", "made by", "best J", "evaluations"))
    if best is None:
        return f"{told}\nNo trial found a ladder.\n"
    return f"{told}\nThe best is {best.outcome.experiment.config_hash[:8]}, J {best.outcome.score:.6f}.\n"


def trials_json(trials: "Iterable[Trial]") -> str:
    """Write a list of objects, one a trial."""
    return _json(
        [
            {
                "config_hash": one.outcome.experiment.config_hash,
                "made_by": one.operation,
                "best_score": one.outcome.score,
                "evaluations": one.outcome.experiment.counts.evaluations,
                "experiment_id": one.outcome.experiment.experiment_id,
                "run_id": one.outcome.experiment.run_id,
                "config": to_mapping(one.settings),
            }
            for one in trials
        ]
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
