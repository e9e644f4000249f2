"""What the ladder's numeric verbs need beside deskc itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from deskc.core.errors import DeskcError

__all__ = ["extra"]

_NUMERIC = {"cma", "numba", "numpy", "scipy"}


@contextmanager
def extra(what: str) -> Iterator[None]:
    """Turn the absence of a numeric library into one sentence; `what` is the verb that needs it."""
    try:
        yield
    except ImportError as error:
        name = (error.name or "").partition(".")[0]
        if name not in _NUMERIC:
            raise
        msg = f"{what} needs {name}, which is not installed"
        raise DeskcError(msg, help="pip install 'deskc[ladder]'") from error
