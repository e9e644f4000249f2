"""A code explained, for people and programs: one of the compiler's own, or a rule of the desk."""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from json import dumps
from textwrap import wrap
from typing import NamedTuple

from deskc import sdk
from deskc.core.codes import Code, Link, data_of
from deskc.report.cells import escape
from deskc.report.styles import Line, Style, coloured, plain
from deskc.report.table import table

__all__ = ["FORMAT", "Explained", "Shown", "built_in", "of_rule", "rule_json", "rule_text", "rules_json", "rules_text"]

FORMAT = "deskc-rule/1"

_EXAMPLE = re.compile(r"(PASS|FAIL)\s+(.*)")
_MANY_LINES, _FEW_LINES, _CELLS = 24, 5, 96
_MARGIN, _WRAP = 7, 81


class Shown(NamedTuple):
    """An example, or one file of it; a rule's example is of no file."""

    path: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of a code; `kind` is `built-in`, or `rule` for a desk's own, which alone has level, needs and file.

    `facts` are those of a market without which the rule cannot run. Examples are legible: bytes that are no text and
    characters that nobody sees are spelled out, long files cut.
    """

    code: str
    title: str
    kind: str
    why: str
    fix: str | None
    level: str | None
    needs: tuple[str, ...]
    file: str | None
    bad: tuple[Shown, ...]
    good: tuple[Shown, ...]
    facts: tuple[str, ...] = ()


def built_in(code: Code) -> Explained:
    """Explain a code of the compiler's own."""
    bad, good = (tuple(Shown(path, _legible(text)) for path, text in files.items()) for files in (code.bad, code.good))
    return Explained(code.code, code.title, "built-in", code.why, code.fix, None, (), None, bad, good)


def _legible(text: str) -> str:
    said = f"symbolic link to {text}" if isinstance(text, Link) else text
    lines = data_of(said).decode("utf-8", "backslashreplace").removesuffix("\n").split("\n")
    more = [] if len(lines) <= _MANY_LINES else [f"… and {len(lines) - _FEW_LINES:,} lines more"]
    kept = lines[:_FEW_LINES] if more else lines
    return "\n".join([*(escape(line if len(line) <= _CELLS else f"{line[:_CELLS]}…") for line in kept), *more])


def of_rule(rule: sdk.Rule) -> Explained:
    """Explain a rule by its docstring: text, then examples that begin with PASS or FAIL."""
    said, examples = _docstring(rule.doc)
    bad, good = (
        tuple(Shown(None, _legible(text)) for verdict, text in examples if verdict == kind) for kind in ("FAIL", "PASS")
    )
    own = (rule.level, rule.needs, rule.file)
    return Explained(rule.code, rule.title, "rule", said, None, *own, bad, good, rule.facts)


def _docstring(doc: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a docstring into its text and its examples; an indented line goes on with the example above it."""
    said: list[str] = []
    examples: list[tuple[str, str]] = []
    for line in inspect.cleandoc(doc).split("\n"):
        found = _EXAMPLE.match(line)
        if found:
            examples.append((found[1], found[2]))
        elif examples and line.startswith(" "):
            verdict, text = examples[-1]
            examples[-1] = (verdict, f"{text}\n{line.strip()}")
        else:
            said.append(line)
    return "\n".join(said).strip(), examples


def rule_text(explained: Explained, *, color: bool = False) -> str:
    """Write a code's page for a terminal."""
    lines = tuple(_page(explained))
    return coloured(lines) if color else plain(lines)


def _page(explained: Explained) -> Iterator[Line]:
    yield (explained.code, "error"), (f": {escape(explained.title)}", "strong")
    yield ()
    yield from _paragraphs("why", explained.why)
    if explained.fix:
        yield ()
        yield from _paragraphs("fix", explained.fix)
    if explained.kind == "rule":
        yield ()
        facts = (("facts", ", ".join(explained.facts)),) if explained.facts else ()
        needs = ("needs", ", ".join(explained.needs))
        for name, said in (("level", explained.level), needs, *facts, ("file", explained.file)):
            yield _margin(name), (escape(said or "nothing"), "")
    for name, examples in (("bad", explained.bad), ("good", explained.good)):
        for index, example in enumerate(examples):
            yield ()
            yield from _example("" if index and example.path else name, example)


def _margin(name: str) -> tuple[str, Style]:
    return f"{name:<{_MARGIN}}", "error" if name == "bad" else "label"


def _paragraphs(name: str, said: str) -> Iterator[Line]:
    """Yield a text wrapped, its name before the first line."""
    parts = [wrap(" ".join(part.split()), _WRAP) for part in said.split("\n\n")]
    lines = [line for part in parts for line in ("", *part)][1:]
    for index, line in enumerate(lines):
        yield _margin("" if index else name), (escape(line), "")


def _example(name: str, example: Shown) -> Iterator[Line]:
    """Yield a file of an example under its path, or an example that is of no file."""
    lines = example.text.split("\n")
    if example.path is not None:
        yield _margin(name), (escape(example.path), "strong")
        name, lines = "", [f"  {line}" for line in lines]
    for index, line in enumerate(lines):
        yield _margin("" if index else name), (line, "")


def record(explained: Explained) -> dict[str, object]:
    """Return a code's page as a JSON object."""
    told: dict[str, object] = {field.name: getattr(explained, field.name) for field in fields(explained)}
    shown = {side: [example._asdict() for example in getattr(explained, side)] for side in ("bad", "good")}
    return {"format": FORMAT, **told, **shown}


def rule_json(explained: Explained) -> str:
    """Write a code's page as JSON."""
    return dumps(record(explained), indent=2) + "\n"


def rules_text(known: Iterable[Explained]) -> str:
    """Write all codes with their titles, the desk's own rules first."""
    ordered = sorted(known, key=lambda one: (one.kind == "built-in", one.code))
    return table([(one.code, one.title) for one in ordered], ("code", "title"))


def rules_json(known: Iterable[Explained]) -> str:
    """Write all codes with their titles as JSON, in order of the alphabet."""
    ordered = sorted(known, key=lambda one: one.code)
    codes = [{"code": one.code, "title": one.title, "kind": one.kind, "level": one.level} for one in ordered]
    return dumps({"format": FORMAT, "codes": codes}, indent=2) + "\n"
