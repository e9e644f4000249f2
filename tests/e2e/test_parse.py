"""deskc parse: one file as strict YAML reads it, for programs and for people."""

import json
import os
from pathlib import Path

import pytest

from command_line import Answer, deskc

LAYER = """\
# A layer.
config_version: 1.2.0
trading:
  leverage: 20
  size_pct: 0.15
  hedge: true
  note: null
  hours: [9, {from: "17:00"}]
  symbols: {"BTC/USDT:USDT": on}
  weights: {}
  tags: []
"""


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """Return a file that holds every type of value."""
    path = tmp_path / "layer.yaml"
    path.write_text(LAYER, encoding="utf-8")
    return path


def parse(path: Path, *arguments: str) -> Answer:
    """Run parse beside a file; no repository is needed."""
    return deskc("parse", path.name, *arguments, cwd=path.parent)


def test_json_is_one_list_of_path_value_type_line_and_column(layer: Path) -> None:
    """The contract of ARCHITECTURE 7: a leaf a row, in the order of the file, odd keys quoted."""
    answer = parse(layer)
    assert (answer.code, answer.err) == (0, "")
    rows = answer.json()
    assert all(list(row) == ["path", "value", "type", "line", "column"] for row in rows)
    assert [tuple(row.values()) for row in rows] == [
        ("config_version", "1.2.0", "string", 2, 17),
        ("trading.leverage", 20, "integer", 4, 13),
        ("trading.size_pct", 0.15, "number", 5, 13),
        ("trading.hedge", True, "boolean", 6, 10),
        ("trading.note", None, "null", 7, 9),
        ("trading.hours[0]", 9, "integer", 8, 11),
        ("trading.hours[1].from", "17:00", "string", 8, 21),
        ('trading.symbols["BTC/USDT:USDT"]', "on", "string", 9, 30),
        ("trading.weights", {}, "object", 10, 12),
        ("trading.tags", [], "array", 11, 9),
    ]


def test_json_is_what_is_written_when_nothing_is_asked_for(layer: Path) -> None:
    """Naming the default changes nothing."""
    assert parse(layer, "--output-format", "json") == parse(layer)


def test_text_is_a_table(layer: Path) -> None:
    """People read a column each for path, value, type and place."""
    answer = parse(layer, "--output-format", "text")
    assert answer.code == 0
    head, first, *_ = answer.out.splitlines()
    assert head.split() == ["path", "value", "type", "line"]
    assert first.split() == ["config_version", '"1.2.0"', "string", "2:17"]


def test_what_strict_yaml_refuses_is_a_finding(layer: Path) -> None:
    """A person reads it as check would write it; exit code 1."""
    layer.write_text("trading:\n  leverage: 10\n  leverage: 12\n", encoding="utf-8")
    answer = parse(layer)
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith("error[YAML013]: trading.leverage is written twice\n --> layer.yaml:3:3\n")
    assert "help: delete one of the two" in answer.out


def test_a_program_that_asks_for_json_gets_findings_as_json(layer: Path) -> None:
    """Standard output is never half a format."""
    layer.write_text("trading: [\n", encoding="utf-8")
    answer = parse(layer, "--output-format", "json")
    assert answer.code == 1
    assert [finding["code"] for finding in answer.json()["findings"]] == ["YAML004"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: 1\0\n", "YAML003"),
        (b"a: \xff\n", "YAML002"),
        (b"a: " + b"[" * 50_000, "YAML006"),
        (b"#" * (2 << 20), "YAML001"),
        (b"a: &b 1\n", "YAML007"),
        (b"a: 1\n---\nb: 2\n", "YAML008"),
        (b"a: !!python/object:os.system x\n", None),
        (b"a: 1e999\n", "YAML010"),
        (b"\ta: 1\n", "YAML005"),
        (b"- 1\n", "YAML014"),
        (b"? [a]\n: 1\n", None),
        (b"%YAML 9.9\n---\na: 1\n", None),
        (b"\xfe\xff\x00a", None),
    ],
)
def test_hostile_bytes_are_a_finding(layer: Path, data: bytes, code: str | None) -> None:
    """Whatever the bytes are, there is a finding with a code and no bug."""
    layer.write_bytes(data)
    answer = parse(layer, "--output-format", "json")
    assert (answer.code, answer.err) == (1, "")
    codes = [finding["code"] for finding in answer.json()["findings"]]
    assert codes
    assert code is None or code in codes


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"\xef\xbb\xbfa: 1\n"])
def test_an_empty_file_is_an_empty_list(layer: Path, data: bytes) -> None:
    """Nothing written is no mistake, and a byte order mark is read or refused, never a bug."""
    layer.write_bytes(data)
    answer = parse(layer)
    assert (answer.code, answer.err) in {(0, ""), (1, "")}
    if b"a" not in data:
        assert answer.json() == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("gone.yaml", "No such file or directory"), (".", "Is a directory"), ("layer.yaml/x", "Not a directory")],
)
def test_a_file_that_cannot_be_read_is_refused(layer: Path, name: str, reason: str) -> None:
    """One sentence with the reason, and the way out."""
    answer = deskc("parse", name, cwd=layer.parent)
    assert answer.refuses(f"{name} cannot be read: {reason}", "name a file")


def test_a_name_that_is_not_utf_8_is_shown_as_bytes(layer: Path) -> None:
    """A file may be called anything: its findings are written, not a bug."""
    name = os.fsencode(layer.parent) + b"/\xff.yaml"
    Path(os.fsdecode(name)).write_bytes(b"a: [")
    for fmt in ("text", "json"):
        answer = deskc("parse", name, "--output-format", fmt, cwd=layer.parent)
        assert (answer.code, answer.err) == (1, "")
        assert "udcff" in answer.out


def test_output_goes_to_a_file(layer: Path) -> None:
    """With -o nothing is shown."""
    answer = parse(layer, "-o", "rows.json")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert json.loads((layer.parent / "rows.json").read_bytes()) == parse(layer).json()
