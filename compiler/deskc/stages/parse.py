"""Read YAML strictly: YAML 1.2 core scalars, every value with its place, nothing that hides meaning."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

import yaml
from yaml._yaml import CParser

from deskc.core import canonical
from deskc.core.documents import Document, Leaf, Tree
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.core.paths import child, item
from deskc.core.scalars import ScalarError, plain

__all__ = ["MAX_BYTES", "MAX_DEPTH", "parse", "parse_file"]

MAX_BYTES = 1 << 20
MAX_DEPTH = 64
_MAX_FINDINGS = 20  # a hostile file may hold a fault in every byte; twenty are enough to act on
_NO_KEY = "?"  # stands in a path for a key that is no text

_HARMLESS = bytes((9, 10, 13, *range(32, 127)))
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LONE_CR = re.compile("\r(?!\n)")


def parse(files: Iterable[str], tree: Tree) -> Outcome[Mapping[str, Document]]:
    """Parse the named files of a tree; every file has a document, a broken one where it holds an error."""
    documents: dict[str, Document] = {}
    findings: list[Finding] = []
    for path in files:
        outcome = parse_file(path, tree.files[path])
        documents[path] = outcome.value
        findings += outcome.findings
    return Outcome(documents, tuple(findings))


def parse_file(path: str, data: bytes) -> Outcome[Document]:
    """Parse one file; an error leaves a broken document that still says where things stand."""
    refused = _refused_bytes(path, data)
    if refused:
        return Outcome(Document(path, {}, {}, {}, {}, dollar=False, broken=True), (refused,))
    reading = _Reading(path)
    try:
        reading.run(CParser(data))
    except yaml.MarkedYAMLError as problem:
        reading.findings.append(_syntax(path, data, problem))
    return Outcome(reading.document(), tuple(reading.findings))


def _refused_bytes(path: str, data: bytes) -> Finding | None:
    """Say what makes the bytes unreadable before any parser sees them: size, encoding, invisible characters."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes, over the limit of {MAX_BYTES:,}"
        return error("YAML001", message, "split the file", Place(path))
    if data.isascii() and not data.translate(None, _HARMLESS):
        return _lone_carriage_return(path, data) if b"\r" in data else None
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        place = _place_after(path, data[: problem.start].decode())
        return error("YAML002", f"byte 0x{data[problem.start]:02x} is not UTF-8", "save the file as UTF-8", place)
    found = _REFUSED.search(text)
    if found is None:
        return _lone_carriage_return(path, data) if b"\r" in data else None
    name = f"U+{ord(found.group()):04X}"
    message = f"the character {name} is invisible or a control and may hide meaning"
    return error("YAML003", message, f"delete {name}", _place_after(path, text[: found.start()]))


def _lone_carriage_return(path: str, data: bytes) -> Finding | None:
    """Refuse a line that ends with CR alone: where an editor shows no line end, a setting hides in a comment."""
    text = data.decode()
    found = _LONE_CR.search(text)
    if found is None:
        return None
    place = _place_after(path, text[: found.start()])
    return error("YAML003", "a carriage return stands alone, without a line feed", "end lines with LF or CRLF", place)


def _place_after(path: str, before: str) -> Place:
    lines = before.split("\n")
    return Place(path, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)


def _syntax(path: str, data: bytes, problem: yaml.MarkedYAMLError) -> Finding:
    """Turn the parser's complaint into a finding; where a bracket was never closed, its opening is the second place."""
    what, context = problem.problem or "the file is no YAML", problem.context or ""
    places = [_marked(path, problem.problem_mark, "")] if problem.problem_mark else [Place(path)]
    if problem.context_mark and problem.context_mark.line != places[0].line - 1:
        places.append(_marked(path, problem.context_mark, context.removeprefix("while ")))
    line = "".join(data.decode().splitlines()[places[0].line - 1 :][:1])
    if line[places[0].column - 1 : places[0].column] == "\t":
        return error("YAML005", "a tab stands where only spaces may indent", "indent with spaces", *places)
    if line.startswith("%") or "directive" in context:
        return error("YAML009", "directives are not read", "delete the line that starts with %", *places)
    if what == "did not find expected <document start>":
        return error("YAML008", "a second document starts here", "keep one document a file", *places)
    return error("YAML004", f"{what} {context}".rstrip(), "correct the YAML here", *places)


def _marked(path: str, mark: Any, role: str) -> Place:  # noqa: ANN401 - the binding's mark has no public type
    return Place(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2, role)


@lru_cache(maxsize=1 << 12)
def _type_of_key(key: str) -> str:
    """Return the name of what a plain key reads as."""
    try:
        return _type_name(plain(key)[0])
    except ScalarError:
        return "a number"


_leaf = partial(tuple.__new__, Leaf)  # the generated constructor costs twice as much, and a fleet has tens of thousands


class _Reading:
    """One pass over a file's events, collecting values, places and findings."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.data: Any = {}
        self.leaves: dict[str, dict[str, Leaf]] = {}
        self.items: dict[str, Leaf] = {}
        self.containers: dict[str, Leaf] = {}
        self.dollar = False
        self.documents = 0
        # One frame an open collection: (container, its path, its start mark, its key, its key's mark).
        self.frames: list[tuple[Any, str, Any, str | None, Any]] = []
        self.lists = 0  # how many of the open collections are lists
        self.key: str | None = None
        self.key_mark: Any = None

    def document(self) -> Document:
        """Return what was read."""
        broken = bool(self.findings)
        return Document(
            self.path, self.data, self.leaves, self.items, self.containers, dollar=self.dollar, broken=broken
        )

    def run(self, parser: Any) -> None:  # noqa: ANN401 - PyYAML's C parser has no public type
        """Read all events; raise yaml.MarkedYAMLError where the file is no YAML."""
        scalar_event, mapping_start, mapping_end = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.MappingEndEvent
        sequence_start, sequence_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
        while (event := parser.get_event()) is not None:
            kind = type(event)
            if kind is scalar_event:
                self.scalar(event)
            elif kind is mapping_start or kind is sequence_start:
                self.open(event, {} if kind is mapping_start else [])
                if len(self.frames) > MAX_DEPTH:
                    message = f"collections are nested deeper than {MAX_DEPTH}"
                    self.report("YAML006", message, "flatten the file", event.start_mark)
                    return
            elif kind is mapping_end or kind is sequence_end:
                self.close(event)
            elif kind is yaml.AliasEvent:
                self.alias(event)
            elif kind is yaml.DocumentStartEvent:
                self.start(event)
            if len(self.findings) >= _MAX_FINDINGS:
                return

    def start(self, event: Any) -> None:  # noqa: ANN401
        """Refuse directives and a second document."""
        self.documents += 1
        if self.documents > 1:
            message, way_out = "a second document starts here", "keep one document a file; delete the line ---"
            self.report("YAML008", message, way_out, event.start_mark, event.end_mark)
        if event.version or event.tags:
            way_out = "delete the line that starts with %"
            self.report("YAML009", "directives are not read", way_out, event.start_mark)

    def open(self, event: Any, container: Any) -> None:  # noqa: ANN401
        """Start a map or a list."""
        self.refuse_properties(event)
        path = self.here(event)
        if type(container) is list:
            self.lists += 1
        self.frames.append((container, path, event.start_mark, self.key, self.key_mark))
        self.key = self.key_mark = None

    def close(self, event: Any) -> None:  # noqa: ANN401
        """Finish a map or a list and hand it to what holds it."""
        container, path, start, self.key, self.key_mark = self.frames.pop()
        key_mark = self.key_mark or start
        if type(container) is list:
            self.lists -= 1
        end = event.end_mark
        # A block collection ends where the next token starts, which says nothing: its first column stands for it.
        here = (start.line + 1, start.column + 1)
        last = (end.line + 1, end.column + 1) if end.line == start.line else (start.line + 1, start.column + 2)
        leaf = Leaf(path, container, "", self.path, *here, *last, key_mark.line + 1, key_mark.column + 1)
        if type(container) is dict and container:
            self.containers[path] = leaf
        elif self.lists:
            self.keep_item(leaf)
        elif path:
            self.keep(leaf._replace(text=self.encoded(container)))
        self.attach(container, path)

    def encoded(self, container: Any) -> str:  # noqa: ANN401
        """Return the canonical text of a list or an empty map; one with a refused text, which is broken, has none."""
        try:
            return canonical.encode(container)
        except ValueError:
            return "null"

    def scalar(self, event: Any) -> None:  # noqa: ANN401
        """Read a key or a value."""
        if event.anchor or event.tag:
            self.refuse_properties(event)
        text: str = event.value
        is_plain = event.implicit[0] and not event.style
        if self.key is None and self.frames and type(self.frames[-1][0]) is dict:
            self.take_key(event, is_plain=is_plain)
            return
        try:
            value, encoded = plain(text) if is_plain else (text, canonical.string(text))
        except ScalarError as refused:
            self.report("YAML010", refused.message, refused.help, event.start_mark, event.end_mark)
            value, encoded = None, "null"
        if type(value) is str and "${" in value:
            self.dollar = True
        self.value(value, encoded, event)

    def alias(self, event: Any) -> None:  # noqa: ANN401
        """Refuse an alias; null stands for it, as a key or as a value."""
        message, way_out = (
            f"the alias *{event.anchor} repeats a value written elsewhere",
            "write the value here, or set it in a layer",
        )
        self.report("YAML007", message, way_out, event.start_mark, event.end_mark)
        if self.key is None and self.frames and type(self.frames[-1][0]) is dict:
            self.key, self.key_mark = _NO_KEY, event.start_mark
        else:
            self.value(None, "null", event)

    def take_key(self, event: Any, *, is_plain: bool) -> None:  # noqa: ANN401
        """Take a map's key; refuse merge keys, keys that are no text and keys written twice."""
        key: str = event.value
        start, end = event.start_mark, event.end_mark
        if is_plain and _type_of_key(key) != "text":
            message = f"the key {key or 'null'} reads as {_type_of_key(key)}, not as text"
            self.report("YAML011", message, f'quote it: "{key}"', start, end)
        elif key == "<<" and is_plain:
            way_out = "use extends: with a template, or write the values here"
            self.report("YAML012", "merge keys are not read", way_out, start, end)
        elif key in self.frames[-1][0]:
            path = child(self.frames[-1][1], key)
            first = self.written_at(path)
            self.report("YAML013", f"{path} is written twice", "delete one of the two", start, end, also=first)
        if key.startswith("$"):
            self.dollar = True
        self.key, self.key_mark = key, start

    def value(self, value: Any, text: str, event: Any) -> None:  # noqa: ANN401
        """Put a scalar where it belongs."""
        start, end = event.start_mark, event.end_mark
        path = self.here(event)
        key = self.key_mark or start
        here = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        leaf = _leaf((path, value, text, self.path, *here, key.line + 1, key.column + 1))
        if self.lists:
            self.keep_item(leaf)
        elif path:
            self.keep(leaf)
        self.attach(value, path)

    def here(self, event: Any) -> str:  # noqa: ANN401
        """Return the path of what starts now."""
        if not self.frames:
            return ""
        container, path = self.frames[-1][0], self.frames[-1][1]
        if type(container) is list:
            return item(path, len(container))
        if self.key is None:
            self.report("YAML011", "a collection is no key", "use text as the key", event.start_mark)
        return child(path, self.key or _NO_KEY)

    def attach(self, value: Any, path: str) -> None:  # noqa: ANN401
        """Give a finished value to the collection that holds it."""
        if not self.frames:
            self.data = value if path or value is not None else {}
            if self.documents == 1 and type(self.data) is not dict:
                self.root_is_no_map()
            return
        container = self.frames[-1][0]
        if type(container) is list:
            container.append(value)
        elif self.key is None:  # a collection in a key's place; its value is still to come
            self.key, self.key_mark = _NO_KEY, self.frames[-1][2]
        else:
            container[self.key] = value
            self.key = self.key_mark = None

    def root_is_no_map(self) -> None:
        """Report a file whose top is a list or a scalar."""
        message = f"the top of the file is {_type_name(self.data)}, not a map"
        self.findings.append(error("YAML014", message, "start with a section, such as trading:", Place(self.path)))

    def keep(self, leaf: Leaf) -> None:
        """Remember a leaf under its top-level key."""
        top = self.frames[1][1] if len(self.frames) > 1 else leaf.path
        self.leaves.setdefault(top, {})[leaf.path] = leaf

    def keep_item(self, leaf: Leaf) -> None:
        """Remember a value inside a list."""
        if not (type(leaf.value) is list and leaf.value):
            self.items[leaf.path] = leaf

    def written_at(self, path: str) -> tuple[Place, ...]:
        """Return the place of a key that was read before."""
        top = self.frames[1][1] if len(self.frames) > 1 else path
        leaf = self.leaves.get(top, {}).get(path) or self.items.get(path) or self.containers.get(path)
        return (leaf.key_place("first written here"),) if leaf else ()

    def refuse_properties(self, event: Any) -> None:  # noqa: ANN401
        """Refuse anchors and tags."""
        span = (event.start_mark, event.end_mark)
        if event.anchor:
            message = f"the anchor &{event.anchor} gives a value a second name"
            self.report("YAML007", message, "delete the anchor; share values by layers or templates", *span)
        if event.tag:
            message = f"the tag {event.tag} asks for a type of its own"
            self.report("YAML015", message, "delete the tag; the schema knows the type", *span)

    def report(  # noqa: PLR0913 - a finding has as many facts
        self,
        code: str,
        message: str,
        way_out: str,
        start: Any,  # noqa: ANN401
        end: Any = None,  # noqa: ANN401
        *,
        also: tuple[Place, ...] = (),
    ) -> None:
        """Add an error at a span of one line."""
        place = _marked(self.path, start, "")
        if end is not None and end.line == start.line:
            place = Place(self.path, place.line, place.column, place.line, end.column + 1)
        self.findings.append(error(code, message, way_out, place, *also))


def _type_name(value: Any) -> str:  # noqa: ANN401
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a map"}
    return names.get(type(value), "null")
