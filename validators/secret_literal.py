"""No secret in a file."""

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from deskc.sdk import Finding, Layer, rule

NAMED = re.compile(r"(?:^|[._])(?:password|passphrase|secret|token|private_key|api_key|api_secret|mnemonic)$")
REFERENCE = re.compile(r"\$\{[^{}]+\}")
SHAPES = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b0x[0-9a-fA-F]{64}\b"),
    "an access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\b(?:gh[pousr]|xox[abprs]|sk|glpat)[-_][\w-]{20,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"),
    "an address with a password": re.compile(r"://[^/\s:@]*:(?!\$\{)[^/\s@]+@"),
}
DENSE = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[\w+/=-]{24,}", re.ASCII)
BITS = 4.0  # a character; words and names stay below


@rule("SECRET001", level="layer")
def secret_literal(layer: Layer) -> Iterator[Finding]:
    """A committed secret is known to all who can read the repository, in every clone and for good.

    Texts are judged by their setting's name, by the shapes of known keys, and by how random long ones look.

    PASS  {system: {database: {host: db, port: 1, name: desk, username: desk, password: "${DB_PW}"}}}
    FAIL  {system: {database: {host: db, port: 1, name: desk, username: desk, password: hunter2}}}
    """
    for path, value in layer.written.items():
        if isinstance(value, str) and value and (what := _resembles(path, value)):
            yield Finding.at(
                path,
                message=f"{path} holds what looks like {what}",
                help="write ${secret:…} or ${env:…} there, and replace the secret where it is used: it is known now",
            )


def _resembles(path: str, value: str) -> str:
    text = REFERENCE.sub("", value)
    if NAMED.search(path) and text == value:
        return "a secret"
    shape = next((name for name, known in SHAPES.items() if known.search(text)), "")
    return shape or ("a random key" if DENSE.fullmatch(text) and _bits(text) >= BITS else "")


def _bits(text: str) -> float:
    """Return the entropy of a text's characters, in bits a character (Shannon 1948)."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())
