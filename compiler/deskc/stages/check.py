"""Run the rules over resolved scopes and place what they find."""

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from deskc import sdk
from deskc.core import paths
from deskc.core.documents import Document, Leaf
from deskc.core.findings import SEVERITIES, Finding, Place, error, grouped
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope
from deskc.markets.facts import NOTHING_KNOWN, Markets

__all__ = ["Lack", "check", "check_change", "check_layers", "could_not_run"]

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
    """Judge scopes by the rules of levels `scope`, `bot` and `desk`; scopes that break a rule alike share a finding.

    Give one target's scopes with its scope and bot rules, and all scopes with the desk's rules. The value says which
    rules lacked which facts: `could_not_run` tells it once all targets are judged.
    """
    judging = tuple(rule for rule in rules if rule.level in ("scope", "bot", "desk"))
    if not judging:
        return Outcome(())
    seen = [sdk.Scope(scope, layers.bots[scope.id.bot], markets) for scope in scopes]
    placing = _Placing({view: (scope, layers) for view, scope in zip(seen, scopes, strict=True)}, markets)
    able = _Able(judging)
    found: list[Finding] = []
    together: dict[str, list[sdk.Scope]] = {rule.code: [] for rule in judging if rule.level != "scope"}
    quiet: set[str] = set()
    before: Mapping[str, object] = {}
    for scope, view in zip(scopes, seen, strict=True):
        if scope.sections is not before:
            before, quiet = scope.sections, set()
        for rule in able.rules(scope, view):
            if rule.code in quiet or (rule.facts and not placing.knows(rule, view)):
                continue
            if rule.level == "scope":
                view.asked_side = False
                said = _ran(placing, rule, (view,), view)
                found += said
                if not said and not view.asked_side:
                    quiet.add(rule.code)  # a coin's other side has these very sections, and nothing else was looked at
            else:
                together[rule.code].append(view)
    for rule in judging:
        views = tuple(together.get(rule.code, ()))
        if views:
            found += _ran(placing, rule, views, views)
    return Outcome(tuple(placing.lacks), grouped(found))


def check_layers(
    rules: Iterable[sdk.Rule], layers: Layers, vain: Mapping[str, Mapping[str, sdk.Vain]]
) -> tuple[Finding, ...]:
    """Judge every file of the desk by the rules of level `layer`; a finding touches the targets that read the file.

    `vain` says which settings a file sets in vain, by its path.
    """
    judging = tuple(rule for rule in rules if rule.level == "layer")
    found: list[Finding] = []
    for document in layers.documents.values() if judging else ():
        if document.broken:
            continue
        writing = _Writing(document, layers)
        written = {path: leaf.value for path, leaf in writing.written.items()}
        view = sdk.Layer(document.path, written, vain.get(document.path, {}))
        for rule in judging:
            if all(path in view.written for path in rule.needs):
                found += _ran(writing, rule, (), view)
    return grouped(found)


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
        {scope.id: sdk.Scope(scope, own.bots[scope.id.bot], facts) for scope in scopes}
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
            if rule.level != "change" or not _has_needs(rule, there[0]):
                continue
            if not rule.facts or placing.knows(rule, there[0]):
                found += _ran(placing, rule, there, *pair)
    return Outcome(tuple(placing.lacks), grouped(found))


def could_not_run(lacks: Mapping[Lack, Iterable[object]], markets: Markets) -> Iterator[Finding]:
    """Yield a note a rule about the coins for which it could not run; `lacks` says which targets met each lack."""
    for code in dict.fromkeys(lack.rule for lack in lacks):
        own = [lack for lack in lacks if lack.rule == code]
        parts = (f"{', '.join(lack.facts)} of {lack.coin} at {lack.exchange}" for lack in own[:_MANY])
        more = f" and of {len(own) - _MANY} more" if len(own) > _MANY else ""
        first = {lack.exchange: lack for lack in reversed(own)}  # a place a lock file: the others stand around it
        spots = (
            (markets.exchanges[name].file, f"{paths.child('coins', lack.coin)}.{lack.facts[0]}")
            for name, lack in sorted(first.items())
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


class _Able:
    """Finds the rules for which a scope has the settings that they need."""

    def __init__(self, rules: tuple[sdk.Rule, ...]) -> None:
        self._rules = rules
        self._known: dict[tuple[object, ...], tuple[sdk.Rule, ...]] = {}

    def rules(self, scope: Scope, view: sdk.Scope) -> tuple[sdk.Rule, ...]:
        """Return them; they follow from which settings there are, and sections with the same ones share a shape."""
        key = (view.exchange, *[id(section.shape) for section in scope.sections.values()])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(rule for rule in self._rules if _has_needs(rule, view))
        return found


def _has_needs(rule: sdk.Rule, scope: sdk.Scope) -> bool:
    return all(path.replace("{exchange}", str(scope.exchange)) in scope for path in rule.needs)


class _Engine(Protocol):
    """Turns what a rule says into a finding, and knows which scopes it was about when it failed."""

    def finding(self, rule: sdk.Rule, said: sdk.Finding, judged: tuple[sdk.Scope, ...]) -> Finding: ...

    def touched(self, rule: sdk.Rule, judged: tuple[sdk.Scope, ...]) -> tuple[str, ...]: ...


def _ran(engine: _Engine, rule: sdk.Rule, judged: tuple[sdk.Scope, ...], *arguments: object) -> list[Finding]:
    """Return what a rule finds; a rule that fails is itself a finding."""
    found: list[Finding] = []
    try:
        for said in rule.judge(*arguments):
            _refuse_other(said)
            found.append(engine.finding(rule, said, judged))
    except KeyboardInterrupt:
        raise
    except BaseException as problem:  # noqa: BLE001 - a rule is the desk's code: even its SystemExit is a finding
        found.append(_failed(rule, problem, engine.touched(rule, judged)))
    return found


def _refuse_other(said: object) -> None:
    if not isinstance(said, sdk.Finding) or said.severity not in SEVERITIES:
        msg = "a rule yields Finding.at(…) with the severity error, warning or note"
        raise TypeError(msg)


def _failed(rule: sdk.Rule, problem: BaseException, scopes: tuple[str, ...]) -> Finding:
    """Say that a rule could not finish, and where in its file."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == rule.file]
    line = (frames[-1].lineno or 1) if frames else 1
    message = f"the rule {rule.code} failed with {type(problem).__name__}: {problem}"
    way_out = "correct the rule; until then nothing it guards can pass"
    return error("RULE001", message, way_out, Place(rule.file, line), scopes=scopes)


def _found(rule: sdk.Rule, said: sdk.Finding, places: Iterable[Place], scopes: Iterable[str]) -> Finding:
    places = tuple(dict.fromkeys(places))
    next_action = f"deskc rule {rule.code}"
    return Finding(rule.code, said.severity, str(said.message), str(said.help), places, tuple(scopes), next_action)


class _Writing:
    """Turns paths in one file into its lines, and lines of others into theirs."""

    def __init__(self, document: Document, layers: Layers) -> None:
        self._path = document.path
        self._documents = layers.documents
        self.written = {leaf.path: leaf for leaf in document.written()}
        self._readers = tuple(map(str, layers.readers.get(document.path, ())))

    def finding(self, rule: sdk.Rule, said: sdk.Finding, _: tuple[sdk.Scope, ...]) -> Finding:
        """Turn what a rule yields into a finding; raise KeyError for a path that the file does not hold."""
        leaves = [self.leaf(spot) for spot in said.spots]
        return _found(rule, said, (_written(leaf) for leaf in leaves), self._readers)

    def leaf(self, spot: object) -> Leaf:
        """Return what stands at a path of the file, or at a line of another."""
        line = spot if isinstance(spot, sdk.Line) else sdk.Line(self._path, str(spot))
        leaf = self._documents[line.file].find(line.path)
        if leaf is None:
            raise KeyError(line.path)
        return leaf

    def touched(self, *_: object) -> tuple[str, ...]:
        """Return the targets that read the file."""
        return self._readers


class _Placing:
    """Turns setting paths of scopes into files and lines; `known` are the scopes behind the views.

    `lacks` gathers what kept rules from running.
    """

    def __init__(self, known: Mapping[sdk.Scope, tuple[Scope, Layers]], markets: Markets) -> None:
        self.known = known
        self.markets = markets
        self.lacks: dict[Lack, None] = {}

    def knows(self, rule: sdk.Rule, scope: sdk.Scope) -> bool:
        """Say whether the facts are known that a rule needs; note which of a market's are not."""
        if scope.knows(rule.facts):
            return True
        market = self.markets.find(scope.exchange, scope.coin)
        if market is not None:
            missing = tuple(fact for fact in rule.facts if fact in market.unknown)
            self.lacks[Lack(rule.code, market.exchange, market.coin, missing)] = None
        return False

    def finding(self, rule: sdk.Rule, said: sdk.Finding, judged: tuple[sdk.Scope, ...]) -> Finding:
        """Turn what a rule yields into a finding; the first place is one that somebody wrote, where there is one."""
        spots = [spot if isinstance(spot, sdk.Spot) else judged[0].at(_named(spot)) for spot in said.spots]
        scopes = dict.fromkeys(str(self.known[spot.scope][0].id) for spot in spots)
        schemas = self.known[judged[0]][1].desk.schemas
        places = [place for spot in spots for place in self.places(spot)]
        first = next((place for place in places if not place.path.startswith(schemas)), places[0])
        return _found(rule, said, (first, *places), scopes)

    def touched(self, rule: sdk.Rule, judged: tuple[sdk.Scope, ...]) -> tuple[str, ...]:
        """Return the scopes that were judged; a rule of the desk touches all of it."""
        return () if rule.level == "desk" else tuple(dict.fromkeys(str(self.known[scope][0].id) for scope in judged))

    def places(self, spot: sdk.Spot) -> Iterator[Place]:
        """Yield where a scope's setting got its value; for a map, where its first entries did."""
        scope, layers = self.known[spot.scope]
        section = scope.sections.get(spot.path.partition(".")[0])
        if section is None:
            yield from self.elsewhere(spot, scope, layers)
            return
        listed, _, index = spot.path.removesuffix("]").rpartition("[")
        if index.isdecimal() and listed in section.leaves:
            yield _item(scope, layers, listed, int(index))
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

    def elsewhere(self, spot: sdk.Spot, scope: Scope, layers: Layers) -> Iterator[Place]:
        """Yield where what is no setting stands: a scope's label, or a fact of its market in the lock file."""
        name, _, fact = spot.path.partition(".")
        market = self.markets.find(spot.scope.exchange, scope.id.coin)
        if spot.path == "config_version":
            yield _label(scope, layers)
        elif name == "market" and market is not None:
            file = self.markets.exchanges[market.exchange].file
            place = self.markets.locate(file, f"{paths.child('coins', market.coin)}.{fact}")
            yield replace(place, role=f"{fact} locked here")
        else:
            yield Place(layers.desk.file)


def _item(scope: Scope, layers: Layers, path: str, index: int) -> Place:
    """Return where an item of a list stands; the list itself where the item has no place of its own."""
    leaf = scope.origins(path)[-1].leaf
    item = layers.documents[leaf.file].find(paths.item(leaf.path, index)) if leaf.line else None
    return item.place(f"item {index + 1} of {paths.split(path)[-1]} set here") if item else _place(scope, layers, leaf)


def _named(spot: str | sdk.Line) -> str:
    return spot.path if isinstance(spot, sdk.Line) else spot


def _place(scope: Scope, layers: Layers, leaf: Leaf) -> Place:
    """Return where a leaf stands; a default stands in its schema."""
    if leaf.line:
        return _written(leaf)
    schema = layers.schemas.of(leaf.path.partition(".")[0], layers.bots[scope.id.bot].strategy)
    setting = schema and schema.default_of(leaf.path)
    if not setting:
        return Place(leaf.file)
    role = f"{paths.split(leaf.path)[-1]} has its default here"
    return replace(layers.schemas.locate(setting, "default"), role=role)


def _written(leaf: Leaf) -> Place:
    name = paths.split(leaf.path)[-1]
    return leaf.place(f"{name} set here" if isinstance(name, str) else "set here")


def _label(scope: Scope, layers: Layers) -> Place:
    """Return where a scope's label stands, or where its bot is declared."""
    if scope.config_version is not None:
        return _written(scope.config_version)
    declaring = next(pattern for pattern in layers.desk.hierarchy if pattern.declares)
    file = f"{layers.desk.folder}{declaring.path({'bot': scope.id.bot})}"
    bot = layers.documents[file].find("bot")
    return bot.key_place("the bot is declared here") if bot else Place(file)
