"""What a stage returns: a value and the findings made on the way."""

from typing import Generic, NamedTuple, TypeVar

from deskc.core.findings import Finding

__all__ = ["Outcome"]

T = TypeVar("T")


class Outcome(NamedTuple, Generic[T]):
    """A stage's value, whole or partial, and its findings; an error finding says what is missing from the value."""

    value: T
    findings: tuple[Finding, ...] = ()
