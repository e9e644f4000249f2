"""Who may sign for a channel: its beginning, environments that join, keys that are replaced."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tuf.api.metadata import DelegatedRole, Root, Targets

from deskc.core.errors import DeskcError
from deskc.publish.folder import locked
from deskc.publish.store import LOCK_TIMEOUT_S
from deskc.publish.tuf.keys import Keys
from deskc.publish.tuf.metadata import SignedFolder, existing
from deskc.publish.tuf.roles import TOP, Days, delegator, environment_role, spoken

__all__ = ["Policy", "Rotation", "begin", "join", "rotate"]


class Policy(NamedTuple):
    """How many of how many keys must sign root and targets, and for how many days each role's metadata counts."""

    threshold: int = 2
    of: int = 3
    days: Days = Days()


class Rotation(NamedTuple):
    """Which key took whose place in a role."""

    role: str
    old: str
    new: str


def begin(folder: Path, keys: Keys, environments: Sequence[str], *, policy: Policy, now: datetime) -> None:
    """Make a channel's keys, and metadata that delegates to environments; raise DeskcError where there is one."""
    if not 1 <= policy.threshold <= policy.of:
        msg = f"{policy.threshold} of {policy.of} keys can never sign"
        raise DeskcError(msg, help="give --threshold at least 1 and at most --of")
    if min(policy.days) < 1:
        raise DeskcError("metadata must count for a day at least", help="give days of 1 and above")
    if (folder / "metadata").exists():
        msg = f"{folder} is a signed channel already"
        raise DeskcError(msg, help="add environments with --env, or name another folder")
    with locked(folder, timeout_s=LOCK_TIMEOUT_S):
        metadata = SignedFolder(folder, keys, now=now, new=True)
        with metadata.edit_root() as root:
            metadata.days = policy.days
            for role in TOP:
                count, threshold = (policy.of, policy.threshold) if role in ("root", "targets") else (1, 1)
                for _ in range(count):
                    root.add_key(keys.make(role).public_key, role)
                root.roles[role].threshold = threshold
        with metadata.edit_targets():
            pass
        _delegate(metadata, environments)
        metadata.commit()


def join(folder: Path, keys: Keys, environments: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    """Let a channel delegate to more environments; return those that it did not have."""
    with existing(folder):
        metadata = SignedFolder(folder, keys, now=now)
        known = metadata.delegated(Targets.type)
        joining = tuple(one for one in environments if environment_role(one) not in known)
        if joining:
            _delegate(metadata, joining)
            metadata.commit()
        return joining


def rotate(folder: Path, keys: Keys, role: str, *, old: str | None, now: datetime) -> Rotation:
    """Replace a role's oldest key, or the one whose id begins with `old`, by a new one.

    What the role has signed is signed again, by the old and the new keys; so is a new root.
    """
    with existing(folder):
        metadata = SignedFolder(folder, keys, now=now)
        above = delegator(role)
        try:
            known = metadata.key_ids(role)
        except (ValueError, DeskcError) as error:
            msg = f"the channel has no role {spoken(role)}"
            raise DeskcError(msg, help="name root, targets, snapshot, timestamp, ENV or ENV/BOT") from error
        leaving = next((one for one in known if old is None or one.startswith(old)), None)
        if leaving is None:
            msg = f"{spoken(role)} has no key {old}"
            raise DeskcError(msg, help=f"its keys are {', '.join(one[:12] for one in known)}")
        key = keys.make(role).public_key
        metadata.open(role)  # checked by the keys that signed it
        metadata.retire(role, leaving)
        with metadata.edit(above) as signed:
            signed.revoke_key(leaving, role)  # type: ignore[attr-defined]  # root or targets: both delegate
            signed.add_key(key, role)  # type: ignore[attr-defined]  # as above
        if role != Root.type:
            with metadata.edit(role):
                pass  # signed again
        metadata.commit()
        return Rotation(role, leaving, key.keyid)


def _delegate(metadata: SignedFolder, environments: Sequence[str]) -> None:
    with metadata.edit_targets() as targets:
        delegated = metadata.delegated(Targets.type)
        for environment in environments:
            role = environment_role(environment)
            delegated[role] = DelegatedRole(role, [], 1, terminating=True, paths=[f"{environment}/*/*"])
            targets.add_key(metadata.keys.make(role).public_key, role)
    for environment in environments:
        with metadata.edit_targets(environment_role(environment)):
            pass  # it delegates to nobody yet
