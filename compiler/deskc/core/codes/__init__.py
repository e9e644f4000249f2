"""The catalogue of the compiler's own finding codes, each with its meaning and a bad and a good example."""

from collections.abc import Mapping

from deskc.core.codes import deciding, desk, judging, layers, markets, measuring, merging, moving, reading
from deskc.core.codes.code import Code, Files, Link, data_of
from deskc.core.codes.tiny import TINY

__all__ = ["CODES", "TINY", "Code", "Files", "Link", "data_of"]

_FAMILIES = (deciding, desk, judging, layers, markets, measuring, merging, moving, reading)

CODES: Mapping[str, Code] = {
    entry.code: entry
    for entry in sorted((entry for family in _FAMILIES for entry in family.CODES), key=lambda entry: entry.code)
}
"""Every code, in order of the alphabet; a rule of a desk has none of these."""
