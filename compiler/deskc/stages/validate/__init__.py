"""Judge each layer: known sections and settings, types, bounds, axes, references, templates, bots."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from deskc.core.desk import Desk, Pattern
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, error, grouped, has_errors
from deskc.core.layers import Layer, Layers, Level, Spot
from deskc.core.outcome import Outcome
from deskc.core.presets import preset_name
from deskc.core.schemas import Schemas
from deskc.core.scopes import Target
from deskc.core.violations import close_to
from deskc.stages.validate.bots import Declared, declared_bots
from deskc.stages.validate.layers import NOBODY_KNOWN, Audience, judged_layer
from deskc.stages.validate.placed import Given, Placed, Readers, placed_files
from deskc.stages.validate.templates import Templates
from deskc.stages.validate.unread import unread_files

__all__ = ["validate"]


def validate(documents: Mapping[str, Document], desk: Desk, schemas: Schemas) -> Outcome[Layers]:
    """Turn documents into layers; every file that no scope reads is a finding."""
    given = Given(documents, desk, schemas)
    placed = tuple(placed_files(given))
    declared = declared_bots(placed, given)
    work = _Validation(given, declared.value)
    for file in placed:
        work.take(file)
    work.take_presets()
    levels = tuple(map(Level, desk.hierarchy, work.levels))
    layers = Layers(desk, schemas, declared.value.bots, levels, work.readers, documents)
    findings = (*declared.findings, *work.findings, *work.without_declaration(), *work.unread())
    return Outcome(layers, grouped(findings))


class _Validation:
    """The state of one run of the stage; nothing of it outlives the run."""

    def __init__(self, given: Given, declared: Declared) -> None:
        self.given = given
        self.declared = declared
        self.reached = Readers(declared.bots.values())
        self.templates = Templates(given)
        self.findings: list[Finding] = []
        self.readers: dict[str, tuple[Target, ...]] = {}
        self.read: set[str] = {given.desk.file}
        self.levels: list[dict[tuple[str | None, ...], dict[Spot, Layer]]] = [{} for _ in given.desk.hierarchy]
        self.orphans: dict[str, Document] = {}
        self.audiences: dict[tuple[Target, ...], Audience] = {}

    def take(self, file: Placed) -> None:
        """Judge one file; it becomes a layer where some scope reads it."""
        bot = file.names.get("bot")
        if bot is not None and bot not in self.declared.bots:
            if bot not in self.declared.faulty:
                self.orphans.setdefault(bot, file.document)
            self.judge(file, self.given.targets(bot), is_declared=False)
            return
        readers = self.reached.of(file.names)
        if readers:
            layer = self.judge(file, readers, is_declared=True)
            own = tuple(file.names[axis] for axis in file.pattern.own_axes)
            self.levels[file.level].setdefault(own, {})[file.names.get("coin", ""), file.names.get("side", "")] = layer
        elif self.declared.faulty and bot is None:  # one of these bots may be the one that reads it
            self.judge(file, (), is_declared=False)

    def take_presets(self) -> None:
        """Judge the ladder presets that no layer extends: people choose them by name, so nothing has to."""
        for path, document in self.given.documents.items():
            inside = path.removeprefix(self.given.desk.folder)
            if path not in self.read and preset_name(inside) is not None:
                self.judge(Placed(0, Pattern(inside), {}, document), (), is_declared=False)

    def judge(self, file: Placed, readers: tuple[Target, ...], *, is_declared: bool) -> Layer:
        """Judge a file and its templates, and remember who reads them."""
        path = file.document.path
        self.read.add(path)
        self.readers[path] = readers
        audience = self.audience(readers) if is_declared else NOBODY_KNOWN
        if "extends" not in file.document.leaves:
            layer = judged_layer(file, self.given, audience=audience, beneath={})
            self.touching(readers, layer.findings)
            return layer.value
        beneath = self.templates.beneath(file.document)
        for name in beneath.value:
            self.read.add(name)
            self.readers[name] = tuple(sorted({*self.readers.get(name, ()), *readers}))
        layer = judged_layer(file, self.given, audience=audience, beneath=beneath.value)
        self.touching(readers, (*beneath.findings, *layer.findings))
        return replace(layer.value, broken=True) if has_errors(beneath.findings) else layer.value

    def audience(self, readers: tuple[Target, ...]) -> Audience:
        """Return what the bots that read a file have in common; a fleet has few different groups of readers."""
        known = self.audiences.get(readers)
        if known is None:
            bots = [self.declared.bots[name] for name in {target.bot for target in readers}]
            strategies = sorted({bot.strategy or "" for bot in bots if not bot.is_service})
            known = self.audiences[readers] = Audience(tuple(strategies), is_service=not strategies)
        return known

    def touching(self, readers: tuple[Target, ...], findings: Iterable[Finding]) -> None:
        """Keep findings with the targets that they touch."""
        self.findings += (replace(finding, scopes=tuple(map(str, readers))) for finding in findings)

    def without_declaration(self) -> Iterator[Finding]:
        """Yield a finding for each bot's folder that has no bot.yaml."""
        for bot, document in self.orphans.items():
            guess = close_to(bot, self.declared.bots)
            way_out = f"did you mean {guess}? otherwise add a bot.yaml" if guess else "add a bot.yaml to the folder"
            message = f"the folder of bot {bot} has no bot.yaml"
            yield error("BOT001", message, way_out, Place(document.path), scopes=self.given.targets(bot))

    def unread(self) -> Iterator[Finding]:
        """Yield a finding for each file that nothing reads."""
        return unread_files(self.given.documents.keys() - self.read, self.given.desk, self.declared.bots)
