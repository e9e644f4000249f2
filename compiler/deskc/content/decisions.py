"""What a tree decided beside its settings, and what of it counts against a base; reading none costs a look alone."""

from collections.abc import Iterable, Iterator

from deskc.core.decisions import (
    BASELINE,
    NOTHING_DECIDED,
    QUARANTINE,
    Accepted,
    Decisions,
    Suppression,
    Withdrawn,
)
from deskc.core.documents import Tree
from deskc.core.findings import Finding, Place
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.sdk import Rule

__all__ = ["counted", "load_decisions"]

_MARK = b"deskc:"  # what the bytes of a file hold that may hold a suppression
_SHOWN = 5  # new lines of the baseline that one finding points at


def load_decisions(tree: Tree, layers: Layers, rules: Iterable[Rule] | None) -> Outcome[Decisions]:
    """Read a tree's suppressions, baseline and quarantine; None for its rules where nothing is to be judged by them."""
    files = tree.files
    baseline, quarantine = (f"{layers.desk.folder}{name}" for name in (BASELINE, QUARANTINE))
    marked = [path for path, document in layers.documents.items() if _MARK in files[path] and not document.broken]
    if not marked and baseline not in files and quarantine not in files:
        return Outcome(NOTHING_DECIDED)
    comments = _comments(tree, marked, layers, rules)
    accepted = _accepted(baseline, files.get(baseline))
    withdrawn = _withdrawn(quarantine, files.get(quarantine), layers)
    decisions = Decisions(comments.value, accepted.value, withdrawn.value)
    return Outcome(decisions, (*comments.findings, *accepted.findings, *withdrawn.findings))


def _comments(
    tree: Tree, marked: Iterable[str], layers: Layers, rules: Iterable[Rule] | None
) -> Outcome[tuple[Suppression, ...]]:
    found: list[Suppression] = []
    findings: list[Finding] = []
    for path in marked:
        from deskc.content.comments import read_comments  # noqa: PLC0415 - libyaml's import, where a comment needs it

        read = read_comments(layers.documents[path], tree.files[path])
        found += read.value
        findings += read.findings
    if not found or rules is None:
        return Outcome(tuple(found), tuple(findings))
    from deskc.content.authority import judged_comments  # noqa: PLC0415 - the catalogue of codes, likewise

    judged = judged_comments(found, rules, layers, now=tree.now)
    return Outcome(judged.value, (*findings, *judged.findings))


def _accepted(path: str, data: bytes | None) -> Outcome[tuple[Accepted, ...]]:
    if data is None:
        return Outcome(())
    from deskc.content.listed import read_baseline  # noqa: PLC0415 - only a desk with a baseline needs it

    return read_baseline(path, data)


def _withdrawn(path: str, data: bytes | None, layers: Layers) -> Outcome[tuple[Withdrawn, ...]]:
    if data is None:
        return Outcome(())
    from deskc.content.listed import read_quarantine  # noqa: PLC0415 - only a desk with a quarantine needs it

    read = read_quarantine(path, data)
    if any(document.broken for document in layers.documents.values()):
        return read  # who knows whom a broken file declares
    return Outcome(read.value, (*read.findings, *_unknown(read.value, layers)))


def _unknown(entries: Iterable[Withdrawn], layers: Layers) -> Iterator[Finding]:
    """Yield a warning for each withdrawal whose bot or coin nobody bears: a mistyped one would protect from nothing."""
    from deskc.core.violations import close_to  # noqa: PLC0415 - as the quarantine itself

    bots = {name for bot in layers.bots.values() for name in (bot.id, *bot.formerly)}
    coins = {coin for bot in layers.bots.values() for listed in bot.coins.values() for coin in listed}
    for entry in entries:
        asked = (("bot", entry.bot, bots), ("coin", entry.coin, coins))
        for what, name, known in asked:
            if name is not None and name not in known:
                guess = close_to(name, known)
                way_out = f"did you mean {guess}?" if guess else f"name a {what} of the desk, or delete the line"
                message = f"the desk has no {what} {name}, so what was withdrawn for it withdraws nothing"
                yield Finding("QUAR002", "warning", message, way_out, (entry.place,))


def counted(head: Decisions, base: Decisions) -> Outcome[Decisions]:
    """Return what counts of a head's decisions once its base judges it, with a warning of what does not yet.

    What lets something pass counts where both have it, so nothing passes here that would not pass after the merge; what
    was withdrawn counts where either has it.
    """
    known = {comment.fact for comment in base.suppressions}
    listed = {entry.fact for entry in base.baseline}
    held = {entry.fact for entry in head.quarantine}
    lifted = [entry for entry in base.quarantine if entry.fact not in held]
    decisions = Decisions(
        tuple(comment for comment in head.suppressions if comment.fact in known),
        tuple(entry for entry in head.baseline if entry.fact in listed),
        (
            *head.quarantine,
            *(entry._replace(place=Place(entry.place.path, role="withdrawn in the base")) for entry in lifted),
        ),
    )
    return Outcome(decisions, (*_new_comments(head, known), *_new_lines(head, listed)))


def _new_comments(head: Decisions, known: set[tuple[object, ...]]) -> Iterator[Finding]:
    for comment in head.suppressions:
        if comment.fact not in known:
            message = f"the suppression of {', '.join(comment.codes)} is not in the base, so it does not count yet"
            yield Finding(
                "SUP007", "warning", message, "let it be reviewed; it counts once it is merged", (comment.place,)
            )


def _new_lines(head: Decisions, listed: set[tuple[str, str]]) -> Iterator[Finding]:
    fresh = [entry.place for entry in head.baseline if entry.fact not in listed]
    if fresh:
        message = (
            f"{len(fresh)} of {len(head.baseline)} lines of the baseline are not in the base, so they do not count yet"
        )
        yield Finding("BASE003", "warning", message, "let them be reviewed and merged first", tuple(fresh[:_SHOWN]))
