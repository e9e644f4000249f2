"""What a check says: a line a bot, what is wrong, and what the others prove."""

import json

import pytest

from deskc.core.scopes import Target
from deskc.core.snapshots import Sha
from deskc.publish.verify import INTEGRITY, REVIEWED, Checked, Verdict
from deskc.report.verified import verified_json, verified_text

SOUND = Checked(Target("production", "mm"), "1" * 64, Sha("c0ffee" * 6 + "c0ff"), 5, None)
WRONG = Checked(Target("production", "tradeengine"), None, None, 0, "the channel is not what its keys signed")
TEXT = """\
bot                     snapshot      commit        scopes
production/mm           111111111111  c0ffeec0ffee       5  whole
production/tradeengine                                      refused
production/tradeengine: the channel is not what its keys signed
"""
KEYS = "the keys that the trusted root leads to signed each for its bot, and every byte is the one signed"
BYTES = "every byte is the one that its digest names; who published it is not proven"


@pytest.mark.parametrize(("proves", "meaning"), [(REVIEWED, KEYS), (INTEGRITY, BYTES)])
def test_a_check_is_told_to_people(proves: str, meaning: str) -> None:
    """Whole lines; what was refused counts among those of which nothing is proven."""
    last = f"Proven of 1 of 2: {proves}: {meaning}.\n"
    assert verified_text(Verdict("channel", proves, (SOUND, WRONG))) == TEXT + last
    assert verified_text(Verdict("channel", proves, (WRONG,))).endswith("\nProven: nothing.\n")


def test_a_check_is_told_to_programs() -> None:
    """Each snapshot has what it proves, null for nothing, and why."""
    told = json.loads(verified_json(Verdict("channel", REVIEWED, (SOUND, WRONG))))
    assert told["source"] == "channel"
    assert [(one["bot"], one["proves"], one["error"]) for one in told["snapshots"]] == [
        ("mm", "reviewed", None),
        ("tradeengine", None, "the channel is not what its keys signed"),
    ]
    assert (told["snapshots"][0]["digest"], told["snapshots"][0]["commit"]) == (SOUND.digest, SOUND.commit)
