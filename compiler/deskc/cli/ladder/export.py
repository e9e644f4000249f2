"""deskc ladder export."""

from typing import Annotated

import typer

from deskc.cli.ladder_numbers import extra
from deskc.cli.ladder_runs import LadderLedger, open_runs
from deskc.cli.options import Format, Output, choose, write
from deskc.core.errors import DeskcError


def command(
    experiment: Annotated[
        int | None, typer.Argument(metavar="[EXPERIMENT]", help="Which, by its number; the newest if left out.")
    ] = None,
    ledger: LadderLedger = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Writes the settings and the orders as section ladder of a layer, or as JSON, which --config reads."""
    fmt = choose(output_format, ("text", "json"))
    with extra("ladder export"):
        from deskc.report.searches import exported_json, exported_text
        from deskc.tuning.found import settings_for
        from deskc.tuning.optimize import ladder_of, newest, settings_of

        with open_runs(ledger) as runs:
            found = newest(runs, experiment)
            best = runs.best(found.experiment_id)
            if best is None:
                raise DeskcError(
                    f"experiment {found.experiment_id} has found no ladder", help="deskc ladder runs shows which has"
                )
            ladder = ladder_of(best[1])
            settings = settings_for(ladder, settings_of(runs, found))
        write(exported_json(settings, ladder) if fmt == "json" else exported_text(settings, ladder), output)
