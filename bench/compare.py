"""Demand that two outputs hold the same leaves for every coin scope, as the same canonical bytes.

Usage: compare.py REFERENCE OTHER [--subset]. An output is a folder of snapshots (ARCHITECTURE 4), of a peer's JSON
Lines, or of a peer's nested JSON. It prints what differs and exits with 1, or prints how many scopes agree. With
`--subset` the other may lack scopes. Canonical bytes make 1 and 1.0 one value, and true and 1 two.
"""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from deskc.core.canonical import encode

_SHOWN = 5

Tree = dict[str, Any]


class Key(NamedTuple):
    """A coin scope's name."""

    environment: str
    bot: str
    coin: str
    side: str | None


class BrokenSnapshotError(ValueError):
    """A snapshot whose bytes are not what its own digests, or RFC 8785, say."""


def leaves(folder: Path) -> dict[Key, str]:
    """Return the canonical JSON of every coin scope's params in an output folder."""
    found: dict[Key, str] = {}
    for path in sorted(folder.rglob("*.json*")):
        parts = path.relative_to(folder).parts
        if path.suffix == ".json":
            found.update(_nested(path, parts))
        elif len(parts) == len(("environment", "bot", "digest")):
            found.update(_snapshot(path, parts[0], parts[1]))
        else:
            found.update(_lines(path, parts[0]))
    return found


def _snapshot(path: Path, environment: str, bot: str) -> Iterator[tuple[Key, str]]:
    header, *lines = path.read_bytes().splitlines()
    rows = json.loads(header)["scopes"]
    if sha256(header).hexdigest() != path.stem or [row["line_digest"] for row in rows] != [
        sha256(line).hexdigest() for line in lines
    ]:
        msg = f"{path}: a digest does not match"
        raise BrokenSnapshotError(msg)
    for line in lines:
        scope = json.loads(line)
        if encode(scope).encode() != line:
            msg = f"{path}: a line of {scope['coin']} is not canonical"
            raise BrokenSnapshotError(msg)
        if scope["coin"] is not None:
            yield Key(environment, bot, scope["coin"], scope["side"]), encode(scope["params"])


def _lines(path: Path, environment: str) -> Iterator[tuple[Key, str]]:
    for line in path.read_bytes().splitlines()[1:]:
        scope = json.loads(line)
        yield Key(environment, path.stem, scope["coin"], scope["side"]), encode(scope["params"])


def _nested(path: Path, parts: tuple[str, ...]) -> Iterator[tuple[Key, str]]:
    """Yield from environment → bot → coin → side → params in one file, or coin → side → params in one file a bot."""
    document: Tree = json.loads(path.read_bytes())
    whole = document if len(parts) == 1 else {parts[0]: {path.stem: document}}
    for environment, bots in whole.items():
        for bot, coins in bots.items():
            for coin, sides in coins.items():
                for side, params in sides.items():
                    yield Key(environment, bot, coin, side), encode(params)


def differences(reference: dict[Key, str], other: dict[Key, str], *, subset: bool) -> Iterator[str]:
    """Yield one line for each scope that only one of them has and for each leaf that they give another value."""
    for key in sorted({*reference, *other}, key=str):
        name = "/".join(str(part) for part in key)
        if key not in other:
            if not subset:
                yield f"{name}: missing"
        elif key not in reference:
            yield f"{name}: not in the reference"
        elif reference[key] != other[key]:
            ours, theirs = _flat(json.loads(reference[key]), ""), _flat(json.loads(other[key]), "")
            for path in sorted({*ours, *theirs}):
                here, there = theirs.get(path, "absent"), ours.get(path, "absent")
                if here != there:
                    yield f"{name} {path}: {here} here, {there} in the reference"


def _flat(tree: Tree, path: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        inner = f"{path}.{key}" if path else key
        flat |= _flat(value, inner) if isinstance(value, dict) else {inner: encode(value)}
    return flat


def main() -> int:
    """Compare the two folders named on the command line."""
    try:
        reference, other = leaves(Path(sys.argv[1])), leaves(Path(sys.argv[2]))
    except BrokenSnapshotError as error:
        print(error)
        return 1
    found = list(differences(reference, other, subset="--subset" in sys.argv))
    print("\n".join(found[:_SHOWN]) or f"{len(other)} scopes agree")
    if not other:
        print("no scope was written")
    return 1 if found or not other else 0


if __name__ == "__main__":
    sys.exit(main())
