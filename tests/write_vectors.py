"""Write tests/vectors/, by which readers in other languages are judged: compiled bytes, and what a reader must say.

Run it as `python tests/write_vectors.py`; tests/test_vectors.py fails where the folder is stale.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deskc.core import canonical
from deskc.core.canonical import encode
from deskc.core.snapshots import Build, Sha, Snapshot
from deskc.publish.pointer import Pointer
from vector_desk import compiled

__all__ = ["FOLDER", "FORMAT", "files"]

FOLDER = Path(__file__).with_name("vectors")
FORMAT = "deskc-vectors/1"

_COMMIT = Sha("c0ffee" * 6 + "c0ff")
_PLACES = {"ETH": ("ETH", None), "LONG": ("BTC", "LONG"), "SHORT": ("BTC", "SHORT"), "": (None, None)}
_Vector = dict[str, Any]
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class _Made(NamedTuple):
    """A vector, and the files that it needs by path below the folder."""

    vector: _Vector
    files: Mapping[str, bytes] = {}


def files() -> Mapping[str, bytes]:
    """Return every file of the folder by its path: the manifest, and what its vectors name."""
    snapshots = compiled()
    made = [
        *_sound(snapshots),
        *_late(snapshots["service"]),
        *_corrupt(snapshots["maker"]),
        *_rewritten(snapshots),
        *_channels(snapshots["maker"]),
        *_digests(snapshots),
        *_order_ids(snapshots["maker"]),
    ]
    manifest = {"format": FORMAT, "vectors": [one.vector for one in made]}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    return {"manifest.json": text.encode(), **{path: data for one in made for path, data in one.files.items()}}


def _snapshot(name: str, says: str, data: bytes, **more: object) -> _Made:
    """Return a vector of one file; it is of paper/maker and has the digest of its first line unless more is said."""
    path = f"snapshots/{more.pop('file', None) or name}.jsonl"
    digest = hashlib.sha256(data.split(b"\n")[0]).hexdigest()
    target = {"file": path, "digest": digest, "environment": "paper", "bot": "maker"}
    vector = {"name": name, "kind": "snapshot", "says": says, **target, "env": {}, "secrets": {}, **more}
    return _Made(vector, {path: data})


def _ask(scope: str, path: str, value: object, *, kind: str = "") -> _Vector:
    """Return a question: the setting at a path of steps with slashes between them, and the type in which it is held."""
    coin, side = _PLACES[scope]
    steps = [int(step[1:]) if step.startswith("#") else step for step in path.split("/")]
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return {"coin": coin, "side": side, "path": steps, "value": value, "type": kind or names[type(value)]}


# What loads


def _sound(snapshots: Mapping[str, Snapshot]) -> Iterator[_Made]:
    maker, engine = snapshots["maker"].data(), snapshots["engine"].data()
    yield _snapshot(
        "small",
        "a bot's own scope and its coins; a number without a fraction is still a number",
        maker,
        ask=[
            _ask("", "trading/size_usd", 100, kind="number"),
            _ask("", "trading/leverage", 3),
            _ask("", "trading/hedged", value=False),
            _ask("", "trading/stop", None),
            _ask("", "strategy/parameters/decay", 0.5),
            _ask("ETH", "trading/size_usd", 25.5),
            _ask("ETH", "trading/hours/#1", 17),
            _ask("ETH", "trading/steps/#0", 1, kind="number"),
            _ask("ETH", "trading/steps/#2", 9007199254740991, kind="number"),
            _ask("ETH", "trading/steps/#3", 1e-07),
        ],
    )
    yield _snapshot(
        "unicode",
        "values and keys beyond ASCII, with quotes and line separators",
        maker,
        file="small",
        ask=[
            _ask("ETH", "trading/note", 'Grüße, 価格 🚀 \u2028 "quoted" \\ \u007f end'),
            _ask("ETH", "trading/weights/Gewicht ü", 3, kind="number"),
            _ask("ETH", "trading/weights/a.b", 2, kind="number"),
            _ask("ETH", 'trading/weights/say "hi"', 6, kind="number"),
            _ask("ETH", "trading/weights/10", 7, kind="number"),
            _ask("ETH", "trading/weights/\ufb00", 9, kind="number"),
            _ask("ETH", "trading/weights/😀", 5, kind="number"),
        ],
    )
    asked = [_ask("LONG", "trading/leverage", 5), _ask("SHORT", "trading/leverage", 2)]
    yield _snapshot("sides", "coins by side", engine, bot="engine", ask=asked)
    for name, coin in (("unknown-coin", "DOGE"), ("side-missing", "BTC")):
        ask = {"coin": coin, "side": None, "path": ["trading", "leverage"]}
        says = f"there is no scope {coin} without a side"
        yield _snapshot(name, says, engine, file="sides", bot="engine", ask=[ask], error="UnknownScopeError")


# Late references

_BOUND = {"DB_HOST": "db.example"}
_SECRET = {"db/password": "not a real one"}
_LATE_CASES: Sequence[tuple[str, Mapping[str, str], str, object]] = (
    ("late-variable", {}, "host", "db.example"),
    ("late-empty", {"DB_HOST": ""}, "host", ""),
    ("late-short", {"CACHE_HOST": "cache.example"}, "cache", "cache.example"),
    ("late-default", {}, "cache", "localhost"),
    ("late-default-for-empty", {"CACHE_HOST": ""}, "cache", "localhost"),
    ("late-literal", {}, "literal", "${HOME}"),
    ("late-secret", {}, "password", "not a real one"),
    ("late-integer", {"DB_PORT": "+0065535"}, "port", 65535),
    ("late-integer-default", {}, "port", 5432),
    ("late-number", {"RATIO": "2.5e-1"}, "ratio", 0.25),
    ("late-number-default", {}, "ratio", 1.0),
    ("late-boolean", {"FAST": "false"}, "fast", False),
)
_MISFITS: Sequence[tuple[str, Mapping[str, str], str]] = (
    ("late-integer-with-fraction", {"DB_PORT": "1.0"}, "port"),
    ("late-integer-with-space", {"DB_PORT": " 80"}, "port"),
    ("late-integer-with-underscore", {"DB_PORT": "8_0"}, "port"),
    ("late-integer-not-ascii", {"DB_PORT": "٣"}, "port"),
    ("late-integer-of-2-to-the-53", {"DB_PORT": "9007199254740992"}, "port"),
    ("late-below-minimum", {"DB_PORT": "0"}, "port"),
    ("late-above-maximum", {"DB_PORT": "65536"}, "port"),
    ("late-number-infinite", {"RATIO": "1e999"}, "ratio"),
    ("late-number-in-words", {"RATIO": "inf"}, "ratio"),
    ("late-number-in-hexadecimal", {"RATIO": "0x1p-2"}, "ratio"),
    ("late-boolean-in-capitals", {"FAST": "True"}, "fast"),
)


def _late(service: Snapshot) -> Iterator[_Made]:
    data = service.data()
    usual = {"file": "late", "bot": "service"}
    for name, env, setting, value in _LATE_CASES:
        given: Mapping[str, Any] = {**usual, "env": {**_BOUND, **env}, "secrets": _SECRET}
        yield _snapshot(name, f"system.{setting} is bound", data, **given, ask=[_ask("", f"system/{setting}", value)])
    for name, env, setting in _MISFITS:
        given = {**usual, "env": {**_BOUND, **env}, "secrets": _SECRET}
        yield _unbound(name, f"system.{setting} holds what does not fit", data, settings=[setting], **given)
    yield _unbound(
        "late-absent", "every reference that cannot be bound is named", data, settings=["host", "password"], **usual
    )
    for name, value, fits in (("late-enum", "localhost", True), ("late-enum-misfit", "elsewhere", False)):
        given = {"bot": "service", "file": "late-enum", "env": {**_BOUND, "CACHE_HOST": value}, "secrets": _SECRET}
        altered = _with_header(data, _restricted)
        if fits:
            yield _snapshot(name, "a permitted value", altered, **given, ask=[_ask("", "system/cache", value)])
        else:
            yield _unbound(name, "no permitted value", altered, settings=["cache"], **given)
    yield _unbound(
        "late-unknown-kind",
        "a reference of a later kind is never taken for text",
        _with_line(data, lambda line: line.replace(b"${secret:", b"${vault!:")),
        settings=["password"],
        **{**usual, "file": "late-unknown-kind"},
        env=_BOUND,
    )


def _unbound(name: str, says: str, data: bytes, *, settings: Sequence[str], **more: object) -> _Made:
    ask = {"coin": None, "side": None, "path": ["system", "literal"]}
    named = [f"system.{setting}" for setting in settings]
    return _snapshot(name, says, data, **more, ask=[ask], error="UnboundError", settings=named)


def _restricted(header: _Vector) -> None:
    (rule,) = (one for one in header["late"] if one["path"] == "system.cache")
    rule["enum"] = ["localhost", "cache.example"]


# What is not what was written


def _corrupt(maker: Snapshot) -> Iterator[_Made]:
    """Yield files whose bytes differ from those of their digest."""
    data, digest = maker.data(), str(maker.digest)
    header, *lines = data.splitlines(keepends=True)
    middle = len(header) // 2
    inside = len(header) + len(lines[0]) // 2
    cases: Sequence[tuple[str, str, bytes, str]] = (
        ("flipped-in-header", "one bit of the first line is another", _flipped(data, middle), "TamperedError"),
        ("flipped-in-line", "one bit of a scope's line is another", _flipped(data, inside), "TamperedError"),
        ("flipped-newline", "a line does not end where the first line says", _flipped(data, -1), "TamperedError"),
        ("empty", "nothing is there", b"", "TruncatedError"),
        ("cut-in-header", "the first line does not end", data[:middle], "TruncatedError"),
        ("cut-in-line", "a scope's line does not end", data[:-40], "TruncatedError"),
        ("cut-newline", "the last newline is missing", data[:-1], "TruncatedError"),
        ("lines-missing", "the last line is missing", b"".join([header, *lines[:-1]]), "TruncatedError"),
        ("lines-exchanged", "two lines changed places", b"".join([header, *lines[::-1]]), "TamperedError"),
        ("appended", "something follows the last line", data + b"{}\n", "TamperedError"),
        ("line-ends-of-windows", "every newline became two bytes", data.replace(b"\n", b"\r\n"), "TamperedError"),
        ("byte-order-mark", "an editor put a mark before the first byte", b"\xef\xbb\xbf" + data, "TamperedError"),
    )
    for name, says, altered, error in cases:
        yield _snapshot(name, says, altered, digest=digest, error=error)
    other = hashlib.sha256(b"another").hexdigest()
    yield _snapshot(
        "another-digest", "a sound file under another's digest", data, file="small", digest=other, error="TamperedError"
    )
    for key, value in (("environment", "live"), ("bot", "taker")):
        says = f"a sound file of another {key} than the one asked for"
        yield _snapshot(f"another-{key}", says, data, file="small", **{key: value}, error="WrongTargetError")


def _rewritten(snapshots: Mapping[str, Snapshot]) -> Iterator[_Made]:
    """Yield files that have their digests and are still nothing to trade by."""
    data, service = snapshots["maker"].data(), snapshots["service"].data()
    header = data.split(b"\n")[0]
    headers: Sequence[tuple[str, str, bytes, str]] = (
        ("later-format", "the format is a later one", _with_header(data, _later), "FormatError"),
        ("experiments", "it runs experiments", _with_header(data, _experiments), "ExperimentsError"),
        ("arm", "a scope is of an experiment's arm", _with_header(data, _arm), "ExperimentsError"),
        ("scope-twice", "one scope is listed twice", _with_header(data, _twice), "FormatError"),
        ("bot-not-first", "the bot's own scope is not first", _with_header(data, _reversed), "FormatError"),
        ("header-no-json", "the first line is no JSON", data.replace(header, header[:-1]), "FormatError"),
        ("header-no-object", "the first line is no object", data.replace(header, b"[]"), "FormatError"),
        (
            "params-digest",
            "a params digest is not that of its line",
            _with_header(data, _params_digest),
            "TamperedError",
        ),
        ("line-no-json", "NaN is no JSON", _with_line(data, lambda line: line.replace(b"0.5", b"NaN")), "FormatError"),
        (
            "line-no-utf-8",
            "a text is no UTF-8",
            _with_line(data, lambda line: line.replace(b"quote", b"quot\xff")),
            "FormatError",
        ),
        (
            "line-of-another",
            "a line is of another coin",
            _with_line(data, lambda line: line.replace(b"ETH", b"BTC")),
            "FormatError",
        ),
    )
    for name, says, altered, error in headers:
        yield _snapshot(name, says, altered, error=error)
    says = "the type of a late reference is unknown"
    altered = _with_header(service, _late_type)
    yield _snapshot("late-type-unknown", says, altered, bot="service", env=_BOUND, secrets=_SECRET, error="FormatError")


def _flipped(data: bytes, position: int) -> bytes:
    altered = bytearray(data)
    altered[position] ^= 1
    return bytes(altered)


def _with_header(data: bytes, change: Any) -> bytes:  # noqa: ANN401 - a function that changes a header in place
    line, _, rest = data.partition(b"\n")
    header = json.loads(line)
    change(header)
    return encode(header).encode() + b"\n" + rest


def _with_line(data: bytes, change: Any) -> bytes:  # noqa: ANN401 - a function from a line to another
    """Change every scope's line and list the new digests and lengths; the params digests stay."""
    first, *lines = data.splitlines()
    header, changed = json.loads(first), [change(line) for line in lines]
    for row, line in zip(header["scopes"], changed, strict=True):
        row.update(line_digest=hashlib.sha256(line).hexdigest(), length=len(line))
    return b"\n".join([encode(header).encode(), *changed, b""])


def _later(header: _Vector) -> None:
    header["format"] = "deskc-snapshot/2"


def _experiments(header: _Vector) -> None:
    header["experiments"] = [{"name": "wider"}]


def _arm(header: _Vector) -> None:
    header["scopes"][1]["arm"] = "wide"


def _twice(header: _Vector) -> None:
    header["scopes"][1]["coin"] = header["scopes"][2]["coin"]


def _reversed(header: _Vector) -> None:
    header["scopes"].reverse()


def _params_digest(header: _Vector) -> None:
    header["scopes"][1]["params_digest"] = header["scopes"][0]["params_digest"]


def _late_type(header: _Vector) -> None:
    header["late"][0]["type"] = "date"


# Channels


def _channels(maker: Snapshot) -> Iterator[_Made]:
    digest = str(maker.digest)
    nothing = canonical.digest(b"")
    build = Build(
        commit=_COMMIT,
        environment="paper",
        bot="maker",
        digest=maker.digest,
        rules_digest=nothing,
        schemas_digest=nothing,
        markets_digest=nothing,
        compiler_version="0.1.0",
    )
    pointer = Pointer(build, 7).data()
    record = json.loads(pointer)
    ask = [_ask("ETH", "trading/size_usd", 25.5)]
    yield _channel("channel", "a pointer leads to the snapshot", pointer, maker, ask=ask, commit=_COMMIT, digest=digest)
    cases: Sequence[tuple[str, str, bytes, str]] = (
        ("pointer-no-json", "half a pointer was written", pointer[:60], "ChannelError"),
        ("pointer-no-record", "the pointer is no object", b"[]\n", "ChannelError"),
        ("pointer-digest", "the digest is a path", _json(record, digest="../../paper/maker/" + digest), "ChannelError"),
        ("pointer-capitals", "the digest has capital letters", _json(record, digest=digest.upper()), "ChannelError"),
        ("pointer-of-another", "the pointer is another bot's", _json(record, bot="engine"), "WrongTargetError"),
        ("pointer-to-nothing", "the snapshot is not there", _json(record, digest=nothing), "NotFoundError"),
        ("pointer-dirty", "the snapshot is of uncommitted edits", _json(record, commit=None, dirty=True), "DirtyError"),
    )
    for name, says, data, error in cases:
        yield _channel(name, says, data, maker, error=error)
    yield _channel(
        "channel-empty", "nothing was published for this bot", pointer, maker, bot="taker", error="NotFoundError"
    )


def _json(record: Mapping[str, Any], **changed: object) -> bytes:
    return f"{encode({**record, **changed})}\n".encode()


def _channel(name: str, says: str, pointer: bytes, snapshot: Snapshot, **more: object) -> _Made:
    folder = f"channels/{name}"
    bot = f"{folder}/{snapshot.environment}/{snapshot.bot}"
    vector = {"name": name, "kind": "channel", "says": says, "folder": folder, "environment": "paper", "bot": "maker"}
    found = {f"{bot}/current.json": pointer, f"{bot}/{snapshot.digest}.jsonl": snapshot.data()}
    return _Made({**vector, **more}, found)


# Digests and order ids


def _digests(snapshots: Mapping[str, Snapshot]) -> Iterator[_Made]:
    maker = snapshots["maker"]
    texts = {
        "digest-of-snapshot": ("its first line", maker.header, maker.digest),
        "digest-of-line": ("a scope's line", maker.lines().split(b"\n")[1], maker.rows[1].line_digest),
        "digest-of-params": ("what trades of a scope", bytes(maker.trading()[1]), maker.rows[1].params_digest),
        "digest-of-nothing": (
            "what trades of a scope that trades nothing",
            b"{}",
            snapshots["service"].rows[0].params_digest,
        ),
    }
    for name, (says, data, digest) in texts.items():
        assert hashlib.sha256(data).hexdigest() == digest
        yield _Made({"name": name, "kind": "digest", "says": says, "text": data.decode(), "sha256": digest})


def _order_ids(maker: Snapshot) -> Iterator[_Made]:
    for name, digest, run, sequence in (
        ("order-id", str(maker.rows[1].params_digest), 0x5EED5, 42),
        ("order-id-least", "0" * 64, 0, 0),
        ("order-id-largest", "f" * 64, 2**20 - 1, 2**56 - 1),
    ):
        number = 1 << 124 | int(digest[:12], 16) << 76 | run << 56 | sequence
        held = {"version": 1, "params_digest": digest[:12], "run": run, "sequence": str(sequence)}
        for style, text in (("hex", f"0x{number:032x}"), ("base62", f"dk{_base62(number)}")):
            yield _order_id(f"{name}-{style}", f"of what trades by {digest[:12]}", text, **held)
    capitals = f"0x{0x1ABCDEF << 100:032X}"
    held = {"version": 1, "params_digest": "abcdef000000", "run": 0, "sequence": "0"}
    yield _order_id("order-id-capitals", "a venue has made the letters capitals", capitals, **held)
    sound = f"{1 << 124:032x}"
    for name, says, text in (
        ("version", "the version is another", f"0x{2 << 124:032x}"),
        ("short", "a digit is missing", f"0x{sound[1:]}"),
        ("prefix", "the prefix is missing", sound),
        ("letter", "a letter is no hexadecimal digit", f"0x{sound[:-1]}g"),
        ("sign", "a sign is no digit", f"0x+{sound[1:]}"),
        ("large", "the number has more than 128 bits", "dk" + "z" * 22),
        ("base62-letter", "a character is not of the alphabet", f"dk{_base62(1 << 124)[:-1]}-"),
        ("empty", "nothing is there", ""),
    ):
        yield _order_id(f"order-id-{name}", says, text, error="OrderIdError")


def _order_id(name: str, says: str, text: str, **more: object) -> _Made:
    return _Made({"name": name, "kind": "order_id", "says": says, "text": text, **more})


def _base62(number: int) -> str:
    digits = ""
    for _ in range(22):
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits


def _write() -> int:
    wanted = files()
    for path in [
        one for one in FOLDER.rglob("*") if one.is_file() and one.relative_to(FOLDER).as_posix() not in wanted
    ]:
        path.unlink()
    for name, data in wanted.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(data)
    return len(wanted)


if __name__ == "__main__":
    sys.stdout.write(f"tests/vectors: {_write()} files\n")
