"""What is said of keys that were made and replaced."""

import json
from pathlib import Path

from deskc.report.keys import Made, Rotated, made_json, made_text, rotated_json, rotated_text

CHANNEL = "tuf+file:///srv/desk"
MADE = Made(CHANNEL, ("staging", "production"), (Path("keys/root.0123456789ab.pem"),), Path("keys/root.json"))
ROTATED = Rotated(CHANNEL, "production", "1" * 64, "2" * 64, (Path("keys/environment.production.222222222222.pem"),))


def test_a_beginning_says_what_comes_next() -> None:
    """The files, whom the channel delegates to, and where trust has to go."""
    assert made_text(MADE) == (
        "keys/root.0123456789ab.pem\n"
        "tuf+file:///srv/desk delegates to staging, production.\n"
        "Give keys/root.json to every bot as its trusted root; keep the keys of root and targets off this machine.\n"
    )
    assert "nothing was written" in made_text(MADE._replace(files=(), environments=()))
    assert json.loads(made_json(MADE)) == {
        "channel": CHANNEL,
        "environments": ["staging", "production"],
        "keys": ["keys/root.0123456789ab.pem"],
        "root": "keys/root.json",
    }


def test_a_rotation_says_which_key_counts() -> None:
    """The new file, both ids, and that the old one is of no use any more."""
    assert rotated_text(ROTATED) == (
        "keys/environment.production.222222222222.pem\n"
        "production of tuf+file:///srv/desk is signed by key 222222222222 in place of 111111111111.\n"
        "The old key counts no more; remove its file.\n"
    )
    told = json.loads(rotated_json(ROTATED))
    assert (told["role"], told["old"], told["new"]) == ("production", "1" * 64, "2" * 64)
    assert told["keys"] == ["keys/environment.production.222222222222.pem"]
