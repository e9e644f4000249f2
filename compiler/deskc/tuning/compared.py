"""Measure a desk's ladders and compare them with the lock that holds them."""

from deskc.core.documents import Tree
from deskc.core.findings import in_order
from deskc.core.outcome import Outcome
from deskc.pipeline import Prepared
from deskc.tuning.lock import Measurements, lock_of, no_lock
from deskc.tuning.measure import measure, subjects
from deskc.tuning.regress import regress

__all__ = ["compared"]


def compared(prepared: Prepared, folder: str, base: Tree | None) -> Outcome[Measurements | None]:
    """Return what the desk in a folder of a tree is worth, with what got worse against a base's lock, its own if None.

    Where the base has no lock the tree's own counts. Where an error keeps something from being known nothing is
    measured. Raise DeskcError where a preset cannot be read.
    """
    own, found = lock_of(prepared.tree, folder), subjects(prepared)
    held = own if base is None else lock_of(base, folder)
    errors = dict.fromkeys((*found.findings, *own.findings, *held.findings))
    if errors:
        return Outcome(None, in_order(errors))
    lock = held.value or own.value or no_lock(folder)
    measured = measure(found.value, lock.budget)
    places = {name: one.place for name, one in found.value.ladders.items()}
    refreshed = own.value if lock is held.value else None
    return Outcome(measured, in_order(regress(lock, measured, refreshed=refreshed, ladders=places)))
