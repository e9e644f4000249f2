"""Read YAML strictly: YAML 1.2 core scalars, every value with its place, nothing that hides meaning."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple

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


class _Key(NamedTuple):
    """What there is to know of a key's text, however often a fleet repeats it."""

    is_text: bool
    is_plain: bool
    step: str


@lru_cache(maxsize=1 << 12)
def _key(text: str) -> _Key:
    """Say whether a plain key reads as text, whether it needs no quotes in a path, and how a path writes it."""
    try:
        is_text = type(scalar(text)[0]) is str
    except _Refused:
        is_text = False
    step = child("", text)
    return _Key(is_text, not step.startswith("["), step)


_leaf = partial(tuple.__new__, Leaf)  # the generated constructor costs twice as much, and a fleet has tens of thousands


class _Frame:
    """An open collection: what is read so far, where it stands, and the key that its next value belongs to."""

    __slots__ = ("container", "is_map", "key", "key_mark", "path", "start", "value_path")

    def __init__(self, container: Any, path: str, start: Any) -> None:  # noqa: ANN401 - the binding's mark has no public type
        self.container = container
        self.is_map = type(container) is dict
        self.path = path
        self.start = start
        self.key: str | None = None
        self.key_mark: Any = None
        self.value_path = ""


class _Reading:
    """One pass over a file's events, collecting values, places and findings.

    The methods that every scalar passes through are written out rather than split: they are the compiler's hottest loop.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.data: Any = {}
        self.leaves: dict[str, dict[str, Leaf]] = {}
        self.items: dict[str, Leaf] = {}
        self.containers: dict[str, Leaf] = {}
        self.dollar = False
        self.documents = 0
        self.frames: list[_Frame] = []
        self.frame: _Frame | None = None  # the innermost
        self.lists = 0  # how many of the open collections are lists
        self.group: dict[str, Leaf] = {}  # the leaves below the top-level key at hand

    def document(self) -> Document:
        """Return what was read."""
        leaves = {top: group for top, group in self.leaves.items() if group}
        broken = bool(self.findings)
        return Document(self.path, self.data, leaves, self.items, self.containers, dollar=self.dollar, broken=broken)

    def run(self, parser: Any) -> None:  # noqa: ANN401 - PyYAML's C parser has no public type
        """Read all events; raise yaml.MarkedYAMLError where the file is no YAML."""
        scalar_event, get_event = yaml.ScalarEvent, parser.get_event
        while (event := get_event()) is not None:
            kind = type(event)
            if kind is scalar_event:
                frame = self.frame
                if frame is not None and frame.is_map and frame.key is None:
                    self.take_key(frame, event)
                else:
                    self.take_value(frame, event)
            elif not self.structure(kind, event):
                return
            if self.findings and len(self.findings) >= _MAX_FINDINGS:
                return

    def structure(self, kind: type, event: Any) -> bool:  # noqa: ANN401
        """Read what is no scalar; return False where reading on would be of no use."""
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.close(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self.open(event, {} if kind is yaml.MappingStartEvent else [])
            if len(self.frames) > MAX_DEPTH:
                self.report("YAML006", f"collections are nested deeper than {MAX_DEPTH}", "flatten the file", event.start_mark)
                return False
        elif kind is yaml.DocumentStartEvent:
            self.start(event)
        elif kind is yaml.AliasEvent:
            way_out = "write the value here, or set it in a layer"
            self.report("YAML007", f"the alias *{event.anchor} repeats a value written elsewhere", way_out, event.start_mark, event.end_mark)
            self.put(self.frame, self.here(event), None, "null", event)
        return True

    def start(self, event: Any) -> None:  # noqa: ANN401
        """Refuse directives and a second document."""
        self.documents += 1
        if self.documents > 1:
            self.report("YAML008", "a second document starts here", "keep one document a file; delete the line ---", event.start_mark, event.end_mark)
        if event.version or event.tags:
            self.report("YAML009", "directives are not read", "delete the line that starts with %", event.start_mark)

    def open(self, event: Any, container: Any) -> None:  # noqa: ANN401
        """Start a map or a list."""
        if event.anchor or event.tag:
            self.refuse_properties(event)
        self.frame = _Frame(container, self.here(event), event.start_mark)
        self.frames.append(self.frame)
        self.lists += not self.frame.is_map

    def close(self, event: Any) -> None:  # noqa: ANN401
        """Finish a map or a list and hand it to what holds it."""
        done = self.frames.pop()
        self.lists -= not done.is_map
        self.frame = frame = self.frames[-1] if self.frames else None
        start, end, path, container = done.start, event.end_mark, done.path, done.container
        # A block collection ends where the next token starts; its own span is then of no use, so it is its first column.
        last = (end.line + 1, end.column + 1) if end.line == start.line else (start.line + 1, start.column + 2)
        key = frame.key_mark if frame is not None and frame.is_map and frame.key_mark else start
        leaf = Leaf(path, container, "", self.path, start.line + 1, start.column + 1, *last, key.line + 1, key.column + 1)
        if done.is_map and container:
            self.containers[path] = leaf
        elif self.lists:
            if done.is_map or not container:
                self.items[path] = leaf
        elif frame is not None:
            self.group[path] = leaf._replace(text=canonical.encode(container))
        self.attach(frame, container)

    def take_key(self, frame: _Frame, event: Any) -> None:  # noqa: ANN401
        """Take a map's key; refuse merge keys, keys that are no text and keys written twice."""
        text: str = event.value
        known = _key(text)
        path = frame.path
        frame.key = text
        frame.key_mark = event.start_mark
        frame.value_path = (f"{path}.{text}" if known.is_plain else f"{path}{known.step}") if path else known.step
        if len(self.frames) == 1:
            self.group = self.leaves.setdefault(frame.value_path, {})
        if text in frame.container or text[:1] in "$<" or event.anchor or event.tag or (not known.is_text and not event.style):
            self.doubtful_key(frame, event)

    def doubtful_key(self, frame: _Frame, event: Any) -> None:  # noqa: ANN401
        """Look closer at a key that may not stand here."""
        text, start, end = event.value, event.start_mark, event.end_mark
        self.refuse_properties(event)
        self.dollar = self.dollar or text.startswith("$")
        if not event.style and not _key(text).is_text:
            self.report("YAML011", f"the key {text or 'null'} does not read as text", f'quote it: "{text}"', start, end)
        elif text == "<<" and not event.style:
            self.report("YAML012", "merge keys are not read", "use extends: with a template, or write the values here", start, end)
        elif text in frame.container:
            path = frame.value_path
            first = self.group.get(path) or self.items.get(path) or self.containers.get(path)
            also = (first.key_place("first written here"),) if first else ()
            self.report("YAML013", f"{path} is written twice", "delete one of the two", start, end, also=also)

    def take_value(self, frame: _Frame | None, event: Any) -> None:  # noqa: ANN401
        """Read a scalar that is no key."""
        if event.anchor or event.tag:
            self.refuse_properties(event)
        text: str = event.value
        try:
            value, encoded = (text, canonical.string(text)) if event.style or not event.implicit[0] else scalar(text)
        except _Refused as refused:
            message, way_out = refused.args
            self.report("YAML010", message, way_out, event.start_mark, event.end_mark)
            value, encoded = None, "null"
        if type(value) is str and "${" in value:
            self.dollar = True
        path = frame.value_path if frame is not None and frame.is_map else self.here(event)
        self.put(frame, path, value, encoded, event)

    def put(self, frame: _Frame | None, path: str, value: Any, encoded: str, event: Any) -> None:  # noqa: ANN401, PLR0913
        """Remember a scalar with its place and give it to the collection that holds it."""
        start, end = event.start_mark, event.end_mark
        line, column = start.line + 1, start.column + 1
        if frame is None:
            self.attach(None, value)
        elif frame.is_map:
            key = frame.key_mark
            leaf = _leaf((path, value, encoded, self.path, line, column, end.line + 1, end.column + 1, key.line + 1, key.column + 1))
            if self.lists:
                self.items[path] = leaf
            else:
                self.group[path] = leaf
            frame.container[frame.key] = value
            frame.key = None
        else:
            self.items[path] = _leaf((path, value, encoded, self.path, line, column, end.line + 1, end.column + 1, line, column))
            frame.container.append(value)

    def here(self, event: Any) -> str:  # noqa: ANN401
        """Return the path of what starts now."""
        frame = self.frame
        if frame is None:
            return ""
        if not frame.is_map:
            return item(frame.path, len(frame.container))
        if frame.key is None:
            self.report("YAML011", "a collection is no key", "use text as the key", event.start_mark)
            frame.key, frame.key_mark, frame.value_path = "?", event.start_mark, child(frame.path, "?")
        return frame.value_path

    def attach(self, frame: _Frame | None, value: Any) -> None:  # noqa: ANN401
        """Give a finished collection, or the file's only scalar, to what holds it."""
        if frame is None:
            self.data = {} if value is None else value
            if self.documents == 1 and type(self.data) is not dict:
                self.root_is_no_map()
        elif frame.is_map:
            frame.container[frame.key] = value
            frame.key = None
        else:
            frame.container.append(value)

    def root_is_no_map(self) -> None:
        """Report a file whose top is a list or a scalar."""
        message = f"the top of the file is {_type_name(self.data)}, not a map"
        self.findings.append(Finding("YAML014", "error", message, "start with a section, such as trading:", (Place(self.path),)))

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
