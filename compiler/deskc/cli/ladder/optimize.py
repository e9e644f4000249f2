"""deskc ladder optimize."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskc.cli.ladder_numbers import extra
from deskc.cli.ladder_options import Config, ConfigPreset, configured, given, with_settings
from deskc.cli.ladder_runs import (
    Cluster,
    LadderLedger,
    MaxTime,
    NoProgress,
    Threads,
    deadline,
    open_runs,
    save_settings,
    span,
    watching,
    workers_of,
)
from deskc.cli.options import Format, Output, Quiet, choose, write
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.ledger.runs import Runs
    from deskc.tuning.configure import Configured
    from deskc.tuning.optimize import Started
    from deskc.tuning.plan import Plan


@with_settings
def command(
    config_preset: ConfigPreset = None,
    config: Config = None,
    mode: Annotated[
        str | None,
        typer.Option("--mode", metavar="MODE", help="How to search: adaptive, bayesian, exhaustive or random."),
    ] = None,
    batches: Annotated[
        int | None, typer.Option("--batches", metavar="N", help="Batches at most; 10 if left out.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option("--batch-size", metavar="N", help="Candidates a batch; 100 if left out.")
    ] = None,
    grid_overlap: Annotated[
        str | None, typer.Option("--grid-overlap", metavar="A:B:STEP", help="Overlaps that mode exhaustive tries.")
    ] = None,
    grid_orders: Annotated[
        str | None, typer.Option("--grid-orders", metavar="A:B", help="Numbers of orders that mode exhaustive tries.")
    ] = None,
    workers: Threads = 0,
    cluster: Cluster = None,
    max_time_sec: MaxTime = None,
    patience: Annotated[
        int | None, typer.Option("--patience", metavar="N", help="Stop after N batches without a better ladder; 10.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the ledger's newest run.")] = False,
    experiment: Annotated[
        int | None, typer.Option("--experiment", metavar="N", help="Which run to resume, if not the newest.")
    ] = None,
    ledger: LadderLedger = None,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print every setting with its source; run nothing.")
    ] = False,
    save_config: Annotated[
        str | None, typer.Option("--save-config", metavar="FILE", help="Write the settings to a file, for --config.")
    ] = None,
    write_scope: Annotated[
        str | None,
        typer.Option(
            "--write",
            metavar="SCOPE",
            help="Search by the settings of this scope, ENV/BOT/COIN/SIDE, unless a preset or file is named, and put "
            "the orders into its layer.",
        ),
    ] = None,
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="Draw the ladder into an SVG file.")
    ] = None,
    no_progress: NoProgress = False,
    quiet: Quiet = False,
    output_format: Format = "text",
    output: Output = None,
    **settings: Any,  # noqa: ANN401 - an option a setting, see with_settings
) -> None:
    """Keeps all in the ledger; exits with 1 where no ladder was found. A flag wins over a file, then a preset."""
    fmt = choose(output_format, ("text", "json"))
    with extra("ladder optimize"):
        from deskc.cli.ladder_write import layer_of, put
        from deskc.report import optimized
        from deskc.tuning.optimize import finish
        from deskc.tuning.room import no_room

        target = None if write_scope is None else layer_of(write_scope)
        found = configured(settings, config, config_preset, scope=target and target.section)
        if save_config is not None:
            save_settings(found.settings, save_config)
        if print_config:
            write(optimized.configured_json(found) if fmt == "json" else optimized.configured_text(found), output)
            return
        asked: dict[str, Any] = {"mode": mode, "batches": batches, "batch_size": batch_size, "patience": patience}
        asked |= {"overlaps": _grid("--grid-overlap", grid_overlap), "orders": _grid("--grid-orders", grid_orders)}
        plan = None if resume else _plan(experiment, asked)
        reason = None if resume or grid_overlap or grid_orders else no_room(found.settings)
        if reason is not None:
            shown = optimized.impossible_json(found.settings, reason) if fmt == "json" else None
            write(shown or optimized.impossible_text(reason), output)
            raise typer.Exit(1)
        until, workers_asked = deadline(max_time_sec), workers_of(workers, cluster)
        with open_runs(ledger, create=not resume) as runs:
            if plan is None:
                named = bool(given(settings)) or config is not None or config_preset is not None
                started = _resumed(runs, experiment, found if named else None, asked)
            else:
                started = _begun(runs, found, plan)
            with watching(started.plan.batches, shown=not (quiet or no_progress)) as watch:
                outcome = finish(runs, started, workers_asked, deadline=until, watch=watch)
        write(optimized.optimized_json(outcome) if fmt == "json" else optimized.optimized_text(outcome), output)
    if outcome.ladder is None:
        raise typer.Exit(1)
    if plot is not None:
        write(optimized.picture(outcome), plot)
    if target is not None:
        put(target, outcome)


def _grid(option: str, text: str | None) -> "tuple[float, ...] | tuple[int, ...] | None":
    """Return the numbers of a range; raise DeskcError where orders are no whole numbers from 2 on."""
    if text is None:
        return None
    found = span(option, text)
    if option == "--grid-overlap":
        return found
    if not all(number.is_integer() and number >= 2 for number in found):  # noqa: PLR2004 - the fewest a ladder has
        raise DeskcError(f"--grid-orders {text} is no range of whole numbers from 2 on", help="write 5:15 or 8,10,12")
    return tuple(map(int, found))


def _plan(experiment: int | None, asked: dict[str, Any]) -> "Plan":
    """Return the plan of a new run; mode exhaustive goes through its whole grid unless told otherwise."""
    from deskc.tuning.modes import require
    from deskc.tuning.plan import Plan

    if experiment is not None:
        raise DeskcError("--experiment says which run to resume, and --resume is missing", help="add --resume")
    said = {name: value for name, value in asked.items() if value is not None}
    plan = Plan(**said)
    require(plan.mode)
    if plan.mode != "exhaustive":
        return plan
    plan = replace(plan, batch_size=said.get("batch_size", 8), patience=said.get("patience", 0))
    cells = max(1, len(plan.overlaps)) * max(1, len(plan.orders))
    return replace(plan, batches=said.get("batches", -(-cells // plan.batch_size)))


def _begun(runs: "Runs", found: "Configured", plan: "Plan") -> "Started":
    """Begin a new run; raise DeskcError where no search takes the settings."""
    from deskc.tuning.optimize import begin

    try:
        return begin(runs, found.settings, plan)
    except ValueError as error:
        way_out = "deskc ladder optimize --print-config shows where each value is from"
        raise DeskcError(str(error), help=way_out) from error


def _resumed(runs: "Runs", experiment: int | None, found: "Configured | None", asked: dict[str, Any]) -> "Started":
    """Go on with a run; raise DeskcError where what was asked for is not what it does."""
    from json import loads

    from deskc.tuning.optimize import newest, resume, settings_of

    old = newest(runs, experiment)
    plan = loads(old.plan)
    for name in ("mode", "batch_size", "overlaps", "orders"):
        value = list(asked[name]) if isinstance(asked[name], tuple) else asked[name]
        if value is not None and value != plan[name]:
            option = f"--{name.replace('_', '-')}"
            raise DeskcError(
                f"experiment {old.experiment_id} has {name.replace('_', ' ')} {plan[name]}, and {value} was asked for",
                help=f"leave {option} out, or begin a new run without --resume",
            )
    settings = settings_of(runs, old) if found is None else found.settings
    return resume(runs, old, settings, batches=asked["batches"], patience=asked["patience"])
