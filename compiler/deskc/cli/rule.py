"""deskc rule."""

from typing import Annotated

import typer

from deskc.cli.options import Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.reference import content_of, rules
from deskc.core.codes import CODES
from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.report.rule import built_in, of_rule, rule_json, rule_text, rules_json, rules_text

Code = Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code, such as RISK001; all if left out.")]


def command(
    code: Code = None,
    desk: Desk = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Why it matters, what to do, a bad and a good example; rules are the desk's, or those that came with deskc."""
    fmt = choose(output_format, ("text", "json"))
    known = {name: built_in(entry) for name, entry in CODES.items()}
    if code is None or code.upper() not in known:  # a built-in code is explained where no desk can be read
        known = {rule.code: of_rule(rule) for rule in rules(content_of(desk))} | known
    if code is None:
        write((rules_json if fmt == "json" else rules_text)(known.values()), output)
        return
    page = known.get(code.upper())
    if page is None:
        guess = close_to(code, known)
        msg = f"there is no code {code}"
        raise DeskcError(msg, help=f"did you mean {guess}?" if guess else "deskc rule lists all codes")
    write(rule_json(page) if fmt == "json" else rule_text(page, color=coloured(color, output)), output)
