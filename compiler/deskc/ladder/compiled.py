"""How the ladder's numeric loops become machine code: one place that knows the compiler's options."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

__all__ = ["compiled"]

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """Compile a function when it is first called, without the interpreter's lock; keep the code beside its module.

    Arithmetic is IEEE's in the order written: no reordering, no contraction, and a division by zero gives an infinity
    or no number. Where neither the module's folder nor the user's cache can be written, each process compiles anew. The
    cache goes by the time of one file, so a compiled function calls compiled functions of its own module alone.
    """
    try:
        return cast("_Function", njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # numba found no folder that it may write
        return cast("_Function", njit(nogil=True, error_model="numpy")(function))
