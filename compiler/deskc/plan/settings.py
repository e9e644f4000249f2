"""What the schema and desk.yaml know of a setting, and where its value stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from deskc.core import paths
from deskc.core.documents import Leaf
from deskc.core.findings import Place
from deskc.core.layers import Layers
from deskc.core.schemas import FREE, Schema, Schemas, Setting

__all__ = ["BUMPS", "Bump", "Facts", "default_place", "facts_of", "place_of", "schema_of", "within"]

Bump = Literal["major", "minor", "patch"]

BUMPS: tuple[Bump, ...] = ("patch", "minor", "major")
"""What a change may demand of a label, the least first."""

_BOUNDS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "enum",
    "const",
    "pattern",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a setting whatever its value; `bounds` holds the JSON Schema keywords that limit it.

    `bump` is what a change demands of the label, `hot` that a running bot takes it without a restart, `owners` those
    of the longest path in desk.yaml's approvals that holds the setting.
    """

    description: str = ""
    unit: str | None = None
    bounds: Mapping[str, Any] | None = None
    bump: Bump = "minor"
    hot: bool = False
    owners: tuple[str, ...] = ()


def within(path: str, above: str) -> bool:
    """Say whether a setting path is `above` or stands inside it."""
    return path == above or paths.within(path, above)


def schema_of(path: str, layers: Layers, bot: str) -> Schema | None:
    """Return the schema that judges a path for a bot."""
    return layers.schemas.of(path.partition(".")[0], layers.bots[bot].strategy)


def facts_of(path: str, layers: Layers, bot: str) -> Facts:
    """Return what is known of a setting; an entry of a free-key map has what the map says where it says nothing."""
    schema = schema_of(path, layers, bot)
    setting = schema.setting(path) if schema else None
    owners = _owners(path, layers)
    if schema is None or setting is None:
        return Facts(owners=owners)
    above = _map_above(path, schema)
    notes = setting.notes or (above.notes if above else {})
    unit = notes.get("unit", "none")
    return Facts(
        description=setting.schema.get("description") or (above.schema.get("description", "") if above else ""),
        unit=None if unit == "none" else unit,
        bounds={name: setting.schema[name] for name in _BOUNDS if name in setting.schema},
        bump=notes.get("bump", "minor"),
        hot=bool(notes.get("hot", False)),
        owners=owners,
    )


def _map_above(path: str, schema: Schema) -> Setting | None:
    general = schema.general(path)
    return schema.maps.get(general.removesuffix(f".{FREE}")) if general.endswith(f".{FREE}") else None


def _owners(path: str, layers: Layers) -> tuple[str, ...]:
    approvals = layers.desk.approvals
    named = max((above for above in approvals if within(path, above)), key=len, default=None)
    return () if named is None else approvals[named]


def place_of(leaf: Leaf, layers: Layers, bot: str) -> Place:
    """Return where a value stands: in its layer, or for a default in the schema."""
    if leaf.line:
        return leaf.place()
    schema = schema_of(leaf.path, layers, bot)
    return Place(leaf.file) if schema is None else default_place(leaf.path, schema, layers.schemas)


def default_place(path: str, schema: Schema, schemas: Schemas) -> Place:
    """Return where a schema gives a setting's default; an entry of a free-key map stands in the map's."""
    setting = schema.settings.get(path) or schema.maps.get(path)
    if setting is not None:
        return schemas.locate(setting, "default")
    *above, key = paths.split(path)
    return schemas.locate(schema.maps[paths.join(tuple(above))], f"default.{key}")
