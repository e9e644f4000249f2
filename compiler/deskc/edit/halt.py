"""Stop a bot or a coin by its settings, and let it go on: which layers change, and to what.

A halt puts `trading.enabled: false` where nothing speaks after it: into the layer of the bot in the environment, of
the coin there, and into more specific ones as far as they turn it on again. To resume is to put back what stood there.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from deskc.core.desk import Desk
from deskc.core.errors import DeskcError
from deskc.core.resolved import Scope
from deskc.core.scopes import ScopeId, Target
from deskc.core.snapshots import Sha
from deskc.edit.addition import Addition, overlaid
from deskc.edit.drop import drop, value_at
from deskc.edit.put import put
from deskc.gitio.history import changed_files, messages
from deskc.gitio.objects import Objects
from deskc.pipeline import Prepared, prepare, scopes_of
from deskc.publish.files import replace
from deskc.stages.read import Source

__all__ = ["SETTING", "halted_texts", "halting_commit", "message", "on_disk", "resumed_texts", "text_at"]

SETTING = "trading.enabled"
_STEPS = ("trading", "enabled")
_LEVELS = (("environment", "bot"), ("environment", "bot", "coin"), ("environment", "bot", "coin", "side"))


def halted_texts(source: Source, folder: str, prepared: Prepared, asked: ScopeId) -> dict[str, str]:
    """Return, by path, the new texts of the layers by which a bot, or one coin of it, opens no more positions.

    Nothing is returned where it opens none already. Raise DeskcError where the hierarchy has no layer for that.
    """
    desk, texts = _desk(prepared), dict[str, str]()
    enabled = [*_enabled(prepared, asked)]
    for axes in _LEVELS[0 if asked.coin is None else 1 :]:
        for names in {_names(scope, axes) for scope in enabled}:
            path = _layer(desk, dict(zip(axes, names, strict=True)))
            text = texts.get(path, prepared.tree.files.get(path, b"").decode())
            texts[path] = put(text, _STEPS, value=False)
        edited = prepare(overlaid(source, Addition({}, texts)), folder, with_rules=False)
        enabled = [*_enabled(edited, asked)]
        if not enabled:
            return texts
    msg = f"{enabled[0]} would go on trading, for a reference or a template turns {SETTING} on again"
    raise DeskcError(msg, help=f"see deskc explain {SETTING}; deskc halt --local stops it now")


def message(verb: str, asked: ScopeId, reason: str) -> str:
    """Return the commit message of a halt or its end; its last lines are for programs."""
    subject = f"{verb.capitalize()} {asked}"
    return (
        f"{subject}\n\n{reason}\n\n{_scope_line(asked)}\nDeskc-Verb: {verb}\nDeskc-Reason: {' '.join(reason.split())}\n"
    )


def halting_commit(root: Path, head: Sha, asked: ScopeId) -> Sha:
    """Return the commit that halted just this, and has not been taken back; raise DeskcError where there is none."""
    for sha, text in messages(root, head, _scope_line(asked)):
        if "\nDeskc-Verb: halt\n" in text:
            return sha
        if "\nDeskc-Verb: resume\n" in text:
            break
    msg = f"no commit that halts {asked} waits to be taken back"
    raise DeskcError(msg, help="deskc explain trading.enabled says what keeps it from trading")


def resumed_texts(objects: Objects, head: Sha, halt: Sha) -> dict[str, str | None]:
    """Return, by path, the texts of the layers without what a halting commit put there; None for a file that goes.

    A layer that nobody touched since is put back as it was, to the byte.
    """
    (before,) = objects.commit(halt).parents[:1]
    texts: dict[str, str | None] = {}
    for path in changed_files(objects.root, halt):
        old, made, now = (text_at(objects, sha, path) for sha in (before, halt, head))
        if now is None:
            continue  # whoever removed the layer has taken the halt back
        texts[path] = old if now == made else _changed(now, value_at(old or "", _STEPS))
    return texts


def on_disk(root: Path, texts: Mapping[str, str | None], base: Callable[[str], str | None]) -> None:
    """Bring the files of a working tree along with a commit of these texts.

    `base` returns the text that a file had in the commit before. A file with edits of its own keeps them and gets just
    the setting, or committing those edits would undo the halt.
    """
    for path, text in texts.items():
        file = root / path
        there = file.read_text(encoding="utf-8") if file.is_file() else None
        if there == base(path):
            after = text
        else:
            after = None if there is None and text is None else _changed(there or "", value_at(text or "", _STEPS))
        if after is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            replace(file, after.encode())


def _changed(text: str, value: bool | None) -> str:  # noqa: FBT001 - the setting's value
    return drop(text, _STEPS) if value is None else put(text, _STEPS, value)


def _enabled(prepared: Prepared, asked: ScopeId) -> Iterator[ScopeId]:
    """Yield the coins' scopes that may still open positions, of those that are meant."""
    for scope in scopes_of(prepared, Target(asked.environment, asked.bot)).value:
        meant = asked.coin in (None, scope.id.coin) and asked.side in (None, scope.id.side)
        if meant and scope.id.coin is not None and _may_trade(scope):
            yield scope.id


def _may_trade(scope: Scope) -> bool:
    leaf = scope.find(SETTING)
    return leaf is not None and leaf.value is not False


def _names(scope: ScopeId, axes: tuple[str, ...]) -> tuple[str, ...]:
    known: Mapping[str, str | None] = scope._asdict()
    return tuple(known[axis] or "" for axis in axes)


def _layer(desk: Desk, names: Mapping[str, str]) -> str:
    """Return the path of the layer whose axes are exactly these."""
    level = next((one for one in desk.hierarchy if {*one.axes} == names.keys()), None)
    if level is None or not all(names.values()):
        msg = f"the hierarchy has no level for {', '.join(names)} together, where a halt belongs"
        raise DeskcError(msg, help="add one to desk.yaml; deskc halt --local stops the bot now")
    return f"{desk.folder}{level.path(names)}"


def _desk(prepared: Prepared) -> Desk:
    if prepared.layers is None:
        msg = "desk.yaml has errors, so no layer can be found"
        raise DeskcError(msg, help="run deskc check; deskc halt --local stops the bot now")
    return prepared.layers.desk


def _scope_line(asked: ScopeId) -> str:
    return f"Deskc-Scope: {asked}"


def text_at(objects: Objects, sha: Sha, path: str) -> str | None:
    """Return what a layer's file holds in a commit, None where there is none."""
    entry = objects.entry(sha, path)
    if entry is None:
        return None
    (data,) = objects.blobs([entry.oid], limit=1 << 20)
    return None if data is None else data.decode()
