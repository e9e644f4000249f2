"""The natural logarithm in operations that every processor rounds alike: libraries differ in its last bit."""

import math

__all__ = ["LN_2", "ROOT_HALF", "ln"]

LN_2 = 0.6931471805599453
ROOT_HALF = 0.7071067811865476

_ODD = (17, 15, 13, 11, 9, 7, 5, 3, 1)


def ln(number: float) -> float:
    """Return the natural logarithm of a normal number above zero, to within a relative 1e-15.

    With number = 2^e · m and m from √½ to √2 it is e ln 2 + 2 artanh s, s = (m - 1)/(m + 1), by the series of artanh to
    s^19: s² is under 0.0295, so what is left out is under 3e-17. For zero it is finite, so that a share of zero adds
    nothing to an entropy.
    """
    part, power = math.frexp(number)
    if part < ROOT_HALF:
        part, power = part + part, power - 1
    s = (part - 1) / (part + 1)
    square = s * s
    series = 1 / 19
    for odd in _ODD:
        series = 1 / odd + square * series
    return power * LN_2 + (s + s) * series
