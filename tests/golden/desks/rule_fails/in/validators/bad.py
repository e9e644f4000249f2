"""Fails."""

from deskc.sdk import rule


@rule("OWN002")
def bad(scope):
    """Fail."""
    raise RuntimeError(scope.bot)
    yield
