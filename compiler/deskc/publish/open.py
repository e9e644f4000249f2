"""Which store a channel's URL names, for whoever publishes to it."""

import re
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from deskc.core.errors import DeskcError
from deskc.publish.store import Store
from deskc.runtime.locate import file_path

if TYPE_CHECKING:
    from deskc.publish.tuf.keys import Keys
    from deskc.publish.tuf.store import TufStore

__all__ = ["PASSWORD", "KeysAtHand", "keys_at_hand", "open_signed", "open_store", "require_tuf", "signed_folder"]

PASSWORD = "DESKC_KEYS_PASSWORD"  # noqa: S105 - the name of the variable that holds it
"""The variable whose password key files are written and read with."""

_SIGNED = "tuf+"
_READ_ALONE = re.compile(r"(tuf\+)?https?://")


class KeysAtHand(NamedTuple):
    """Where keys lie, and the password that their files may be locked by."""

    folders: Sequence[Path]
    password: str | None


def open_store(url: str, keys: KeysAtHand, *, now: datetime) -> Store:
    """Return the publisher's end of a folder, `file://`, `sqlite:///` or `tuf+file://`.

    Raise DeskcError for a URL that only bots read, and for one of no kind.
    """
    if url.startswith(f"{_SIGNED}file://"):
        return open_signed(url, keys, now=now)
    if url.startswith("sqlite:"):
        from deskc.publish.sqlite import SqliteStore, location  # noqa: PLC0415 - only this kind pays for it

        return SqliteStore(location(url))
    if _READ_ALONE.match(url):
        raise DeskcError(f"{url} is read by bots, not written", help="publish to the folder that its server serves")
    if not url:
        raise DeskcError("--channel names nothing", help="name one; an unset variable may stand there")
    if "://" in url and not url.startswith("file://"):
        kinds = "a folder, file:///DIR, sqlite:///FILE or tuf+file:///DIR"
        raise DeskcError(f"{url} is no channel that this deskc publishes to", help=f"name {kinds}")
    from deskc.publish.folder import FolderStore  # noqa: PLC0415 - as above

    return FolderStore(Path(file_path(url)))


def open_signed(url: str, keys: KeysAtHand, *, now: datetime) -> "TufStore":
    """Return the publisher's end of a signed channel; raise DeskcError where no keys are named."""
    folder = signed_folder(url)
    if not keys.folders:
        raise DeskcError(f"{url} is a signed channel, and no keys are named", help="add --keys DIR")
    require_tuf(url)
    from deskc.publish.tuf.store import TufStore  # noqa: PLC0415 - heavy

    return TufStore(folder, keys_at_hand(keys), now=now)


def keys_at_hand(keys: KeysAtHand) -> "Keys":
    """Open folders of keys; none is read yet."""
    from deskc.publish.tuf.keys import Keys  # noqa: PLC0415 - heavy

    return Keys(keys.folders, password=keys.password)


def signed_folder(url: str) -> Path:
    """Return the folder of a signed channel that can be written; raise DeskcError for anything else."""
    if not url.startswith(f"{_SIGNED}file://"):
        raise DeskcError(f"{url} is no signed channel that can be written here", help="write tuf+file:///DIR")
    return Path(file_path(url.removeprefix(_SIGNED)))


def require_tuf(url: str) -> None:
    """Raise DeskcError where what signed channels need is not installed."""
    if not all(map(find_spec, ("tuf", "cryptography"))):
        msg = f"{url} is a signed channel, which needs the extra deskc[tuf]"
        raise DeskcError(msg, help="pip install 'deskc[tuf]'")
