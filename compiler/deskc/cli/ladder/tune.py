"""deskc ladder tune."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskc.cli.ladder_numbers import extra
from deskc.cli.ladder_options import Config, ConfigPreset, configured, with_settings
from deskc.cli.ladder_runs import Cluster, LadderLedger, MaxTime, Threads, deadline, ledger_url, workers_of
from deskc.cli.options import Format, Output, choose, write
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.tuning.tuner import TuningStrategy


@with_settings
def command(
    trials: Annotated[int, typer.Option("--trials", metavar="N", help="How many configurations to try.")] = 10,
    config_preset: ConfigPreset = None,
    config: Config = None,
    mode: Annotated[
        str, typer.Option("--mode", metavar="MODE", help="How to search with each: adaptive or random.")
    ] = "adaptive",
    batches: Annotated[int, typer.Option("--batches", metavar="N", help="Batches a trial.")] = 2,
    batch_size: Annotated[int, typer.Option("--batch-size", metavar="N", help="Candidates a batch.")] = 100,
    workers: Threads = 0,
    cluster: Cluster = None,
    max_time_sec: MaxTime = None,
    exploration_rate: Annotated[
        float | None, typer.Option("--exploration-rate", metavar="P", help="How often to draw a configuration anew.")
    ] = None,
    mutation_rate: Annotated[
        float | None, typer.Option("--mutation-rate", metavar="P", help="How often a setting moves.")
    ] = None,
    crossover_rate: Annotated[
        float | None, typer.Option("--crossover-rate", metavar="P", help="How often two configurations are crossed.")
    ] = None,
    elite_size: Annotated[
        int | None, typer.Option("--elite-size", metavar="N", help="From how many of the best others descend.")
    ] = None,
    save_config: Annotated[
        str | None, typer.Option("--save-config", metavar="FILE", help="Write the best configuration to a file.")
    ] = None,
    ledger: LadderLedger = None,
    output_format: Format = "text",
    output: Output = None,
    **settings: Any,  # noqa: ANN401 - an option a setting, see with_settings
) -> None:
    """Varies the bounds of the settings given and keeps lineage and performance; without rates history chooses them."""
    fmt = choose(output_format, ("text", "json"))
    if trials < 1:
        raise DeskcError(f"--trials is {trials}", help="give 1 or more")
    with extra("ladder tune"):
        from deskc.report.searches import trials_json, trials_text
        from deskc.tuning import ConfigStore, tune
        from deskc.tuning.plan import Plan

        rates = {"exploration_rate": exploration_rate, "mutation_rate": mutation_rate}
        strategy = _strategy({**rates, "crossover_rate": crossover_rate, "elite_size": elite_size})
        made = tune.trials(
            ConfigStore(ledger_url(ledger, create=True)),
            configured(settings, config, config_preset).settings,
            count=trials,
            plan=Plan(mode, batches, batch_size),
            workers=workers_of(workers, cluster),
            strategy=strategy,
            deadline=deadline(max_time_sec),
        )
        found = tuple(made)
        write(trials_json(found) if fmt == "json" else trials_text(found), output)
    scored = [one for one in found if one.outcome.score is not None]
    if not scored:
        raise typer.Exit(1)
    if save_config is not None:
        from deskc.cli.ladder_runs import save_settings

        save_settings(min(scored, key=lambda one: one.outcome.score or 0.0).settings, save_config)


def _strategy(rates: dict[str, float | int | None]) -> "TuningStrategy | None":
    """Return the strategy that rates make, None where none was given; raise DeskcError where one is no probability."""
    from deskc.tuning import TuningStrategy

    given: dict[str, Any] = {name: rate for name, rate in rates.items() if rate is not None}
    try:
        return TuningStrategy("asked for", **given) if given else None
    except ValueError as error:
        raise DeskcError(str(error), help="give rates from 0 to 1, and an elite of 1 or more") from error
