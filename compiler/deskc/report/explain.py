"""An explained setting, as text and as JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from deskc.core.findings import Place
from deskc.core.violations import shown
from deskc.gitio.history import LineAuthor
from deskc.plan.consulted import Consulted, Hit
from deskc.plan.explain import Bound, Explanation
from deskc.plan.provenance import Cause, Provenance, Unknown
from deskc.plan.settings import Facts
from deskc.report.cells import escape, width
from deskc.report.scopes import count
from deskc.report.styles import Line, Style, coloured, plain

__all__ = ["explain_json", "explain_text"]

_SHORT = 12  # digits of a commit's id
_DIGEST = 8
_LIMITS = {
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "const": "only {}",
    "pattern": "the form {}",
}
_Row = tuple[str, str, str, Style]


def explain_text(told: Explanation, history: Provenance, *, color: bool = False) -> str:
    """Write the value, a line for each layer in order, and what is known of the setting and its history."""
    lines: list[Line] = [((_headline(told), "strong"),), ()]
    rows = [(path, value, note, style) for path, value, note, style in _rows(told)]
    lines += _aligned(rows)
    lines += [(), *(((f"  {name:<9}", "label"), (f" {escape(said)}", "")) for name, said in _facts(told, history))]
    return coloured(lines) if color else plain(lines)


def _headline(told: Explanation) -> str:
    unit = f" {told.facts.unit}" if told.facts.unit and told.value is not None else ""
    if told.lines is not None:
        says = f"holds {count(len(told.lines), 'setting')}"
    else:
        says = f"is {shown(told.value)}{unit}" if told.is_set else "is not set"
    return escape(f"{told.key} {says} in {told.scope}")


def _aligned(rows: list[_Row]) -> Iterator[Line]:
    """Yield rows with their columns below each other; the winner is marked."""
    texts = [[escape(text) for text in row[:3]] for row in rows]
    wide = [max((width(row[index]) for row in texts), default=0) for index in (0, 1)]
    for (where, value, note), row in zip(texts, rows, strict=True):
        mark = "→ " if row[3] == "strong" else "  "
        padded = f"{mark}{where}{' ' * (wide[0] - width(where))}  {value}{' ' * (wide[1] - width(value))}  {note}"
        yield ((padded.rstrip(), row[3]),)


def _rows(told: Explanation) -> Iterator[_Row]:
    if told.lines is not None:
        for line in told.lines:
            yield line.path, shown(line.value), f"{_at(line.place)}{', default' * line.is_default}", ""
        return
    if told.default is not None:
        note = "default" if told.default.applies else "default, which fills no section that nothing speaks of"
        fate = ", wins" if told.default.wins else ", overridden" if told.default.applies else ""
        yield _at(told.default.place), shown(told.default.value), note + fate, "strong" if told.default.wins else ""
    for layer in told.layers:
        yield from _layer_rows(layer)


def _layer_rows(layer: Consulted) -> Iterator[_Row]:
    """Yield a layer's own line, then one for each of its templates, beneath which it stands."""
    if not layer.exists:
        yield layer.path, "", "no file", "gutter"
        return
    own = [hit for hit in layer.hits if hit.template is None]
    yield from (_hit_row(hit) for hit in own)
    if not own:
        yield layer.path, "", "silent", "gutter"
    for template in layer.templates:
        spoken = [hit for hit in layer.hits if hit.template == template]
        yield from (_hit_row(hit) for hit in spoken)
        if not spoken:
            yield f"  {template}", "", "template, silent", "gutter"


def _hit_row(hit: Hit) -> _Row:
    does = shown(hit.leaf.value) if hit.action == "set" else f"${hit.action}"
    where = f"{'  ' * (hit.template is not None)}{_at(hit.leaf.place())}"
    fate = "wins" if hit.wins else "overridden"
    return where, does, f"template, {fate}" if hit.template else fate, "strong" if hit.wins else ""


def _at(place: Place) -> str:
    return f"{place.path}:{place.line}:{place.column}"


def _facts(told: Explanation, history: Provenance) -> Iterator[tuple[str, str]]:
    """Yield what is known beside the layers: a word and what it says."""
    if told.bound is not None:
        yield "reference", _reference(told.bound, told.value)
    allowed = _allowed(told.facts)
    if allowed:
        yield "allowed", allowed
    if told.lines is None and told.facts.bounds is not None:
        restart = "a running bot takes it without a restart" if told.facts.hot else "a running bot needs a restart"
        yield "change", f"{told.facts.bump}; {restart}"
    if told.facts.owners:
        yield "owners", ", ".join(told.facts.owners)
    if history.author is not None:
        yield "written", _author(history.author)
    yield "label", f"{told.config_version or 'none'} · {told.params_digest[:_DIGEST]}"
    yield from _cause(history.cause)
    yield "running", history.running[:_SHORT] if history.running else "no activation recorded"


def _reference(bound: Bound, value: object) -> str:
    if bound.place is not None:
        return f"{bound.text} is {bound.path}, {shown(value)} at {_at(bound.place)}"
    default = bound.reference.default
    otherwise = "" if default is None else f", {shown(default)} if it has none"
    of = {"env": f"the variable {bound.reference.name}", "secret": f"the secret {bound.reference.name}"}
    return f"bound when a bot loads, to {of.get(bound.reference.kind, bound.reference.name)}{otherwise}"


def _allowed(facts: Facts) -> str:
    """Write the limits of a value in words."""
    bounds = facts.bounds or {}
    said = [_LIMITS[name].format(shown(limit)) for name, limit in bounds.items() if name in _LIMITS]
    if "minimum" in bounds and "maximum" in bounds:
        said[:2] = [f"{shown(bounds['minimum'])} to {shown(bounds['maximum'])}"]
    if "enum" in bounds:
        said.append(f"one of {', '.join(map(shown, bounds['enum']))}")
    return ", ".join(said)


def _author(author: LineAuthor | Unknown) -> str:
    if isinstance(author, Unknown):
        return _unknown(author)
    return f"{_time(author.committed_at)} by {author.author} in {author.sha[:_SHORT]}"


def _cause(cause: Cause | Unknown) -> Iterator[tuple[str, str]]:
    if isinstance(cause, Unknown):
        yield "caused by", _unknown(cause)
        return
    commit = cause.commit
    yield "caused by", f"{commit.sha[:_SHORT]} {_time(commit.committed_at)} by {commit.author}: {commit.subject}"
    if cause.skipped:
        skipped = ", ".join(sha[:_SHORT] for sha in cause.skipped)
        yield "skipped", f"{count(len(cause.skipped), 'commit')} that did not compile for this bot: {skipped}"


def _unknown(unknown: Unknown) -> str:
    return f"{unknown.why}; {unknown.help}" if unknown.help else unknown.why


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%SZ}"


def explain_json(told: Explanation, history: Provenance) -> str:
    """Write one object with the value, all layers with what each says, and the history."""
    scope = told.scope
    record = {
        "key": told.key,
        "value": told.value,
        "is_set": told.is_set,
        "environment": scope.environment,
        "bot": scope.bot,
        "coin": scope.coin,
        "side": scope.side,
        "commit": history.commit,
        "config_version": told.config_version,
        "params_digest": told.params_digest,
        "winner": _place(told.winner),
        "layers": [_layer(layer) for layer in told.layers],
        "default": _default(told),
        "reference": _bound(told.bound),
        "settings": None
        if told.lines is None
        else [
            {"key": line.path, "value": line.value, "default": line.is_default, **_spot(line.place)}
            for line in told.lines
        ],
        **_known(told.facts),
        "author": _person(history.author),
        "causing_commit": _commit(history.cause),
        "causing_commit_unknown": _unknown(history.cause) if isinstance(history.cause, Unknown) else None,
        "running_commit": history.running,
    }
    return json.dumps(record, ensure_ascii=True, indent=2) + "\n"


def _spot(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else _spot(place)


def _layer(layer: Consulted) -> dict[str, Any]:
    spoke = [
        {
            "line": hit.leaf.line,
            "column": hit.leaf.column,
            "value": hit.leaf.value,
            "action": hit.action,
            "winner": hit.wins,
            "template": hit.template,
        }
        for hit in layer.hits
    ]
    return {"path": layer.path, "exists": layer.exists, "templates": list(layer.templates), "spoke": spoke}


def _default(told: Explanation) -> dict[str, Any] | None:
    default = told.default
    if default is None:
        return None
    return {"value": default.value, **_spot(default.place), "applies": default.applies, "winner": default.wins}


def _bound(bound: Bound | None) -> dict[str, Any] | None:
    if bound is None:
        return None
    kind, name, default = bound.reference
    return {
        "text": bound.text,
        "kind": kind,
        "name": name,
        "default": default,
        "to": bound.path,
        "place": _place(bound.place),
    }


def _known(facts: Facts) -> dict[str, Any]:
    return {
        "description": facts.description,
        "unit": facts.unit,
        "bounds": None if facts.bounds is None else dict(facts.bounds),
        "bump": facts.bump,
        "hot": facts.hot,
        "owners": list(facts.owners),
    }


def _person(author: LineAuthor | Unknown | None) -> dict[str, Any] | None:
    if author is None:
        return None
    if isinstance(author, Unknown):
        return {"name": None, "commit": None, "committed_at": None, "unknown": _unknown(author)}
    known = {"name": author.author, "commit": author.sha, "committed_at": _time(author.committed_at).replace(" ", "T")}
    return {**known, "unknown": None}


def _commit(cause: Cause | Unknown) -> dict[str, Any] | None:
    if isinstance(cause, Unknown):
        return None
    commit = cause.commit
    return {
        "commit": commit.sha,
        "author": commit.author,
        "committed_at": _time(commit.committed_at).replace(" ", "T"),
        "subject": commit.subject,
        "skipped": list(cause.skipped),
    }
