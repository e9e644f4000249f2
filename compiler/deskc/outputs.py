"""What a compilation leaves behind: files in their places, build records in the ledger."""

from collections.abc import Sequence
from pathlib import Path

from deskc.content import digest_of
from deskc.core.canonical import Digest, encode
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Sha
from deskc.core.version import VERSION
from deskc.gitio.repository import is_ancestor
from deskc.ledger.open import open_ledger
from deskc.pipeline import Compilation
from deskc.publish.files import Staging, replace
from deskc.publish.publish import Force, Publication, publish
from deskc.publish.store import Store, current_name

__all__ = ["builds", "mark_dirty", "placed", "published", "record"]


def builds(compilation: Compilation) -> tuple[Build, ...]:
    """Return the build record of each snapshot of a compiled commit."""
    prepared = compilation.prepared
    if prepared.commit is None or prepared.layers is None:
        return ()
    desk = prepared.layers.desk
    rules = digest_of(prepared.tree, desk.validators)
    markets = digest_of(prepared.tree, desk.markets)
    return tuple(
        Build(
            commit=Sha(prepared.commit.sha),
            environment=snapshot.environment,
            bot=snapshot.bot,
            digest=Digest(snapshot.digest),
            rules_digest=rules,
            schemas_digest=prepared.layers.schemas.digest,
            markets_digest=markets,
            compiler_version=VERSION,
        )
        for snapshot in compilation.snapshots
    )


def placed(compilation: Compilation, staging: Staging) -> Compilation:
    """Put the snapshots that were kept aside in their places."""
    return compilation._replace(snapshots=tuple(map(staging.place, compilation.snapshots)))


def mark_dirty(compilation: Compilation, folder: Path) -> None:
    """Beside each snapshot of uncommitted edits write a pointer that says so; nothing of them is ever recorded."""
    for snapshot in compilation.snapshots:
        target = Target(snapshot.environment, snapshot.bot)
        known = {"environment": target.environment, "bot": target.bot, "digest": snapshot.digest}
        pointer = {"commit": None, "dirty": True, **known}
        replace(folder / current_name(target), f"{encode(pointer)}\n".encode())


def record(compilation: Compilation, made: Sequence[Build], url: str, *, recorded_at_ns: int) -> frozenset[Target]:
    """Record a compiled commit's builds; return the targets that this commit changed, as far as the ledger knows."""
    commit = compilation.prepared.commit
    if commit is None:
        raise ValueError("uncommitted edits are never recorded")
    with open_ledger(url, create=True) as ledger:
        pairs = tuple(zip(made, compilation.snapshots, strict=True))
        return ledger.record(commit, pairs, recorded_at_ns=recorded_at_ns)


def published(
    compilation: Compilation, made: Sequence[Build], store: Store, *, root: Path, force: Force | None
) -> tuple[Publication, ...]:
    """Make a compiled commit's builds current in a channel; `root` is the repository that knows who descends."""
    by_digest = {snapshot.digest: snapshot for snapshot in compilation.snapshots}
    return publish(
        store,
        made,
        data=lambda build: by_digest[build.digest].data(),
        is_descendant=lambda old, new: is_ancestor(root, old, new),
        force=force,
    )
