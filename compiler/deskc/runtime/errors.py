"""Why no snapshot came back, or no such setting: one typed exception a reason, one sentence each."""

from deskc.core.errors import DeskcError

__all__ = [
    "ChannelError",
    "DirtyError",
    "ExperimentsError",
    "FormatError",
    "NotFoundError",
    "OrderIdError",
    "RecordError",
    "SecretsError",
    "SnapshotError",
    "SpoolError",
    "StaleError",
    "TamperedError",
    "TruncatedError",
    "UnboundError",
    "UnknownScopeError",
    "UnknownSettingError",
    "UnreadableError",
    "WrongTargetError",
    "nearest",
]


class SnapshotError(DeskcError):
    """A snapshot could not be loaded or read; `path` is the file or channel it came from.

    Every argument but the message has a default, so that these cross process boundaries by pickle.
    """

    def __init__(self, message: str, *, path: str = "", help: str = "") -> None:  # noqa: A002 - DeskcError's word
        super().__init__(message, help=help)
        self.path = path

    def __str__(self) -> str:
        """Return the sentence as it is: KeyError, which some of these also are, would quote it."""
        return self.message


class NotFoundError(SnapshotError):
    """There is no such file, channel or published snapshot."""


class UnreadableError(SnapshotError):
    """The file is there, but the system would not let it be read."""


class ChannelError(SnapshotError):
    """The channel is of a kind that this deskc cannot read, or its pointer makes no sense."""


class StaleError(SnapshotError):
    """The channel's last word is too old to be trusted, or older than what it has said before."""


class TamperedError(SnapshotError):
    """Bytes differ from the digest that names or lists them."""


class TruncatedError(SnapshotError):
    """The file ends before its header says it does."""


class FormatError(SnapshotError):
    """The bytes are those that were written, but not what this deskc reads."""


class ExperimentsError(SnapshotError):
    """The snapshot runs experiments, which this deskc cannot: a bot would trade on the wrong arm."""


class WrongTargetError(SnapshotError):
    """The snapshot is of another environment or bot than the one asked for."""


class DirtyError(SnapshotError):
    """The snapshot was compiled from uncommitted edits, and nobody said that this is wanted."""


class SecretsError(SnapshotError):
    """A place of secrets makes no sense, cannot be asked or holds no text; secrets themselves are never told."""


class UnboundError(SnapshotError):
    """Late references whose variable or secret is absent or does not fit; values are never told.

    `settings` are the setting paths and `variables` the names looked up, pair by pair.
    """

    settings: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


class UnknownScopeError(SnapshotError, KeyError):
    """The snapshot has no such coin or side; `known` lists those it has."""

    known: tuple[str, ...] = ()


class UnknownSettingError(SnapshotError, KeyError):
    """The scope has no setting at that path; `setting` is the path and `known` what stands beside it."""

    setting: str = ""
    known: tuple[str, ...] = ()


class SpoolError(DeskcError):
    """A record could not be written to the spool, so it was not acknowledged and is nowhere kept."""


class RecordError(DeskcError, ValueError):
    """What a bot wanted to record is no such record: a price that is none, a time in another unit, an unknown word."""


class OrderIdError(DeskcError, ValueError):
    """A text is no client order id of ours, or its parts do not fit into one."""


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return the help "did you mean …?" for the known word nearest to this one, or nothing."""
    import difflib  # noqa: PLC0415 - only a mistake pays for it, never a bot's start

    matches = difflib.get_close_matches(word, known, n=1) or [one for one in known if one.lower() == word.lower()]
    return f"did you mean {matches[0]}?" if matches else ""
