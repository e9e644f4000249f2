"""The two ways to read a file agree: what lines make certain is the very document that libyaml's events give."""

from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from deskc.core.documents import Document
from deskc.stages.parse.events import read_events
from deskc.stages.parse.lines import read_lines
from laws import laws

KEYS = ("a", "b", "c_d", "e-f", "G1", "_h", "null", "on", "true", "y", "1", "-a", "a.b", "a b", "<<", "$unset", "'q'")
VALUES = (
    *("1", "-1", "+1", "1.50", "-.5", ".5", "1e3", "0x1F", "010", "1.2.3", "0.1234567890123456789012", "9" * 20, "-0"),
    *("null", "~", "true", "on", "no", "BTC", "BTC-USD", "a b", "a  b", "10%", "%a", "a/b", "2024-01-15", "1_000"),
    *("-", "- a", "--", "-a", "---", "...", ".", "..", "+", "/", "_", "a:", "a:b", "a #b", "a#b", "a: b", "é", "a -"),
    *('""', '"a b"', '"1.5"', '" "', '"a', '"a\\n"', '"a" b', '"a"#', "'a'", "'", "[]", "[a]", "{}", "{a: 1}", "|"),
    *(">-", "&a", "*a", "!t", "${ref:a.b}", "@", "`", "?", "? a", "#", "# c"),
)
ENDS = ("", "", "", " ", "  ", " # c", "  #c", " #", "\t", "#c", "\r", " # é — “q”")
INDENTS = ("", "", "", "  ", "  ", "    ", " ", "\t")
LINES = st.one_of(
    st.builds("{}{}: {}{}".format, *map(st.sampled_from, (INDENTS, KEYS, VALUES, ENDS))),
    st.builds("{}{}:{}".format, *map(st.sampled_from, (INDENTS, KEYS[:6], ENDS))),
    st.builds("{}{}:{}".format, *map(st.sampled_from, (INDENTS, KEYS[:6], ENDS))),
    st.builds("{}{}: {}{}".format, *map(st.sampled_from, (INDENTS, KEYS[:6], VALUES[:6], ENDS[:9]))),
    st.builds("{}{}: {}{}".format, *map(st.sampled_from, (INDENTS, KEYS[:6], VALUES[:6], ENDS[:9]))),
    st.sampled_from(("", "  ", "# c", "   # c", "#", "- a", "  - a", "---", "...", "%YAML 1.2", "a", "  a b", ":")),
)
TREE = st.recursive(
    st.sampled_from(VALUES[:6]),
    lambda inner: st.dictionaries(st.sampled_from(KEYS[:6]), inner, min_size=1, max_size=4),
    max_leaves=12,
)
MAPS = st.dictionaries(st.sampled_from(KEYS[:6]), TREE, max_size=4)


def written(tree: dict[str, Any], step: int, depth: int = 0) -> list[str]:
    """Write nested maps in block style, with remarks."""
    lines: list[str] = []
    for key, value in tree.items():
        indent = " " * (step * depth)
        if isinstance(value, dict):
            lines += [f"{indent}{key}:", "# a remark", *written(value, step, depth + 1), ""]
        else:
            lines.append(f"{indent}{key}: {value}  # {value}")
    return lines


def with_another_line(lines: list[str], at: int, line: str, *, replaced: bool) -> list[str]:
    """Put a line among others, or in the place of one."""
    at = min(at, len(lines))
    return [*lines[:at], line, *lines[at + replaced :]]


ORDERLY = st.builds(
    with_another_line, st.builds(written, MAPS, st.integers(1, 4)), st.integers(0, 12), LINES, replaced=st.booleans()
)
FILES = st.builds(
    "{}{}".format,
    st.one_of(st.lists(LINES, max_size=7), ORDERLY, ORDERLY).map("\n".join),
    st.sampled_from(("\n", "\n", "\n", "")),
)


def as_written(document: Document) -> Any:  # noqa: ANN401 - every part of a document
    """Return a document with the order of what it holds, and the type of every value."""
    groups = [(top, list(group.items())) for top, group in document.leaves.items()]
    return repr((document._replace(leaves={}, containers={}), groups, sorted(document.containers.items())))


@laws(400)
@given(FILES)
def test_what_lines_tell_is_what_events_tell(text: str) -> None:
    """A file is read by its lines only where the parser finds no fault, and then to the same values and places."""
    read = read_lines("some.yaml", text)
    event("left to the parser" if read is None else "read")
    if read is not None:
        parsed = read_events("some.yaml", text.encode())
        assert parsed.findings == ()
        assert as_written(read) == as_written(parsed.value)


@laws(100)
@given(MAPS, st.integers(1, 4))
def test_nested_maps_of_plain_values_need_no_parser(tree: dict[str, Any], step: int) -> None:
    """What most layers of a fleet are is read by its lines, however deep and however far it is indented."""
    assert read_lines("some.yaml", "".join(f"{line}\n" for line in written(tree, step))) is not None


def test_a_key_too_long_for_the_parser_is_left_to_it() -> None:
    """Where libyaml gives a key up, which it does after 1,024 characters, the file has to be refused."""
    assert read_lines("some.yaml", f"{'a' * 1025}: 1\n") is None
