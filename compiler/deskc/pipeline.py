"""The stages in order, from a tree to frozen snapshots: read, parse, validate, resolve, check, freeze."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from deskc import sdk
from deskc.content import (
    SIGNERS,
    Folders,
    counted,
    load_decisions,
    load_desk,
    load_folders,
    load_markets,
    load_rules,
    load_schemas,
    market_readers,
    unknown_markets,
    unsigned,
)
from deskc.core.decisions import BASELINE, LADDERS, NOTHING_DECIDED, NOTHING_HIDDEN, QUARANTINE, Decisions, Hidden
from deskc.core.desk import Bot, Desk
from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.core.findings import Finding, grouped, has_errors, in_order
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope
from deskc.core.scopes import Target
from deskc.core.snapshots import Commit, Snapshot
from deskc.markets.facts import NOTHING_KNOWN, Markets
from deskc.stages.check import Lack, check, check_change, check_layers, could_not_run
from deskc.stages.freeze import freeze
from deskc.stages.parse import parse
from deskc.stages.read import Folder, Source, read
from deskc.stages.resolve import resolve
from deskc.stages.suppress import idle, passing, suppress
from deskc.stages.validate import validate
from deskc.stages.weigh import Weighing
from deskc.stages.withdraw import withdraw

__all__ = [
    "Compilation",
    "Everything",
    "Prepared",
    "Selection",
    "compile_desk",
    "judged_by",
    "judged_change",
    "prepare",
    "scopes_of",
    "wanted",
]

_YAML = (".yaml", ".yml")


class Selection(NamedTuple):
    """What a command was limited to; empty means everything."""

    environments: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()

    def holds(self, target: Target) -> bool:
        """Say whether a target is wanted."""
        return (not self.environments or target.environment in self.environments) and (
            not self.bots or target.bot in self.bots
        )

    def touches(self, finding: Finding) -> bool:
        """Say whether a finding belongs to what is wanted: it is the desk's, or it names a wanted scope."""
        if not (self.environments or self.bots):
            return True
        if not finding.scopes:
            return finding.code != "READ001"
        return any(self.holds(Target(*scope.split("/")[:2])) for scope in finding.scopes)


Everything = Selection()


class Prepared(NamedTuple):
    """A tree whose layers are judged, ready to resolve; `layers` is None where desk.yaml itself could not be read.

    `folders` are what was read of the tree, and which files there; `markets` the facts of its lock files; `decisions`
    what counts beside its settings.
    """

    commit: Commit | None
    tree: Tree
    layers: Layers | None
    rules: tuple[sdk.Rule, ...]
    findings: tuple[Finding, ...]
    folders: tuple[Folder, ...] = ()
    markets: Markets = NOTHING_KNOWN
    decisions: Decisions = NOTHING_DECIDED


class Compilation(NamedTuple):
    """What a tree compiles to: the snapshots of the wanted targets without an error, and every finding in order.

    `hidden` are findings that somebody decided to let pass: they are counted, not judged.
    """

    prepared: Prepared
    snapshots: tuple[Snapshot, ...]
    findings: tuple[Finding, ...]
    hidden: Hidden = NOTHING_HIDDEN

    @property
    def failed(self) -> bool:
        """Say whether an error was found."""
        return has_errors(self.findings)


def prepare(source: Source, folder: str, *, with_rules: bool = True, known: Prepared | None = None) -> Prepared:
    """Read, parse and validate the desk in a folder of a source (relative, with a slash at its end, may be empty).

    Without rules none of the tree's code is loaded, nor the facts that it judges by: for looking at history, whose
    rules are nobody's business any more. `known` is returned, as of this source, where the source holds its very files.

    Raise DeskcError where the source has no desk.yaml there.
    """
    seed = read(source, (Folder(f"{folder}", ("desk.yaml",)),)).value
    file = f"{folder}desk.yaml"
    if file not in seed.files:
        raise DeskcError(
            f"there is no {file} in {_named(source)}", help="name the desk's folder, or start one with deskc init"
        )
    document = parse((file,), seed)
    folders = load_folders(document.value[file], folder)
    if folders.value is None:
        return Prepared(source.commit, seed, None, (), (*document.findings, *folders.findings))
    wanted = _wanted(folders.value)
    tree = read(source, wanted)
    if known is not None and tree.value.files == known.tree.files:
        return known._replace(commit=source.commit, tree=tree.value)
    schemas = load_schemas(tree.value, folders.value.schemas)
    rules = load_rules(tree.value, folders.value.validators) if with_rules else Outcome(())
    desk = load_desk(document.value[file], folders.value, schemas.value)
    findings = (*schemas.findings, *rules.findings, *desk.findings)
    if desk.value is None:
        return Prepared(
            source.commit, tree.value, None, rules.value, (*document.findings, *tree.findings, *findings), wanted
        )
    documents = parse(_layer_files(tree.value, desk.value), tree.value)
    layers = validate(documents.value, desk.value, schemas.value)
    facts = load_markets(tree.value, desk.value.markets) if with_rules else Outcome(NOTHING_KNOWN)
    signed = unsigned(tree.value, document.value[file], layers.value, source.signer)
    judges = rules.value if with_rules and not has_errors(rules.findings) else None
    decisions = load_decisions(tree.value, layers.value, judges)
    found = (
        *findings,
        *signed,
        *_reaching(decisions.findings, layers.value),
        *_reaching(tree.findings, layers.value),
        *_reaching(documents.findings, layers.value),
        *_reaching(layers.findings, layers.value),
        *market_readers(facts.findings, layers.value, desk.value.markets),
        *unknown_markets(tree.value, layers.value, facts.value, rules.value),
    )
    made = (facts.value, decisions.value)
    return Prepared(source.commit, tree.value, layers.value, rules.value, found, wanted, *made)


def judged_by(prepared: Prepared, base: Prepared) -> Prepared:
    """Let count of what a tree decided only what its base decided too; a warning says what does not count yet."""
    if prepared.layers is None:
        return prepared
    decisions = counted(prepared.decisions, base.decisions)
    findings = (*prepared.findings, *_reaching(decisions.findings, prepared.layers))
    return prepared._replace(decisions=decisions.value, findings=findings)


def _named(source: Source) -> str:
    return "the working tree" if source.commit is None else f"commit {source.commit.sha[:12]}"


def _wanted(folders: Folders) -> tuple[Folder, ...]:
    """Return the folders that a build reads, and the endings of what it reads there."""
    return (
        Folder(folders.desk, (*_YAML, SIGNERS)),
        Folder(folders.schemas, (".json",)),
        Folder(folders.validators, (".py",)),
    )


def _layer_files(tree: Tree, desk: Desk) -> Iterator[str]:
    """Yield the desk's YAML files but facts and decisions; each is a layer or a template, or nothing reads it."""
    decisions = tuple(f"{desk.folder}{name}" for name in (BASELINE, LADDERS, QUARANTINE))
    for path in tree.files:
        is_layer = path.startswith(desk.folder) and path.lower().endswith(_YAML) and path not in decisions
        if is_layer and not path.startswith(desk.markets):
            yield path


def _reaching(findings: Iterable[Finding], layers: Layers) -> Iterator[Finding]:
    """Say of each finding about a file which targets read that file."""
    for finding in findings:
        path = finding.places[0].path if finding.places else ""
        readers = layers.readers.get(path) or _would_read(path, layers)
        yield finding if finding.scopes or not readers else replace(finding, scopes=tuple(map(str, readers)))


def _would_read(path: str, layers: Layers) -> tuple[Target, ...]:
    """Return the targets whose hierarchy names a path that could not be read as a file."""
    desk = layers.desk
    matches = (pattern.match(path.removeprefix(desk.folder)) for pattern in desk.hierarchy)
    names = next((found for found in matches if found), None)
    return tuple(target for target in layers.targets if names and _fits(names, target, layers.bots[target.bot]))


def _fits(names: Mapping[str, str], target: Target, bot: Bot) -> bool:
    own = bot.names(target.environment)
    coins, sides = bot.coins[target.environment], bot.sides
    free = {"coin": coins, "side": sides}
    return all(name in free[axis] if axis in free else own.get(axis) == name for axis, name in names.items())


def scopes_of(prepared: Prepared, target: Target) -> Outcome[tuple[Scope, ...]]:
    """Resolve one target of a prepared desk."""
    if prepared.layers is None:
        return Outcome(())
    return resolve(prepared.layers, target)


def compile_desk(
    prepared: Prepared, selection: Selection = Everything, *, keep: Callable[[Snapshot], Snapshot] | None = None
) -> Compilation:
    """Resolve, check and freeze the wanted targets; a target with an error has no snapshot.

    One snapshot is in memory at a time where `keep` puts each aside and returns one that finds its lines there.
    """
    layers = prepared.layers
    if layers is None:
        return _judged(prepared, prepared.findings, (), selection)
    work = _Judging(prepared, findings=prepared.findings)
    layer_rules = tuple(rule for rule in prepared.rules if rule.level == "layer")
    weighing = Weighing(layers) if layer_rules else None
    snapshots: list[Snapshot] = []
    everyone: list[Scope] = []
    desk_rules = tuple(rule for rule in prepared.rules if rule.level == "desk")
    other_rules = tuple(rule for rule in prepared.rules if rule.level in ("scope", "bot"))
    for target in wanted(prepared, selection):
        scopes = resolve(layers, target)
        if weighing is not None:
            weighing.take(target, scopes.value)
        judged = check(scopes.value, other_rules, layers, prepared.markets)
        found = work.take((*scopes.findings, *judged.findings), judged.value, target)
        everyone += scopes.value if desk_rules else ()
        if not has_errors(found):
            frozen = freeze(scopes.value, layers, target)
            if not work.take(withdraw(frozen, prepared.decisions.quarantine, layers.bots[target.bot])):
                snapshots.append(frozen if keep is None else keep(frozen))
    if weighing is not None:
        work.take(check_layers(layer_rules, layers, weighing.vain()))
    if desk_rules:
        everyone += (
            scope for target in layers.targets if not selection.holds(target) for scope in resolve(layers, target).value
        )
        judged = check(everyone, desk_rules, layers, prepared.markets)
        work.take(judged.findings, judged.value)
    if selection == Everything:
        work.findings += work.idle()
    return work.compilation(snapshots, selection)


class _Judging:
    """A compilation while it is judged: what was found, what was let pass, and which rules lacked which facts."""

    def __init__(self, prepared: Prepared, *, findings: Iterable[Finding], hidden: Hidden = NOTHING_HIDDEN) -> None:
        self.prepared = prepared
        self.allowed = passing(prepared.decisions)
        self.findings = list(findings)
        self.hidden = [hidden]
        self.lacks: dict[Lack, list[Target]] = {}

    def take(
        self, found: Iterable[Finding], lacks: Iterable[Lack] = (), target: Target | None = None
    ) -> tuple[Finding, ...]:
        """Keep what was found but for what may pass, and return what was kept."""
        kept, let_pass = suppress(tuple(found), self.allowed)
        self.findings += kept
        self.hidden.append(let_pass)
        for lack in lacks:
            self.lacks.setdefault(lack, []).extend(() if target is None else (target,))
        return kept

    def idle(self) -> Iterator[Finding]:
        """Yield what lets nothing pass; nobody can tell while an error or a missing fact keeps a rule from judging."""
        rules, layers = self.prepared.rules, self.prepared.layers
        codes = {rule.code for rule in rules}
        if not any(self.allowed) or any(one.severity == "error" and one.code not in codes for one in self.findings):
            return
        unjudged = {lack.rule for lack in self.lacks} | {rule.code for rule in rules if rule.level == "change"}
        if layers is not None:
            yield from _reaching(idle(self.prepared.decisions, _joined(self.hidden), unjudged=unjudged), layers)

    def compilation(self, snapshots: Iterable[Snapshot], selection: Selection) -> Compilation:
        """Return what was judged, with what rules could not say."""
        findings = (*self.findings, *could_not_run(self.lacks, self.prepared.markets))
        return _judged(self.prepared, findings, snapshots, selection, _joined(self.hidden, selection))


def _joined(hidden: Sequence[Hidden], selection: Selection = Everything) -> Hidden:
    """Join what was hidden of several targets, as far as it belongs to what is wanted."""
    suppressed = grouped(finding for one in hidden for finding in one.suppressed if selection.touches(finding))
    baselined = grouped(finding for one in hidden for finding in one.baselined if selection.touches(finding))
    return Hidden(in_order(suppressed), in_order(baselined))


def _judged(
    prepared: Prepared,
    findings: Iterable[Finding],
    snapshots: Iterable[Snapshot],
    selection: Selection,
    hidden: Hidden = NOTHING_HIDDEN,
) -> Compilation:
    """Keep the findings that belong to what is wanted, in order, and the snapshots that no error touches."""
    judged = in_order(grouped(finding for finding in findings if selection.touches(finding)))
    clean = tuple(snapshot for snapshot in snapshots if not _poisoned(snapshot, judged))
    return Compilation(prepared, clean, judged, hidden)


def judged_change(before: Prepared, after: Compilation, selection: Selection = Everything) -> Compilation:
    """Add what the rules of level `change` find between a tree and the one that was compiled."""
    rules = tuple(rule for rule in after.prepared.rules if rule.level == "change")
    old, new = before.layers, after.prepared.layers
    if not rules or old is None or new is None:
        return after
    work = _Judging(after.prepared, findings=after.findings, hidden=after.hidden)
    for target in sorted({*old.targets, *new.targets}):
        if selection.holds(target):
            scopes = [resolve(layers, target).value if target in layers.targets else () for layers in (old, new)]
            markets = (before.markets, after.prepared.markets)
            judged = check_change(scopes[0], scopes[1], rules, (old, new), markets)
            work.take(judged.findings, judged.value, target)
    return work.compilation(after.snapshots, selection)


def wanted(prepared: Prepared, selection: Selection) -> tuple[Target, ...]:
    """Return the wanted targets; raise DeskcError for an environment or a bot that the desk does not have."""
    if prepared.layers is None:
        return ()
    _refuse_unknown("environment", selection.environments, prepared.layers.desk.environments)
    if not has_errors(prepared.findings):
        _refuse_unknown("bot", selection.bots, prepared.layers.bots)
    return tuple(target for target in prepared.layers.targets if selection.holds(target))


def _refuse_unknown(what: str, asked: Iterable[str], known: Iterable[str]) -> None:
    from deskc.core.violations import close_to  # noqa: PLC0415 - only a mistake needs it

    for name in asked:
        if name not in known:
            guess = close_to(name, known)
            way_out = f"did you mean {guess}?" if guess else f"known are {', '.join(sorted(known))}"
            raise DeskcError(f"the desk has no {what} {name}", help=way_out)


def _poisoned(snapshot: Snapshot, findings: Iterable[Finding]) -> bool:
    """Say whether an error touches a snapshot's target, or the whole desk."""
    own = str(Target(snapshot.environment, snapshot.bot))
    errors = (finding for finding in findings if finding.severity == "error")
    return any(
        not error.scopes or any(scope == own or scope.startswith(f"{own}/") for scope in error.scopes)
        for error in errors
    )
