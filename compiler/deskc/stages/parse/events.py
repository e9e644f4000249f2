"""Read any YAML by libyaml's events, and say what is wrong with it."""

from functools import partial
from typing import Any

import yaml
from yaml._yaml import CParser

from deskc.core import canonical
from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.core.paths import child, item
from deskc.core.scalars import ScalarError, plain
from deskc.stages.parse.keys import read_key
from deskc.stages.parse.limits import MAX_DEPTH, MAX_FINDINGS

__all__ = ["read_events"]

_NO_KEY = "?"  # stands in a path for a key that is no text


def read_events(path: str, data: bytes) -> Outcome[Document]:
    """Read one file whose characters are fit to be read; an error leaves a broken document."""
    reading = _Reading(path, data)
    try:
        reading.run(CParser(data))
    except yaml.MarkedYAMLError as problem:
        reading.findings.append(_syntax(path, data, problem))
    return Outcome(reading.document(), tuple(reading.findings))


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


def _marked(path: str, mark: Any, role: str) -> Place:
    return Place(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2, role)


_leaf = partial(tuple.__new__, Leaf)  # the generated constructor costs twice as much, and a fleet has tens of thousands


class _Frame:
    """An open collection: what is read so far, where it stands, and the key that its next value belongs to."""

    __slots__ = ("container", "is_flow", "is_map", "key", "key_mark", "path", "start", "value_path")

    def __init__(self, container: Any, path: str, event: Any) -> None:
        self.container = container
        self.is_flow = event.flow_style
        self.is_map = type(container) is dict
        self.path = path
        self.start = event.start_mark
        self.key: str | None = None
        self.key_mark: Any = None
        self.value_path = ""

    def no_key(self, mark: Any) -> None:
        """Let something refused stand in a key's place, so that what follows is read as its value."""
        self.key, self.key_mark, self.value_path = _NO_KEY, mark, child(self.path, _NO_KEY)


class _Reading:
    """One pass over a file's events, collecting values, places and findings.

    The methods that every scalar passes through are written out, not split: they are the compiler's hottest loop.
    """

    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self.source = source
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

    def run(self, parser: Any) -> None:
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
            if self.findings and len(self.findings) >= MAX_FINDINGS:
                return

    def structure(self, kind: type, event: Any) -> bool:
        """Read what is no scalar; return False where reading on would be of no use."""
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.close(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self.open(event, {} if kind is yaml.MappingStartEvent else [])
            if len(self.frames) > MAX_DEPTH:
                message = f"collections are nested deeper than {MAX_DEPTH}"
                self.report("YAML006", message, "flatten the file", event.start_mark)
                return False
        elif kind is yaml.DocumentStartEvent:
            self.start(event)
        elif kind is yaml.AliasEvent:
            self.alias(event)
        return True

    def alias(self, event: Any) -> None:
        """Refuse an alias; null stands for it, whether it is a key or a value."""
        message = f"the alias *{event.anchor} repeats a value written elsewhere"
        self.report("YAML007", message, "write the value here, or set it in a layer", event.start_mark, event.end_mark)
        frame = self.frame
        if frame is not None and frame.is_map and frame.key is None:
            frame.no_key(event.start_mark)
        else:
            self.put(frame, self.here(event), None, "null", event)

    def start(self, event: Any) -> None:
        """Refuse directives and a second document."""
        self.documents += 1
        if self.documents > 1:
            message, way_out = "a second document starts here", "keep one document a file; delete the line ---"
            self.report("YAML008", message, way_out, event.start_mark, event.end_mark)
        if event.version or event.tags:
            self.report("YAML009", "directives are not read", "delete the line that starts with %", event.start_mark)

    def open(self, event: Any, container: Any) -> None:
        """Start a map or a list."""
        if event.anchor or event.tag:
            self.refuse_properties(event)
        self.frame = _Frame(container, self.here(event), event)
        self.frames.append(self.frame)
        self.lists += not self.frame.is_map

    def close(self, event: Any) -> None:
        """Finish a map or a list and hand it to what holds it."""
        done = self.frames.pop()
        self.lists -= not done.is_map
        self.frame = frame = self.frames[-1] if self.frames else None
        start, end, path, container = done.start, event.end_mark, done.path, done.container
        # A block collection ends where the next token starts, which says nothing: its first column stands for it.
        last = (end.line + 1, end.column + 1) if end.line == start.line else (start.line + 1, start.column + 2)
        key = frame.key_mark if frame is not None and frame.is_map and frame.key_mark else start
        span = (start.line + 1, start.column + 1, *last)
        leaf = Leaf(path, container, "", self.path, *span, key.line + 1, key.column + 1)
        if done.is_map and container:
            self.containers[path] = leaf
        elif self.lists:
            if done.is_map or not container:
                self.items[path] = leaf
        elif frame is not None:
            self.group[path] = leaf._replace(text=canonical.encode(container))
        self.attach(frame, container, start)

    def take_key(self, frame: _Frame, event: Any) -> None:
        """Take a map's key; refuse merge keys, keys that are no text and keys written twice."""
        text: str = event.value
        known = read_key(text)
        path = frame.path
        frame.key = text
        frame.key_mark = event.start_mark
        frame.value_path = (f"{path}.{text}" if known.is_plain else f"{path}{known.step}") if path else known.step
        if len(self.frames) == 1:
            self.group = self.leaves.setdefault(frame.value_path, {})
        if text in frame.container or known.is_doubtful or event.anchor or event.tag:
            self.doubtful_key(frame, event)

    def doubtful_key(self, frame: _Frame, event: Any) -> None:
        """Look closer at a key that may not stand here."""
        text, start, end = event.value, event.start_mark, event.end_mark
        self.refuse_properties(event)
        self.dollar = self.dollar or text.startswith("$")
        if not event.style and not read_key(text).is_text:
            self.report("YAML011", f"the key {text or 'null'} does not read as text", f'quote it: "{text}"', start, end)
        elif text == "<<" and not event.style:
            way_out = "use extends: with a template, or write the values here"
            self.report("YAML012", "merge keys are not read", way_out, start, end)
        elif text in frame.container:
            path = frame.value_path
            first = self.group.get(path) or self.items.get(path) or self.containers.get(path)
            also = (first.key_place("first written here"),) if first else ()
            self.report("YAML013", f"{path} is written twice", "delete one of the two", start, end, also=also)

    def take_value(self, frame: _Frame | None, event: Any) -> None:
        """Read a scalar that is no key."""
        if event.anchor or event.tag:
            self.refuse_properties(event)
        text: str = event.value
        try:
            value, encoded = (text, canonical.string(text)) if event.style or not event.implicit[0] else plain(text)
        except ScalarError as refused:
            self.report("YAML010", refused.message, refused.help, event.start_mark, event.end_mark)
            value, encoded = None, "null"
        if type(value) is str and "${" in value:
            self.dollar = True
        if event.style and event.style in "'\"" and event.end_mark.line > event.start_mark.line:
            self.refuse_margin(event)
        path = frame.value_path if frame is not None and frame.is_map else self.here(event)
        self.put(frame, path, value, encoded, event)

    def refuse_margin(self, event: Any) -> None:
        """Refuse a quoted text that goes on where a key could begin: it would look like settings that it hides."""
        block = next((frame for frame in reversed(self.frames) if not frame.is_flow), None)
        margin = 0 if block is None else (block.key_mark if block.is_map else block.start).column
        lines = self.source.decode().splitlines()[event.start_mark.line + 1 : event.end_mark.line + 1]
        if any(line.strip() and len(line) - len(line.lstrip(" ")) <= margin for line in lines):
            message = "a quoted text goes on at the margin, where its lines look like settings of their own"
            self.report("YAML016", message, "write it on one line, or indent the lines that follow", event.start_mark)

    def put(self, frame: _Frame | None, path: str, value: Any, encoded: str, event: Any) -> None:
        """Remember a scalar with its place and give it to the collection that holds it."""
        start, end = event.start_mark, event.end_mark
        line, column = start.line + 1, start.column + 1
        if frame is None:
            self.attach(None, value, start)
        elif frame.is_map:
            key = frame.key_mark
            key_line, key_column = key.line + 1, key.column + 1
            leaf = _leaf(
                (path, value, encoded, self.path, line, column, end.line + 1, end.column + 1, key_line, key_column)
            )
            if self.lists:
                self.items[path] = leaf
            else:
                self.group[path] = leaf
            frame.container[frame.key] = value
            frame.key = None
        else:
            end_line, end_column = end.line + 1, end.column + 1
            self.items[path] = _leaf(
                (path, value, encoded, self.path, line, column, end_line, end_column, line, column)
            )
            frame.container.append(value)

    def here(self, event: Any) -> str:
        """Return the path of what starts now."""
        frame = self.frame
        if frame is None:
            return ""
        if not frame.is_map:
            return item(frame.path, len(frame.container))
        if frame.key is None:
            self.report("YAML011", "a collection is no key", "use text as the key", event.start_mark)
            return child(frame.path, _NO_KEY)
        return frame.value_path

    def attach(self, frame: _Frame | None, value: Any, start: Any) -> None:
        """Give a finished collection, or the file's only scalar, to what holds it."""
        if frame is None:
            self.data = {} if value is None else value
            if self.documents == 1 and type(self.data) is not dict:
                self.root_is_no_map()
        elif not frame.is_map:
            frame.container.append(value)
        elif frame.key is None:
            frame.no_key(start)
        else:
            frame.container[frame.key] = value
            frame.key = None

    def root_is_no_map(self) -> None:
        """Report a file whose top is a list or a scalar."""
        message = f"the top of the file is {_type_name(self.data)}, not a map"
        self.findings.append(error("YAML014", message, "start with a section, such as trading:", Place(self.path)))

    def refuse_properties(self, event: Any) -> None:
        """Refuse anchors and tags."""
        span = (event.start_mark, event.end_mark)
        if event.anchor:
            message = f"the anchor &{event.anchor} gives a value a second name"
            self.report("YAML007", message, "delete the anchor; share values by layers or templates", *span)
        if event.tag:
            written = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            message = f"the tag {written} asks for a type of its own"
            self.report("YAML015", message, "delete the tag; the schema knows the type", *span)

    def report(  # noqa: PLR0913 - a finding has as many facts
        self,
        code: str,
        message: str,
        way_out: str,
        start: Any,
        end: Any = None,
        *,
        also: tuple[Place, ...] = (),
    ) -> None:
        """Add an error at a span of one line."""
        place = _marked(self.path, start, "")
        if end is not None and end.line == start.line:
            place = Place(self.path, place.line, place.column, place.line, end.column + 1)
        self.findings.append(error(code, message, way_out, place, *also))


def _type_name(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a map"}
    return names.get(type(value), "null")
