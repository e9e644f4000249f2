"""What the places of secrets share: their library, and the parameters behind the question mark."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from deskc.runtime.errors import SecretsError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["library", "parameters"]


def library(name: str, *, place: str) -> Any:  # noqa: ANN401 - a module
    """Return a library; raise SecretsError with the extra that brings it where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        msg = f"secrets at {place} need {name}, which is not installed"
        raise SecretsError(msg, help="pip install 'deskc[secrets]'") from error


def parameters(query: str, *, known: tuple[str, ...]) -> Mapping[str, str]:
    """Return the parameters of a place; raise SecretsError for one that it does not have, or that is there twice."""
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names) or not set(names) <= set(known):
        raise SecretsError(f"a place of secrets has the parameters {', '.join(known)} alone, each once")
    return dict(pairs)
