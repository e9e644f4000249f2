"""No secret in a file."""

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from deskc.sdk import Finding, Layer, rule

NAMED = re.compile(r"(?:^|[._])(?:password|passphrase|secret|token|private_key|api_key|api_secret|mnemonic)$")
REFERENCE = re.compile(r"\$\{(?:(?!:-)[^{}])+(?::-([^{}]*))?\}")
SHAPES = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b0x[0-9a-fA-F]{64}\b"),
    "an access key": re.compile(
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bsk-[0-9A-Za-z]{20}"
        r"|\b(?:gh[pousr]|github_pat|xox[abprs]|sk[-_](?:live|test|proj|ant)|glpat)[-_][\w-]{20}"
    ),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"),
    "an address with a password": re.compile(r"://[^/\s:@]*:[^/\s@]+@"),
}
DENSE = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[\w+/=-]{24,}", re.ASCII)
BITS = 4.0  # a character; most words and names stay below
WORDS = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}|[0-9]{4,}|[_-]")  # half of a name, or more, is such; of a key less


@rule("SECRET001", level="layer")
def secret_literal(layer: Layer) -> Iterator[Finding]:
    """A committed secret is known to all who can read the repository, in every clone and for good.

    Texts are judged by their setting's name, by the shapes of known keys, and by how random long ones look; of a
    reference its default, which is as public.

    PASS  {system: {database: {host: db, port: 1, name: desk, username: desk, password: "${DB_PW}"}}}
    FAIL  {system: {database: {host: db, port: 1, name: desk, username: desk, password: hunter2}}}
    FAIL  {system: {database: {host: db, port: 1, name: desk, username: desk,
           password: "${DB_PW:-desk}"}}}
    """
    for path, value in layer.written.items():
        if isinstance(value, str) and value and (what := _resembles(path, value)):
            yield Finding.at(
                path,
                message=f"{path} holds what looks like {what}",
                help="write ${secret:…} or ${env:…} there, and replace the secret where it is used: it is known now",
            )


def _resembles(path: str, value: str) -> str:
    text = REFERENCE.sub(r"\1", value)
    if text and NAMED.search(path):
        return "a secret"
    shape = next((name for name, known in SHAPES.items() if known.search(text)), "")
    return shape or ("a random key" if DENSE.fullmatch(text) and _is_random(text) else "")


def _is_random(text: str) -> bool:
    return _bits(text) >= BITS and 2 * len(WORDS.sub("", text)) >= len(text)


def _bits(text: str) -> float:
    """Return the entropy of a text's characters, in bits a character (Shannon 1948)."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())
