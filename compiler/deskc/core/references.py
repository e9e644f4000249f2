"""References in texts: `${ref:…}`, bound by the compiler; `${env:…}`, `${NAME}` and `${secret:…}`, by the loader."""

import re
from typing import NamedTuple

from deskc.core import paths

__all__ = ["Reference", "escape", "read", "unescape"]

_WHOLE = re.compile(r"\$\{(?:(ref|env|secret):)?([^{}:]+(?::[^{}:-][^{}:]*)*)(?::-([^{}]*))?\}")
_NAME = {
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    "ref": re.compile(r"[A-Za-z0-9_@$.\[\]\"-]+"),
    "secret": re.compile(r"[A-Za-z0-9_./@:-]+"),
}
_KNOWN = "${ref:path}, ${env:NAME}, ${env:NAME:-default}, ${NAME} and ${secret:path}"


class Reference(NamedTuple):
    """What a reference names; `kind` is ref, env or secret, and only env may have a default."""

    kind: str
    name: str
    default: str | None


def read(text: str) -> Reference | None:
    """Read a text value; None where it holds no reference.

    Raise ValueError, saying what is wrong, for a reference that is malformed or only a part of the value.
    """
    if "${" not in text.replace("$${", ""):
        return None
    found = _WHOLE.fullmatch(text)
    if found is None:
        msg = "a reference must be the whole value, such as ${env:DB_HOST}; write $${ for a literal ${"
        raise ValueError(msg)
    kind, name, default = found[1] or "env", found[2], found[3]
    if not _NAME[kind].fullmatch(name) or (default is not None and kind != "env"):
        msg = f"{text} is no reference; known are {_KNOWN}"
        raise ValueError(msg)
    if kind == "ref":
        paths.split(name)  # what is no path can name nothing
    return Reference(kind, name, default)


def escape(text: str) -> str:
    """Return a text that is read as this one: a literal `${` is `$${`."""
    return text.replace("${", "$${")


def unescape(text: str) -> str:
    """Return a text without references as it is meant: `$${` is a literal `${`."""
    return text.replace("$${", "${")
