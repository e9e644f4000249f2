"""Client order ids that say by which settings an order was sent: 128 bits, in the forms that venues take.

From the highest bit: version (4 bits, 1), the first 12 hex digits of the params digest (48), a number drawn when the
process starts (20), a sequence (56). As `0x` and 32 hex digits for venues that take 128 bits, as Hyperliquid, or as
`dk` and 22 digits of base 62 (0-9A-Za-z, the highest first) for those that take up to 36 characters, as Binance.
"""

from __future__ import annotations

import os
from _thread import allocate_lock
from time import time_ns

from deskc.runtime.errors import OrderIdError

__all__ = ["OrderId", "new_order_id", "parse_order_id"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from typing import Literal, NoReturn

    Style = Literal["hex", "base62"]

VERSION = 1
_PARAMS_DIGITS = 12
_PARAMS_BITS, _RUN_BITS, _SEQUENCE_BITS = 48, 20, 56
_BITS = 128
_HEX_DIGITS, _BASE62_DIGITS = 32, 22
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HEX = frozenset("0123456789abcdefABCDEF")
_FIELDS = ("params_digest", "run", "sequence")


class OrderId:
    """What a client order id holds: frozen and hashable (a plain class, for the bot's import time).

    `params_digest` is its first 12 hex digits, `run` the number that a process drew, `sequence` tells its orders apart.
    """

    __slots__ = _FIELDS

    params_digest: str
    run: int
    sequence: int

    def __init__(self, *, params_digest: str, run: int, sequence: int) -> None:
        if len(params_digest) < _PARAMS_DIGITS or not _is_hex(params_digest) or params_digest.lower() != params_digest:
            msg = f"{params_digest!r} is no digest of lower-case hex digits, so no order id can name it"
            raise OrderIdError(msg)
        if not (0 <= run < 1 << _RUN_BITS and 0 <= sequence < 1 << _SEQUENCE_BITS):
            msg = f"run {run} and sequence {sequence} do not fit into {_RUN_BITS} and {_SEQUENCE_BITS} bits"
            raise OrderIdError(msg)
        for name, value in zip(_FIELDS, (params_digest[:_PARAMS_DIGITS], run, sequence), strict=True):
            object.__setattr__(self, name, value)

    def text(self, style: Style = "hex") -> str:
        """Return the id as venues take it: 34 characters in style hex, 24 in style base62."""
        number = VERSION << _PARAMS_BITS | int(self.params_digest, 16)
        number = (number << _RUN_BITS | self.run) << _SEQUENCE_BITS | self.sequence
        return f"0x{number:0{_HEX_DIGITS}x}" if style == "hex" else f"dk{_in_base62(number)}"

    def __eq__(self, other: object) -> bool:
        """Two ids are equal when all they hold is."""
        return self._key() == other._key() if isinstance(other, OrderId) else NotImplemented

    def __hash__(self) -> int:
        """Hash by what it holds."""
        return hash(self._key())

    def __repr__(self) -> str:
        """Show what it holds."""
        return f"OrderId(params_digest={self.params_digest!r}, run={self.run}, sequence={self.sequence})"

    def __reduce__(self) -> tuple[object, ...]:
        """Let ids travel between processes, and be copied."""
        return parse_order_id, (self.text(),)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: an order id is frozen."""
        msg = f"an order id is frozen: {name} stays what it was"
        raise AttributeError(msg)

    def _key(self) -> tuple[str, int, int]:
        return self.params_digest, self.run, self.sequence


class _Counter:
    """Where this process is: its number, and a sequence that begins at its start in microseconds.

    Two processes that draw the same number of 20 bits would otherwise both begin at 0 and share ids.
    """

    __slots__ = ("lock", "run", "sequence")

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.begin()

    def begin(self) -> None:
        """Draw anew: at the start, and in a forked child, which would go on with its parent's ids."""
        self.run = int.from_bytes(os.urandom(3), "big") >> 4
        self.sequence = time_ns() // 1000

    def next(self) -> int:
        with self.lock:
            self.sequence += 1
            return self.sequence


_counter = _Counter()


def _begin_in_child() -> None:
    _counter.lock = allocate_lock()  # a thread of the parent may have held the old one
    _counter.begin()


os.register_at_fork(after_in_child=_begin_in_child)


def new_order_id(params_digest: str, style: Style = "hex") -> str:
    """Return an id that no order had before, over threads and processes; raise OrderIdError for what is no digest."""
    return OrderId(params_digest=params_digest, run=_counter.run, sequence=_counter.next()).text(style)


def parse_order_id(text: str) -> OrderId:
    """Read an id of either form; raise OrderIdError for anything else, ids of later versions among it."""
    number = _number(text)
    if number is None:
        msg = f"{text!r} is no client order id of ours: 0x and 32 hex digits, or dk and 22 digits of base 62"
        raise OrderIdError(msg)
    version = number >> _BITS - 4
    if version != VERSION:
        msg = f"{text!r} is a client order id of version {version}, and this deskc reads version {VERSION}"
        raise OrderIdError(msg, help="upgrade deskc, unless another program made the id")
    sequence, rest = number & (1 << _SEQUENCE_BITS) - 1, number >> _SEQUENCE_BITS
    run, params = rest & (1 << _RUN_BITS) - 1, rest >> _RUN_BITS & (1 << _PARAMS_BITS) - 1
    return OrderId(params_digest=f"{params:0{_PARAMS_DIGITS}x}", run=run, sequence=sequence)


def _number(text: str) -> int | None:
    """Return the 128 bits that a text stands for, None where it stands for none."""
    digits = text[2:]
    if text[:2] == "0x" and len(digits) == _HEX_DIGITS and _is_hex(digits):
        return int(digits, 16)
    if text[:2] != "dk" or len(digits) != _BASE62_DIGITS or not set(digits) <= set(_BASE62):
        return None
    number = 0
    for digit in digits:
        number = number * len(_BASE62) + _BASE62.index(digit)
    return number if number < 1 << _BITS else None


def _in_base62(number: int) -> str:
    digits = ""
    for _ in range(_BASE62_DIGITS):
        number, rest = divmod(number, len(_BASE62))
        digits = _BASE62[rest] + digits
    return digits


def _is_hex(text: str) -> bool:
    return _HEX.issuperset(text)
