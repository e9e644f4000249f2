"""Arrays of numbers as JSON values that keep every bit."""

from base64 import b64decode, b64encode

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.search.search import Floats

__all__ = ["packed", "unpacked"]

_KIND = np.dtype("<f8")  # one order of bytes, whatever machine reads the state again


def packed(array: Floats) -> dict[str, Json]:
    """Return an array's shape and, as text, its bytes."""
    shape: list[Json] = [*array.shape]
    return {"shape": shape, "bytes": b64encode(np.ascontiguousarray(array, _KIND).tobytes()).decode()}


def unpacked(value: Json) -> Floats:
    """Return what was packed; raise KeyError, TypeError or ValueError for anything else."""
    if not isinstance(value, dict):
        msg = "no packed array"
        raise TypeError(msg)
    data = np.frombuffer(b64decode(str(value["bytes"]), validate=True), _KIND).astype(np.float64)
    return data.reshape(np.array(value["shape"], dtype=int))
