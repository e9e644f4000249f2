"""Run the rules over resolved scopes and place what they find."""

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from deskc import sdk
from deskc.core import paths
from deskc.core.documents import Leaf
from deskc.core.findings import SEVERITIES, Finding, Place, error, grouped
from deskc.core.layers import Layers
from deskc.core.resolved import Scope

__all__ = ["check", "check_change"]

_MANY = 5  # places of one map named in a finding


def check(scopes: Sequence[Scope], rules: Iterable[sdk.Rule], layers: Layers) -> tuple[Finding, ...]:
    """Judge scopes by the rules of every level but `change`; scopes that break a rule alike share a finding.

    Give one target's scopes with its scope and bot rules, and all scopes with the desk's rules.
    """
    judging = tuple(rule for rule in rules if rule.level != "change")
    if not judging:
        return ()
    seen = [sdk.Scope(scope) for scope in scopes]
    placing = _Placing({view: (scope, layers) for view, scope in zip(seen, scopes, strict=True)})
    found: list[Finding] = []
    for rule in judging:
        if rule.level == "scope":
            for scope in seen:
                if all(path in scope for path in rule.needs):
                    found += placing.placed(rule, (scope,), scope)
        else:
            able = tuple(scope for scope in seen if all(path in scope for path in rule.needs))
            if able:
                found += placing.placed(rule, able, able)
    return grouped(found)


def check_change(
    before: Sequence[Scope], after: Sequence[Scope], rules: Iterable[sdk.Rule], layers: tuple[Layers, Layers]
) -> tuple[Finding, ...]:
    """Judge what became of one target's scopes by the rules of level `change`, each given a scope before and after.

    None stands for a scope that is not there. `layers` are those before and those after.
    """
    old, new = ({scope.id: sdk.Scope(scope) for scope in scopes} for scopes in (before, after))
    placing = _Placing(
        {
            views[scope.id]: (scope, own)
            for views, scopes, own in ((old, before, layers[0]), (new, after, layers[1]))
            for scope in scopes
        }
    )
    found: list[Finding] = []
    for rule in rules:
        for scope in (*new, *(scope for scope in old if scope not in new)):
            pair = (old.get(scope), new.get(scope))
            there = tuple(view for view in reversed(pair) if view is not None)
            if rule.level == "change" and all(path in there[0] for path in rule.needs):
                found += placing.placed(rule, there, *pair)
    return grouped(found)


class _Placing:
    """Runs one rule at a time and turns setting paths into files and lines; `known` are the scopes behind the views."""

    def __init__(self, known: Mapping[sdk.Scope, tuple[Scope, Layers]]) -> None:
        self.known = known

    def placed(self, rule: sdk.Rule, judged: tuple[sdk.Scope, ...], *arguments: object) -> Iterator[Finding]:
        """Yield what a rule finds; a rule that fails is itself a finding."""
        try:
            for found in rule.judge(*arguments):
                yield self.finding(rule, found, judged)
        except KeyboardInterrupt:
            raise
        except BaseException as problem:  # noqa: BLE001 - a rule is the desk's code: even its SystemExit is a finding
            yield self.failed(rule, problem, judged)

    def finding(self, rule: sdk.Rule, found: sdk.Finding, judged: tuple[sdk.Scope, ...]) -> Finding:
        """Turn what a rule yields into a finding; raise TypeError where it yields something else."""
        if not isinstance(found, sdk.Finding) or found.severity not in SEVERITIES:
            msg = "a rule yields Finding.at(…) with the severity error, warning or note"
            raise TypeError(msg)
        spots = [spot if isinstance(spot, sdk.Spot) else judged[0].at(spot) for spot in found.spots]
        scopes = dict.fromkeys(str(self.known[spot.scope][0].id) for spot in spots)
        return Finding(
            rule.code,
            found.severity,
            str(found.message),
            str(found.help),
            tuple(dict.fromkeys(place for spot in spots for place in self.places(spot))),
            tuple(scopes),
            f"deskc rule {rule.code}",
        )

    def failed(self, rule: sdk.Rule, problem: BaseException, judged: tuple[sdk.Scope, ...]) -> Finding:
        """Say that a rule could not finish, and where in its file."""
        frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == rule.file]
        line = (frames[-1].lineno or 1) if frames else 1
        message = f"the rule {rule.code} failed with {type(problem).__name__}: {problem}"
        way_out = "correct the rule; until then nothing it guards can pass"
        scopes = () if rule.level == "desk" else tuple(dict.fromkeys(self.known[scope][0].id for scope in judged))
        return error("RULE001", message, way_out, Place(rule.file, line), scopes=scopes)

    def places(self, spot: sdk.Spot) -> Iterator[Place]:
        """Yield where a scope's setting got its value; for a map, where its first entries did."""
        scope, layers = self.known[spot.scope]
        section = scope.sections.get(spot.path.partition(".")[0])
        if section is None:
            yield Place(layers.desk.file)
            return
        inside = [path for path in section.leaves if paths.within(path, spot.path)]
        chosen = [spot.path] if spot.path in section.leaves and not inside else inside[:_MANY]
        for path in chosen:
            origins = scope.origins(path)
            if path in section.bound:
                yield _place(scope, layers, next(one.leaf for one in reversed(origins) if one.leaf.path == path))
            yield _place(scope, layers, origins[-1].leaf)
        if not chosen:
            yield Place(section.patches[-1].file)


def _place(scope: Scope, layers: Layers, leaf: Leaf) -> Place:
    """Return where a leaf stands; a default stands in its schema."""
    name = paths.split(leaf.path)[-1]
    if leaf.line:
        return leaf.place(f"{name} set here")
    schema = layers.schemas.of(leaf.path.partition(".")[0], layers.bots[scope.id.bot].strategy)
    setting = schema and schema.default_of(leaf.path)
    if not setting:
        return Place(leaf.file)
    return replace(layers.schemas.locate(setting, "default"), role=f"{name} has its default here")
