"""Reading YAML strictly: scalars of the 1.2 core schema, places of keys and values, and everything that is refused."""

import tracemalloc
from itertools import pairwise
from typing import Any

import pytest

from deskc.core import paths
from deskc.core.documents import Document, Tree
from deskc.core.findings import Finding
from deskc.stages.parse import MAX_BYTES, MAX_DEPTH, parse, parse_file

SCALARS: list[tuple[str, Any]] = [
    *((text, None) for text in ("", "~", "null", "Null", "NULL")),
    *((text, True) for text in ("true", "True", "TRUE")),
    *((text, False) for text in ("false", "False", "FALSE")),
    *(
        (text, text)
        for text in ("on", "On", "ON", "off", "yes", "Yes", "YES", "no", "No", "NO", "y", "n", "tRUE", "nULL")
    ),
    *((text, text) for text in ("12:30", "12:30:45", "1_000", "2024-01-15", "2024-01-15T00:00:00Z", "0b101", "1.2.3")),
    *((text, text) for text in ("1e", "e3", ".", "+", "--1", "1.2e", "0x", "0o8", "0O7", "0X1F", "+0x1F", "-0o7")),
    *((text, text) for text in (".infinity", "inf", "nan", "+.nan", "1,000", "10%", "NaN", "½", "١٢", "a:b", "a#b")),
    *(("0", 0), ("-0", 0), ("+0", 0), ("-0.0", 0), ("00", 0), ("0.0", 0), ("0e5", 0)),
    *(
        ("1", 1),
        ("+1", 1),
        ("-1", -1),
        ("010", 10),
        ("-010", -10),
        ("0o7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0xff", 255),
    ),
    *(("1.0", 1), ("1.", 1), ("1e3", 1000), ("1E3", 1000), ("1e+3", 1000), ("100e-2", 1), ("1.50e1", 15)),
    *((".5", 0.5), ("-.5", -0.5), ("+.5", 0.5), ("0.1", 0.1), ("0.10", 0.1), ("1.5e-3", 0.0015), ("1e-7", 1e-7)),
    *(("5e-324", 5e-324), ("0.30000000000000004", 0.30000000000000004), ("123.456", 123.456)),
    *(("9007199254740991", 2**53 - 1), ("-9007199254740991", -(2**53 - 1)), (f"{'0' * 5000}7", 7)),
]
"""Plain scalars and what YAML 1.2's core schema makes of them."""

REFUSED_NUMBERS = [
    *(".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", ".NAN"),
    *("9007199254740992", "-9007199254740992", "0x20000000000000", "1e16", "1e22", "9" * 5000),
    *("0.1234567890123456789012", "0.30000000000000000001", "1e309", "-1e999999999999999999999", "1e-400"),
    *("1e-99999999999999999999", "0e99999999999999999999", "9007199254740993.0", "4.9e-324"),
]
"""Numbers that no reader of JSON is sure to hold as they are written."""


def read(text: str | bytes) -> Document:
    """Read a file that has nothing wrong."""
    outcome = parse_file("f.yaml", text if isinstance(text, bytes) else text.encode())
    assert outcome.findings == ()
    assert not outcome.value.broken
    return outcome.value


def refused(text: str | bytes) -> tuple[Finding, ...]:
    """Return what is wrong with a file."""
    outcome = parse_file("f.yaml", text if isinstance(text, bytes) else text.encode())
    assert outcome.value.broken
    assert all(finding.severity == "error" and finding.help for finding in outcome.findings)
    return outcome.findings


def spots(findings: tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    """Return code, line and column of each finding."""
    return [(finding.code, finding.places[0].line, finding.places[0].column) for finding in findings]


@pytest.mark.parametrize(("text", "value"), SCALARS, ids=[text[:30] or "empty" for text, _ in SCALARS])
def test_a_plain_scalar_reads_by_the_core_schema(text: str, value: object) -> None:
    """Words of YAML 1.1, clocks, dates and separators are text; octal needs 0o; integral numbers are integers."""
    found = read(f"k: {text}\n").data["k"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", REFUSED_NUMBERS, ids=lambda text: text[:30])
def test_a_number_that_no_double_holds_is_refused(text: str) -> None:
    """NaN, infinities, integers of 2^53 and more, and digits that a double would drop are findings at their place."""
    assert spots(refused(f"a: 1\nk: {text}\n")) == [("YAML010", 2, 4)]


def test_a_refused_number_is_shown_short() -> None:
    """A message repeats the beginning of a hostile number, not a megabyte of it."""
    (finding,) = refused(f"k: 0.{'1' * 500_000}\n")
    assert len(finding.message) < 100


@pytest.mark.parametrize("text", ["on", "1e3", "2024-01-15", "null", "true", "0x1F", ".inf", ""])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quoted_scalar_is_text(text: str, quote: str) -> None:
    """Quotes say that a text is meant, whatever it would read as."""
    assert read(f"k: {quote}{text}{quote}\n").data == {"k": text}


def test_canonical_text_stands_beside_each_leaf() -> None:
    """Every leaf carries its canonical JSON, lists as a whole."""
    document = read('a:\n  b: 1.0\n  c: [1e3, "x"]\n  d: {}\n  e: "\\u00e9"\n  f:\n')
    texts = {path: leaf.text for path, leaf in document.leaves["a"].items()}
    assert texts == {"a.b": "1", "a.c": '[1000,"x"]', "a.d": "{}", "a.e": '"é"', "a.f": "null"}


PLACES = """\
a: 1
"b":   two # comment
c:
  - x
  - y: 2
    'z': [3,   4]
  - {}
d: {e: 5, "f.g": 6}
ü😀: [é, 😀, q]
g: |
  block
  text
h: >-
  folded
i: "over
  two lines"
"""


def test_every_key_and_value_has_its_place() -> None:
    """Lines and columns are 1-based and count code points; quoted, multi-byte and nested ones alike."""
    document = read(PLACES)
    found = {leaf.path: (leaf.line, leaf.column, leaf.key_line, leaf.key_column) for leaf in document.written()}
    assert found == {
        "a": (1, 4, 1, 1),
        "b": (2, 8, 2, 1),
        "c[0]": (4, 5, 4, 5),
        "c[1].y": (5, 8, 5, 5),
        "c[1].z[0]": (6, 11, 6, 11),
        "c[1].z[1]": (6, 16, 6, 16),
        "c[2]": (7, 5, 7, 5),
        "d.e": (8, 8, 8, 5),
        'd["f.g"]': (8, 18, 8, 11),
        '["ü😀"][0]': (9, 6, 9, 6),
        '["ü😀"][1]': (9, 9, 9, 9),
        '["ü😀"][2]': (9, 12, 9, 12),
        "g": (10, 4, 10, 1),
        "h": (13, 4, 13, 1),
        "i": (15, 4, 15, 1),
    }


def test_the_end_of_a_value_is_exclusive() -> None:
    """A span covers the value as written, quotes included, and nothing of what follows."""
    document = read('a: "two" # c\nb: [1, 2]\nc: 😀x\n')
    ends = {
        path: (leaf.end_line, leaf.end_column) for group in document.leaves.values() for path, leaf in group.items()
    }
    assert ends == {"a": (1, 9), "b": (2, 10), "c": (3, 6)}


def test_a_key_place_spans_the_key() -> None:
    """Findings about a key underline the key, also one that a path has to quote."""
    document = read("s:\n  abc: 1\n  q.r: 2\n")
    spans = [document.leaves["s"][path].key_place() for path in ("s.abc", 's["q.r"]')]
    assert [(place.line, place.column, place.end_column) for place in spans] == [(2, 3, 6), (3, 3, 6)]


def test_crlf_is_legal_and_changes_no_place() -> None:
    """A file from Windows reads like its twin."""
    one, other = read(PLACES), read(PLACES.replace("\n", "\r\n"))
    assert one.data == other.data
    assert one.written() == other.written()


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "--- {}\n", "null\n", "~\n", "{}\n"])
def test_an_empty_file_is_an_empty_map(text: str) -> None:
    """A file without content says nothing, and nothing is wrong with that."""
    document = read(text)
    assert document.data == {}
    assert document.leaves == {}


def test_a_path_written_is_the_path_that_is_split() -> None:
    """The grammar of paths goes both ways for every value of a file."""
    document = read('"": 1\na: {"b.c": [1, {"d\\"e": 2}], "[0]": 3, "ü": 4, " ": 5}\n')
    for leaf in document.written():
        value: Any = document.data
        for step in paths.split(leaf.path):
            value = value[step]
        assert value == leaf.value
        assert paths.join(paths.split(leaf.path)) == leaf.path


REFUSED: dict[str, tuple[str | bytes, list[tuple[str, int, int]]]] = {
    "anchor": ("a: &x 1\n", [("YAML007", 1, 4)]),
    "anchor of a map": ("a: &x\n  b: 1\n", [("YAML007", 1, 4)]),
    "anchored key": ("&x a: 1\n", [("YAML007", 1, 1)]),
    "alias": ("a: 1\nb: *x\n", [("YAML007", 2, 4)]),
    "alias in a list": ("a: [1, *x]\n", [("YAML007", 1, 8)]),
    "alias as a key": ("*x : 1\nb: 2\n", [("YAML007", 1, 1)]),
    "merge key": ("a:\n  <<: {b: 1}\n", [("YAML012", 2, 3)]),
    "tag": ("a: !x 1\n", [("YAML015", 1, 4)]),
    "core tag": ("a: !!str 1\n", [("YAML015", 1, 4)]),
    "tagged key": ("!!str a: 1\n", [("YAML015", 1, 1)]),
    "tagged list": ("a: !x [1]\n", [("YAML015", 1, 4)]),
    "local tag": ("a: ! 1\n", [("YAML015", 1, 4)]),
    "version directive": ("%YAML 1.2\n---\na: 1\n", [("YAML009", 1, 1)]),
    "tag directive": ("%TAG ! tag:x,2000:\n---\na: 1\n", [("YAML009", 1, 1)]),
    "unknown directive": ("%FOO bar\n---\na: 1\n", [("YAML009", 1, 5)]),
    "second document": ("a: 1\n---\nb: 2\n", [("YAML008", 2, 1)]),
    "second document after an end": ("a: 1\n...\nb: 2\n", [("YAML008", 3, 1)]),
    "key twice": ("a: 1\nb: 2\na: 3\n", [("YAML013", 3, 1)]),
    "key twice, quoted": ('a: 1\n"a": 3\n', [("YAML013", 2, 1)]),
    "nested key twice": ("s:\n  a: {b: 1}\n  a: 3\n", [("YAML013", 3, 3)]),
    "key twice in a list": ("a: [{b: 1, b: 2}]\n", [("YAML013", 1, 12)]),
    "number as a key": ("1: x\n", [("YAML011", 1, 1)]),
    "boolean as a key": ("true: x\n", [("YAML011", 1, 1)]),
    "null as a key": ("~: x\n", [("YAML011", 1, 1)]),
    "no key": (": x\n", [("YAML004", 1, 1)]),
    "infinity as a key": (".inf: x\n", [("YAML011", 1, 1)]),
    "list as a key": ("? [a]\n: b\nc: d\n", [("YAML011", 1, 3)]),
    "map as a key": ("{a: 1}: b\nc: d\n", [("YAML011", 1, 1)]),
    "tab indents a map": ("a:\n\tb: 1\n", [("YAML005", 2, 1)]),
    "tab indents a list": ("a:\n\t- 1\n", [("YAML005", 2, 1)]),
    "tab after a scalar": ("a: 1\n\tb: 2\n", [("YAML005", 2, 1)]),
    "tab in a block scalar": ("a: |\n\tb\n", [("YAML005", 2, 1)]),
    "tab after a dash": ("- \ta: 1\n", [("YAML005", 1, 3)]),
    "list at the top": ("- 1\n", [("YAML014", 1, 1)]),
    "text at the top": ("leverage:5\n", [("YAML014", 1, 1)]),
    "number at the top": ("5\n", [("YAML014", 1, 1)]),
    "open bracket": ("a: [1\nb: 2\n", [("YAML004", 2, 2)]),
    "open quote": ('a: "x\n', [("YAML004", 2, 1)]),
    "two values": ("a: b: c\n", [("YAML004", 1, 5)]),
    "reserved sign": ("a: @x\n", [("YAML004", 1, 4)]),
    "NUL": (b"a: \0\n", [("YAML003", 1, 4)]),
    "escape": (b"a: \x1b[31m\n", [("YAML003", 1, 4)]),
    "delete": (b"a: \x7f\n", [("YAML003", 1, 4)]),
    "byte order mark": (b"\xef\xbb\xbfa: 1\n", [("YAML003", 1, 1)]),
    "right-to-left override": ("é: 1\na: \u202eb\n", [("YAML003", 2, 4)]),
    "isolate": ("a: \u2067b\n", [("YAML003", 1, 4)]),
    "line separator": ("a: b\u2028c\n", [("YAML003", 1, 5)]),
    "next line": ("a: b\u0085c\n", [("YAML003", 1, 5)]),
    "zero width space": ("lever\u200bage: 1\n", [("YAML003", 1, 6)]),
    "tag character": ("a: \U000e0041\n", [("YAML003", 1, 4)]),
    "lone CR": (b"a: 1\r\nb: 2 # \rc: 3\n", [("YAML003", 2, 8)]),
    "lone CR at the end": (b"a: 1\r", [("YAML003", 1, 5)]),
    "UTF-16": ("a: 1\n".encode("utf-16"), [("YAML002", 1, 1)]),
    "UTF-16 without a mark": ("a: 1\n".encode("utf-16-le"), [("YAML003", 1, 2)]),
    "Latin-1": (b"x: 1\na: caf\xe9\n", [("YAML002", 2, 7)]),
    "surrogate": (b"a: \xed\xa0\x80\n", [("YAML002", 1, 4)]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_hides_meaning_is_refused_where_it_stands(name: str) -> None:
    """Each construct that strict YAML does not read is one finding at its own line and column, and no other."""
    text, expected = REFUSED[name]
    assert spots(refused(text)) == expected


def test_a_key_written_twice_shows_both() -> None:
    """The finding points at the second and names the place of the first."""
    (finding,) = refused("s:\n  a: 1\n  b: 2\n  a: 3\n")
    assert [(place.line, place.column, place.role) for place in finding.places] == [
        (4, 3, ""),
        (2, 3, "first written here"),
    ]
    assert finding.message == "s.a is written twice"


def test_an_open_bracket_shows_where_it_was_opened() -> None:
    """The parser notices at the end; the second place is where the bracket stands."""
    (finding,) = refused("a: 1\nb: [1,\n  2\nc: 3\n")
    assert [place.line for place in finding.places] == [4, 2]


def test_all_that_is_wrong_in_a_file_is_told_at_once() -> None:
    """One run names every fault, in the order of the file, and reads on after a key that is none."""
    found = refused("a: &x 1\n? [k]\n: v\nb: *x\n2: c\nd: .nan\nd: 1\n")
    assert spots(found) == [
        *(
            ("YAML007", 1, 4),
            ("YAML011", 2, 3),
            ("YAML007", 4, 4),
            ("YAML011", 5, 1),
            ("YAML010", 6, 4),
            ("YAML013", 7, 1),
        )
    ]


def test_a_hostile_file_gets_twenty_findings() -> None:
    """A fault in every line does not make a report of a million lines."""
    assert len(refused("".join(f"k{n}: .nan\n" for n in range(1000)))) == 20


def test_collections_nest_as_deep_as_the_limit() -> None:
    """Sixty-four levels are read; the sixty-fifth is refused where it opens."""
    document = read("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1))
    assert document.data["a"]
    assert spots(refused("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)) == [("YAML006", 1, 3 + MAX_DEPTH)]


HOSTILE = {
    "50,000 brackets": b"a: " + b"[" * 50_000,
    "50,000 braces": b"{a: " * 50_000,
    "50,000 dashes": b"- " * 50_000,
    "50,000 question marks": b"? " * 50_000,
    "deep block": b"".join(b" " * n + b"a:\n" for n in range(700)),
    "billion laughs": b"a: &a [x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 123)),
    "merge bomb": b"a: &a {x: 1}\n"
    + b"".join(b"%c: &%c {<<: [*%c, *%c]}\n" % (n, n, n - 1, n - 1) for n in range(98, 123)),
    "self reference": b"a: &a [*a]\n",
    "2 MiB": b"a: 1\n" * (2 * MAX_BYTES // 5),
    "one byte too many": b"#" * (MAX_BYTES + 1),
    "a megabyte of one key": b"a" * (MAX_BYTES - 10) + b": 1\n",
    "a megabyte of digits": b"a: " + b"9" * (MAX_BYTES - 10),
    "a megabyte of fraction": b"a: 0." + b"3" * (MAX_BYTES - 10),
    "a megabyte of hexadecimal": b"a: 0x" + b"f" * (MAX_BYTES - 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_finding_in_little_memory(name: str) -> None:
    """Nothing is composed before it is judged: no crash, no exception, under 100 MB."""
    tracemalloc.start()
    try:
        assert refused(HOSTILE[name])
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


def test_a_file_of_just_the_limit_is_read() -> None:
    """A mebibyte is allowed, a byte more is not."""
    assert read(b"#" * MAX_BYTES).data == {}


def test_only_the_named_files_are_parsed() -> None:
    """The stage reads what it is told to, and every file has its document, broken ones too."""
    tree = Tree(None, 0, {"a.yaml": b"a: 1\n", "b.yaml": b"b: &x 1\n", "c.yaml": b"c: 1\n"})
    outcome = parse(("a.yaml", "b.yaml"), tree)
    assert {path: document.broken for path, document in outcome.value.items()} == {"a.yaml": False, "b.yaml": True}
    assert [finding.places[0].path for finding in outcome.findings] == ["b.yaml"]


def test_dollars_are_noticed() -> None:
    """A document says whether operations or references may be in it, so that most need no second look."""
    assert not read("a: $x\nb: {c$: 1}\n").dollar
    for text in ("a: ${x}\n", "$unset: [a]\n", "a: {$replace: true}\n", "a: [{b: '${x}'}]\n"):
        assert read(text).dollar


def test_what_is_found_by_path_stands_there() -> None:
    """Leaves, items and maps are found by their path; anything else is not there."""
    document = read("s:\n  m: {a: 1}\n  l: [{b: 2}]\n")
    for path in ("s", "s.m", "s.m.a", "s.l", "s.l[0]", "s.l[0].b"):
        leaf = document.find(path)
        assert leaf is not None
        assert leaf.path == path
    assert document.find("s.x") is None


def test_written_values_come_in_the_order_of_the_file() -> None:
    """What `deskc parse` lists is every scalar and empty collection, line by line."""
    places = [(leaf.line, leaf.column) for leaf in read(PLACES).written()]
    assert all(one < other for one, other in pairwise(places))
