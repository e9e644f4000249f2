"""What a search for ladders came to, as text and as JSON; and the settings it would use, with their sources."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from deskc.ladder.constraints import Violation
from deskc.ladder.model import Ladder, needs, ratios
from deskc.ladder.settings import Settings, config_hash, to_mapping
from deskc.ladder.verdict import Verdict, severity, verdict
from deskc.report.cells import escape
from deskc.report.ladder_svg import ladder_svg
from deskc.report.table import table
from deskc.tuning.configure import Configured
from deskc.tuning.found import settings_for
from deskc.tuning.optimize import Outcome

__all__ = [
    "configured_json",
    "configured_text",
    "impossible_json",
    "impossible_text",
    "optimized_json",
    "optimized_text",
    "picture",
]

_ENDED = {
    "batches": "all batches are done",
    "patience": "no better ladder for as many batches as patience allows",
    "exhausted": "nothing is left to try",
    "time": "time is over; --resume goes on",
}


def optimized_text(told: Outcome) -> str:
    """Write the best ladder of an experiment, what it scores, and what it took to find it."""
    counts = told.experiment.counts
    tried = f"{counts.evaluations} evaluations in {counts.batches} batches; {_ENDED[told.ended_by]}"
    judged = _judged(told)
    if judged is None:
        enforced = ", ".join(told.settings.constraints.enforce)
        decimals = " in two decimals" if told.settings.normalization.post_round_2dp else ""
        return f"No ladder was found{decimals} that keeps {enforced}.\n\n{tried}\n"
    head = f"J {told.score:.6f}, max need {_need(judged):.6f} %"
    return "\n".join(
        (head, "", table(_orders(judged), ("order", "indent %", "volume %", "ratio", "need %")), *_foot(told))
    )


def _foot(told: Outcome) -> Iterator[str]:
    counts, judged = told.experiment.counts, _judged(told)
    for one in judged.violations if judged else ():
        yield f"{severity(one.code, told.settings)}[{one.code}]: {escape(one.message)}"
    yield f"{counts.evaluations} evaluations in {counts.batches} batches; {_ENDED[told.ended_by]}"
    if told.estimate is not None:
        yield f"estimated gap {100 * told.estimate:.2f} %"
    asked, hits = counts.cache_asked, counts.cache_hits
    rate = 100 * hits / asked if asked else 0.0
    yield f"cache: {hits} of {asked} jobs known, {rate:.1f} %; pruned: {counts.pruned}"
    name = f"experiment {told.experiment.experiment_id}, run {told.experiment.run_id}"
    yield f"{name}; mode {told.plan.mode}, seed {told.settings.core.seed}, configuration {_short(told)}\n"


def _short(told: Outcome) -> str:
    return told.experiment.config_hash[:8]


def optimized_json(told: Outcome) -> str:
    """Write one object; without a ladder its score is null and its lists are empty."""
    counts, judged = told.experiment.counts, _judged(told)
    ladder = judged.ladder if judged else Ladder((), ())
    broken = judged.violations if judged else ()
    record = {
        "score": told.score,
        "max_need_pct": judged and _need(judged),
        "volumes": list(ladder.volumes),
        "indents_pct": list(ladder.indents),
        "evaluations": counts.evaluations,
        "seed": told.settings.core.seed,
        "config_hash": told.experiment.config_hash,
        "violations": [_violation(one) for one in broken if severity(one.code, told.settings) == "error"],
        "warnings": [_violation(one) for one in broken if severity(one.code, told.settings) == "warning"],
        "estimated_gap": told.estimate,
        "mode": told.plan.mode,
        "experiment_id": told.experiment.experiment_id,
        "run_id": told.experiment.run_id,
        "ended_by": told.ended_by,
        "batches": counts.batches,
        "cache": {"asked": counts.cache_asked, "hits": counts.cache_hits},
        "pruned": counts.pruned,
    }
    return json.dumps(record, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def picture(told: Outcome) -> str:
    """Return an SVG document of the best ladder; raise ValueError where there is none."""
    judged = _judged(told)
    if judged is None:
        msg = "there is no ladder to draw"
        raise ValueError(msg)
    return ladder_svg(judged.ladder, judged.settings.core, title=f"Run {told.experiment.run_id}, J {told.score:.6f}")


def impossible_text(reason: str) -> str:
    """Write why there is no ladder to search for."""
    return f"No ladder exists: {reason}.\n"


def impossible_json(settings: Settings, reason: str) -> str:
    """Write one object as of a search that found nothing, and why there is nothing to find."""
    record: dict[str, Any] = {
        "score": None,
        "max_need_pct": None,
        "volumes": [],
        "indents_pct": [],
        "evaluations": 0,
        "seed": settings.core.seed,
        "config_hash": config_hash(settings),
        "violations": [],
        "impossible": reason,
    }
    return json.dumps(record, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def _violation(one: Violation) -> dict[str, Any]:
    return {
        "code": one.code,
        "order": one.order,
        "actual": float(one.actual),
        "limit": float(one.limit),
        "setting": one.setting,
        "message": one.message,
    }


def _judged(told: Outcome) -> Verdict | None:
    """Judge the best ladder by the plain reference, for the count and reach that it has."""
    ladder = told.ladder
    return None if ladder is None else verdict(ladder, settings_for(ladder, told.settings))


def _need(judged: Verdict) -> float:
    return max(needs(judged.ladder, judged.settings.core))


def _orders(judged: Verdict) -> list[tuple[object, ...]]:
    ladder = judged.ladder
    ratio: tuple[float | None, ...] = (None, *ratios(ladder.volumes))
    columns = zip(ladder.indents, ladder.volumes, ratio, needs(ladder, judged.settings.core), strict=True)
    return [
        (order, *(value if value is None else round(value, 6) for value in row)) for order, row in enumerate(columns, 1)
    ]


def configured_text(told: Configured) -> str:
    """Write every setting with its value and where that comes from."""
    rows = [(path, json.dumps(value), told.sources[path]) for path, value in _flat(told)]
    return table(rows, ("setting", "value", "source"))


def configured_json(told: Configured) -> str:
    """Write the seven groups, and below `sources` where each value comes from."""
    record: Mapping[str, Any] = {**to_mapping(told.settings), "sources": dict(told.sources)}
    return json.dumps(record, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def _flat(told: Configured) -> Iterator[tuple[str, Any]]:
    for group, values in to_mapping(told.settings).items():
        yield from ((f"{group}.{name}", value) for name, value in values.items())
