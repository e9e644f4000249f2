"""The certificate of a ladder's max need, as text and as JSON; where no ladder can exist, the bounds in conflict."""

import json
from collections.abc import Iterator

from deskc.core.findings import Finding, error
from deskc.ladder.exact.certify import Certificate, Undecided
from deskc.ladder.exact.conflict import Conflict
from deskc.ladder.exact.free_price import free_prices
from deskc.ladder.model import Ladder, needs, prices, ratios
from deskc.ladder.settings import Settings
from deskc.report.json import record
from deskc.report.table import table
from deskc.report.text import text

__all__ = ["certificate_json", "certificate_text"]

_ASKED = ("order", "price", "indent %", "volume %", "ratio", "need %")


def certificate_text(
    told: Certificate | Conflict | Undecided, settings: Settings, *, seconds: float, color: bool = False
) -> str:
    """Write what is proven, what was found and every order of it, or the finding that says why there is no ladder."""
    found = _finding(told, settings)
    if not isinstance(told, Certificate):
        return text(found, sources=lambda _: None, color=color)
    return "\n".join((*_proof(told, settings, seconds), "", *_orders(told.ladder, settings)))


def _finding(told: Certificate | Conflict | Undecided, settings: Settings) -> tuple[Finding, ...]:
    if isinstance(told, Conflict):
        return (error("HC0", told.message, told.help),)
    if isinstance(told, Undecided):
        message = f"no ladder of {settings.core.num_orders} orders was found, and none was ruled out"
        return (error("HC0", message, "loosen the bounds, or certify fewer orders"),)
    return ()


def _proof(told: Certificate, settings: Settings, seconds: float) -> Iterator[str]:
    core = settings.core
    yield f"{core.num_orders} orders to {core.overlap_pct:g} %, {core.side}, {core.sizing} sizing"
    yield ""
    where = f"{told.nodes} {'box' if told.nodes == 1 else 'boxes'}, {seconds:.2f} s"
    if told.max_need_pct is None or told.gap is None:
        yield f"  max need  none: no ladder was found that keeps {' and '.join(told.unproven)} too"
    else:
        yield f"  max need  {told.max_need_pct:.9g} %"
    yield f"  proven    no ladder at these indents needs less than {told.lower_bound_pct:.9g} % ({where})"
    if told.gap is not None:
        yield f"  gap       {told.gap:.3g}"
    if told.unproven:
        verb = "is" if len(told.unproven) == 1 else "are"
        yield f"            the bound is of HC0 to HC5: {' and '.join(told.unproven)} {verb} left out of it"
    if told.ladder is not None:
        free = free_prices(told.ladder.volumes, settings)
        yield f"  moved     {free.max_need_pct:.9g} % at the best prices for these volumes"


def _orders(ladder: Ladder | None, settings: Settings) -> Iterator[str]:
    if ladder is None:
        return
    core = settings.core
    columns = zip(
        prices(ladder.indents, core),
        ladder.indents,
        ladder.volumes,
        (None, *ratios(ladder.volumes)),
        needs(ladder, core),
        strict=True,
    )
    rows = [(order, *map(_short, numbers)) for order, numbers in enumerate(columns, start=1)]
    yield table(rows, _ASKED)


def _short(value: float | None) -> float | None:
    """Round to what a person reads; the JSON has every digit."""
    return None if value is None else float(f"{value:.6g}")


def certificate_json(told: Certificate | Conflict | Undecided, settings: Settings, *, seconds: float) -> str:
    """Write one object, ARCHITECTURE 7; without a ladder its numbers are null and its lists empty.

    `findings` is empty but where no ladder can exist, or none was found.
    """
    certificate = told if isinstance(told, Certificate) else None
    ladder = certificate and certificate.ladder
    answer = {
        "max_need_pct": certificate and certificate.max_need_pct,
        "lower_bound_pct": certificate and certificate.lower_bound_pct,
        "gap": certificate and certificate.gap,
        "volumes": list(ladder.volumes) if ladder else [],
        "indents_pct": list(certificate.indents_pct) if certificate else [],
        "seconds": round(seconds, 6),
        "findings": [*map(record, _finding(told, settings))],
    }
    return json.dumps(answer, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
