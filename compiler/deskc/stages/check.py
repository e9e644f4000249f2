"""Run the rules over resolved scopes and place what they find."""

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from deskc import sdk
from deskc.core import paths
from deskc.core.documents import Leaf
from deskc.core.findings import SEVERITIES, Finding, Place, error, grouped
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope
from deskc.markets.facts import NOTHING_KNOWN, Markets

__all__ = ["Lack", "check", "check_change", "could_not_run"]

_MANY = 5  # places of one map, or coins, named in a finding


class Lack(NamedTuple):
    """A rule that did not run for a coin, because the exchange's lock file has null for these facts."""

    rule: str
    exchange: str
    coin: str
    facts: tuple[str, ...]


def check(
    scopes: Sequence[Scope], rules: Iterable[sdk.Rule], layers: Layers, markets: Markets = NOTHING_KNOWN
) -> Outcome[tuple[Lack, ...]]:
    """Judge scopes by the rules of every level but `change`; scopes that break a rule alike share a finding.

    Give one target's scopes with its scope and bot rules, and all scopes with the desk's rules. The value says which
    rules lacked which facts: `could_not_run` tells it once all targets are judged.
    """
    judging = tuple(rule for rule in rules if rule.level != "change")
    if not judging:
        return Outcome(())
    seen = [sdk.Scope(scope, layers.bots[scope.id.bot].exchange, markets) for scope in scopes]
    placing = _Placing({view: (scope, layers) for view, scope in zip(seen, scopes, strict=True)}, markets)
    found: list[Finding] = []
    for rule in judging:
        if rule.level == "scope":
            for scope in seen:
                if placing.has_what_it_takes(rule, scope):
                    found += placing.placed(rule, (scope,), scope)
        else:
            able = tuple(scope for scope in seen if placing.has_what_it_takes(rule, scope))
            if able:
                found += placing.placed(rule, able, able)
    return Outcome(tuple(placing.lacks), grouped(found))


def check_change(
    before: Sequence[Scope],
    after: Sequence[Scope],
    rules: Iterable[sdk.Rule],
    layers: tuple[Layers, Layers],
    markets: tuple[Markets, Markets] = (NOTHING_KNOWN, NOTHING_KNOWN),
) -> Outcome[tuple[Lack, ...]]:
    """Judge what became of one target's scopes by the rules of level `change`, each given a scope before and after.

    None stands for a scope that is not there. `layers` and `markets` are those before and those after.
    """
    old, new = (
        {scope.id: sdk.Scope(scope, own.bots[scope.id.bot].exchange, facts) for scope in scopes}
        for scopes, own, facts in zip((before, after), layers, markets, strict=True)
    )
    placing = _Placing(
        {
            views[scope.id]: (scope, own)
            for views, scopes, own in ((old, before, layers[0]), (new, after, layers[1]))
            for scope in scopes
        },
        markets[1],
    )
    found: list[Finding] = []
    for rule in rules:
        for scope in (*new, *(scope for scope in old if scope not in new)):
            pair = (old.get(scope), new.get(scope))
            there = tuple(view for view in reversed(pair) if view is not None)
            if rule.level == "change" and placing.has_what_it_takes(rule, there[0]):
                found += placing.placed(rule, there, *pair)
    return Outcome(tuple(placing.lacks), grouped(found))


def could_not_run(lacks: Mapping[Lack, Iterable[object]], markets: Markets) -> Iterator[Finding]:
    """Yield a note a rule about the coins for which it could not run; `lacks` says which targets met each lack."""
    for code in dict.fromkeys(lack.rule for lack in lacks):
        own = [lack for lack in lacks if lack.rule == code]
        parts = (f"{', '.join(lack.facts)} of {lack.coin} at {lack.exchange}" for lack in own[:_MANY])
        more = f" and of {len(own) - _MANY} more" if len(own) > _MANY else ""
        spots = (
            (markets.exchanges[lack.exchange].file, f"{paths.child('coins', lack.coin)}.{fact}")
            for lack in own[:_MANY]
            for fact in lack.facts
        )
        yield Finding(
            "MARKET006",
            "note",
            f"{code} could not run: nobody knows {'; '.join(parts)}{more}",
            "write the facts where the lock file says null, as soon as a public source tells them",
            tuple(markets.locate(*spot) for spot in spots),
            tuple(dict.fromkeys(str(target) for lack in own for target in lacks[lack])),
            f"deskc rule {code}",
        )


class _Placing:
    """Runs one rule at a time and turns setting paths into files and lines; `known` are the scopes behind the views.

    `lacks` gathers what kept rules from running.
    """

    def __init__(self, known: Mapping[sdk.Scope, tuple[Scope, Layers]], markets: Markets) -> None:
        self.known = known
        self.markets = markets
        self.lacks: dict[Lack, None] = {}

    def has_what_it_takes(self, rule: sdk.Rule, scope: sdk.Scope) -> bool:
        """Say whether a scope has the settings that a rule needs, and whether the facts that it needs are known."""
        if rule.facts and not scope.knows(rule.facts):
            market = self.markets.find(scope.exchange, scope.coin)
            if market is not None and all(path in scope for path in rule.needs):
                missing = tuple(fact for fact in rule.facts if fact in market.unknown)
                self.lacks[Lack(rule.code, market.exchange, market.coin, missing)] = None
            return False
        return all(path in scope for path in rule.needs)

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
