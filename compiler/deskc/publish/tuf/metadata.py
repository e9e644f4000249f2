"""A signed channel's metadata during one change: checked when opened, changed in memory, written by `commit`.

A folder with `metadata/` and `targets/`, consistent snapshots, as the TUF specification 1.0 lays them out; any static
server may serve it. Signing and serialising are python-tuf's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.repository import Repository

from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Sha
from deskc.publish.files import replace, write_once
from deskc.publish.folder import locked
from deskc.publish.store import LOCK_TIMEOUT_S
from deskc.publish.tuf.keys import ROOT_FILE, Keys
from deskc.publish.tuf.roles import TOP, Days, delegator, spoken

__all__ = ["SignedFolder", "existing"]

_FIELD = "deskc"  # what we add to root's signed part
_HEADS = "heads"  # and to the snapshot's: a commit a bot
_HASH = ["sha256"]
_SHOWN = 12  # digits of a key's id
_NAMED = 3  # roles that lack a key
_NOTHING = "publish again from a copy, or let deskc verify say what else is wrong"


class SignedFolder(Repository):
    """The metadata of the channel in a folder; `new` says that there is none yet.

    `commit` raises DeskcError, and writes nothing, where a role that changed lacks signatures; so does whatever opens
    metadata that is missing, or is not what the trusted root's keys have signed.
    """

    def __init__(self, folder: Path, keys: Keys, *, now: datetime, new: bool = False) -> None:
        self.keys = keys
        self._folder = folder
        self._now = now
        self._new = new
        self._opened: dict[str, Metadata[Any]] = {}
        self._changed: set[str] = set()
        self._sealed: dict[str, bytes] = {}
        self._retiring: dict[str, tuple[str, ...]] = {}
        self._previous: Root | None = None
        self._notes: list[str] = []

    @property
    def days(self) -> Days:
        """For how many days each role's metadata counts, as root says."""
        return Days(**self.root().unrecognized_fields[_FIELD]["days"])

    @days.setter
    def days(self, days: Days) -> None:
        self.root().unrecognized_fields[_FIELD] = {"days": days._asdict()}

    def notes(self) -> tuple[str, ...]:
        """Return a sentence for each role that should be signed again soon, and by which keys."""
        return tuple(self._notes)

    def roles(self) -> tuple[str, ...]:
        """Return every role that signs targets."""
        return tuple(name.removesuffix(".json") for name in self.snapshot().meta)

    def delegated(self, role: str) -> dict[str, DelegatedRole]:
        """Return whom a role delegates to; what is changed in it counts inside `edit_targets` alone."""
        found = self.targets(role)
        if found.delegations is not None and found.delegations.roles is not None:
            return found.delegations.roles
        roles: dict[str, DelegatedRole] = {}
        found.delegations = Delegations(keys={}, roles=roles)
        return roles

    def set_heads(self, heads: Mapping[Target, Sha]) -> None:
        """Write down, in the snapshot's signed part, how far the channel has followed git for some bots."""
        with self.edit_snapshot() as snapshot:
            known = snapshot.unrecognized_fields.get(_HEADS, {})
            snapshot.unrecognized_fields[_HEADS] = known | {str(target): commit for target, commit in heads.items()}

    def head(self, target: Target) -> Sha | None:
        """Return how far the channel has followed git for a bot, None where nothing is written down."""
        found = self.snapshot().unrecognized_fields.get(_HEADS, {}).get(str(target))
        return None if found is None else Sha(found)

    def key_ids(self, role: str) -> tuple[str, ...]:
        """Return the ids of the keys that may sign a role."""
        return tuple(self._delegator(role).get_delegated_role(role).keyids)

    def retire(self, role: str, key_id: str) -> None:
        """Let a key that leaves a role sign it once more, for whoever has not heard of the change."""
        self._retiring[role] = (*self._retiring.get(role, ()), key_id)

    def open(self, role: str) -> Metadata[Any]:
        """Return a role's metadata, checked; a role that has none yet begins."""
        if role not in self._opened:
            with self._explained(role):
                self._opened[role] = self._root() if role == Root.type else self._read(role)
        return self._opened[role]

    def close(self, role: str, md: Metadata[Any]) -> None:
        """Give changed metadata its version and its expiry; it is signed once all has changed."""
        if role not in self._changed:
            md.signed.version += 1
        md.signed.expires = self._now + timedelta(days=self.days.of(role))
        self._changed.add(role)
        self._sealed.pop(role, None)

    @property
    def targets_infos(self) -> dict[str, MetaFile]:
        """Return what the next snapshot shall say of the roles that changed."""
        roles = (role for role in self._changed if role not in TOP or role == Targets.type)
        return {f"{role}.json": self._info(role) for role in sorted(roles)}

    @property
    def snapshot_info(self) -> MetaFile:
        """Return what the next timestamp shall say of the snapshot."""
        return self._info(Snapshot.type) if Snapshot.type in self._changed else self.timestamp().snapshot_meta

    def commit(self, *, every: bool = False) -> None:
        """Sign again what is due among the roles that were opened, or every one, then write what changed."""
        for role in (Root.type, *(self.roles() if every else self._opened)):
            if role not in (Snapshot.type, Timestamp.type) and self._to_renew(role):
                with self.edit(role):
                    pass  # a new version and expiry are all that changes
        self.do_snapshot(force=self._to_renew(Snapshot.type))
        self.do_timestamp(force=every or self._due(Timestamp.type))
        self._require_signatures()
        self.keys.save()
        self._write()

    def _seal(self, role: str) -> bytes:
        """Return a changed role's metadata with the signatures of the keys at hand."""
        if role not in self._sealed:
            md = self._opened[role]
            md.signatures.clear()
            for key_id in dict.fromkeys((*self._signing(role), *self._retiring.get(role, ()))):
                signer = self.keys.signer(key_id)
                if signer is not None:
                    md.sign(signer, append=True)
            self._sealed[role] = md.to_bytes()
        return self._sealed[role]

    def _to_renew(self, role: str) -> bool:
        """Say whether a role that did not change shall be signed again and can be; note where it cannot."""
        if role in self._changed or not self._due(role):
            return False
        missing = self._missing(role)
        if missing:
            expires = self.open(role).signed.expires
            self._notes.append(f"{spoken(role)} counts until {expires:%Y-%m-%d}, and to sign it again {missing}")
        return not missing

    def _due(self, role: str) -> bool:
        """Say whether less than half of a role's time is left."""
        left: timedelta = self.open(role).signed.expires - self._now
        return left < timedelta(days=self.days.of(role)) / 2

    def _missing(self, role: str) -> str:
        """Return which keys are missing to sign a role, empty where enough are at hand."""
        needed = self._delegator(role).get_delegated_role(role)
        absent = [key_id for key_id in needed.keyids if self.keys.signer(key_id) is None]
        lacking = needed.threshold - len(needed.keyids) + len(absent)
        if lacking <= 0:
            return ""
        return f"{lacking} of the keys {', '.join(one[:_SHOWN] for one in absent)} must be in {self.keys}"

    def _require_signatures(self) -> None:
        missing = []
        for role in sorted(self._changed):
            self._seal(role)
            md = self._opened[role]
            delegators = [self._delegator(role), *([self._previous] if role == Root.type and self._previous else [])]
            results = [one.get_verification_result(role, md.signed_bytes, md.signatures) for one in delegators]
            for result in results:
                if not result.verified:
                    absent = ", ".join(key_id[:_SHOWN] for key_id in result.unsigned)
                    missing.append(f"{spoken(role)} ({result.missing} of {absent})")
                    break
        if missing:
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            msg = f"nothing was published: keys are missing in {self.keys} for {', '.join(missing[:_NAMED])}{more}"
            raise DeskcError(msg, help="name each folder that holds some with --keys, or publish less with --env")

    def _write(self) -> None:
        """Write what changed: what nothing names yet, then the timestamp that names it, then a new root.

        Metadata is signed by the keys of both roots, so bots that know either one accept it at every moment.
        """
        for role in sorted(self._changed - {Root.type}, key=Timestamp.type.__eq__):
            replace(self._path(role, self._opened[role].signed.version), self._seal(role))
        if Root.type in self._changed:
            write_once(self._path(Root.type, self.root().version), self._seal(Root.type), durable=True)
            replace(self.keys.folders[0] / ROOT_FILE, self._seal(Root.type))

    def _info(self, role: str) -> MetaFile:
        return MetaFile.from_data(self._opened[role].signed.version, self._seal(role), _HASH)

    def _delegator(self, role: str) -> Root | Targets:
        name = delegator(role)
        return self.root() if name == Root.type else self.targets(name)

    def _signing(self, role: str) -> tuple[str, ...]:
        """Return the ids of the keys that shall sign a role; a new root's are those of both roots."""
        before = self._previous.get_delegated_role(role).keyids if role == Root.type and self._previous else ()
        return (*self.key_ids(role), *before)

    def _path(self, role: str, version: int) -> Path:
        name = f"{role}.json" if role == Timestamp.type else f"{version}.{role}.json"
        return self._folder / "metadata" / name

    def _root(self) -> Metadata[Root]:
        """Return the newest root that the chain from the trusted one leads to."""
        if self._new:
            return _begun(Root.type)
        found = Metadata[Root].from_bytes(self.keys.root())
        found.signed.verify_delegate(Root.type, found.signed_bytes, found.signatures)
        while (path := self._path(Root.type, found.signed.version + 1)).exists():
            following = Metadata[Root].from_bytes(path.read_bytes())
            result = following.signed.get_root_verification_result(
                found.signed, following.signed_bytes, following.signatures
            )
            if not result.verified:
                msg = f"{path.name} is not signed by the keys of the root before it"
                raise RepositoryError(msg)
            found = following
        self._previous = Metadata[Root].from_bytes(found.to_bytes()).signed
        return found

    def _read(self, role: str) -> Metadata[Any]:
        """Return a role's metadata as its delegator's keys have signed it and its snapshot lists it."""
        listed = self._listed(role)
        if listed is None:
            return _begun(role)
        data = self._path(role, listed.version).read_bytes()
        listed.verify_length_and_hashes(data)
        found = Metadata[Any].from_bytes(data)
        self._delegator(role).verify_delegate(role, found.signed_bytes, found.signatures)
        if role != Timestamp.type and found.signed.version != listed.version:
            msg = f"version {listed.version} is listed, and {found.signed.version} is there"
            raise RepositoryError(msg)
        return found

    def _listed(self, role: str) -> MetaFile | None:
        """Return what stands over a role's file, None where the role is new."""
        if self._new:
            return None
        if role == Timestamp.type:
            return MetaFile()
        return self.timestamp().snapshot_meta if role == Snapshot.type else self.snapshot().meta.get(f"{role}.json")

    @contextmanager
    def _explained(self, role: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            msg = f"{self._folder} has no metadata of {spoken(role)}, so it is no signed channel, or half of one"
            raise DeskcError(msg, help="deskc keys init DIR --channel URL begins one") from error
        except OSError as error:
            msg = f"the metadata of {spoken(role)} in {self._folder} cannot be read: {error.strerror}"
            raise DeskcError(msg, help="make it readable, or publish to another channel") from error
        except (RepositoryError, ValueError, KeyError) as error:
            msg = f"the metadata of {spoken(role)} in {self._folder} is not what its keys signed: {error}"
            raise DeskcError(msg, help=_NOTHING) from error


@contextmanager
def existing(folder: Path, *, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the lock of a signed channel; raise DeskcError where there is none, before a lock would make its folder."""
    if not (folder / "metadata").is_dir():
        msg = f"{folder} is no signed channel yet"
        raise DeskcError(msg, help="deskc keys init DIR --channel URL begins one")
    with locked(folder, timeout_s=timeout_s):
        yield


def _begun(role: str) -> Metadata[Any]:
    """Return metadata of version 0, which `close` makes the first."""
    if role == Root.type:
        signed: Root | Snapshot | Timestamp | Targets = Root(consistent_snapshot=True)
    elif role == Snapshot.type:
        signed = Snapshot(meta={})
    elif role == Timestamp.type:
        signed = Timestamp()
        signed.snapshot_meta.version = 0
    else:
        signed = Targets(delegations=Delegations(keys={}, roles={}))
    signed.version = 0
    return Metadata(signed)
