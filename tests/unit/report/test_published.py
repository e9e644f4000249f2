"""What a publish says: a line a pointer, how many moved, what should be signed soon."""

import json

from deskc.core.canonical import Digest
from deskc.core.snapshots import Sha
from deskc.publish.publish import Publication
from deskc.report.published import Published, published_json, published_text

DONE = Published(
    "tuf+file:///srv/desk",
    Sha("c0ffee" * 6 + "c0ff"),
    (
        Publication("production", "mm", Digest("1" * 64), 12, changed=True),
        Publication("production", "tradeengine", Digest("2" * 64), 3, changed=False),
    ),
    ("targets counts until 2026-04-01, and to sign it again 1 of the keys 0123456789ab must be in keys",),
)
TEXT = """\
bot                     snapshot      sequence
production/mm           111111111111        12  moved
production/tradeengine  222222222222         3  as before
Published commit c0ffeec0ffee to tuf+file:///srv/desk: 1 of 2 pointers moved.
Note: targets counts until 2026-04-01, and to sign it again 1 of the keys 0123456789ab must be in keys
"""


def test_a_publish_is_told_to_people() -> None:
    """Whole lines, so that a change of the text is seen here."""
    assert published_text(DONE) == TEXT


def test_a_publish_is_told_to_programs() -> None:
    """Nothing is cut off, and sequences are numbers."""
    told = json.loads(published_json(DONE, ()))
    assert (told["channel"], told["commit"], told["findings"]) == (DONE.channel, DONE.commit, [])
    assert told["notes"] == list(DONE.notes)
    assert told["published"][0] == {
        "environment": "production",
        "bot": "mm",
        "digest": "1" * 64,
        "sequence": 12,
        "changed": True,
    }
