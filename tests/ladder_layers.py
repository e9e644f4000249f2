"""Layers with a ladder, for tests of the rules that judge it."""

from collections.abc import Mapping

from rule_desk import OWN

__all__ = ["INDENTS", "VOLUMES", "bounds", "ladder"]

VOLUMES = (4, 6, 7, 13, 15, 25, 30)
"""Seven volumes that keep all eight constraints but HC4 and HC5's quarter, by far."""

INDENTS = (0, 3, 6, 9, 12, 16, 20)


def ladder(
    volumes: tuple[float, ...] = VOLUMES, indents: tuple[float, ...] = INDENTS, **constraints: object
) -> Mapping[str, str]:
    """Return a layer of the bot with these orders, one a column of its list, and these constraints a line each."""
    lines = [f"    {name}: {value}\n" for name, value in constraints.items()]
    own = "".join(["  constraints:\n", *lines]) if lines else ""
    text = (
        f"ladder:\n  core: {{num_orders: {len(volumes)}, overlap_pct: {indents[-1]}}}\n{own}"
        f"  orders:\n    volumes_pct: {list(volumes)}\n    indents_pct: {list(indents)}\n"
    )
    return {OWN: text}


def bounds(**constraints: object) -> Mapping[str, str]:
    """Return a layer of the bot with these constraints for ten orders, and no orders."""
    lines = "".join(f"    {name}: {value}\n" for name, value in constraints.items())
    return {OWN: f"ladder:\n  core: {{num_orders: 10}}\n  constraints:\n{lines}"}
