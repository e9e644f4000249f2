"""Late references: bound on load, judged by the header, never shown."""

import copy
import pickle
import pprint
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from deskc.runtime.errors import UnboundError
from deskc.runtime.late import Secret
from deskc.runtime.load import load
from deskc.runtime.snapshot import Snapshot
from snapshots import ScopeText, SnapshotText

CANARY = "hunter2"


def rule(path: str, kind: str = "string", **bounds: object) -> dict[str, object]:
    """Return a header's entry for a late path."""
    return {"path": path, "type": kind, "minimum": None, "maximum": None, "enum": None, **bounds}


def opened(
    folder: Path,
    system: Mapping[str, Any],
    *rules: Mapping[str, object],
    env: Mapping[str, str] | None = None,
    secrets: Callable[[str], str | None] | None = None,
) -> Snapshot:
    """Write and load a snapshot whose bot has these system settings."""
    path = SnapshotText((ScopeText({"system": system}),), header={"late": list(rules)}).write(folder)
    return load(path, environment="production", bot="tradeengine", env=env or {}, secrets=secrets)


@pytest.mark.parametrize(
    ("text", "env", "bound"),
    [
        ("${env:HOST}", {"HOST": "db"}, "db"),
        ("${HOST}", {"HOST": "db"}, "db"),
        ("${HOST}", {"HOST": ""}, ""),
        ("${env:HOST:-fallback}", {}, "fallback"),
        ("${HOST:-fallback}", {}, "fallback"),
        ("${HOST:-}", {}, ""),
        ("${HOST:-fallback}", {"HOST": ""}, "fallback"),
        ("${HOST:-a:-b}", {}, "a:-b"),
        ("${HOST:-fallback}", {"HOST": "db"}, "db"),
        ("$${HOST}", {"HOST": "db"}, "${HOST}"),
        ("a$${HOST}b", {"HOST": "db"}, "a${HOST}b"),
        ("a${HOST}b", {"HOST": "db"}, "a${HOST}b"),
        ("${A}-${B}", {"A": "a", "B": "b"}, "${A}-${B}"),
        ("plain", {}, "plain"),
    ],
)
def test_a_reference_becomes_its_value(tmp_path: Path, text: str, env: Mapping[str, str], bound: str) -> None:
    """The whole text is a reference or it is text; defaults stand in for what is unset or empty."""
    snap = opened(tmp_path, {"host": text}, rule("system.host"), env=env)
    assert snap.bot.system.host == bound


def test_elsewhere_a_reference_is_text(tmp_path: Path) -> None:
    """Only the paths that the header lists are bound, and what is no text there is taken as it is."""
    snap = opened(
        tmp_path, {"note": "${X}", "port": 5432, "gone": None}, rule("system.port", "integer"), rule("system.gone")
    )
    assert snap.bot.system == {"note": "${X}", "port": 5432, "gone": None}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "5432", 5432),
        ("integer", "-1", -1),
        ("integer", "+010", 10),
        ("number", "0.25", 0.25),
        ("number", "1e3", 1000.0),
        ("number", "7", 7.0),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("string", "true", "true"),
    ],
)
def test_a_bound_value_has_the_declared_type(tmp_path: Path, kind: str, text: str, value: object) -> None:
    """Variables are text; the header says what they stand for."""
    got = opened(tmp_path, {"x": "${X}"}, rule("system.x", kind), env={"X": text}).bot.system.x
    assert got == value
    assert isinstance(got, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(
            ("integer", text)
            for text in ("", "-", " 1", "1\n", "1.0", "1_000", "0x10", "٣", "9007199254740992", "9" * 5000)
        ),
        *(("number", text) for text in ("", "-", "e", "nan", "inf", "1e999", "-1e999", "1_0.0", "1 ", "1.2.3", "٣")),
        *(("boolean", text) for text in ("", "True", "yes", "on", "1")),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, kind: str, text: str) -> None:
    """Nothing is guessed: what strict YAML would not read as that type is an error, from the default too."""
    for written, env in (("${env:X}", {"X": text}), (f"${{X:-{text}}}", {})):
        with pytest.raises(UnboundError, match=f"system.x: X holds no {kind}$"):
            opened(tmp_path, {"x": written}, rule("system.x", kind), env=env)


@pytest.mark.parametrize(
    ("entry", "text", "reason"),
    [
        (rule("system.x", "integer", minimum=1), "0", "is below 1"),
        (rule("system.x", "integer", maximum=65535), "65536", "is above 65535"),
        (rule("system.x", "number", minimum=0.5), "0.25", "is below 0.5"),
        (rule("system.x", "string", enum=["a", "b"]), CANARY, "is none of a, b"),
        (rule("system.x", "integer", enum=[True, 2]), "1", "is none of True, 2"),
    ],
)
def test_a_value_outside_its_bounds_is_refused(
    tmp_path: Path, entry: Mapping[str, object], text: str, reason: str
) -> None:
    """Bounds are inclusive, and an enum compares as JSON does."""
    with pytest.raises(UnboundError, match=f"system.x: X {reason}$"):
        opened(tmp_path, {"x": "${X}"}, entry, env={"X": text})


@pytest.mark.parametrize(("kind", "text"), [("integer", "1"), ("integer", "65535"), ("number", "65535")])
def test_the_bounds_themselves_are_fine(tmp_path: Path, kind: str, text: str) -> None:
    """Minimum and maximum are inclusive."""
    entry = rule("system.x", kind, minimum=1, maximum=65535, enum=[1, 65535])
    assert opened(tmp_path, {"x": "${X}"}, entry, env={"X": text}).bot.system.x == float(text)


def test_every_unbound_reference_is_named_at_once(tmp_path: Path) -> None:
    """One failed start tells everything that is missing: setting paths and variables, never a value."""
    system = {"db": {"host": "${DB_HOST}", "port": "${env:DB_PORT}"}, "hosts": ["${A}"], "ok": "${OK}"}
    rules = [rule("system.db.host"), rule("system.db.port", "integer"), rule("system.hosts[0]"), rule("system.ok")]
    with pytest.raises(UnboundError) as caught:
        opened(tmp_path, system, *rules, env={"DB_PORT": CANARY, "OK": CANARY})
    assert caught.value.settings == ("system.db.host", "system.db.port", "system.hosts[0]")
    assert caught.value.variables == ("DB_HOST", "DB_PORT", "A")
    assert str(caught.value) == (
        "production/tradeengine cannot be bound: system.db.host: DB_HOST is not set; "
        "system.db.port: DB_PORT holds no integer; system.hosts[0]: A is not set"
    )
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__dict__)
    assert caught.value.__context__ is None
    assert CANARY not in told


def test_a_secret_comes_from_the_caller(tmp_path: Path) -> None:
    """The path after secret: is handed to the function that load was given."""
    asked: list[str] = []

    def secrets(path: str) -> str | None:
        asked.append(path)
        return CANARY if path == "binance/api:-key" else None

    system = {"key": "${secret:binance/api:-key}"}
    assert opened(tmp_path, system, rule("system.key"), secrets=secrets).bot.system.key == CANARY
    assert asked == ["binance/api:-key"]
    with pytest.raises(UnboundError, match=r"system.key: secret:gone is not to be had$"):
        opened(tmp_path, {"key": "${secret:gone}"}, rule("system.key"), secrets=secrets)
    with pytest.raises(UnboundError, match=r"system.key: secret:gone needs load\(secrets=…\)$"):
        opened(tmp_path, {"key": "${secret:gone}"}, rule("system.key"))


@pytest.mark.parametrize(
    "text", ["${}", "${secret:}", "${env:}", "${vault:x}", "${ref:a.b}", "${1X}", "${é}", "${a b}"]
)
def test_a_reference_of_an_unknown_kind_is_never_taken_as_text(tmp_path: Path, text: str) -> None:
    """What a later deskc may mean by it is not guessed at by this one."""
    with pytest.raises(UnboundError, match="is no reference that this deskc knows"):
        opened(tmp_path, {"x": text}, rule("system.x"), env={"a b": "x", "é": "x", "": "x"})


def test_what_was_bound_late_shows_in_no_repr(tmp_path: Path) -> None:
    """Texts and numbers, secrets and variables, nested and listed: a repr shows '***'."""
    system = {
        "host": "${H}",
        "port": "${P}",
        "key": "${secret:k}",
        "many": ["${H}", 7],
        "deep": {"on": "${B}"},
        "literal": "$${H}",
    }
    kinds = {
        "host": "string",
        "port": "integer",
        "key": "string",
        "many[0]": "string",
        "deep.on": "boolean",
        "literal": "string",
    }
    rules = [rule(f"system.{path}", kind) for path, kind in kinds.items()]
    env = {"H": CANARY, "P": "424242", "B": "true"}
    snap = opened(tmp_path, system, *rules, env=env, secrets=lambda _: CANARY)
    section = snap.bot.system
    hidden = "'host': '***', 'key': '***', 'literal': '${H}', 'many': '***', 'port': '***'"
    assert repr(section) == f"Section({{'deep': Section({{'on': '***'}}), {hidden}}})"
    shown = [repr(dict(section)["host"]), repr(section.many), pprint.pformat(section), repr(snap), repr(snap.bot)]
    assert not any(CANARY in text or "424242" in text for text in shown)
    assert f"{section.host}:{section.port}" == f"{CANARY}:424242"
    assert section.key.encode() == CANARY.encode()
    assert section.many == (CANARY, 7)


def test_a_secret_is_an_ordinary_text_otherwise() -> None:
    """Comparing, joining, hashing and copying keep the text; its repr hides it, and it is never pickled by accident."""
    secret = Secret(CANARY)
    assert {CANARY: 1}[secret] == 1
    assert secret + "!" == f"{secret}!" == f"{CANARY}!"
    assert str(secret) == secret == CANARY
    assert repr([secret]) == f"[{secret!r}]" == "['***']"
    assert copy.deepcopy(secret) is copy.copy(secret) is secret
    assert type(str(secret)) is str
    with pytest.raises(TypeError, match="is not pickled, for it may be a secret"):
        pickle.dumps(secret)


def test_a_coin_is_bound_when_it_is_first_read_by_the_environment_of_the_load(tmp_path: Path) -> None:
    """One snapshot never mixes two environments, and a coin that nobody reads asks for nothing."""
    scope = ScopeText({"exchange": {"key": "${KEY}"}}, coin="ETH")
    path = SnapshotText((ScopeText(), scope), header={"late": [rule("exchange.key")]}).write(tmp_path)
    env = {"KEY": "first"}
    snap = load(path, environment="production", bot="tradeengine", env=env)
    env["KEY"] = "second"
    assert snap["ETH"].exchange.key == "first"
    snap = load(path, environment="production", bot="tradeengine", env={})
    assert snap.coins == ("ETH",)
    snap.verify()
    with pytest.raises(UnboundError, match=r"production/tradeengine/ETH cannot be bound: exchange.key: KEY is not set"):
        _ = snap["ETH"]


def test_the_process_environment_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without env= the variables are those of the process."""
    monkeypatch.setenv("DESKC_TEST_HOST", "db")
    path = SnapshotText(
        (ScopeText({"system": {"host": "${DESKC_TEST_HOST}"}}),), header={"late": [rule("system.host")]}
    ).write(tmp_path)
    assert load(path, environment="production", bot="tradeengine").bot.system.host == "db"
