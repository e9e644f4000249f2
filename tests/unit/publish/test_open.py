"""Which store a URL names, and what is said of those that name none."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.publish.folder import FolderStore
from deskc.publish.open import KeysAtHand, open_store, require_tuf
from deskc.publish.sqlite import SqliteStore
from deskc.publish.tuf.store import TufStore

NONE = KeysAtHand((), None)
SOME = KeysAtHand((Path("keys"),), None)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "kind", "name"),
    [
        ("channel", FolderStore, "channel"),
        ("file:///srv/my%20desk", FolderStore, "/srv/my desk"),
        ("sqlite:///channel.db", SqliteStore, "sqlite:///channel.db"),
        ("tuf+file:///srv/desk", TufStore, "tuf+file:///srv/desk"),
    ],
)
def test_a_url_names_a_store(url: str, kind: type[object], name: str) -> None:
    """Nothing is written before something is published; a store's text is what messages call it."""
    store = open_store(url, SOME, now=NOW)
    assert type(store) is kind
    assert str(store) == name


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "names nothing"),
        ("https://desk.example", "is read by bots, not written"),
        ("tuf+https://desk.example", "is read by bots, not written"),
        ("redis://desk", "is no channel that this deskc publishes to"),
        ("tuf+sqlite:///x", "is no channel that this deskc publishes to"),
        ("file://elsewhere/x", "is no channel that this deskc reads"),
        ("tuf+file:///srv/desk", "no keys are named"),
    ],
)
def test_what_cannot_be_published_to_is_said(url: str, reason: str) -> None:
    """One sentence, and the way out."""
    with pytest.raises(DeskcError, match=reason):
        open_store(url, NONE, now=NOW)


def test_without_the_extra_one_sentence_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever publishes to a signed channel without python-tuf is told what to install."""
    require_tuf("tuf+file:///srv/desk")
    monkeypatch.setitem(sys.modules, "tuf", None)
    with pytest.raises(DeskcError, match=r"needs the extra deskc\[tuf\]$") as caught:
        require_tuf("tuf+file:///srv/desk")
    assert "pip install" in caught.value.help
