"""What a desk's ladders and presets, and the kernels, are worth now: what a lock holds them to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from deskc.core.findings import Place
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope
from deskc.ladder.exact.certify import Certificate, certify
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder, needs
from deskc.ladder.parameters import pack
from deskc.ladder.score import score
from deskc.ladder.search.best import best
from deskc.ladder.settings import Settings, config_hash
from deskc.ladder.verdict import orders_of
from deskc.pipeline import Prepared, scopes_of
from deskc.tuning.fixed import FIXED
from deskc.tuning.lock import Budget, Measurements
from deskc.tuning.presets import presets_in, settings_of

__all__ = ["Configured", "Subjects", "measure", "subjects"]

_ORDERS = "ladder.orders.volumes_pct"
_Worth = Mapping[str, str | float | None]


class Configured(NamedTuple):
    """A ladder that a scope configures, and where its volumes stand."""

    settings: Settings
    ladder: Ladder
    place: Place


class Subjects(NamedTuple):
    """What there is to measure: the configured ladders by scope, and the presets' settings by name."""

    ladders: Mapping[str, Configured]
    presets: Mapping[str, Settings]


def subjects(prepared: Prepared) -> Outcome[Subjects]:
    """Return a desk's ladders and presets, and the errors that keep some of its scopes from being known.

    Raise DeskcError where a preset cannot be read.
    """
    targets = () if prepared.layers is None else prepared.layers.targets
    resolved = [scopes_of(prepared, target) for target in targets]
    findings = (*prepared.findings, *(finding for one in resolved for finding in one.findings))
    errors = tuple(finding for finding in findings if finding.severity == "error")
    ladders = {str(scope.id): one for outcome in resolved for scope, one in _configured(outcome.value)}
    folder = "" if prepared.layers is None else prepared.layers.desk.folder
    return Outcome(Subjects(ladders, settings_of(presets_in(prepared.tree, folder))), errors)


def _configured(scopes: Iterable[Scope]) -> Iterator[tuple[Scope, Configured]]:
    for scope in scopes:
        if scope.id.coin is None or "ladder" not in scope.sections:
            continue
        settings, ladder = orders_of(scope.value("ladder"))
        if ladder is not None:
            place = scope.origins(_ORDERS)[-1].leaf.place("orders set here")
            yield scope, Configured(settings, ladder, place)


def measure(found: Subjects, budget: Budget) -> Measurements:
    """Return what everything is worth; settings that several scopes share are searched once."""
    known: dict[str, _Worth] = {}
    ladders = {name: _ladder(one, budget, known) for name, one in found.ladders.items()}
    presets = {name: _preset(settings, budget) for name, settings in found.presets.items()}
    return {"presets": presets, "ladders": ladders, "kernels": dict(_kernels())}


def _preset(settings: Settings, budget: Budget) -> _Worth:
    return {"config_hash": config_hash(settings), **_bounds(settings, None, budget)}


def _ladder(one: Configured, budget: Budget, known: dict[str, _Worth]) -> _Worth:
    key = config_hash(one.settings)
    shared = f"{key} {one.ladder.indents}"
    if shared not in known:
        known[shared] = _bounds(one.settings, one.ladder.indents, budget)
    worth = score(one.ladder, one.settings)
    return {
        "config_hash": key,
        "score": worth.value,
        "max_need_pct": max(needs(one.ladder, one.settings.core)),
        **known[shared],
    }


def _bounds(settings: Settings, indents: tuple[float, ...] | None, budget: Budget) -> _Worth:
    """Return the certified bound at these indents, equal steps if None, and the best score that the search finds."""
    told = certify(settings, indents=indents)
    found = best(settings, seed=budget.seed, max_evaluations=budget.evaluations)
    return {
        "lower_bound_pct": told.lower_bound_pct if isinstance(told, Certificate) else None,
        "best_score": float(found.scores[0]) if found.scores.size else None,
    }


def _kernels() -> Iterator[tuple[str, _Worth]]:
    for name, (ladder, settings) in FIXED.items():
        judged = judge_batch(np.array([ladder.volumes]), np.array([ladder.indents]), pack(settings))
        numbers = float(judged.scores[0]), float(judged.max_needs[0]), int(judged.violations[0])
        yield name, dict(zip(("score", "max_need_pct", "violations"), numbers, strict=True))
