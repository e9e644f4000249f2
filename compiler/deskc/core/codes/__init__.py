"""The catalogue of the compiler's own finding codes, each with its meaning and a bad and a good example."""

from collections.abc import Mapping

from deskc.core.codes import desk, judging, layers, merging, moving, reading
from deskc.core.codes.code import Code, Files, Link, data_of
from deskc.core.codes.tiny import TINY

__all__ = ["CODES", "TINY", "Code", "Files", "Link", "data_of"]

_ALL = (*desk.CODES, *judging.CODES, *layers.CODES, *merging.CODES, *moving.CODES, *reading.CODES)

CODES: Mapping[str, Code] = {entry.code: entry for entry in sorted(_ALL, key=lambda entry: entry.code)}
"""Every code, in order of the alphabet; a rule of a desk has none of these."""
