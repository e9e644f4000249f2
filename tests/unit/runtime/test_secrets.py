"""Places of secrets that need no library: variables, mounted files, functions, and several in order."""

import os
import pickle
from pathlib import Path

import pytest

from deskc.runtime.errors import SecretsError, UnboundError
from deskc.runtime.late import Variables, open_sources
from deskc.runtime.load import load
from deskc.runtime.locate import Found
from deskc.runtime.secrets import open_secrets
from deskc.runtime.snapshot import follow_snapshot
from snapshots import ScopeText, SnapshotText


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a secret's file as Docker mounts one."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o444)
    return path


def test_a_variable_has_the_prefix_and_the_path_in_capitals() -> None:
    """What no variable's name may hold becomes an underscore; an empty variable holds no secret."""
    secrets = open_secrets("env:BOT_", env={"BOT_DB_API_KEY": "k", "DB_API_KEY": "other", "BOT_EMPTY": ""})
    assert secrets("db/api-key") == "k"
    assert secrets("empty") is None
    assert secrets("gone") is None


def test_a_file_is_named_by_the_path(tmp_path: Path) -> None:
    """One line end at the end is an editor's and is dropped; everything else is the secret's."""
    written(tmp_path, "db/password", "two\nlines \n")
    written(tmp_path, "key", "k\r\n")
    written(tmp_path, "empty", "\n")
    secrets = open_secrets(f"files:{tmp_path}", env={})
    assert secrets("db/password") == "two\nlines "
    assert secrets("key") == "k"
    assert [secrets(path) for path in ("empty", "gone", "db", "key/inside")] == [None] * 4


def test_files_as_kubernetes_mounts_them_are_read(tmp_path: Path) -> None:
    """There a file is a link to a link inside the folder, and the folder's own name may be one too."""
    written(tmp_path / "mount", "..2026/password", "p")
    (tmp_path / "mount" / "..data").symlink_to("..2026")
    (tmp_path / "mount" / "password").symlink_to("..data/password")
    (tmp_path / "secrets").symlink_to("mount")
    assert open_secrets(f"files:{tmp_path}/secrets", env={})("password") == "p"


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    """Neither a link nor a path leads out."""
    outside = written(tmp_path, "outside", "o")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(outside)
    secrets = open_secrets(f"files:{tmp_path}/in", env={})
    with pytest.raises(SecretsError, match="the secret link leads out of"):
        secrets("link")
    for path in ("../outside", "/etc/passwd", "a//b", "", ".", "a\0b"):
        with pytest.raises(SecretsError, match="has no path of names"):
            secrets(path)


def test_a_file_that_is_not_to_be_trusted_is_refused(tmp_path: Path) -> None:
    """Everybody could change it, it is too large, it is no text, or it is no file: one sentence that names it."""
    written(tmp_path, "open", "x").chmod(0o666)
    written(tmp_path, "large", "x" * (1 << 20) + "x")
    written(tmp_path, "bytes", b"secret \xff")
    os.mkfifo(tmp_path / "pipe")
    secrets = open_secrets(f"files:{tmp_path}", env={})
    reasons = {
        "open": "may be written by everybody",
        "large": "is larger than 1 MiB",
        "bytes": "holds no UTF-8 text",
        "pipe": "is no file",
    }
    for path, reason in reasons.items():
        with pytest.raises(SecretsError) as caught:
            secrets(path)
        assert str(caught.value) == f"{tmp_path}/{path} {reason}"
        assert caught.value.__context__ is None


def test_several_places_are_asked_in_order(tmp_path: Path) -> None:
    """The first that holds a secret wins; texts and functions mix, and a comma in a folder's name is written %2C."""
    folder = tmp_path / "a,b"
    written(folder, "one", "file")
    written(folder, "two", "file")
    place = f"files:{str(folder).replace(',', '%2C')}"
    env = {"X_ONE": "variable"}
    for secrets in (open_secrets(f"env:X_, {place}", env=env), open_secrets(["env:X_", place, str.upper], env=env)):
        assert (secrets("one"), secrets("two")) == ("variable", "file")
    assert open_secrets([place, str.upper], env={})("three") == "THREE"


def test_a_place_that_fails_is_not_passed_over(tmp_path: Path) -> None:
    """Which password is used never depends on whether a server was up."""
    written(tmp_path, "key", "x").chmod(0o666)
    with pytest.raises(SecretsError, match="may be written by everybody"):
        open_secrets(f"files:{tmp_path},env:X_", env={"X_KEY": "variable"})("key")


@pytest.mark.parametrize("secrets", ["", "hunter2", "hunter2:x", ",", [], [None], 7, ["env:X_", "hunter2"]])
def test_what_is_no_place_is_refused_and_not_repeated(secrets: object) -> None:
    """It may be the secret itself, in the wrong argument; the help lists the forms."""
    with pytest.raises(SecretsError) as caught:
        open_secrets(secrets, env={})  # type: ignore[arg-type]  # what a bot without a type checker may hand over
    assert "hunter2" not in str(caught.value)
    assert "env:PREFIX_, files:FOLDER, age:FILE?identity=FILE or vault+https://HOST/MOUNT" in caught.value.help


def test_a_folder_that_is_not_mounted_is_named(tmp_path: Path) -> None:
    """The mistake is told when the bot starts."""
    with pytest.raises(SecretsError, match=r"/gone is no folder of secrets$"):
        open_secrets(f"files:{tmp_path}/gone", env={})


def of_three_lines() -> SnapshotText:
    """Return a snapshot whose bot and coins refer to secrets, one of them twice, and one beside an escaped quote."""
    rules = [
        {"path": path, "type": "string", "minimum": None, "maximum": None, "enum": None}
        for path in ("system.key", "exchange.key", "exchange.note")
    ]
    bot = ScopeText({"system": {"key": "${secret:shared}"}})
    eth = ScopeText({"exchange": {"key": "${secret:shared}", "note": '"${secret:text}"'}}, coin="ETH")
    sol = ScopeText({"exchange": {"key": "${secret:sol/ü}"}}, coin="SOL")
    return SnapshotText((bot, eth, sol), header={"late": rules})


def test_every_secret_is_looked_up_once_and_at_the_load(tmp_path: Path) -> None:
    """A coin that is read later asks nobody, and two scopes never hold two versions of one secret."""
    asked: list[str] = []

    def secrets(path: str) -> str:
        asked.append(path)
        return f"{path}-{len(asked)}"

    snap = load(of_three_lines().write(tmp_path), environment="production", bot="tradeengine", env={}, secrets=secrets)
    assert asked == ["shared", "sol/ü"]
    asked.clear()
    assert (snap.bot.system.key, snap["ETH"].exchange.key, snap["SOL"].exchange.key) == (
        "shared-1",
        "shared-1",
        "sol/ü-2",
    )
    assert snap["ETH"].exchange.note == '"${secret:text}"'
    assert asked == []


def test_a_secret_that_is_absent_concerns_the_scope_that_needs_it(tmp_path: Path) -> None:
    """The others trade; the bot is told which setting lacks which secret."""
    path = of_three_lines().write(tmp_path)
    snap = load(path, environment="production", bot="tradeengine", env={"S_SHARED": "x"}, secrets="env:S_")
    assert snap["ETH"].exchange.key == "x"
    with pytest.raises(UnboundError, match=r"exchange.key: secret:sol/ü is not to be had$"):
        _ = snap["SOL"]


def test_an_altered_line_asks_for_nothing(tmp_path: Path) -> None:
    """Whoever can write the file cannot make the bot ask for a secret of his choice."""
    text = of_three_lines()
    path = text.write(tmp_path)
    path.write_bytes(text.data().replace(b"${secret:sol", b"${secret:lol"))
    asked: list[str] = []
    load(path, environment="production", bot="tradeengine", env={}, secrets=lambda one: str(asked.append(one)))  # type: ignore[func-returns-value]  # a text either way
    assert asked == ["shared"]


def test_a_function_that_fails_is_told_by_its_kind_alone(tmp_path: Path) -> None:
    """A running bot says why it stays with its snapshot, and what a function raises may have the secret in it."""
    path = of_three_lines().write(tmp_path)
    with pytest.raises(SecretsError) as caught:
        load(path, environment="production", bot="tradeengine", env={}, secrets={"hunter2": "x"}.__getitem__)
    assert str(caught.value) == "the function that secrets= names failed at shared: KeyError"


def test_a_bot_that_runs_keeps_the_secret_that_needs_a_restart() -> None:
    """The old reference stands in no line of the new file, and is looked up all the same."""
    asked: list[str] = []

    def secrets(path: str) -> str:
        asked.append(path)
        return f"text of {path}"

    late = {"path": "system.key", "type": "string", "minimum": None, "maximum": None, "enum": None}
    snap = None
    for path in ("old", "new"):
        bot = ScopeText({"system": {"key": f"${{secret:{path}}}"}})
        text = SnapshotText((bot,), header={"late": [late], "restart": ["system.key"]})
        found = Found(data=text.data(), digest=text.digest, source="file", git_sha=None, dirty=False)
        sources = open_sources(env=Variables({}), secrets=secrets)
        snap = follow_snapshot(found, environment="production", bot="tradeengine", sources=sources, after=snap)
        assert snap.bot.system.key == "text of old"
    assert asked == ["old", "new", "old"]


def test_a_place_is_not_pickled() -> None:
    """It would take its secrets along."""
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(open_secrets("env:X_", env={"X_A": "a"}))
