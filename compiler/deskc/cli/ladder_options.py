"""An option for every setting of a ladder, made from the settings themselves; what it gives and where it comes from."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_type_hints

import typer

from deskc.core.errors import DeskcError
from deskc.ladder.settings import Settings

if TYPE_CHECKING:
    from deskc.tuning.configure import Configured

__all__ = ["Config", "ConfigPreset", "configured", "given", "with_settings"]

Config = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Settings: a JSON or YAML file.")]
ConfigPreset = Annotated[
    str | None,
    typer.Option("--config-preset", metavar="NAME", help="A preset: templates/ladder_NAME.yaml of the desk."),
]

_NAMES: Mapping[str, tuple[str, ...]] = {
    "core.overlap_pct": ("--overlap", "--overlap-pct"),
    "core.num_orders": ("--orders", "--num-orders"),
    "penalties.preset": ("--penalty-preset",),
    "adaptive.strategy": ("--adaptive-strategy",),
    "normalization.strategy": ("--post-round-strategy",),
    "normalization.keep_v2_band": ("--post-round-keep-v1-band",),
    "normalization.v2_band": ("--post-round-v2-band",),
}
"""The options that are not simply called as their setting: two settings share a name, or documents have another."""

_SCHEMA = "ladder.schema.json"
_Command = TypeVar("_Command", bound=Callable[..., None])


def with_settings(command: _Command) -> _Command:
    """Give a command an option for each setting, before its own; it takes what they give as `**settings`."""
    signature = inspect.signature(command)
    own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    made = [
        inspect.Parameter(path.replace(".", "__"), inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for path, kind in _options()
    ]
    own = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    command.__signature__ = signature.replace(parameters=[*own, *made])  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in (*own, *made)}
    return command


def _options() -> Iterator[tuple[str, Any]]:
    """Yield each setting's path and the annotation of its option."""
    said = _descriptions()
    for group in fields(Settings):
        kinds = get_type_hints(group.default_factory)
        for name, kind in kinds.items():
            path = f"{group.name}.{name.rstrip('_')}"
            names = _NAMES.get(path, (f"--{name.rstrip('_').replace('_', '-')}",))
            yield path, _option(names, kind, said.get(path, f"Set {path}."))


def _option(names: tuple[str, ...], kind: Any, said: str) -> Any:  # noqa: ANN401 - a type, and one that typer reads
    if kind is bool:
        off = names[0].replace("--", "--no-", 1)
        return Annotated[bool | None, typer.Option("/".join((names[0], off)), *names[1:], help=said)]
    if kind is int:
        return Annotated[int | None, typer.Option(*names, metavar="N", help=said)]
    if kind is float or kind == float | None:
        return Annotated[float | None, typer.Option(*names, metavar="X", help=said)]
    if get_args(kind) and Ellipsis in get_args(kind):
        return Annotated[str | None, typer.Option(*names, metavar="A,B", help=said)]
    if get_args(kind) and get_args(kind)[0] is float:
        return Annotated[str | None, typer.Option(*names, metavar="X,Y", help=said)]
    return Annotated[str | None, typer.Option(*names, metavar="|".join(get_args(kind)), help=said)]


def _descriptions() -> Mapping[str, str]:
    """Return what the schema says of each setting, by path."""
    from deskc.content import bundled

    schema = json.loads((bundled("schemas") / _SCHEMA).read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": leaf["description"]
        for group, inside in schema["properties"].items()
        for name, leaf in inside.get("properties", {}).items()
    }


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return by its path what was given of the settings' options; raise DeskcError where a list is none."""
    found = {name.replace("__", "."): value for name, value in options.items() if value is not None}
    for path in ("constraints.enforce", "normalization.v2_band"):
        if path in found:
            found[path] = _list(path, found[path])
    return found


def _list(path: str, text: str) -> list[Any]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if path == "constraints.enforce":
        return [part.upper() for part in parts]
    try:
        return [float(part) for part in parts]
    except ValueError as error:
        msg = f"--post-round-v2-band {text} is no pair of numbers"
        raise DeskcError(msg, help="write the least and the largest multiple of the first order: 1.1,2.0") from error


def configured(
    options: Mapping[str, Any], config: str | None, preset: str | None, *, scope: Mapping[str, Any] | None = None
) -> "Configured":
    """Return the settings that flags, file and preset give, in this order of precedence, over the defaults.

    Where neither file nor preset is named, the section `ladder` of a `scope` is the file.

    Raise DeskcError where a file or preset cannot be read, or a value is none that a ladder may have.
    """
    from deskc.cli.presets import preset as preset_of
    from deskc.tuning.configure import settings_from
    from deskc.tuning.files import read_section

    own = scope if scope and preset is None else {}
    return settings_from(given(options), own if config is None else read_section(config), preset_of(preset))
