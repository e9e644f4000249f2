"""deskc keys init."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deskc.cli.options import Environments, Format, Output, choose, write
from deskc.core.errors import DeskcError

Folder = Annotated[str, typer.Argument(metavar="DIR", help="Where the keys go: private, and never into a repository.")]
Channel = Annotated[str | None, typer.Option("--channel", metavar="URL", help="The channel: tuf+file:///DIR.")]
Threshold = Annotated[int, typer.Option("--threshold", metavar="N", help="How many keys must sign root and targets.")]
Of = Annotated[int, typer.Option("--of", metavar="N", help="Of how many.")]
RootDays = Annotated[int, typer.Option("--root-days", metavar="N", help="For how long root counts once signed.")]
TargetsDays = Annotated[int, typer.Option("--targets-days", metavar="N", help="The same of targets.")]
EnvironmentDays = Annotated[
    int, typer.Option("--environment-days", metavar="N", help="The same of environments and bots.")
]
SnapshotDays = Annotated[int, typer.Option("--snapshot-days", metavar="N", help="The same of the snapshot role.")]
TimestampDays = Annotated[int, typer.Option("--timestamp-days", metavar="N", help="The same of the timestamp.")]


def command(
    folder: Folder,
    channel: Channel = None,
    env: Environments = None,
    threshold: Threshold = 2,
    of: Of = 3,
    root_days: RootDays = 365,
    targets_days: TargetsDays = 90,
    environment_days: EnvironmentDays = 30,
    snapshot_days: SnapshotDays = 7,
    timestamp_days: TimestampDays = 1,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Without --env the environments are the desk's at HEAD. Where the channel is there already, they join it.

    Files are readable by their owner alone, and locked by the password in DESKC_KEYS_PASSWORD where it is set.
    """
    fmt = choose(output_format, ("text", "json"))
    if channel is None or not folder:
        raise DeskcError("keys init needs a folder and --channel", help="deskc keys init DIR --channel tuf+file:///DIR")
    from deskc.cli.publishing import key_folders
    from deskc.publish.open import keys_at_hand, require_tuf, signed_folder
    from deskc.report.keys import Made, made_json, made_text

    place = signed_folder(channel)
    environments = tuple(dict.fromkeys(env)) if env else _environments()
    require_tuf(channel)
    from deskc.publish.tuf.keys import ROOT_FILE
    from deskc.publish.tuf.roles import Days
    from deskc.publish.tuf.trust import Policy, begin, join

    keys = keys_at_hand(key_folders([folder]))
    now = datetime.now(UTC)
    if (place / "metadata").exists():
        joined = join(place, keys, environments, now=now)
    else:
        days = Days(root_days, targets_days, environment_days, snapshot_days, timestamp_days)
        begin(place, keys, environments, policy=Policy(threshold, of, days), now=now)
        joined = environments
    made = Made(channel, joined, keys.written, keys.folders[0] / ROOT_FILE)
    write(made_json(made) if fmt == "json" else made_text(made), output)


def _environments() -> tuple[str, ...]:
    """Return the environments of the desk at HEAD."""
    from deskc.cli.where import find_desk, objects

    where = find_desk(None)
    with objects(where) as reading:
        from deskc.pipeline import prepare
        from deskc.stages.read import CommitSource

        layers = prepare(CommitSource(reading, "HEAD"), where.folder, with_rules=False).layers
    if layers is None:
        raise DeskcError("the desk at HEAD has errors", help="see deskc check --at HEAD, or name environments by --env")
    return tuple(layers.desk.environments)
