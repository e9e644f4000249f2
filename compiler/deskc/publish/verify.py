"""Check a snapshot's file, or all that a channel offers, and say what that proves."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Sha
from deskc.publish.fetch import inspect
from deskc.runtime.channel import open_channel
from deskc.runtime.errors import SnapshotError
from deskc.runtime.header import read_header
from deskc.runtime.locate import file_path, locate

__all__ = ["INTEGRITY", "REVIEWED", "Checked", "Verdict", "verify"]

INTEGRITY = "integrity"
"""Every byte is the one that the digest names; who published it is not proven."""
REVIEWED = "reviewed"
"""Besides, the keys to which a trusted root leads have signed that this bot shall run it."""


class Checked(NamedTuple):
    """What was found of one target; `error` says what is wrong, None where nothing is."""

    target: Target
    digest: str | None
    commit: Sha | None
    scopes: int
    error: str | None


class Verdict(NamedTuple):
    """What was checked, what that proves of those without an error, and each target."""

    source: str
    proves: str
    snapshots: tuple[Checked, ...]


def verify(where: str, *, environments: Sequence[str], bots: Sequence[str], root: Path | None) -> Verdict:
    """Check a snapshot's file, or every wanted target of a channel, each byte of it.

    `root` is the trusted root of a signed channel. Raise DeskcError where there is nothing to check, or where the
    channel itself cannot be read; what is wrong with one target stands in its row.
    """
    signed = where.startswith("tuf+")
    if signed and root is None and "#root=" not in where:
        msg = f"{where} is a signed channel, and no trusted root is named"
        raise DeskcError(msg, help="add --root FILE, the root.json that deskc keys init wrote")
    if root is not None and not signed:
        raise DeskcError("--root is about signed channels, and this is none", help="leave it out")
    if "://" not in where and Path(where).is_file():
        return Verdict(where, INTEGRITY, (_file(where, environments, bots),))
    with TemporaryDirectory(prefix="deskc-") as state:
        url = where if root is None else f"{where.partition('#')[0]}#root={quote(str(root))}"
        known = _targets(url, environments, bots, state=state)
        wanted = [one for one in known if one[0] in (environments or one) and one[1] in (bots or one)]
        if not wanted:
            asked = " of what was asked for" if known else ""
            raise DeskcError(f"{where} offers nothing{asked}", help="publish there, or name another one")
        checked = tuple(_target(url, target, state=state) for target in wanted)
    return Verdict(where, REVIEWED if signed else INTEGRITY, checked)


def _file(path: str, environments: Sequence[str], bots: Sequence[str]) -> Checked:
    found = locate(path, environment="", bot="")
    header = read_header(found.data, digest=found.digest, source=found.source)
    target = Target(header.environment, header.bot)
    if target.environment not in (environments or target) or target.bot not in (bots or target):
        raise DeskcError(f"{path} is of {target}", help="leave --env and --bot out, or name another file")
    found.dirty = False  # its bytes are what is asked about, not where they came from
    snapshot, _ = inspect(found, target, channel=path)
    return Checked(target, snapshot.digest, None, len(snapshot.rows), None)


def _targets(url: str, environments: Sequence[str], bots: Sequence[str], *, state: str) -> tuple[Target, ...]:
    """Return every target that a channel has something of."""
    if url.startswith("tuf+"):
        return _signed_targets(url, state=state)
    if url.startswith(("http://", "https://")):
        if not (environments and bots):
            raise DeskcError(f"{url} lists nothing, as no static server does", help="add --env ENV and --bot BOT")
        return tuple(Target(environment, bot) for environment in environments for bot in bots)
    names = _rows(url) if url.startswith("sqlite:") else _files(url)
    return tuple(sorted(Target(*name.split("/")[:2]) for name in names))


def _signed_targets(url: str, *, state: str) -> tuple[Target, ...]:
    from deskc.publish.open import require_tuf  # noqa: PLC0415 - only this kind pays for it

    require_tuf(url)
    from deskc.publish.channels.tuf import address_of, root_of  # noqa: PLC0415 - as above
    from deskc.publish.tuf.client import Client, fetcher_of  # noqa: PLC0415 - as above

    root = root_of(url)
    if root is None:
        raise AssertionError("a signed channel is verified from a named root")
    address, name = address_of(url), url.partition("#")[0]
    with Client(address, url=name, state=Path(state) / "tuf", root=root, fetcher=fetcher_of(address)) as client:
        return client.targets()


def _files(url: str) -> Iterator[str]:
    folder = Path(file_path(url))
    if not folder.is_dir():
        raise DeskcError(f"{url} is neither a snapshot's file nor a channel", help="name one that exists")
    for path in folder.glob("*/*/current.json"):
        yield path.relative_to(folder).as_posix()


def _rows(url: str) -> tuple[str, ...]:
    from deskc.publish.sqlite import location  # noqa: PLC0415 - only this kind pays for it

    try:
        address = f"{location(url).absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            rows = connection.execute("SELECT name FROM files WHERE name LIKE '%/%/current.json'").fetchall()
    except sqlite3.Error as error:
        raise DeskcError(
            f"{url} cannot be read as a channel: {error}", help="name one that was published to"
        ) from error
    return tuple(str(name) for (name,) in rows)


def _target(url: str, target: Target, *, state: str) -> Checked:
    channel, _ = open_channel(url, environment=target.environment, bot=target.bot, state=state)
    try:
        found = channel.fetch(None)
        if found is None:
            raise AssertionError("a channel has nothing newer than nothing")
        snapshot, commit = inspect(found, target, channel=url.partition("#")[0])
    except SnapshotError as error:
        return Checked(target, None, None, 0, error.message)
    finally:
        channel.close()
    return Checked(target, snapshot.digest, commit, len(snapshot.rows), None)
