"""Files of ladder settings and orders, as people keep them beside a desk: JSON or strict YAML."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deskc.core.errors import DeskcError
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings
from deskc.stages.parse import parse_file
from deskc.tuning.configure import Section, refuse_illegal, settings_from

__all__ = ["orders_in", "read_section", "section_of"]

_SECTION = "ladder"
_VOLUMES, _INDENTS = ("volumes_pct", "volumes"), "indents_pct"


def read_section(file: str) -> Mapping[str, Any]:
    """Return section `ladder` as a file has it: the groups and `orders`, alone or below the key `ladder`.

    JSON is read as the YAML that it is, so NaN and infinities are refused with their line. Raise DeskcError for what
    cannot be read.
    """
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise DeskcError(
            f"{file} cannot be read: {error.strerror}", help="name a JSON or YAML file that is there and readable"
        ) from error
    return section_of(file, data)


def section_of(file: str, data: bytes) -> Mapping[str, Any]:
    """Return section `ladder` of a file that was read, as `read_section` does."""
    outcome = parse_file(file, data)
    if outcome.findings:
        first = outcome.findings[0]
        place = first.places[0]
        raise DeskcError(f"{file}:{place.line}:{place.column}: {first.message}", help=first.help)
    section = outcome.value.data
    if isinstance(section, Mapping) and _SECTION in section:
        _refuse_others(section, file)
        section = section[_SECTION]
    if not isinstance(section, Mapping):
        raise DeskcError(f"{file} holds no map of settings", help="write groups such as constraints: {slope_cap: 0.2}")
    return section


def _refuse_others(content: Mapping[str, Any], file: str) -> None:
    """Raise DeskcError where a file says something beside section `ladder` that nothing would read here."""
    others = [name for name in content if name != _SECTION]
    if others:
        raise DeskcError(f"{file} holds {others[0]}: beside {_SECTION}:, which is not read here", help="take it out")


def orders_in(section: Mapping[str, Any], file: str, *, preset: Section) -> tuple[Settings, Ladder]:
    """Return the orders of a file and the settings to judge them by.

    Orders stand below `orders`, or alone as `ladder certify` and `ladder optimize` write them. Count and reach are the
    orders' own where the file does not say them. Raise DeskcError where there are no orders or a value is none.
    """
    alone = "orders" not in section and _INDENTS in section
    orders = section if alone else section.get("orders", {})
    if not isinstance(orders, Mapping) or _INDENTS not in orders or not any(name in orders for name in _VOLUMES):
        way_out = "write orders: {volumes_pct: […], indents_pct: […]}"
        raise DeskcError(f"{file} has no orders: lists volumes_pct and indents_pct", help=way_out)
    lists = {_VOLUMES[0]: next(orders[name] for name in _VOLUMES if name in orders), _INDENTS: orders[_INDENTS]}
    refuse_illegal({"orders": lists}, file)
    ladder = Ladder(*(tuple(map(float, numbers)) for numbers in lists.values()))
    own = {"num_orders": len(ladder.volumes), "overlap_pct": ladder.indents[-1]}
    beneath = {
        **preset,
        "core": {**own, **preset.get("core", {})},
        "generation": {"first_indent_pct": ladder.indents[0], **preset.get("generation", {})},
    }
    return settings_from({}, {} if alone else section, beneath).settings, ladder
