"""Judge one layer with its templates: its sections, its label, and what may stand beside sections."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding, Place, error, has_errors
from deskc.core.layers import Layer, Patch
from deskc.core.outcome import Outcome
from deskc.core.scopes import SECTIONS, SERVICE_SECTIONS
from deskc.core.violations import close_to
from deskc.stages.validate.axes import axes_violated
from deskc.stages.validate.patches import patch_of
from deskc.stages.validate.placed import Given, Placed
from deskc.stages.validate.spots import in_document

__all__ = ["NOBODY_KNOWN", "Audience", "judged_layer"]

_BESIDE_SECTIONS = ("bot", "config_version", "extends")
_LABELLED = (frozenset({"bot"}), frozenset({"bot", "coin"}))


class Audience(NamedTuple):
    """Who reads a layer: the strategies of its bots ("" for none); `is_service` where none of them trades."""

    strategies: tuple[str, ...]
    is_service: bool


NOBODY_KNOWN = Audience((), is_service=False)
"""For a file whose readers cannot be told: what needs a strategy is not judged."""


def judged_layer(file: Placed, given: Given, *, audience: Audience, beneath: Mapping[str, Leaf]) -> Outcome[Layer]:
    """Judge a file and the templates beneath it by the axes of its level, once for each strategy that reads it."""
    work = _Judging(file, given, audience)
    broken = file.document.broken
    patches: dict[str, tuple[Patch, ...]] = {}
    for path, via in beneath.items():
        broken = broken or given.documents[path].broken
        for section, patch in work.sections(given.documents[path], via):
            patches[section] = (*patches.get(section, ()), patch)
    for section, patch in work.sections(file.document, None):
        patches[section] = (*patches.get(section, ()), patch)
    version = work.config_version()
    broken = broken or has_errors(work.findings)
    return Outcome(Layer(file.document.path, file.level, file.names, patches, version, broken), tuple(work.findings))


class _Judging:
    """One layer while it is judged."""

    def __init__(self, file: Placed, given: Given, audience: Audience) -> None:
        self.file = file
        self.given = given
        self.axes = frozenset(file.pattern.axes)
        self.findings: list[Finding] = []
        self.audience = audience

    def error(self, code: str, message: str, way_out: str, *places: Place) -> None:
        """Add an error."""
        self.findings.append(error(code, message, way_out, *places))

    def sections(self, document: Document, via: Leaf | None) -> Iterator[tuple[str, Patch]]:
        """Yield the patch of each section that a file speaks of; `via` is the entry that brought a template."""
        if document.broken:
            return
        for top, leaves in document.leaves.items():
            if top in _BESIDE_SECTIONS:
                self.beside(document, top, leaves, via)
            elif top not in SECTIONS:
                self.unknown_section(document, top)
            elif top not in self.given.schemas.sections:
                way_out = f"add {top}.schema.json to the desk's schemas, or mend it"
                self.error("KEY001", f"no schema says what the section {top} holds", way_out, _key(document, top))
            elif self.audience.is_service and "bot" in self.axes and top not in SERVICE_SECTIONS:
                message = f"{top} is set for a service bot, which loads only {', '.join(SERVICE_SECTIONS)}"
                self.error("BOT006", message, f"delete {top}: or give the bot coins or a strategy", _key(document, top))
            else:
                patch = self.section(document, top, via)
                if patch is not None:
                    yield top, patch

    def section(self, document: Document, section: str, via: Leaf | None) -> Patch | None:
        """Judge one section of a file; None where only a strategy that is not known could judge it."""
        schemas = self.given.schemas
        strategies = self.audience.strategies if section == "strategy" else ("",)
        patch: Patch | None = None
        for strategy in strategies:
            schema = schemas.of(section, strategy or None) or schemas.sections[section]
            patch, data, findings = patch_of(document, section, schema)
            self.findings += findings
            self.findings += (in_document(document, one, schema, schemas) for one in schema.violations(data))
            self.findings += axes_violated(patch, schema, axes=self.axes, given=self.given, via=via)
        return patch

    def unknown_section(self, document: Document, top: str) -> None:
        """Report a top-level key that is no section."""
        known = (*(name for name in self.given.schemas.sections if name in SECTIONS), *_BESIDE_SECTIONS)
        guess = close_to(top, known)
        way_out = f"did you mean {guess}?" if guess else f"sections are: {', '.join(sorted(known))}"
        self.error("KEY001", f"{top} is no section", way_out, _key(document, top))

    def beside(self, document: Document, top: str, leaves: Mapping[str, Leaf], via: Leaf | None) -> None:
        """Check that what is no section stands only where it may."""
        first = document.containers.get(top) or next(iter(leaves.values()))
        if via is not None and top != "extends":
            message = f"a template holds {top}:, but templates hold sections and extends only"
            self.error("EXT003", message, f"move {top}: to the layer", first.key_place())
        elif via is None and top == "bot" and not self.file.pattern.declares:
            self.error("BOT005", "bot: stands outside a bot.yaml", "move it to the bot's bot.yaml", first.key_place())

    def config_version(self) -> Leaf | None:
        """Return the layer's label, if it has one and may have one."""
        document = self.file.document
        if document.broken or "config_version" not in document.leaves:
            return None
        leaf = document.leaves["config_version"].get("config_version")
        if leaf is None or not isinstance(leaf.value, str) or "${" in leaf.value:
            first = leaf or next(iter(document.leaves["config_version"].values()))
            shown = first.text if leaf and isinstance(leaf.value, (int, float)) else "1.0.0"
            self.error("VER001", "config_version is no plain text", f'write one such as "{shown}"', first.place())
        elif self.axes not in _LABELLED:
            message = "config_version stands in a layer that is not one bot's, or one bot's coin's"
            way_out = "move it to the bot's bot.yaml or the bot's coins/ folder"
            self.error("VER002", message, way_out, leaf.place())
        else:
            return leaf
        return None


def _key(document: Document, top: str) -> Place:
    leaf = document.find(top)
    return leaf.key_place() if leaf else Place(document.path)
