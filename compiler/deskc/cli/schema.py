"""deskc schema."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from deskc.cli.options import Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.reference import Content, content_of, rules, schemas
from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.report.brief import brief
from deskc.report.schema import schema_json, schema_text, sections_json, sections_text
from deskc.report.settings import Section

_PARAMETERS = "strategy.parameters"

Asked = Annotated[str | None, typer.Argument(metavar="[SECTION]", help="A section, such as trading; all if left out.")]
Llm = Annotated[bool, typer.Option("--llm", help="One short line a setting, as a language model reads it.")]
Layer = Annotated[bool, typer.Option("--layer", help="One JSON Schema for a whole layer, by which editors judge.")]
Python = Annotated[
    bool, typer.Option("--python", help="One module that types every setting, for a bot's type checker.")
]
Strategy = Annotated[str | None, typer.Option("--strategy", metavar="NAME", help="The parameters of this strategy.")]


def command(
    section: Asked = None,
    desk: Desk = None,
    strategy: Strategy = None,
    llm: Llm = False,
    layer: Layer = False,
    python: Python = False,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Type, default, bounds, unit, axes and advice; schemas are the desk's, or those that came with deskc."""
    fmt = choose(output_format, ("text",) if llm else ("text", "json"))
    for asked, name in ((layer, "--layer"), (python, "--python")):
        if asked and (section is not None or strategy is not None or llm or (layer and python)):
            raise DeskcError(f"{name} is about all sections of a layer", help="give it alone, or with -o FILE")
    if layer:
        from deskc.edit.editor import layer_text  # only an editor needs it

        write(layer_text(schemas(content_of(desk))), output)
        return
    found = sections(content_of(desk))
    if python:
        from deskc.report.typed import types_module  # only a type checker needs it

        write(types_module(found), output)
        return
    if llm:
        asked = section is not None or strategy is not None
        write(brief((_asked(found, section=section, strategy=strategy),) if asked else found), output)
        return
    if section is None and strategy is None:
        write(sections_json(found) if fmt == "json" else sections_text(found), output)
        return
    one = _asked(found, section=section, strategy=strategy)
    write(schema_json(one) if fmt == "json" else schema_text(one, color=coloured(color, output)), output)


def sections(content: Content) -> tuple[Section, ...]:
    """Return every section, each strategy's parameters as one of its own."""
    known = rules(content)
    found: list[Section] = []
    for name, document in schemas(content).items():
        _, separator, strategy = name.partition("/")
        found.append(Section(_PARAMETERS if separator else name, document, strategy or None, known))
    return tuple(found)


def _asked(found: Iterable[Section], *, section: str | None, strategy: str | None) -> Section:
    """Return the section that was asked for; raise DeskcError where there is none."""
    if strategy is None:
        return _known({one.name: one for one in found if one.strategy is None}, section or "", what="section")
    if section not in {None, "strategy", _PARAMETERS}:
        msg = f"{section} has no parameters of a strategy"
        raise DeskcError(msg, help=f"deskc schema strategy --strategy {strategy}")
    return _known({one.strategy: one for one in found if one.strategy}, strategy, what="strategy with parameters")


def _known(choices: Mapping[str, Section], asked: str, *, what: str) -> Section:
    if asked not in choices:
        guess = close_to(asked, choices)
        msg = f"there is no {what} {asked}"
        raise DeskcError(msg, help=f"did you mean {guess}?" if guess else f"known are {', '.join(choices)}")
    return choices[asked]
