"""Key files: their owner's alone, locked by a password where there is one, found by their id."""

import stat
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.publish.tuf.keys import Keys

RIGHT, WRONG = "correct horse", "battery staple"


def made(folder: Path, password: str | None = None) -> str:
    """Make and write one key; return its id."""
    keys = Keys([folder], password=password)
    key_id = keys.make("timestamp").public_key.keyid
    keys.save()
    assert [path.parent for path in keys.written] == [folder]
    return key_id


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    """The file has mode 0600 in a folder of mode 0700, and its name says what for and begins its id."""
    key_id = made(tmp_path / "keys")
    (path,) = (tmp_path / "keys").iterdir()
    assert path.name == f"timestamp.{key_id[:12]}.pem"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]


def test_nothing_is_written_before_it_is_saved(tmp_path: Path) -> None:
    """A change that fails leaves no key behind."""
    keys = Keys([tmp_path / "keys"])
    assert keys.signer(keys.make("root").public_key.keyid)
    assert not (tmp_path / "keys").exists()


def test_a_key_is_found_in_any_folder(tmp_path: Path) -> None:
    """Keys that lie on several sticks sign together; one that lies nowhere is not at hand."""
    key_id = made(tmp_path / "second")
    keys = Keys([tmp_path / "first", tmp_path / "second"])
    found = keys.signer(key_id)
    assert found is not None
    assert found.public_key.keyid == key_id
    assert keys.signer("0" * 64) is None
    assert Keys([tmp_path / "first"]).signer(key_id) is None


def test_a_password_locks_a_key(tmp_path: Path) -> None:
    """The key's file opens by the password it was written with, and by no other."""
    key_id = made(tmp_path, RIGHT)
    assert Keys([tmp_path], password=RIGHT).signer(key_id)
    with pytest.raises(DeskcError, match="is locked by a password") as caught:
        Keys([tmp_path]).signer(key_id)
    assert "DESKC_KEYS_PASSWORD" in caught.value.help
    with pytest.raises(DeskcError, match="is damaged, or its password is another one"):
        Keys([tmp_path], password=WRONG).signer(key_id)


def test_a_file_that_is_another_key_is_not_taken_for_it(tmp_path: Path) -> None:
    """A name decides nothing: the id is computed from the key."""
    mine, other = made(tmp_path / "mine"), made(tmp_path / "other")
    (path,) = (tmp_path / "mine").iterdir()
    (tmp_path / "other" / f"timestamp.{other[:12]}.pem").write_bytes(path.read_bytes())
    assert Keys([tmp_path / "other"]).signer(other) is None
    assert Keys([tmp_path / "mine"]).signer(mine)


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    """What is no PEM is an error with its path; so is a folder that cannot be written."""
    key_id = made(tmp_path / "keys")
    (path,) = (tmp_path / "keys").iterdir()
    path.write_bytes(b"no key")
    with pytest.raises(DeskcError, match=f"{path} cannot be opened"):
        Keys([tmp_path / "keys"]).signer(key_id)
    keys = Keys([path / "below"])
    keys.make("root")
    with pytest.raises(DeskcError, match="cannot be written"):
        keys.save()


def test_the_trusted_root_lies_beside_the_keys(tmp_path: Path) -> None:
    """Without it nobody signs: metadata that somebody else put there would be signed again unseen."""
    with pytest.raises(DeskcError, match=r"holds no root\.json"):
        Keys([tmp_path]).root()
    (tmp_path / "root.json").write_bytes(b"{}")
    assert Keys([tmp_path / "none", tmp_path]).root() == b"{}"
