"""Whether a search has anything to find: proofs that come before it."""

from deskc.ladder.bounds import conflicts
from deskc.ladder.rounding.impossible import impossible
from deskc.ladder.rounding.limits import limits_of
from deskc.ladder.settings import Settings

__all__ = ["no_room"]


def no_room(settings: Settings) -> str | None:
    """Return one sentence that proves that no ladder keeps what is enforced; None where there is no proof."""
    enforced = {"HC0", *settings.constraints.enforce}  # what breaks the structure is no ladder, whatever is enforced
    for conflict in conflicts(settings):
        if conflict.codes <= enforced:
            return conflict.message
    return impossible(settings, limits_of(settings)) if settings.normalization.post_round_2dp else None
