"""Errors of use and environment: one sentence a person can act on, never a finding about configuration."""

__all__ = ["DeskcError"]


class DeskcError(Exception):
    """Wrong usage, a broken environment or failed I/O; the command line prints it and exits with 2.

    `help` is the way out, in the imperative; it may be empty.
    """

    def __init__(self, message: str, *, help: str = "") -> None:  # noqa: A002 - the word users see in findings
        super().__init__(message)
        self.message = message
        self.help = help
