"""Which suppressions count: known codes of rules, not expired, in a layer that may speak of the limit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from deskc.core import paths
from deskc.core.codes import CODES
from deskc.core.decisions import PROTECTED, Suppression
from deskc.core.findings import Finding, Place, error
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.core.schemas import Setting
from deskc.core.violations import close_to
from deskc.sdk import Rule
from deskc.stages.parse.limits import MAX_FINDINGS

__all__ = ["judged_comments"]

_VARIABLE = re.compile(r"\{[^{}]*\}")
_LONGEST = 60  # characters of codes that a message repeats
_DAY_S = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


def judged_comments(
    comments: Iterable[Suppression], rules: Iterable[Rule], layers: Layers, *, now: int
) -> Outcome[tuple[Suppression, ...]]:
    """Keep what counts at a time (unix seconds); what is expired, unknown or refused is an error.

    A suppression of a protected rule counts only in a layer that may set every limit that the rule needs: one whose
    axes are a subset of each limit's. A rule that names no limit is the whole desk's, so only a layer that varies by
    nothing may speak of it. For a template the axes of every layer that extends it count.
    """
    judging = _Judging(layers, {rule.code: rule for rule in rules}, _EPOCH + now // _DAY_S)
    kept: list[Suppression] = []
    findings: list[Finding] = []
    told: dict[str, int] = {}
    for comment in comments:
        path = comment.place.path
        if told.get(path, 0) >= MAX_FINDINGS:
            continue
        found = judging.judge(comment)
        told[path] = told.get(path, 0) + len(found.findings)
        findings += found.findings
        if found.value.codes:
            kept.append(found.value)
    return Outcome(tuple(kept), tuple(findings))


def _cut(codes: str) -> str:
    return codes if len(codes) <= _LONGEST else f"{codes[:_LONGEST]}…"


class _Limit(NamedTuple):
    """What a protected rule's suppression may vary by, and the declaration that says so, if there is one."""

    axes: frozenset[str]
    place: Place | None
    path: str


_NOBODY_S = _Limit(frozenset(), None, "")


class _Judging:
    """One run over a tree's suppressions."""

    def __init__(self, layers: Layers, rules: Mapping[str, Rule], today: int) -> None:
        self.layers = layers
        self.rules = rules
        self.today = today
        self.limits: dict[str, _Limit] = {}
        self.axes: dict[str, frozenset[str] | None] = {}

    def judge(self, comment: Suppression) -> Outcome[Suppression]:
        """Return a comment with the codes that count."""
        if date.fromisoformat(comment.until).toordinal() < self.today:
            message = f"the suppression of {_cut(', '.join(comment.codes))} expired at the end of {comment.until}"
            way_out = "mend what it hides and delete it, or let a later day be reviewed"
            return Outcome(comment._replace(codes=()), (error("SUP003", message, way_out, comment.place),))
        kept: list[str] = []
        findings: list[Finding] = []
        for code in comment.codes:
            refused = self.refused(code, comment)
            if refused is None:
                kept.append(code)
            else:
                findings.append(refused)
            if len(findings) >= MAX_FINDINGS:
                break
        return Outcome(comment._replace(codes=tuple(kept)), tuple(findings))

    def refused(self, code: str, comment: Suppression) -> Finding | None:
        """Return why a code cannot be suppressed here, or None."""
        if code in CODES:
            message = f"{code} is the compiler's own, and only what rules find can be suppressed"
            return error("SUP005", message, f"mend what is found: deskc rule {code}", comment.place)
        if code not in self.rules:
            guess = close_to(code, self.rules)
            way_out = f"did you mean {guess}?" if guess else "deskc rule lists the codes of this desk's rules"
            return error("SUP002", f"no rule has the code {_cut(code)}", way_out, comment.place)
        return self.without_authority(code, comment) if code.startswith(PROTECTED) else None

    def without_authority(self, code: str, comment: Suppression) -> Finding | None:
        """Return an error where the comment's layer may not set what the rule guards."""
        limit = self.limit(code)
        axes = self.axes_of(comment.place.path)
        if axes is not None and axes <= limit.axes:
            return None
        about = f"whoever may set {limit.path}" if limit.path else "a layer that varies by nothing"
        varies = "is no layer that sets something" if axes is None else f"varies by {' and '.join(sorted(axes))}"
        message = f"{code} may be suppressed by {about}, but this file {varies}"
        levels = [pattern.text for pattern in self.layers.desk.hierarchy if frozenset(pattern.axes) <= limit.axes]
        way_out = "keep the limit here" + (f", or let {' or '.join(levels)} suppress it where it is set" * bool(levels))
        places = (comment.place, *(() if limit.place is None else (limit.place,)))
        return error("SUP006", message, way_out, *places)

    def limit(self, code: str) -> _Limit:
        """Return what the suppression of a protected rule may vary by; the narrowest of its limits comes first."""
        if code not in self.limits:
            found = [limit for path in self.rules[code].needs for limit in self.limits_of(path)]
            narrowest = min(found, key=lambda limit: (len(limit.axes), limit.path), default=_NOBODY_S)
            self.limits[code] = narrowest._replace(axes=narrowest.axes.intersection(*(limit.axes for limit in found)))
        return self.limits[code]

    def limits_of(self, path: str) -> Iterator[_Limit]:
        """Yield what restricts a path that a rule needs: on it, above it and below it."""
        for setting in self.restricting(_VARIABLE.sub("any", path)):
            if setting.axes is not None:
                yield _Limit(setting.axes, self.layers.schemas.locate(setting, "x-deskc.axes"), path)

    def restricting(self, path: str) -> Iterator[Setting]:
        """Yield what has axes of its own on a path, above it and below it."""
        section = path.partition(".")[0]
        schemas = self.layers.schemas
        everyone = (schemas.sections.get(section), *(schemas.strategies.values() if section == "strategy" else ()))
        for schema in everyone:
            if schema is None:
                continue
            limit = schema.limit(path)
            if limit is not None:
                yield limit
            general = schema.general(path)
            yield from (below for name, below in schema.restricted.items() if paths.within(name, general))

    def axes_of(self, path: str) -> frozenset[str] | None:
        """Return what a file's settings vary by in all layers that read it; None for a file that sets nothing."""
        if not self.axes:
            self.axes[""] = None  # looked through once
            for level in self.layers.levels:
                axes = frozenset(level.pattern.axes)
                for spots in level.layers.values():
                    for layer in spots.values():
                        for file in {patch.file for patches in layer.patches.values() for patch in patches}:
                            self.axes[file] = (self.axes.get(file) or frozenset()) | axes
        return self.axes.get(path)
