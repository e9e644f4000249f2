"""deskc rule."""

from typing import Annotated

import typer

from deskc.cli.options import Color, Desk, Format, Output, choose, coloured, write
from deskc.core.errors import DeskcError

Code = Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code, such as RISK001; all if left out.")]


def command(
    code: Code = None,
    desk: Desk = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Why it matters, what to do, and a bad and a good example: for built-in codes, and for the rules of the desk.

    Without a desk, the rules are those that came with deskc.
    """
    from deskc.cli.reference import reference  # noqa: PLC0415 - not before it is needed
    from deskc.core.codes import CODES  # noqa: PLC0415
    from deskc.core.violations import close_to  # noqa: PLC0415
    from deskc.report.rule import built_in, of_rule, rule_json, rule_text, rules_json, rules_text  # noqa: PLC0415

    fmt = choose(output_format, ("text", "json"))
    known = {rule.code: of_rule(rule) for rule in reference(desk).rules}
    known |= {name: built_in(entry) for name, entry in CODES.items()}
    if code is None:
        write((rules_json if fmt == "json" else rules_text)(known.values()), output)
        return
    page = known.get(code.upper())
    if page is None:
        guess = close_to(code, known)
        msg = f"there is no code {code}"
        raise DeskcError(msg, help=f"did you mean {guess}?" if guess else "deskc rule lists all codes")
    write(rule_json(page) if fmt == "json" else rule_text(page, color=coloured(color, output)), output)
