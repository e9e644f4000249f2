"""How the bots are doing: what each runs and should run, what waits, when it was heard of, whether it is halted."""

from collections.abc import Iterator, Mapping
from json import dumps
from typing import Any, NamedTuple

from deskc.core.canonical import Digest
from deskc.core.scopes import Target
from deskc.core.snapshots import Sha
from deskc.core.times import text
from deskc.ledger.ledger import Run, RunStatus
from deskc.report.table import table

__all__ = ["BotStatus", "Wanted", "status_json", "status_text"]

_HEADERS = ("bot", "runs", "wanted", "heard of", "channel", "restart", "last fill", "halt")
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


class Wanted(NamedTuple):
    """What a bot should run: the snapshot that a channel names, or the newest recorded build."""

    commit: Sha | None
    digest: Digest


class BotStatus(NamedTuple):
    """One run, or a bot that never activated anything, whose `runs` is None; `halts` are reasons, by coin."""

    target: Target
    runs: RunStatus | None
    wanted: Wanted | None
    halts: Mapping[str, str]

    @property
    def in_step(self) -> bool | None:
        """Say whether it runs what it should; None where one of the two is not known."""
        return None if self.runs is None or self.wanted is None else self.runs.digest == self.wanted.digest

    @property
    def run(self) -> Run:
        """Return who this is."""
        return self.runs.run if self.runs else Run(*self.target)


def status_json(rows: tuple[BotStatus, ...], *, now_ns: int) -> str:
    """Write one object a run; ages are seconds, times text, and null stands for what nobody said."""
    return dumps({"bots": [_record(row, now_ns) for row in rows]}, ensure_ascii=False, indent=2) + "\n"


def status_text(rows: tuple[BotStatus, ...], *, now_ns: int) -> str:
    """Write one line a run, and below the table the reasons of what is not well."""
    if not rows:
        return "No bot has activated anything, and nothing is compiled.\n"
    lines = table([_cells(row, now_ns) for row in rows], _HEADERS)
    notes = [note for row in rows for note in _notes(row)]
    return f"{lines}\n" + "".join(f"{note}\n" for note in notes) if notes else lines


def _record(row: BotStatus, now_ns: int) -> dict[str, Any]:
    runs, wanted = row.runs, row.wanted
    said: Mapping[str, Any] = runs.said if runs else {}
    return {
        **row.run._asdict(),
        "running_sha": runs and runs.commit,
        "running_digest": runs and runs.digest,
        "wanted_sha": wanted and wanted.commit,
        "wanted_digest": wanted and wanted.digest,
        "in_step": row.in_step,
        "activated_at": _time(runs and runs.activated_at_ns),
        "heartbeat_at": _time(runs and runs.heartbeat_ns),
        "age_s": _age_s(runs and runs.heartbeat_ns, now_ns),
        "channel_age_s": said.get("age_s"),
        "channel_reason": said.get("reason"),
        "reduce_only": said.get("reduce_only"),
        "pending_restart": said.get("pending", []),
        "last_fill_at": _time(runs and runs.last_fill_ns),
        "halts": dict(row.halts),
    }


def _cells(row: BotStatus, now_ns: int) -> tuple[object, ...]:
    runs = row.runs
    pending = runs.said.get("pending") if runs else None
    return (
        row.run,
        f"{runs.commit[:8]} · {runs.digest[:8]}" if runs else "never",
        _wanted(row),
        _ago(runs and runs.heartbeat_ns, now_ns),
        _ago_s(runs.said.get("age_s")) if runs else "",
        f"{len(pending)} wait" if isinstance(pending, list) and pending else "",
        _ago(runs and runs.last_fill_ns, now_ns),
        ", ".join(coin or "all" for coin in row.halts),
    )


def _wanted(row: BotStatus) -> str:
    if row.wanted is None:
        return "unknown"
    commit = f"{row.wanted.commit[:8]} · " if row.wanted.commit else ""
    return "the same" if row.in_step else f"{commit}{row.wanted.digest[:8]}"


def _notes(row: BotStatus) -> Iterator[str]:
    """Yield what a cell has no room for."""
    for coin, reason in row.halts.items():
        yield f"{row.run}{f'/{coin}' if coin else ''} is halted: {reason}"
    said = row.runs.said if row.runs else {}
    if said.get("reason"):
        yield f"{row.run} keeps its snapshot: {said['reason']}"
    if said.get("reduce_only"):
        yield f"{row.run} only reduces positions: its settings are too old"
    for waits in said.get("pending") or ():
        yield f"{row.run} waits for a restart with {waits}"


def _time(ns: int | None) -> str | None:
    return None if ns is None else text(ns)


def _age_s(ns: int | None, now_ns: int) -> float | None:
    return None if ns is None else max(0, now_ns - ns) / 10**9


def _ago(ns: int | None, now_ns: int) -> str:
    return _ago_s(_age_s(ns, now_ns))


def _ago_s(seconds: object) -> str:
    """Write an age as people say it; empty where there is none."""
    if not isinstance(seconds, (int, float)):
        return ""
    for unit, size in (("d", _DAY_S), ("h", _HOUR_S), ("min", _MINUTE_S)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"
