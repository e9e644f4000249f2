"""A scope's params digest apart from its snapshot."""

from deskc.core.canonical import Digest
from deskc.core.layers import Layers
from deskc.core.resolved import Scope
from deskc.core.scopes import Target
from deskc.stages.freeze import freeze

__all__ = ["params_digest"]


def params_digest(scope: Scope, layers: Layers) -> Digest:
    """Return the digest of what trades in a scope, as its row in a snapshot's header has it."""
    (row,) = freeze((scope,), layers, Target(scope.id.environment, scope.id.bot)).rows
    return row.params_digest
