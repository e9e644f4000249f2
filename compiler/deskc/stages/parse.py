"""Read YAML strictly: YAML 1.2 core scalars, every value with its place, nothing that hides meaning."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

import yaml
from yaml.cyaml import CParser

from deskc.core import canonical
from deskc.core.documents import Document, Leaf, Tree
from deskc.core.findings import Finding, Place
from deskc.core.outcome import Outcome
from deskc.core.paths import child, item

__all__ = ["MAX_BYTES", "MAX_DEPTH", "parse", "parse_file"]

MAX_BYTES = 1 << 20
MAX_DEPTH = 64
_MAX_FINDINGS = 20  # a hostile file may hold a fault in every byte; twenty are enough to act on
_SAFE_INTEGER = 2**53

_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FIRST_OF_NUMBER = frozenset("+-.0123456789")


class _Refused(Exception):  # noqa: N818 - a signal inside this module, never seen outside
    """A plain scalar that no JSON number or string can stand for; carries message and help."""


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
    except yaml.MarkedYAMLError as error:
        reading.findings.append(_syntax(path, data, error))
    except RecursionError:
        pass  # depth was reported where it passed the limit
    return Outcome(reading.document(), tuple(reading.findings))


def _refused_bytes(path: str, data: bytes) -> Finding | None:
    """Say what makes the bytes unreadable before any parser sees them: size, encoding, invisible characters."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes, over the limit of {MAX_BYTES:,}"
        return Finding("YAML001", "error", message, "split the file", (Place(path),))
    if data.isascii() and not data.translate(None, _HARMLESS):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = _place_after(path, before)
        return Finding("YAML002", "error", f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8", (place,))
    found = _REFUSED.search(text)
    if found is None:
        return None
    name = f"U+{ord(found.group()):04X}"
    message = f"the character {name} is invisible or a control and may hide meaning"
    return Finding("YAML003", "error", message, f"delete {name}", (_place_after(path, text[: found.start()]),))


_HARMLESS = bytes((9, 10, 13, *range(32, 127)))


def _place_after(path: str, before: str) -> Place:
    lines = before.split("\n")
    return Place(path, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)


def _syntax(path: str, data: bytes, error: yaml.MarkedYAMLError) -> Finding:
    """Turn the parser's complaint into a finding; where a bracket was never closed, its opening is the second place."""
    problem = error.problem or "the file is no YAML"
    places = [_marked(path, error.problem_mark, "")] if error.problem_mark else [Place(path)]
    if error.context_mark and error.context_mark.line != places[0].line - 1:
        places.append(_marked(path, error.context_mark, (error.context or "").removeprefix("while ")))
    line = data.decode().splitlines()[places[0].line - 1 :][:1]
    if line and line[0][places[0].column - 1 : places[0].column] == "\t":
        return Finding("YAML005", "error", "a tab stands where only spaces may indent", "indent with spaces", tuple(places))
    context = f" {error.context}" if error.context else ""
    return Finding("YAML004", "error", f"{problem}{context}", "correct the YAML here", tuple(places))


def _marked(path: str, mark: Any, role: str) -> Place:  # noqa: ANN401 - the binding's mark has no public type
    return Place(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2, role)


@lru_cache(maxsize=1 << 14)
def scalar(text: str) -> tuple[None | bool | int | float | str, str]:
    """Resolve a plain scalar by YAML 1.2's core schema; return the value and its canonical JSON.

    Integral numbers are integers however they are written (1.0 and 1e3); raise _Refused for a number that no double
    holds exactly as written, for integers of 2^53 or more, NaN and infinities. A fleet's files repeat few texts many times.
    """
    if text in _WORDS:
        word = _WORDS[text]
        return word, canonical.encode(word)
    if text[0] in _FIRST_OF_NUMBER:
        if _NUMBER.fullmatch(text):
            return _number(text)
        if _OTHER_BASE.fullmatch(text):
            return _integer(int(text, 0), text)
        if _NOT_FINITE.fullmatch(text):
            raise _Refused(f"{text} is no number a setting can have", "write a finite number, or null where the setting takes it")
    return text, canonical.string(text)


def _number(text: str) -> tuple[int | float, str]:
    if text.lstrip("+-").isdigit():
        return _integer(int(text) if len(text) < 32 else _SAFE_INTEGER, text)
    value = float(text)
    if repr(value) != text and (value in (float("inf"), float("-inf")) or Decimal(text) != Decimal(repr(value))):
        raise _Refused(f"no double holds {text} exactly", f"write {value!r}" if abs(value) < 1e308 else "write a smaller number")
    if value.is_integer():
        return _integer(int(value), text)
    return value, canonical.number(value)


def _integer(value: int, text: str) -> tuple[int, str]:
    if abs(value) >= _SAFE_INTEGER:
        raise _Refused(f"the integer {text[:40]} is not below 2^53, so readers may round it", "write a smaller number, or quote it as text")
    return value, str(value)


@lru_cache(maxsize=1 << 12)
def _is_text(key: str) -> bool:
    """Say whether a plain key reads as text."""
    return type(_read(key)) is str


def _read(key: str) -> Any:  # noqa: ANN401
    try:
        return scalar(key)[0]
    except _Refused:
        return 0


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
        return Document(self.path, self.data, self.leaves, self.items, self.containers, dollar=self.dollar, broken=broken)

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
                    self.report("YAML006", f"collections are nested deeper than {MAX_DEPTH}", "flatten the file", event.start_mark)
                    return
            elif kind is mapping_end or kind is sequence_end:
                self.close(event)
            elif kind is yaml.AliasEvent:
                self.report("YAML007", f"the alias *{event.anchor} repeats a value written elsewhere", "write the value here, or set it in a layer", event.start_mark, event.end_mark)
                self.value(None, "null", event)
            elif kind is yaml.DocumentStartEvent:
                self.start(event)
            if len(self.findings) >= _MAX_FINDINGS:
                return

    def start(self, event: Any) -> None:  # noqa: ANN401
        """Refuse directives and a second document."""
        self.documents += 1
        if self.documents > 1:
            self.report("YAML008", "a second document starts here", "keep one document a file; delete the line ---", event.start_mark, event.end_mark)
        if event.version or event.tags:
            self.report("YAML009", "directives are not read", "delete the line that starts with %", event.start_mark)

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
        # A block collection ends where the next token starts; its own span is then of no use, so it is its first column.
        last = (end.line + 1, end.column + 1) if end.line == start.line else (start.line + 1, start.column + 2)
        leaf = Leaf(path, container, "", self.path, start.line + 1, start.column + 1, *last, key_mark.line + 1, key_mark.column + 1)
        if type(container) is dict and container:
            self.containers[path] = leaf
        elif self.lists:
            self.keep_item(leaf)
        elif path:
            self.keep(leaf._replace(text=self.encoded(container)))
        self.attach(container, path)

    def encoded(self, container: Any) -> str:  # noqa: ANN401
        """Return the canonical text of a list or an empty map; a list with a refused value has none."""
        try:
            return canonical.encode(container)
        except ValueError:
            return "null"

    def scalar(self, event: Any) -> None:  # noqa: ANN401
        """Read a key or a value."""
        if event.anchor or event.tag:
            self.refuse_properties(event)
        text: str = event.value
        plain = event.implicit[0] and not event.style
        if self.key is None and self.frames and type(self.frames[-1][0]) is dict:
            self.take_key(event, plain=plain)
            return
        try:
            value, encoded = scalar(text) if plain else (text, canonical.string(text))
        except _Refused as refused:
            message, way_out = refused.args
            self.report("YAML010", message, way_out, event.start_mark, event.end_mark)
            value, encoded = None, "null"
        if type(value) is str and "${" in value:
            self.dollar = True
        self.value(value, encoded, event)

    def take_key(self, event: Any, *, plain: bool) -> None:  # noqa: ANN401
        """Take a map's key; refuse merge keys, keys that are no text and keys written twice."""
        key: str = event.value
        start, end = event.start_mark, event.end_mark
        if plain and not _is_text(key):
            self.report("YAML011", f"the key {key or 'null'} reads as {_type_name(_read(key))}, not as text", f'quote it: "{key}"', start, end)
        elif key == "<<" and plain:
            self.report("YAML012", "merge keys are not read", "use extends: with a template, or write the values here", start, end)
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
        leaf = _leaf((path, value, text, self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1, key.line + 1, key.column + 1))
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
            self.key = "?"
        return child(path, self.key)

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
        else:
            container[self.key] = value
            self.key = self.key_mark = None

    def root_is_no_map(self) -> None:
        """Report a file whose top is a list or a scalar."""
        message = f"the top of the file is {_type_name(self.data)}, not a map"
        self.findings.append(Finding("YAML014", "error", message, "start with a section, such as trading:", (Place(self.path),)))

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
        if event.anchor:
            self.report("YAML007", f"the anchor &{event.anchor} gives a value a second name", "delete the anchor; share values by layers or templates", event.start_mark, event.end_mark)
        if event.tag:
            self.report("YAML015", f"the tag {event.tag} asks for a type of its own", "delete the tag; the schema knows the type", event.start_mark, event.end_mark)

    def report(self, code: str, message: str, way_out: str, start: Any, end: Any = None, *, also: tuple[Place, ...] = ()) -> None:  # noqa: ANN401, PLR0913
        """Add an error at a span of one line."""
        place = _marked(self.path, start, "")
        if end is not None and end.line == start.line:
            place = Place(self.path, place.line, place.column, place.line, end.column + 1)
        self.findings.append(Finding(code, "error", message, way_out, (place, *also)))


def _type_name(value: Any) -> str:  # noqa: ANN401
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a map"}
    return names.get(type(value), "null")
