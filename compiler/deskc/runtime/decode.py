"""Reads JSON by the standard library's scanner alone: `import json` brings re and enum, 6 ms of a bot's start."""

from __future__ import annotations

__all__ = ["decode"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


def _refuse(constant: str) -> NoReturn:
    msg = f"{constant} is not a JSON number"
    raise ValueError(msg)


class _Options:
    """What json.JSONDecoder would hand to the scanner."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = _refuse
    memo: dict[str, str] = {}  # noqa: RUF012 - the scanner's own, empty between calls


def _scanner() -> Callable[[str, int], tuple[Any, int]]:
    try:
        from _json import make_scanner  # noqa: PLC0415 - what json.scanner itself imports

        scan: Callable[[str, int], tuple[Any, int]] = make_scanner(_Options)  # type: ignore[arg-type]  # duck-typed
    except (ImportError, AttributeError):  # another interpreter, or a version that wants more options
        from json import JSONDecoder  # noqa: PLC0415 - the slow way round

        scan = JSONDecoder(parse_constant=_refuse).raw_decode
    return scan


_scan = _scanner()


def decode(data: bytes | memoryview) -> Any:  # noqa: ANN401 - JSON is whatever it says
    """Return the value that UTF-8 JSON bytes hold; raise ValueError where they are no JSON, or more than one value."""
    text = str(data, "utf-8").strip()
    try:
        value, end = _scan(text, 0)
    except (StopIteration, RecursionError) as error:
        msg = "it is no JSON"
        raise ValueError(msg) from error
    if end != len(text):
        msg = f"something follows the value, at character {end}"
        raise ValueError(msg)
    return value
