"""Every place of secrets: what it holds is bound and typed, and occurs in nothing that a bot shows or leaves behind."""

import copy
import json
import logging
import pickle
import pprint
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from secrets import randbelow, token_hex
from typing import Any

import pyrage
import pytest

import deskc
from deskc.runtime.errors import SecretsError, SnapshotError, UnboundError
from deskc.runtime.load import load
from deskc.runtime.snapshot import Snapshot
from snapshots import ScopeText, SnapshotText, publish
from vault_server import TOKEN, serve

Files = dict[Path, bytes]
TARGET: Mapping[str, Any] = {"environment": "production", "bot": "tradeengine"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that holds secrets, the variables that go with it, and the files that it is made of."""

    secrets: Any  # a place, or a function
    env: Mapping[str, str]
    files: Files


def variables(folder: Path, held: Mapping[str, str], _: ExitStack) -> Place:
    """Hold secrets in the environment."""
    env = {f"BOT_{path.upper().replace('/', '_')}": text for path, text in held.items()}
    return Place("env:BOT_", env, read(folder))


def mounted(folder: Path, held: Mapping[str, str], _: ExitStack) -> Place:
    """Hold secrets in a file each."""
    for path, text in held.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Place(f"files:{folder}", {}, read(folder))


def sealed(folder: Path, held: Mapping[str, str], _: ExitStack) -> Place:
    """Hold secrets in a file that age has encrypted."""
    identity = pyrage.x25519.Identity.generate()
    (folder / "identity").write_text(str(identity), encoding="utf-8")
    (folder / "secrets.age").write_bytes(pyrage.encrypt(json.dumps(held).encode(), [identity.to_public()]))
    return Place(f"age:{folder}/secrets.age?identity={folder}/identity", {}, read(folder))


def vault(folder: Path, held: Mapping[str, str], stack: ExitStack) -> Place:
    """Hold secrets in a server that speaks as Vault does."""
    secrets: dict[str, dict[str, object]] = {}
    for path, text in held.items():
        above, _, key = path.rpartition("/")
        secrets.setdefault(f"kv/{above}", {})[key] = text
    url = stack.enter_context(serve(dict(secrets))).url
    return Place(f"vault+{url}/kv", {"VAULT_TOKEN": TOKEN}, read(folder))


def function(folder: Path, held: Mapping[str, str], _: ExitStack) -> Place:
    """Hold secrets in the bot's own function."""
    return Place(dict(held).get, {}, read(folder))


def read(folder: Path) -> Files:
    """Return every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True, slots=True)
class Canary:
    """Secrets of high entropy that occur nowhere else, and all that was shown while they were in use."""

    text: str
    number: int
    place: Place
    folder: Path
    log: pytest.LogCaptureFixture
    screen: pytest.CaptureFixture[str]

    def snapshot(self, **types: str) -> SnapshotText:
        """Return a snapshot that refers to the secrets, with these types instead of its own."""
        kinds = {"password": "string", "port": "integer", **types}
        late = [rule(f"system.{key}", kind) for key, kind in kinds.items()]
        late += [rule("exchange.key", "string"), rule("exchange.pin", "integer")]
        system = {"password": "${secret:db/password}", "port": "${secret:db/port}"}
        keys = {"key": "${secret:db/password}", "pin": "${secret:db/port}", "deep": {"list": ["a"]}}
        scopes = (ScopeText({"system": system}), ScopeText({"exchange": keys}, coin="ETH"))
        return SnapshotText(scopes, header={"late": late})

    def load(self, **types: str) -> Snapshot:
        """Load such a snapshot."""
        path = self.snapshot(**types).write(self.folder / "channel")
        return load(path, **TARGET, env=self.place.env, secrets=self.place.secrets)

    def assert_hidden(self, *shown: str) -> None:
        """Hold texts, log, screen and files to having no secret in them."""
        screen = self.screen.readouterr()
        log = [f"{record.getMessage()} {record.__dict__}" for record in self.log.records]
        files = read(self.folder).items() - self.place.files.items()
        places = [screen.out, screen.err, *log, *(str(item) for item in files), *shown]
        found = [one for one in places if self.text in one or str(self.number) in one]
        assert found == []


def rule(path: str, kind: str) -> dict[str, object]:
    """Return a header's entry for a late path."""
    return {"path": path, "type": kind, "minimum": None, "maximum": None, "enum": None}


@pytest.fixture(params=[variables, mounted, sealed, vault, function], ids=lambda place: place.__name__)
def canary(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Canary]:
    """Return the secrets in each place in turn; every library logs all it can."""
    make: Callable[[Path, Mapping[str, str], ExitStack], Place] = request.param
    text, number = token_hex(24), 10**14 + randbelow(8 * 10**14)
    with ExitStack() as stack, caplog.at_level(logging.DEBUG):
        place = make(tmp_path, {"db/password": text, "db/port": str(number), "db/other": text}, stack)
        yield Canary(text, number, place, tmp_path, caplog, capsys)


def told(error: BaseException) -> str:
    """Return all that an error says: its chain, its attributes, and each variable of deskc's frames, as a debugger."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in whole.stack if frame.filename.startswith(str(Path(deskc.__file__).parent))]
    assert frames != []
    chain = [error]
    while following := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(following)
    said = [f"{one!r} {one} {one.__dict__} {one.args}" for one in chain]
    return "\n".join([*said, *(f"{frame.line} {frame.locals}" for frame in frames), str(pickle.dumps(error))])


def test_a_secret_is_bound_in_its_type_and_shown_nowhere(canary: Canary) -> None:
    """The bot has text and number; whatever it prints, copies or logs of its settings has neither."""
    snap = canary.load()
    system, exchange = snap.bot.system, snap["ETH"].exchange
    assert (system.password, system.port, exchange.key) == (canary.text, canary.number, canary.text)
    parts = (snap, snap.bot, snap["ETH"], system, exchange, system.password, copy.deepcopy(exchange), snap.stamp)
    logging.getLogger("bot").info("%r %s %r", system, exchange, [system.password])
    canary.assert_hidden(*map(repr, parts), *map(str, (snap, snap.bot, system)), *map(pprint.pformat, parts))


def test_nothing_that_holds_a_secret_is_pickled(canary: Canary) -> None:
    """A queue or a cache would write it out."""
    snap = canary.load()
    for part in (snap, snap.bot, snap.bot.system, snap.bot.system.password):
        with pytest.raises(TypeError, match="secret"):
            pickle.dumps(part)


def test_a_secret_of_the_wrong_type_is_not_told(canary: Canary) -> None:
    """Settings and paths are named; no error, however deep one looks, has the value."""
    for kind in ("integer", "number", "boolean"):
        with pytest.raises(UnboundError) as caught:
            canary.load(password=kind)
        assert str(caught.value).endswith(f"system.password: secret:db/password holds no {kind}")
        canary.assert_hidden(told(caught.value))


def test_a_bot_that_follows_and_records_writes_no_secret(canary: Canary) -> None:
    """Neither what it keeps for a restart nor the spool has one, and why it stays with a snapshot is told without."""
    place, channel = canary.place, canary.folder / "channel"
    publish(canary.snapshot(), channel)
    options = {"env": place.env, "secrets": place.secrets, "state": canary.folder / "state", "every_s": 0.01}
    told = Told()
    logging.getLogger("deskc.watch").addHandler(told)
    with deskc.watch(channel, **TARGET, **options) as watch:
        snap = watch.snapshot
        with deskc.Recorder(
            f"sqlite:///{canary.folder}/gone/ledger.db", snap, spool=canary.folder / "spool"
        ) as recorder:
            recorder.heartbeat()
            recorder.system_event("start", f"bound {snap['ETH'].exchange!r}")
            publish(canary.snapshot(port="boolean"), channel)
            while "holds no boolean" not in told.next():
                pass  # it may have looked while half of this was written
            recorder.close(timeout_s=0)
        assert watch.snapshot is snap
        assert "secret:db/port holds no boolean" in str(watch.reason)
    logging.getLogger("deskc.watch").removeHandler(told)
    assert {path.parts[len(canary.folder.parts)] for path in read(canary.folder)} >= {"channel", "spool", "state"}
    canary.assert_hidden(*told.lines, repr(watch), str(watch.reason))


class Told(logging.Handler):
    """Keeps what a watch says, and lets a test wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._unread: Queue[str] = Queue()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.lines.append(record.getMessage())
        self._unread.put(record.getMessage())

    def next(self) -> str:
        """Wait for the next message."""
        return self._unread.get(timeout=20)


def test_an_altered_file_tells_no_secret(canary: Canary) -> None:
    """Checks that fail before and after the secrets are looked up say what was altered alone."""
    canary.load()
    (path,) = (canary.folder / "channel").iterdir()
    for mark in (b"deskc-snapshot/1", b'"deep"'):
        data = path.read_bytes()
        path.write_bytes(data.replace(mark, mark.swapcase()))
        with pytest.raises(SnapshotError) as caught:
            _ = load(path, **TARGET, env=canary.place.env, secrets=canary.place.secrets)["ETH"]
        canary.assert_hidden(told(caught.value))
        path.write_bytes(data)


def test_a_place_that_fails_after_it_answered_tells_no_secret(canary: Canary) -> None:
    """What was looked up before the failure is in no variable that a traceback shows."""
    calls: list[str] = []

    def fails(path: str) -> str | None:
        calls.append(path)
        if len(calls) > 1:
            raise SecretsError("it is gone")
        return None

    place = canary.place
    broken = Canary(
        canary.text,
        canary.number,
        Place(
            [fails, *([place.secrets] if callable(place.secrets) else str(place.secrets).split(","))],
            place.env,
            place.files,
        ),
        canary.folder,
        canary.log,
        canary.screen,
    )
    with pytest.raises(SecretsError) as caught:
        broken.load()
    assert calls == ["db/password", "db/port"]
    canary.assert_hidden(told(caught.value))


@pytest.mark.parametrize(
    ("library", "place"), [("pyrage", "age:secrets.age?identity=key"), ("hvac", "vault+https://vault.example/kv")]
)
def test_a_place_whose_library_is_absent_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str, place: str
) -> None:
    """One sentence, and the command that installs it."""
    monkeypatch.setitem(sys.modules, library, None)
    path = SnapshotText().write(tmp_path)
    with pytest.raises(SecretsError, match=f"need {library}, which is not installed") as caught:
        load(path, **TARGET, env={"VAULT_TOKEN": "x"}, secrets=place)
    assert caught.value.help == "pip install 'deskc[secrets]'"
