"""Run the rules over resolved scopes and place what they find."""

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from deskc import sdk
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, Place
from deskc.core.layers import Layers
from deskc.core.resolved import Scope

__all__ = ["check"]

_MANY = 5  # places of one map named in a finding


def check(scopes: Sequence[Scope], rules: Iterable[sdk.Rule], layers: Layers) -> tuple[Finding, ...]:
    """Judge scopes by the rules of every level below `change`; scopes that break a rule in the same way share a finding.

    Give one target's scopes with its scope and bot rules, and all scopes with the desk's rules.
    """
    seen = [sdk.Scope(scope) for scope in scopes]
    known = dict(zip(seen, scopes, strict=True))
    placing = _Placing(known, layers)
    found: list[Finding] = []
    for rule in rules:
        if rule.level == "scope":
            for scope in seen:
                if all(path in scope for path in rule.needs):
                    found += placing.placed(rule, (scope,), scope)
        else:
            able = tuple(scope for scope in seen if all(path in scope for path in rule.needs))
            if able:
                found += placing.placed(rule, able, able)
    return grouped(found)


def grouped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join findings that differ only in their scopes."""
    together: dict[Finding, dict[str, None]] = {}
    for finding in findings:
        together.setdefault(replace(finding, scopes=()), {}).update(dict.fromkeys(finding.scopes))
    return tuple(replace(finding, scopes=tuple(scopes)) for finding, scopes in together.items())


class _Placing:
    """Runs one rule at a time and turns setting paths into files and lines."""

    def __init__(self, known: dict[sdk.Scope, Scope], layers: Layers) -> None:
        self.known = known
        self.layers = layers

    def placed(self, rule: sdk.Rule, judged: tuple[sdk.Scope, ...], argument: object) -> Iterator[Finding]:
        """Yield what a rule finds; a rule that fails is itself a finding."""
        scopes = tuple(str(self.known[scope].id) for scope in judged)
        try:
            for found in rule.judge(argument):
                spots = [spot if isinstance(spot, sdk.Spot) else sdk.Spot(judged[0], spot) for spot in found.spots]
                places = tuple(place for spot in spots for place in self.places(spot))
                named = tuple(dict.fromkeys(str(self.known[spot.scope].id) for spot in spots)) or scopes[:1]
                yield Finding(rule.code, found.severity, found.message, found.help, places, named, f"deskc rule {rule.code}")
        except Exception as error:  # noqa: BLE001 - a rule is the desk's code; whatever it raises is the desk's finding
            yield self.failed(rule, error, scopes[:1])

    def failed(self, rule: sdk.Rule, error: Exception, scopes: tuple[str, ...]) -> Finding:
        """Say that a rule could not finish, and where in its file."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == rule.file]
        line = (frames[-1].lineno or 1) if frames else 1
        message = f"the rule {rule.code} failed with {type(error).__name__}: {error}"
        return Finding("RULE001", "error", message, "correct the rule; until then nothing it guards can pass", (Place(rule.file, line),), scopes)

    def places(self, spot: sdk.Spot) -> Iterator[Place]:
        """Yield where a scope's setting got its value; for a map, where its first entries did."""
        scope = self.known[spot.scope]
        section = scope.sections.get(spot.path.partition(".")[0])
        if section is None:
            return
        inside = [path for path in section.leaves if path.startswith((f"{spot.path}.", f"{spot.path}["))]
        for path in [spot.path] if spot.path in section.leaves and not inside else inside[:_MANY]:
            for spoken in scope.origins(path)[-1 - (path in section.bound) :]:
                yield self.place(scope, spoken.leaf)

    def place(self, scope: Scope, leaf: Leaf) -> Place:
        """Return where a leaf stands; a default stands in its schema."""
        name = leaf.path.rpartition(".")[2]
        if leaf.line:
            return leaf.place(f"{name} set here")
        section = leaf.path.partition(".")[0]
        schema = self.layers.schemas.of(section, self.layers.bots[scope.id.bot].strategy)
        setting = schema and (schema.setting(leaf.path) or schema.maps.get(schema.general(leaf.path)))
        return replace(self.layers.schemas.locate(setting, "default"), role=f"{name} has its default here") if setting else Place(leaf.file)
