"""deskc ladder certify."""

from time import perf_counter
from typing import Annotated, Any

import typer

from deskc.cli.ladder_numbers import extra
from deskc.cli.ladder_options import Config, given, with_settings
from deskc.cli.options import Color, Format, Output, choose, coloured, write
from deskc.cli.presets import Preset, preset
from deskc.core.errors import DeskcError


@with_settings
def command(
    name: Preset = None,
    config: Config = None,
    gap: Annotated[
        float, typer.Option("--gap", metavar="G", help="The relative gap between the best ladder and the bound.")
    ] = 1e-6,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
    **settings: Any,  # noqa: ANN401 - an option a setting, see with_settings
) -> None:
    """Takes equal steps and unrounded volumes; the bound is proven, HC6 and HC7 are left out of it.

    Where those are enforced, the best ladder found keeps them, and the gap is what it is. A flag wins over --config,
    that over the preset. Exits with 1 where no ladder can exist, naming the bounds in conflict, or none was found.
    """
    fmt = choose(output_format, ("text", "json"))
    from deskc.tuning.configure import settings_from
    from deskc.tuning.files import read_section

    file = {} if config is None else read_section(config)
    asked = settings_from(given(settings), file, preset(name)).settings
    with extra("ladder certify"):
        from deskc.ladder.exact.certify import Certificate, certify
        from deskc.report.certificate import certificate_json, certificate_text
    begin = perf_counter()
    try:
        told = certify(asked, gap=gap)
    except ValueError as error:
        raise DeskcError(str(error), help="deskc ladder certify --help tells what each setting means") from error
    seconds = perf_counter() - begin
    if fmt == "json":
        write(certificate_json(told, asked, seconds=seconds), output)
    else:
        write(certificate_text(told, asked, seconds=seconds, color=coloured(color, output)), output)
    if not isinstance(told, Certificate) or told.ladder is None:
        raise typer.Exit(1)
