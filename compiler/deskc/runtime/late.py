"""Late references: `${env:NAME}`, `${env:NAME:-default}`, `${NAME}` for short, and `${secret:path}`, bound on load."""

from __future__ import annotations

import os

__all__ = ["TYPES", "Misfit", "Rule", "Secret", "Sources", "Variables", "bind", "is_reference", "open_sources"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from deskc.runtime.secrets import Secrets

_SAFE_INTEGER = 2**53
_SAFE_DIGITS = 16
_INFINITE = float("inf")


class Secret(str):
    """A text that was bound late: an ordinary string, but its repr is '***', so that no log shows it by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show that there is a text, never which."""
        return "'***'"

    def __copy__(self) -> Secret:
        """Return itself: what never changes needs no copy."""
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        """Return itself: what never changes needs no copy."""
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled: a cache or a queue would write it out."""
        raise TypeError(
            "a text that was bound late is not pickled, for it may be a secret: send str(it) if you mean to"
        )


class Rule:
    """What a snapshot's header asks of the values at one late path; bounds are inclusive, None means none."""

    __slots__ = ("enum", "maximum", "minimum", "type")

    def __init__(
        self, *, kind: str, minimum: float | None, maximum: float | None, enum: tuple[object, ...] | None
    ) -> None:
        self.type = kind
        self.minimum = minimum
        self.maximum = maximum
        self.enum = enum


class Sources:
    """Where late references are looked up: the environment's variables, and a function from a secret's path to it."""

    __slots__ = ("env", "secrets")

    def __init__(self, *, env: Mapping[str, str], secrets: Callable[[str], str | None] | None) -> None:
        self.env = env
        self.secrets = secrets


class Variables(dict[str, str]):
    """The variables of one moment, those of the process where none are given; their repr hides them from tracebacks."""

    __slots__ = ()

    def __init__(self, env: Mapping[str, str] | None) -> None:
        super().__init__(os.environ if env is None else env)

    def __repr__(self) -> str:
        """Show how many there are."""
        return f"Variables({len(self)})"


def open_sources(*, env: Variables, secrets: Secrets | None) -> Sources:
    """Return where a load looks references up; raise SecretsError for a place of secrets that makes no sense."""
    if secrets is None:
        return Sources(env=env, secrets=None)
    from deskc.runtime.secrets import open_secrets  # noqa: PLC0415 - only who has secrets pays for it

    return Sources(env=env, secrets=open_secrets(secrets, env=env))


class Misfit:
    """Why a reference could not be bound: the name looked up and what is wrong with it, never its value."""

    __slots__ = ("reason", "variable")

    def __init__(self, variable: str, reason: str) -> None:
        self.variable = variable
        self.reason = reason


def bind(text: str, *, rule: Rule, sources: Sources) -> object:
    """Return what a text at a late path stands for: its bound value, a Misfit, or the text where it is no reference.

    `$${` is a literal `${`. A default also stands in for a variable that is set but empty, as in a shell.
    """
    if not is_reference(text):
        return text.replace("$${", "${")
    name, found = _look_up(text[2:-1], sources)
    if isinstance(found, Misfit):
        return found
    value = _CONVERSIONS[rule.type](found)
    if value is None:
        return Misfit(name, f"holds no {rule.type}")
    reason = _out_of_rule(value, rule)
    return Misfit(name, reason) if reason else value


def is_reference(text: str) -> bool:
    """Say whether a whole text is `${…}`, so that what it becomes must not be shown."""
    inner = text[2:-1]
    return text.startswith("${") and text.endswith("}") and "{" not in inner and "}" not in inner


def _look_up(reference: str, sources: Sources) -> tuple[str, Secret | Misfit]:
    kind, _, path = reference.partition(":")
    if kind == "secret" and path:
        return reference, _secret(reference, sources.secrets and sources.secrets(path), sources)
    name, colon, default = reference.removeprefix("env:").partition(":-")
    if not (name.isascii() and name.isidentifier()):
        return reference, Misfit(reference, "is no reference that this deskc knows")
    found = sources.env.get(name)
    if colon and not found:
        return name, Secret(default)
    return name, Misfit(name, "is not set") if found is None else Secret(found)


def _secret(reference: str, found: str | None, sources: Sources) -> Secret | Misfit:
    if isinstance(found, str):
        return Secret(found)
    return Misfit(reference, "is not to be had" if sources.secrets else "needs load(secrets=…)")


def _integer(text: str) -> int | None:
    digits = text[1:] if text.startswith(("-", "+")) else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _SAFE_DIGITS):
        return None
    value = int(text)
    return value if abs(value) < _SAFE_INTEGER else None


def _number(text: str) -> float | None:
    if not set(text) <= set("0123456789+-.eE"):
        return None
    try:
        value = float(text)
    except ValueError:  # names the text, so it is dropped here and nothing is raised from it
        value = _INFINITE
    return None if abs(value) == _INFINITE else value + 0.0


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _string(text: str) -> str:
    return text


_CONVERSIONS: Mapping[str, Callable[[str], object]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "string": _string,
}
TYPES = frozenset(_CONVERSIONS)


def _out_of_rule(value: object, rule: Rule) -> str:
    if rule.enum is not None and not any(_same(value, one) for one in rule.enum):
        return f"is none of {', '.join(map(str, rule.enum))}"
    if isinstance(value, (int, float)):
        if rule.minimum is not None and value < rule.minimum:
            return f"is below {rule.minimum}"
        if rule.maximum is not None and value > rule.maximum:
            return f"is above {rule.maximum}"
    return ""


def _same(one: object, other: object) -> bool:
    """Compare as JSON does: `true` is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)
