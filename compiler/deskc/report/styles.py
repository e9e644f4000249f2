"""Lines of styled pieces, written plain or in colour."""

from collections.abc import Iterable
from typing import Literal

__all__ = ["Line", "Style", "coloured", "plain"]

Style = Literal["", "strong", "gutter", "error", "warning", "note", "label"]
Line = tuple[tuple[str, Style], ...]

_LOOKS: dict[Style, str] = {
    "": "",
    "strong": "bold",
    "gutter": "bold blue",
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "label": "bold green",
}


def plain(lines: Iterable[Line]) -> str:
    """Write lines without colour, each ended by a newline."""
    return "".join("".join(text for text, _ in line) + "\n" for line in lines)


def coloured(lines: Iterable[Line]) -> str:
    """Write lines with the eight standard colours of a terminal, whatever the environment says."""
    from io import StringIO  # noqa: PLC0415 - with rich, which costs 40 ms: only colour pays

    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    out = StringIO()
    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    text = Text()
    for line in lines:
        text.append_tokens((piece, _LOOKS[style]) for piece, style in (*line, ("\n", "")))
    console.print(text, end="")
    return out.getvalue()
