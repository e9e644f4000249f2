"""deskc keys rotate."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deskc.cli.options import Format, Output, choose, write
from deskc.core.errors import DeskcError

Folders = Annotated[
    list[str], typer.Argument(metavar="DIR…", help="Where keys lie; the new one goes into the first folder.")
]
Channel = Annotated[str | None, typer.Option("--channel", metavar="URL", help="The channel: tuf+file:///DIR.")]
Role = Annotated[
    str | None,
    typer.Option("--role", metavar="ROLE", help="Whose: root, targets, snapshot, timestamp, ENV, ENV/BOT."),
]
Key = Annotated[
    str | None, typer.Option("--key", metavar="ID", help="The key to replace, by how its id begins; the oldest else.")
]


def command(
    folders: Folders,
    channel: Channel = None,
    role: Role = None,
    key: Key = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """What the role has signed is signed again. Bots that trust the old root follow; the old key counts no more."""
    fmt = choose(output_format, ("text", "json"))
    if channel is None or role is None:
        raise DeskcError("keys rotate needs --channel and --role", help="add --channel URL --role ROLE")
    from deskc.cli.publishing import key_folders
    from deskc.publish.open import keys_at_hand, require_tuf, signed_folder
    from deskc.report.keys import Rotated, rotated_json, rotated_text

    place = signed_folder(channel)
    require_tuf(channel)
    from deskc.publish.tuf.roles import named, spoken
    from deskc.publish.tuf.trust import rotate

    keys = keys_at_hand(key_folders(folders))
    rotation = rotate(place, keys, named(role), old=key or None, now=datetime.now(UTC))
    rotated = Rotated(channel, spoken(rotation.role), rotation.old, rotation.new, keys.written)
    write(rotated_json(rotated) if fmt == "json" else rotated_text(rotated), output)
