"""deskc ladder runs."""

from deskc.cli.ladder_runs import LadderLedger, open_runs
from deskc.cli.options import Format, Output, choose, write


def command(ledger: LadderLedger = None, output_format: Format = "text", output: Output = None) -> None:
    """Shows the newest first, each with its mode, configuration, best J and why it ended."""
    fmt = choose(output_format, ("text", "json"))
    from deskc.report.searches import runs_json, runs_text

    with open_runs(ledger) as runs:
        found = runs.experiments()
    write(runs_json(found) if fmt == "json" else runs_text(found), output)
