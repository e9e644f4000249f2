"""An age-encrypted file of secrets: real keys, made for the test."""

import json
from pathlib import Path

import pyrage
import pytest

from deskc.runtime.errors import SecretsError
from deskc.runtime.secrets import open_secrets


def sealed(folder: Path, content: bytes) -> tuple[str, Path, Path]:
    """Write an encrypted file and its identity; return the place, the file and the identity's file."""
    identity = pyrage.x25519.Identity.generate()
    file, key = folder / "secrets.age", folder / "identity.txt"
    file.write_bytes(pyrage.encrypt(content, [identity.to_public()]))
    key.write_text(f"# made by a test\n\n{identity}\n", encoding="utf-8")
    return f"age:{file}?identity={key}", file, key


def test_a_secret_is_read_by_its_path(tmp_path: Path) -> None:
    """The file holds a JSON object; what it does not hold is absent."""
    place, _, _ = sealed(tmp_path, json.dumps({"db/password": "pä", "empty": ""}).encode())
    secrets = open_secrets(place, env={})
    assert (secrets("db/password"), secrets("empty"), secrets("gone")) == ("pä", None, None)


def test_a_file_that_is_encrypted_anew_is_read_anew(tmp_path: Path) -> None:
    """Nothing of it is held, so the next load has the new password."""
    place, file, key = sealed(tmp_path, b'{"k": "old"}')
    secrets = open_secrets(place, env={})
    assert secrets("k") == "old"
    identity = pyrage.x25519.Identity.from_str(key.read_text(encoding="utf-8").splitlines()[-1])
    file.write_bytes(pyrage.encrypt(b'{"k": "new"}', [identity.to_public()]))
    assert secrets("k") == "new"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"k": 1}', b'"k"', b'{"k": "\xff"}'])
def test_what_is_no_object_of_texts_is_refused(tmp_path: Path, content: bytes) -> None:
    """One sentence names the file; what was decrypted is in no error."""
    place, file, _ = sealed(tmp_path, content)
    with pytest.raises(SecretsError) as caught:
        open_secrets(place, env={})("k")
    assert str(caught.value) == f"{file} holds no JSON object of texts"
    assert caught.value.__context__ is None


def test_another_identity_opens_nothing(tmp_path: Path) -> None:
    """The error names both files."""
    place, file, key = sealed(tmp_path, b"{}")
    key.write_text(str(pyrage.x25519.Identity.generate()), encoding="utf-8")
    with pytest.raises(SecretsError) as caught:
        open_secrets(place, env={})("k")
    assert str(caught.value) == f"{file} is not what {key} opens"


def test_an_identity_that_is_none_is_not_repeated(tmp_path: Path) -> None:
    """A line that age does not know may be a key with a slip in it."""
    place, _, key = sealed(tmp_path, b"{}")
    for text in ("AGE-SECRET-KEY-1SLIP", "-----BEGIN OPENSSH PRIVATE KEY-----\nSLIP\n", "", "# none\n"):
        key.write_text(text, encoding="utf-8")
        with pytest.raises(SecretsError) as caught:
            open_secrets(place, env={})("k")
        assert str(caught.value) == f"{key} holds no identity of age"
        assert caught.value.__context__ is None


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    """The file and the identity each have a sentence; so does an identity that everybody may write."""
    place, file, key = sealed(tmp_path, b"{}")
    file.unlink()
    with pytest.raises(SecretsError, match=r"secrets.age cannot be read: No such file"):
        open_secrets(place, env={})("k")
    key.chmod(0o666)
    with pytest.raises(SecretsError, match=r"identity.txt may be written by everybody"):
        open_secrets(place, env={})("k")
    key.unlink()
    with pytest.raises(SecretsError, match=r"identity.txt does not exist"):
        open_secrets(place, env={})("k")


@pytest.mark.parametrize("place", ["age:", "age:file", "age:?identity=x", "age:f?identity=a&identity=b", "age:f?key=a"])
def test_a_place_without_its_parts_is_refused(place: str) -> None:
    """File and identity are both needed, and nothing else is known."""
    with pytest.raises(SecretsError):
        open_secrets(place, env={})
