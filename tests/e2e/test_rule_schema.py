"""`deskc rule`, `deskc schema` and the pages that are generated from them, as a user runs them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT, deskc
from deskc.core.codes import CODES, TINY

STRATEGY = """{
  "title": "Strategy", "type": "object", "additionalProperties": false,
  "properties": {"parameters": {"type": "object", "additionalProperties": false, "properties": {}}}
}"""
QUOTE = """{
  "title": "Parameters of quote", "description": "How quote quotes.", "type": "object", "additionalProperties": false,
  "properties": {"levels": {"type": "integer", "minimum": 1, "default": 5, "description": "Prices on each side."}}
}"""


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, without colour and without what the caller's environment says of deskc."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKC_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def write(files: dict[str, str], folder: Path) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a desk with schemas and a rule of its own, in a repository."""
    own = {"schemas/strategy.schema.json": STRATEGY, "schemas/strategy/quote.schema.json": QUOTE}
    write({**TINY, **own}, tmp_path / "desk")
    subprocess.run(["git", "init", "--quiet", "desk"], cwd=tmp_path, check=True)
    return tmp_path / "desk"


def test_rule_lists_built_in_codes_and_the_desks_own(desk: Path) -> None:
    """Without a code there is a line for each, with its title; the rules are those of this desk alone."""
    listed = [line.split("  ")[0].strip() for line in deskc("rule", cwd=desk).out.splitlines()]
    assert listed == ["code", "OWN001", *CODES]


def test_rule_explains_a_rule_of_the_desk(desk: Path) -> None:
    """Title, docstring, needs, level, file and both examples are there, in text and in JSON."""
    text = deskc("rule", "OWN001", cwd=desk / "bots").out
    told = deskc("rule", "own001", "--output-format", "json", cwd=desk).json()
    assert text.startswith("OWN001: Leverage within the desk's limit.\n\nwhy    No scope asks for more leverage")
    assert "file   validators/leverage_limit.py\n" in text
    assert (told["level"], told["needs"]) == ("scope", ["trading.leverage", "risk.max_leverage"])
    assert told["bad"] == [{"path": None, "text": "{trading: {leverage: 9}, risk: {max_leverage: 5}}"}]


def test_rule_explains_a_built_in_code_where_no_desk_can_be_read(tmp_path: Path) -> None:
    """A finding about desk.yaml or outside a repository can still be looked up, also in small letters."""
    ran = deskc("rule", "yaml013", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("YAML013: A key is written twice in one map.\n")


def test_rule_outside_a_desk_knows_the_rules_that_came_with_deskc(tmp_path: Path) -> None:
    """A newcomer sees what a new desk will hold."""
    assert "validators/risk_global_max_leverage.py" in deskc("rule", "RISK001", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("arguments", "message", "way_out"),
    [
        (("rule", "OWN01"), "there is no code OWN01", "did you mean OWN001?"),
        (("rule", "nonsense"), "there is no code nonsense", "deskc rule lists all codes"),
        (("rule", "RISK001", "bots"), "there is no bots/desk.yaml", "name the folder of a desk"),
        (("schema", "tradign"), "there is no section tradign", "did you mean trading?"),
        (("schema", "x"), "there is no section x", "known are bot, desk, risk, strategy, system, trading"),
        (("schema", "--strategy", "qote"), "there is no strategy with parameters qote", "did you mean quote?"),
        (
            ("schema", "risk", "--strategy", "quote"),
            "risk has no parameters of a strategy",
            "deskc schema strategy --strategy quote",
        ),
        (("schema", "risk", "--layer"), "--layer is about all sections of a layer", "give it alone, or with -o FILE"),
        (("schema", "risk", "--output-format", "jsn"), "jsn is no output format of this command", "did you mean json?"),
    ],
)
def test_a_mistake_is_one_sentence_and_a_way_out(
    desk: Path, arguments: tuple[str, ...], message: str, way_out: str
) -> None:
    """Wrong usage exits with 2, prints nothing on standard output and guesses what was meant."""
    ran = deskc(*arguments, cwd=desk)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"deskc: {message}\n help: {way_out}\n"


def test_schema_lists_sections_and_strategies(desk: Path) -> None:
    """Without a section there is a line for each, and how many settings it has."""
    rows = [line.split("  ")[0] for line in deskc("schema", cwd=desk).out.splitlines()]
    assert rows == ["section", "bot", "desk", "risk", "strategy", "strategy --strategy quote", "system", "trading"]


def test_schema_describes_a_section_of_the_desk(desk: Path) -> None:
    """The text is of this desk's schema: its bounds, its default, its rule."""
    text = deskc("schema", "trading", cwd=desk).out
    entry = text.split("\n\n")[1]
    assert text.startswith("trading: 9 settings\n")
    assert entry.splitlines() == [
        "trading.leverage",
        "  type      integer",
        "  default   3",
        "  bounds    1 to 20",
        "  rules     OWN001",
    ]


def test_schema_as_json_keeps_its_contract(desk: Path) -> None:
    """Section, the schema of the file, the rules that read it, and defaults by path."""
    told = deskc("schema", "trading", "--output-format", "json", cwd=desk).json()
    assert list(told) == ["section", "schema", "validation_rules", "defaults"]
    assert told["section"] == "trading"
    assert told["schema"] == json.loads(TINY["schemas/trading.schema.json"])
    assert told["validation_rules"] == [
        {"code": "OWN001", "title": "Leverage within the desk's limit.", "file": "validators/leverage_limit.py"}
    ]
    assert told["defaults"]["trading.weights"] == {"steady": 1}
    assert told["defaults"].keys() == {f"trading.{name}" for name in ("leverage", "mode", "hedged", "hours", "weights")}


@pytest.mark.parametrize("section", [(), ("strategy",), ("strategy.parameters",)])
def test_schema_describes_the_parameters_of_a_strategy(desk: Path, section: tuple[str, ...]) -> None:
    """--strategy names whose parameters are meant; the section may be left out."""
    text = deskc("schema", *section, "--strategy", "quote", cwd=desk).out
    assert text.startswith(
        "strategy.parameters of quote: 1 setting\n  How quote quotes.\n\nstrategy.parameters.levels\n"
    )


@pytest.mark.parametrize(
    ("arguments", "headings"),
    [
        ((), ["bot", "desk", "risk", "strategy", "strategy.parameters of quote", "system", "trading"]),
        (("risk",), ["risk"]),
        (("--strategy", "quote"), ["strategy.parameters of quote"]),
    ],
)
def test_schema_for_a_language_model_has_a_line_for_each_setting(
    desk: Path, arguments: tuple[str, ...], headings: list[str]
) -> None:
    """All sections or the one asked for, in a stable order, each setting once; it is no JSON."""
    first, *lines = deskc("schema", "--llm", *arguments, cwd=desk).out.splitlines()
    assert first.startswith("# settings of a deskc desk, one a line: ")
    assert [line[2:].split(": ")[0] for line in lines if line.startswith("#")] == headings
    assert ("trading.leverage: integer, default 3, 1 to 20" in lines) is (not arguments)
    refused = deskc("schema", "--llm", *arguments, "--output-format", "json", cwd=desk)
    assert (refused.code, refused.out) == (2, "")


def test_schema_outside_a_desk_describes_what_came_with_deskc(tmp_path: Path) -> None:
    """A newcomer can read what may be said before there is a desk."""
    ran = deskc("schema", "trading", "-o", "trading.txt", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert "\ntrading.leverage\n" in (tmp_path / "trading.txt").read_text(encoding="utf-8")


def test_a_broken_schema_stops_schema_but_not_the_explanation_of_its_code(desk: Path) -> None:
    """Where a schema breaks the dialect there is nothing to describe, and its finding can still be looked up."""
    write({"schemas/trading.schema.json": "{"}, desk)
    ran = deskc("schema", "risk", cwd=desk)
    assert ran.code == 2
    assert ran.err.endswith("\n help: run deskc check, which says where\n")
    assert deskc("rule", "SCHEMA001", cwd=desk).code == 0
    assert deskc("rule", "OWN001", cwd=desk).code == 0


def test_generate_writes_the_pages_and_names_a_stale_one(tmp_path: Path) -> None:
    """After generating, --check is silent; a page that was edited or is gone is named and fails."""
    (tmp_path / "docs").mkdir()
    script = str(shutil.copy(ROOT / "docs" / "generate.py", tmp_path / "docs"))
    assert python(script, folder=tmp_path).returncode == 0
    fresh = python(script, "--check", folder=tmp_path)
    assert (fresh.returncode, fresh.stdout, fresh.stderr) == (0, "", "")
    with (tmp_path / "docs" / "reference" / "cli.md").open("a", encoding="utf-8") as page:
        page.write("edited\n")
    (tmp_path / "docs" / "reference" / "rules.md").unlink()
    stale = python(script, "--check", folder=tmp_path)
    named = [f"docs/reference/{name}.md is stale: run make docs" for name in ("rules", "cli")]
    assert (stale.returncode, stale.stderr.splitlines()) == (1, named)


@pytest.mark.parametrize("width", ["40", "200"])
def test_generated_pages_do_not_depend_on_the_terminal(tmp_path: Path, width: str) -> None:
    """The help texts have one width, whatever terminal writes them."""
    (tmp_path / "docs").mkdir()
    script = str(shutil.copy(ROOT / "docs" / "generate.py", tmp_path / "docs"))
    subprocess.run([sys.executable, script], env=os.environ | {"COLUMNS": width}, check=True, capture_output=True)
    page = (tmp_path / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    longest = max(map(len, page.partition("\n## ")[2].splitlines()))
    assert 80 < longest <= 96
