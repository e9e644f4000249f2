"""Vault's key-value engine, against a server on this machine that speaks its JSON."""

import threading
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from deskc.runtime.errors import SecretsError
from deskc.runtime.secrets import open_secrets
from vault_server import TOKEN, Vault, serve

ENV = {"VAULT_TOKEN": TOKEN}


@pytest.fixture
def vault() -> Iterator[Vault]:
    """Return a server that holds two secrets, one of them deleted."""
    with serve({"kv/db/main": {"password": "pä", "empty": "", "port": 7}, "kv/old": None}) as server:
        yield server


def place(vault: Vault, query: str = "") -> str:
    """Return the place of the server's mount."""
    return f"vault+{vault.url}/kv{query}"


def test_the_last_step_of_a_path_is_the_key(vault: Vault) -> None:
    """What is before it names the secret; what is absent or deleted is not to be had."""
    secrets = open_secrets(place(vault), env=ENV)
    assert secrets("db/main/password") == "pä"
    assert [secrets(path) for path in ("db/main/gone", "db/main/empty", "gone/key", "old/key")] == [None] * 4
    assert vault.asked[0] == "kv/data/db/main"


def test_the_token_may_be_in_a_file_that_an_agent_renews(vault: Vault, tmp_path: Path) -> None:
    """It is read at each asking, and wins over the variable."""
    file = tmp_path / "token"
    file.write_text("an old one\n", encoding="utf-8")
    secrets = open_secrets(place(vault, f"?token={file}"), env={"VAULT_TOKEN": "another"})
    with pytest.raises(SecretsError, match="does not let this token read kv/db/main"):
        secrets("db/main/password")
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    assert secrets("db/main/password") == "pä"
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(SecretsError, match="holds no token"):
        secrets("db/main/password")


def test_a_value_that_is_no_text_is_refused(vault: Vault) -> None:
    """Vault may hold numbers; a secret is a text, which the bot's own schema then types."""
    with pytest.raises(SecretsError, match="holds no text at the secret db/main/port") as caught:
        open_secrets(place(vault), env=ENV)("db/main/port")
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "pä" not in str([frame.locals for frame in told.stack if frame.name == "secret"])


def test_a_redirect_is_not_followed(vault: Vault) -> None:
    """The token would go along to wherever it leads."""
    with serve({"kv/db/main": {"password": "elsewhere"}}) as other:
        vault.redirects_to = other.url
        with pytest.raises(SecretsError, match="answers what no key-value engine of version 2 says"):
            open_secrets(place(vault), env=ENV)("db/main/password")
        assert other.asked == []


def test_a_server_that_says_nothing_is_given_up(vault: Vault) -> None:
    """The wait has an end, and the error no token."""
    vault.silent = threading.Event()
    with pytest.raises(SecretsError, match="cannot be asked: ReadTimeout"):
        open_secrets(place(vault, "?timeout_s=0.05"), env=ENV)("db/main/password")


def test_a_server_that_is_gone_is_named() -> None:
    """One sentence, and none of the libraries' errors behind it."""
    with serve({}) as gone:
        url = gone.url
    with pytest.raises(SecretsError) as caught:
        open_secrets(f"vault+{url}/kv", env=ENV)("db/password")
    assert str(caught.value) == f"{url} cannot be asked: ConnectionError"
    assert caught.value.__context__ is None


def test_no_proxy_reads_what_has_no_tls(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is for what is encrypted."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert open_secrets(place(vault), env=ENV)("db/main/password") == "pä"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("password", "names no key"),
        ("../sys/raw/key", "has no path"),
        ("a//b", "has no path"),
        ("a/../b", "has no path"),
    ],
)
def test_a_path_stays_in_its_mount(vault: Vault, path: str, reason: str) -> None:
    """No request is made for one that would leave it or names no key."""
    with pytest.raises(SecretsError, match=reason):
        open_secrets(place(vault), env=ENV)(path)
    assert vault.asked == []


@pytest.mark.parametrize(
    ("where", "env", "reason"),
    [
        ("vault+http://vault.example/kv", ENV, "would be asked for secrets without TLS"),
        ("vault+http://10.0.0.1/kv", ENV, "would be asked for secrets without TLS"),
        ("vault+https://vault.example/kv", {}, "needs a token"),
        ("vault+https://vault.example", ENV, "names no host or no mount"),
        ("vault+https://", ENV, "names no host or no mount"),
        ("vault+https://vault.example:x/kv", ENV, "names no host or no mount"),
        ("vault+https://user:hunter2@vault.example/kv", ENV, "names no host or no mount"),
        ("vault+https://vault.example/kv?timeout_s=0", ENV, "waits for no time"),
        ("vault+https://vault.example/kv?timeout_s=soon", ENV, "waits for no time"),
        ("vault+https://vault.example/kv?password=hunter2", ENV, "has the parameters token, namespace, ca, timeout_s"),
        ("vault+https://vault.example/../kv", ENV, "has no path"),
    ],
)
def test_a_place_that_makes_no_sense_is_refused_at_the_start(where: str, env: Mapping[str, str], reason: str) -> None:
    """Nothing is asked of anybody, and what stood where no secret belongs is not repeated."""
    with pytest.raises(SecretsError, match=reason) as caught:
        open_secrets(where, env=env)
    assert "hunter2" not in str(caught.value) + caught.value.help
