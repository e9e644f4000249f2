"""Text as a terminal shows it: what would act on the terminal is escaped, and widths count cells."""

from unicodedata import category, east_asian_width

__all__ = ["char_width", "escape", "width"]


def escape(text: str) -> str:
    r"""Write control, bidi, other invisible and unpaired characters as `\x1b`, `\u202e`, `\n`; keep what prints."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def char_width(char: str) -> int:
    """Return the cells of a printable character: 2 where it is wide, 0 where it combines (UAX 11, wcwidth's rule)."""
    if char < "\u0300":
        return 1
    if east_asian_width(char) in "WF":
        return 2
    combines = category(char) in {"Mn", "Me"} or "\u1160" <= char <= "\u11ff"  # Hangul vowels join the syllable before
    return 0 if combines else 1


def width(text: str) -> int:
    """Return the cells of a text that `escape` left nothing to do in."""
    return len(text) if text.isascii() else sum(map(char_width, text))
