"""The settings of sections described, for people and programs."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from json import dumps
from textwrap import TextWrapper

from deskc.report.cells import escape
from deskc.report.settings import Section, advice, facts, settings
from deskc.report.styles import Line, coloured, plain
from deskc.report.table import table

__all__ = ["schema_json", "schema_text", "sections_json", "sections_text"]

_WRAP, _MARGIN = 76, 10
_wrapper = partial(TextWrapper, break_long_words=False, break_on_hyphens=False)  # values and forms stay whole


def schema_text(section: Section, *, color: bool = False) -> str:
    """Write a section's reference for a terminal."""
    lines = tuple(_page(section))
    return coloured(lines) if color else plain(lines)


def _page(section: Section) -> Iterator[Line]:
    title = f" of {section.strategy}" if section.strategy else ""
    count = len(section.leaves)
    yield (f"{section.name}{escape(title)}", "strong"), (f": {count} setting{'s' * (count != 1)}", "")
    yield from _wrapped(section.document.get("description", ""))
    for one in settings(section):
        yield ()
        yield ((escape(one.path), "strong"),)
        yield from _wrapped(one.schema.get("description", ""))
        if not one.is_group:
            yield from _rows({**facts(one), **advice(one), "rules": ", ".join(section.readers(one.path))})


def _rows(rows: Mapping[str, str]) -> Iterator[Line]:
    """Yield names beside what is said of them."""
    for name, said in rows.items():
        lines = [line for part in said.split("\n") for line in _wrapper(_WRAP).wrap(part)]
        for index, line in enumerate(lines):
            yield (f"  {'' if index else name:<{_MARGIN}}", "label"), (escape(line), "")


def _wrapped(text: str) -> Iterator[Line]:
    for line in _wrapper(_WRAP + _MARGIN).wrap(text):
        yield ((f"  {escape(line)}", ""),)


def schema_json(section: Section) -> str:
    """Write a section's schema, the rules that read it, and the default of each setting that has one."""
    told = {
        "section": section.name,
        **({"strategy": section.strategy} if section.strategy else {}),
        "schema": section.document,
        "validation_rules": [{"code": rule.code, "title": rule.title, "file": rule.file} for rule in section.rules],
        "defaults": {one.path: one.schema["default"] for one in section.leaves if "default" in one.schema},
    }
    return dumps(told, indent=2) + "\n"


def sections_text(sections: Sequence[Section]) -> str:
    """Write the sections with how many settings each has."""
    rows = [(_named(one), len(one.leaves), one.document.get("title", "")) for one in sections]
    return table(rows, ("section", "settings", "title"))


def _named(section: Section) -> str:
    return f"strategy --strategy {section.strategy}" if section.strategy else section.name


def sections_json(sections: Sequence[Section]) -> str:
    """Write the sections, and the strategies that have parameters, as JSON."""
    rows = [
        {
            "section": one.name,
            "strategy": one.strategy,
            "title": one.document.get("title"),
            "settings": len(one.leaves),
        }
        for one in sections
    ]
    return dumps({"sections": rows}, indent=2) + "\n"
