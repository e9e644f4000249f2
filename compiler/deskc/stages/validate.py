"""Judge each layer: known sections and settings, types, bounds, axes, references, templates, bots."""

from collections.abc import Iterable, Iterator, Mapping
from posixpath import dirname

from deskc.core import paths
from deskc.core.desk import Bot, Desk, Pattern
from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding, Place
from deskc.core.layers import Layer, Layers, Patch
from deskc.core.outcome import Outcome
from deskc.core.schemas import Schema, Schemas
from deskc.core.scopes import SECTIONS, Target
from deskc.core.violations import Violation, close_to, violations
from deskc.stages._patches import patch_of

__all__ = ["validate"]

_BESIDE_SECTIONS = ("bot", "config_version", "extends")


def validate(documents: Mapping[str, Document], desk: Desk, schemas: Schemas) -> Outcome[Layers]:
    """Turn documents into layers; every file that no scope reads is a finding."""
    work = _Validation(documents, desk, schemas)
    work.declare_bots()
    work.build_layers()
    work.report_unread()
    layers = Layers(desk, schemas, work.bots, work.levels(), work.readers, documents)
    return Outcome(layers, tuple(dict.fromkeys(work.findings)))


class _Validation:
    """The state of one run of the stage; nothing of it outlives the run."""

    def __init__(self, documents: Mapping[str, Document], desk: Desk, schemas: Schemas) -> None:
        self.documents = documents
        self.desk = desk
        self.schemas = schemas
        self.findings: list[Finding] = []
        self.bots: dict[str, Bot] = {}
        self.undeclared: set[str] = set()
        self.readers: dict[str, tuple[Target, ...]] = {}
        self.read: set[str] = {desk.file}
        self.built: list[dict[tuple[str, ...], Layer]] = [{} for _ in desk.hierarchy]
        self.placed = tuple(self.place_files())

    def levels(self) -> tuple[Mapping[tuple[str, ...], Layer], ...]:
        """Return the layers that were built, level by level."""
        return tuple(self.built)

    def place_files(self) -> Iterator[tuple[int, Pattern, dict[str, str], Document]]:
        """Find for each document the level of the hierarchy that it belongs to."""
        for path, document in sorted(self.documents.items()):
            inside = path.removeprefix(self.desk.folder)
            for level, pattern in enumerate(self.desk.hierarchy):
                names = pattern.match(inside)
                if names is not None:
                    yield level, pattern, names, document
                    break

    def error(self, code: str, message: str, way_out: str, *places: Place, scopes: Iterable[object] = ()) -> None:
        """Add an error."""
        self.findings.append(Finding(code, "error", message, way_out, places, tuple(map(str, scopes))))

    # Bots

    def declare_bots(self) -> None:
        """Read each bot.yaml; a bot's folder without one is a finding."""
        for _, pattern, names, document in self.placed:
            if _is_declaration(pattern):
                bot = self.declared(names["bot"], document)
                if bot:
                    self.bots[bot.id] = bot
                else:
                    self.undeclared.add(names["bot"])
        self.report_case_twins()

    def declared(self, name: str, document: Document) -> Bot | None:
        """Read one bot's declaration; None where it cannot be used."""
        where = tuple(Target(environment, name) for environment in sorted(self.desk.environments))
        self.readers[document.path] = where
        if document.broken:
            return None
        said = document.data.get("bot") if isinstance(document.data, dict) else None
        if said is None:
            way_out = "write bot: {exchange: …, strategy: …, environments: […], coins: […]}"
            self.error("BOT002", f"the bot {name} declares no bot: section", way_out, Place(document.path), scopes=where)
            return None
        before = len(self.findings)
        self.judge(document, said, "bot", schema=self.schemas.sections["bot"])
        if len(self.findings) > before:
            return None
        return self.checked_bot(name, said, document)

    def checked_bot(self, name: str, said: Mapping[str, object], document: Document) -> Bot | None:
        """Check the names that a declaration uses against the desk."""
        bot = _bot(name, said)
        mistakes = 0
        for path, word, known, what in self.names_used(bot, said):
            if word not in known:
                guess = close_to(word, known)
                leaf = document.find(path)
                place = leaf.place() if leaf else Place(document.path)
                way_out = f"did you mean {guess}?" if guess else f"write one of: {', '.join(sorted(known))}"
                self.error("BOT003", f"{word} is no {what} of this desk", way_out, place)
                mistakes += 1
        return None if mistakes else bot

    def names_used(self, bot: Bot, said: Mapping[str, object]) -> Iterator[tuple[str, str, Iterable[str], str]]:
        """Yield each name in a declaration: its path, itself, what it may be, and the word for it."""
        listed = said.get("environments", ())
        for index, environment in enumerate(listed if isinstance(listed, list) else ()):
            yield f"bot.environments[{index}]", environment, self.desk.environments, "environment"
        by_environment = said.get("coins")
        for environment in by_environment if isinstance(by_environment, dict) else ():
            yield paths.child("bot.coins", environment), environment, listed, "environment of this bot"  # type: ignore[misc]
        if bot.strategy is not None:
            yield "bot.strategy", bot.strategy, self.schemas.strategies, "strategy with a schema"

    def report_case_twins(self) -> None:
        """Refuse coins that differ only by case: file systems and people mix them up."""
        seen: dict[str, tuple[str, str]] = {}
        for bot in self.bots.values():
            for coin in sorted({coin for coins in bot.coins.values() for coin in coins}):
                first, where = seen.setdefault(coin.casefold(), (coin, bot.id))
                if first != coin:
                    one, other = (self.coin_place(*pair) for pair in ((bot.id, coin), (where, first)))
                    self.error("BOT004", f"the coins {first} and {coin} differ only by case", "use one spelling", one, other)

    def coin_place(self, bot: str, coin: str) -> Place:
        """Return where a bot lists a coin."""
        for _, pattern, names, document in self.placed:
            if _is_declaration(pattern) and names["bot"] == bot:
                found = (leaf for leaf in document.items.values() if leaf.value == coin and leaf.path.startswith("bot.coins"))
                return next((leaf.place() for leaf in found), Place(document.path))
        return Place(self.desk.file)

    # Layers

    def build_layers(self) -> None:
        """Judge every file that some scope reads, once a strategy that reads it."""
        reached = _Readers(self.bots.values())
        without_bot: dict[str, Document] = {}
        for level, pattern, names, document in self.placed:
            bot = names.get("bot")
            if bot is not None and bot not in self.bots:
                self.read.add(document.path)
                self.readers[document.path] = tuple(Target(name, bot) for name in sorted(self.desk.environments))
                if bot not in self.undeclared:
                    without_bot.setdefault(bot, document)
                continue
            readers = reached.of(names)
            if readers or _is_declaration(pattern):
                self.read.add(document.path)
                self.readers[document.path] = readers
                layer = self.layer(level, pattern, names, document)
                self.built[level][tuple(names[axis] for axis in pattern.axes)] = layer
        for bot, document in without_bot.items():
            guess = close_to(bot, self.bots)
            way_out = f"did you mean {guess}? otherwise add a bot.yaml" if guess else "add a bot.yaml to the folder"
            self.error("BOT001", f"the folder of bot {bot} has no bot.yaml", way_out, Place(document.path), scopes=self.readers[document.path])

    def layer(self, level: int, pattern: Pattern, names: Mapping[str, str], document: Document) -> Layer:
        """Judge one file and its templates by the axes of its level."""
        before = len(self.findings)
        axes = frozenset(pattern.axes)
        strategies = sorted({self.bots[target.bot].strategy or "" for target in self.readers[document.path]})
        collected: dict[str, list[Patch]] = {}
        broken = document.broken
        for part in (*self.templates(document, (document.path,)), document):
            broken = broken or part.broken
            self.readers[part.path] = tuple(sorted({*self.readers.get(part.path, ()), *self.readers[document.path]}))
            for section, patch in self.sections(part, axes=axes, strategies=strategies, own=part is document, pattern=pattern):
                collected.setdefault(section, []).append(patch)
        version = self.config_version(document, axes)
        broken = broken or len(self.findings) > before
        patches = {section: tuple(found) for section, found in collected.items()}
        return Layer(document.path, level, names, patches, version, broken)

    def sections(
        self, document: Document, *, axes: frozenset[str], strategies: list[str], own: bool, pattern: Pattern
    ) -> Iterator[tuple[str, Patch]]:
        """Yield the patch of each section that a file speaks of, judged for every strategy that reads it."""
        if document.broken:
            return
        for top, leaves in document.leaves.items():
            if top in self.schemas.sections and top in SECTIONS:
                yield top, self.section(document, top, axes=axes, strategies=strategies if top == "strategy" else strategies[:1])
            elif top in _BESIDE_SECTIONS:
                self.beside(document, top, leaves, own=own, pattern=pattern)
            else:
                self.unknown_section(document, top)

    def section(self, document: Document, section: str, *, axes: frozenset[str], strategies: list[str]) -> Patch:
        """Judge one section of a file against its schema and the axes of the layer; return its patch."""
        patch: Patch | None = None
        for strategy in strategies or [""]:
            schema = self.schemas.of(section, strategy or None) or self.schemas.sections[section]
            patch, data, findings = patch_of(document, section, schema)
            self.findings += findings
            self.judge(document, data, section, schema=schema)
            self.findings += axes_violated(patch, schema, axes=axes, schemas=self.schemas, desk=self.desk)
        return patch or Patch(document.path, {})

    def judge(self, document: Document, data: object, prefix: str, *, schema: Schema) -> None:
        """Check values against a schema; the verdict is jsonschema-rs's, the words are ours."""
        if schema.partial.is_valid(data):
            return
        for violation in violations(schema.partial.iter_errors(data), prefix=prefix, keys=schema.objects):
            self.findings.append(self.finding(document, violation, schema))

    def finding(self, document: Document, violation: Violation, schema: Schema) -> Finding:
        """Place a violation in its file, and its limit in the schema."""
        leaf = document.find(violation.path) or _nearest(document, violation.path)
        at_key = violation.keyword in ("additionalProperties", "required")
        found = leaf and (leaf.key_place() if at_key else leaf.place())
        setting = schema.setting(violation.path)
        limits = () if setting is None or at_key or violation.keyword == "type" else (self.schemas.locate(setting, violation.keyword),)
        return Finding(violation.code, "error", violation.message, violation.help, (found or Place(document.path), *limits))

    def unknown_section(self, document: Document, top: str) -> None:
        """Report a top-level key that is no section."""
        known = (*(name for name in self.schemas.sections if name in SECTIONS), *_BESIDE_SECTIONS)
        guess = close_to(top, known)
        way_out = f"did you mean {guess}?" if guess else f"sections are: {', '.join(sorted(known))}"
        leaf = document.find(top)
        self.error("KEY001", f"{top} is no section", way_out, leaf.key_place() if leaf else Place(document.path))

    def beside(self, document: Document, top: str, leaves: Mapping[str, Leaf], *, own: bool, pattern: Pattern) -> None:
        """Check that what is no section stands only where it may."""
        first = document.containers.get(top) or next(iter(leaves.values()))
        if not own and top != "extends":
            self.error("EXT003", f"a template holds {top}:, but templates hold sections and extends only", f"move {top}: to the layer", first.key_place())
        elif own and top == "bot" and not _is_declaration(pattern):
            self.error("BOT005", "bot: stands outside a bot.yaml", "move it to the bot's bot.yaml", first.key_place())

    def config_version(self, document: Document, axes: frozenset[str]) -> Leaf | None:
        """Return the layer's label, if it has one and may have one."""
        if document.broken or "config_version" not in document.leaves:
            return None
        leaf = document.leaves["config_version"].get("config_version")
        if leaf is None or not isinstance(leaf.value, str):
            first = leaf or next(iter(document.leaves["config_version"].values()))
            self.error("VER001", "config_version is no text", f'quote it, such as "{leaf.value if leaf else "1.0.0"}"', first.place())
        elif axes not in (frozenset({"bot"}), frozenset({"bot", "coin"})):
            self.error("VER002", "config_version stands in a layer that is not one bot's, or one bot's coin's", "move it to the bot's bot.yaml or the bot's coins/ folder", leaf.place())
        else:
            return leaf
        return None

    # Templates

    def templates(self, document: Document, chain: tuple[str, ...]) -> tuple[Document, ...]:
        """Return the templates that a file extends, depth first, later ones later."""
        found: list[Document] = []
        leaves = {} if document.broken else document.leaves.get("extends", {})
        listed = leaves.get("extends")
        for leaf in leaves.values():
            if leaf is not listed or not isinstance(leaf.value, list):
                self.error("EXT004", "extends is no list of files", "write extends: [templates/name.yaml]", leaf.place())
        for leaf in document.items.values():
            if leaf.path.startswith("extends["):
                found += self.template(document, leaf, chain)
        return tuple(found)

    def template(self, document: Document, leaf: Leaf, chain: tuple[str, ...]) -> tuple[Document, ...]:
        """Return one named template with what it extends itself beneath it."""
        path = paths.inside(self.desk.folder, leaf.value) if isinstance(leaf.value, str) else None
        if path is None:
            self.error("PATH001", f"{leaf.value} leads out of the desk", "name a file inside the desk, such as templates/name.yaml", leaf.place())
            return ()
        if path in chain:
            loop = " → ".join((*chain[chain.index(path) :], path))
            self.error("EXT001", f"templates extend each other in a circle: {loop}", "take one of them out", leaf.place())
            return ()
        template = self.documents.get(path)
        if template is None:
            known = [name.removeprefix(self.desk.folder) for name in self.documents if not self.is_layer(name)]
            guess = close_to(leaf.value, known)
            self.error("EXT002", f"there is no file {path}", f"did you mean {guess}?" if guess else "add the template, or take it out", leaf.place())
            return ()
        if self.is_layer(path):
            self.error("EXT005", f"{leaf.value} is a layer of the hierarchy, so it is no template", "move what is shared to templates/", leaf.place())
            return ()
        self.read.add(path)
        return (*self.templates(template, (*chain, path)), template)

    def is_layer(self, path: str) -> bool:
        """Say whether a file belongs to a level of the hierarchy."""
        return any(pattern.match(path.removeprefix(self.desk.folder)) is not None for pattern in self.desk.hierarchy)

    # Files that nothing reads

    def report_unread(self) -> None:
        """Report every YAML file of the desk that no scope reads, with what was probably meant."""
        for path in sorted(self.documents.keys() - self.read):
            inside = path.removeprefix(self.desk.folder)
            scopes = next((targets for name, targets in self.readers.items() if "bot" in name and dirname(name) == dirname(path)), ())
            self.error("READ001", f"nothing reads {inside}", self.way_out_unread(inside), Place(path), scopes=scopes)

    def way_out_unread(self, inside: str) -> str:
        """Guess what an unread file was meant to be."""
        if inside.endswith(".yml"):
            return f"rename it to {inside.removesuffix('.yml')}.yaml"
        possible = {path for bot in self.bots.values() for path in self.possible(bot)}
        guess = close_to(inside, possible)
        return f"did you mean {guess}?" if guess else "move it to where the hierarchy in desk.yaml looks, or delete it"

    def possible(self, bot: Bot) -> Iterator[str]:
        """Yield every path where a bot's layers could stand."""
        for environment, coins in bot.coins.items():
            names = bot.names(environment)
            for pattern in self.desk.hierarchy:
                for coin in coins if "coin" in pattern.axes else ("",):
                    for side in bot.sides if "side" in pattern.axes else ("",):
                        if all(axis in names or axis in ("coin", "side") for axis in pattern.axes):
                            yield pattern.path({**names, "coin": coin, "side": side})


def _is_declaration(pattern: Pattern) -> bool:
    return pattern.axes == ("bot",) and pattern.text.endswith("/bot.yaml")


def _bot(name: str, said: Mapping[str, object]) -> Bot:
    """Read a declaration that its schema has accepted."""
    coins: object = said["coins"]
    environments: object = said["environments"]
    listed = {
        environment: tuple(coins.get(environment, ()) if isinstance(coins, dict) else coins)  # type: ignore[arg-type]
        for environment in environments  # type: ignore[attr-defined]
    }
    return Bot(
        id=name,
        exchange=None if said.get("exchange") is None else str(said["exchange"]),
        strategy=None if said.get("strategy") is None else str(said["strategy"]),
        coins=listed,
        sides=tuple(said.get("sides", ())),  # type: ignore[arg-type]
        formerly=tuple(said.get("formerly", ())),  # type: ignore[arg-type]
        account=None if said.get("account") is None else str(said["account"]),
    )


def _nearest(document: Document, path: str) -> Leaf | None:
    """Return what stands closest around a path, or inside it."""
    inside = f"{path}."
    for group in document.leaves.values():
        for leaf in group.values():
            if leaf.path.startswith(inside):
                return leaf
    steps = paths.split(path)
    for length in range(len(steps) - 1, 0, -1):
        found = document.find(paths.join(steps[:length]))
        if found:
            return found
    return None


class _Readers:
    """Finds the targets that read a file, by what its axes are called."""

    def __init__(self, bots: Iterable[Bot]) -> None:
        self.targets = [
            (Target(environment, bot.id), bot.names(environment), frozenset(coins), bot.sides)
            for bot in bots
            for environment, coins in sorted(bot.coins.items())
        ]

    def of(self, names: Mapping[str, str]) -> tuple[Target, ...]:
        """Return the targets whose scopes have these names."""
        coin, side = names.get("coin"), names.get("side")
        fixed = [(axis, name) for axis, name in names.items() if axis not in ("coin", "side")]
        return tuple(
            target
            for target, own, coins, sides in self.targets
            if (coin is None or coin in coins)
            and (side is None or side in sides)
            and all(own.get(axis) == name for axis, name in fixed)
        )


def axes_violated(patch: Patch, schema: Schema, *, axes: frozenset[str], schemas: Schemas, desk: Desk) -> Iterator[Finding]:
    """Yield a finding for each setting that a layer of these axes may not set, take away or replace."""
    if all(limit.axes is None or axes <= limit.axes for limit in schema.restricted.values()):
        return
    touched = [(leaf.path, leaf) for leaf in patch.leaves.values()]
    for drop in patch.drops:
        names = (drop.path,) if drop.keys is None else (paths.child(drop.path, key) for key in drop.keys)
        touched += [(name, drop.leaf) for name in names]
    for path, leaf in touched:
        limit = schema.limit(path)
        if limit is not None and limit.axes is not None and not axes <= limit.axes:
            allowed = [pattern.text for pattern in desk.hierarchy if frozenset(pattern.axes) <= limit.axes]
            varies = " and ".join(sorted(axes)) or "nothing"
            may = " and ".join(sorted(limit.axes)) or "nothing"
            yield Finding(
                "AXES001",
                "error",
                f"{path} may vary by {may} only, but this layer varies by {varies}",
                f"set it in {' or '.join(allowed)}" if allowed else "no level of the hierarchy may set it",
                (leaf.place("set here"), schemas.locate(limit, "x-deskc.axes")),
            )
