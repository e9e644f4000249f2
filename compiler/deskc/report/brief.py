"""The settings of sections in few words, one on each line, for language models, which pay by the word."""

import re
from collections.abc import Iterable, Iterator

from deskc.report.cells import escape
from deskc.report.settings import Described, Section, advice, facts

__all__ = ["brief"]

_LEGEND = (
    "# settings of a deskc desk, one a line: type, default, bounds or choices, unit, whether a new value is taken over "
    "hot or at a restart; what it does; when to change it. deskc schema SECTION says more"
)
_FORMS = {
    "bounds": "{}",
    "form": "form {}",
    "values": "one of ({})",
    "unit": "unit {}",
    "late": "or ${{NAME}}",
    "status": "{}",
}
_FIRST_CLAUSE = re.compile(r".*?(?=[.:;](?:\s|$)|$)")


def brief(sections: Iterable[Section]) -> str:
    """Write a line for each setting, in the order of the schemas, under a heading for each section."""
    return "\n".join((_LEGEND, *(line for section in sections for line in _lines(section)), ""))


def _lines(section: Section) -> Iterator[str]:
    name = f"{section.name} of {section.strategy}" if section.strategy else section.name
    yield _joined(f"# {escape(name)}", _clause(section.document.get("description", "")))
    for one in section.leaves:
        words = (one.schema.get("description", ""), advice(one).get("when", ""))
        facts_of = _joined(escape(one.path), ", ".join(_facts(one)))
        yield "; ".join(part for part in (facts_of, *map(_clause, words)) if part)


def _joined(name: str, said: str) -> str:
    return f"{name}: {said}" if said else name


def _facts(one: Described) -> Iterator[str]:
    said = facts(one)
    yield said.get("type", "")
    if said["default"] != "none":
        yield "required" if said["default"] == "required" else f"default {said['default']}"
    for name, form in _FORMS.items():
        if name in said:
            yield form.format(said[name])
    if "change" in said:
        yield "hot" if said["change"].startswith("hot") else "restart"


def _clause(text: str) -> str:
    """Return a text up to its first full stop, colon or semicolon."""
    found = _FIRST_CLAUSE.match(" ".join(text.split()))
    return escape(found[0]) if found else ""
