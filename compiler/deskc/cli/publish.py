"""deskc publish."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deskc.cli.options import Bots, Color, Desk, Environments, Format, Output, Quiet, choose, coloured, write
from deskc.cli.publishing import Force, KeyFolders, findings, forced, key_folders
from deskc.cli.where import find_desk, objects
from deskc.core.errors import DeskcError

Channel = Annotated[
    str | None,
    typer.Option("--channel", metavar="URL", help="A folder, file://, sqlite:///FILE or tuf+file:///DIR."),
]
At = Annotated[str | None, typer.Option("--at", metavar="REV", help="The commit to publish; HEAD if left out.")]
Stamp = Annotated[
    bool, typer.Option("--timestamp", help="Publish nothing; sign the timestamp again, and what else is due.")
]


def command(
    desk: Desk = None,
    channel: Channel = None,
    at: At = None,
    env: Environments = None,
    bot: Bots = None,
    force: Force = None,
    keys: KeyFolders = None,
    timestamp: Stamp = False,
    quiet: Quiet = False,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Only a descendant of what was published moves a channel. An error anywhere publishes nothing."""
    fmt = choose(output_format, ("text", "json"))
    colour = coloured(color, output)
    if channel is None:
        raise DeskcError("publish needs --channel", help="add --channel URL")
    if timestamp:
        if desk or at or env or bot or force:
            raise DeskcError("--timestamp publishes nothing", help="give --channel and --keys alone")
        write(_renewed(channel, keys, fmt=fmt), output)
        return
    forcing = forced(force)
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.outputs import builds, published
        from deskc.pipeline import Selection, compile_desk, prepare
        from deskc.publish.open import open_store
        from deskc.stages.read import CommitSource

        store = open_store(channel, key_folders(keys), now=datetime.now(UTC))
        prepared = prepare(CommitSource(reading, "HEAD" if at is None else at), where.folder)
        compilation = compile_desk(prepared, Selection(tuple(env or ()), tuple(bot or ())))
        made = () if compilation.failed else builds(compilation)
        publications = published(compilation, made, store, root=where.root, force=forcing) if made else ()
    from deskc.core.snapshots import Sha
    from deskc.report.published import Published, published_json, published_text

    commit = Sha(prepared.commit.sha if prepared.commit else "")
    done = Published(channel, commit, publications, store.notes() if made else ())
    if fmt == "json":
        text = published_json(done, compilation.findings)
    else:
        text = findings(compilation, color=colour, nothing="Nothing was published.")
        text += "" if quiet or compilation.failed else published_text(done)
    write(text, output)
    if compilation.failed:
        raise typer.Exit(1)


def _renewed(channel: str, keys: list[str] | None, *, fmt: str) -> str:
    """Sign again what is due; return what to say of it."""
    from json import dumps

    from deskc.core.times import text
    from deskc.publish.open import open_signed

    store = open_signed(channel, key_folders(keys), now=datetime.now(UTC))
    expires = store.renew()
    until = text(int(expires.timestamp()) * 10**9)
    if fmt == "json":
        told = {"channel": channel, "timestamp_expires_at": until, "notes": list(store.notes())}
        return dumps(told, ensure_ascii=False, indent=2) + "\n"
    lines = (f"Signed the timestamp of {channel} again: it counts until {expires:%Y-%m-%d %H:%M} UTC.",)
    return "\n".join((*lines, *(f"Note: {note}" for note in store.notes()), ""))
