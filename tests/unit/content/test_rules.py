"""Loading rules: what they may import, what a file must hold, and what runs."""

from pathlib import Path

import pytest

from deskc.content import load_rules
from deskc.core.documents import Tree
from deskc.core.findings import Finding
from deskc.sdk import Rule

GOOD = '''"""A title.

More.
"""

from deskc.sdk import rule


@rule("OWN001", needs=("trading.leverage",), level="bot")
def own(scopes):
    """What must hold."""
    yield from ()
'''


def load(**files: str | bytes) -> tuple[tuple[Rule, ...], tuple[Finding, ...]]:
    """Load rule files by name."""
    data = {f"validators/{name}.py": text if isinstance(text, bytes) else text.encode() for name, text in files.items()}
    outcome = load_rules(Tree(None, 0, {**data, "elsewhere/x.py": b"raise SystemExit"}), "validators/")
    return outcome.value, outcome.findings


def test_a_rule_is_loaded_with_all_that_is_known_of_it() -> None:
    """Code, needs and level from the decorator, title from the module, documentation from the function."""
    (rule,), findings = load(own=GOOD)
    assert findings == ()
    assert (rule.code, rule.needs, rule.level) == ("OWN001", ("trading.leverage",), "bot")
    assert (rule.doc, rule.file, rule.title) == ("What must hold.", "validators/own.py", "A title.")


@pytest.mark.parametrize(
    "name", ["os", "sys", "subprocess", "socket", "pathlib", "deskc", "deskc.core.desk", "yaml", "importlib"]
)
def test_what_reaches_out_is_refused(name: str) -> None:
    """Wherever the import stands, the finding is at its line."""
    statements = (f"import {name}", f"from {name} import x", f"import math, {name}", f"import math; import {name}")
    hidden = (
        f"def f():\n    import {name}",
        f"import math\nif 1: import {name}",
        f"from math import pi\nimport {name} as m",
    )
    for text in (*statements, *hidden):
        _, (finding,) = load(own=f"{text}\n{GOOD}")
        assert (finding.code, finding.message) == ("RULE002", f"a rule may not import {name}")
        assert finding.places[0].line == text.count("\n") + 1


@pytest.mark.parametrize("text", ["from . import other", "from .deskc.sdk import rule", "from .math import pi"])
def test_neighbours_are_refused(text: str) -> None:
    """A relative import would read what is not the rule."""
    assert [finding.code for finding in load(own=f"{text}\n{GOOD}")[1]] == ["RULE002"]


@pytest.mark.parametrize("name", ["math", "re", "decimal", "collections.abc", "dataclasses", "typing"])
def test_the_pure_parts_are_at_hand(name: str) -> None:
    """What computes may be imported."""
    assert load(own=f"import {name}\n{GOOD}")[1] == ()


def test_a_word_in_a_text_imports_nothing() -> None:
    """A rule may speak of imports, and of lines that look like one."""
    assert load(own=f'TEXT = """\nimport os\nto import is\n"""\n{GOOD}')[1] == ()


def test_dataclasses_work_in_a_rule() -> None:
    """Also under postponed annotations, which look the module up by its name."""
    text = "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n"
    assert load(own=text + GOOD.split('"""', 2)[2])[1] == ()


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("def f(:\n", "RULE001", 1),
        ("x = 1\n\n1 / 0\n", "RULE001", 1),
        ("raise SystemExit(0)\n", "RULE001", 1),
        (b"# coding: latin-1\nx = '\xe9'\n", "RULE001", 1),
        (b"x = '\0'\n", "RULE001", 1),
        ("x = 1\n", "RULE004", 1),
        ("", "RULE004", 1),
    ],
)
def test_a_file_that_is_no_rule_is_a_finding(text: str | bytes, code: str, line: int) -> None:
    """Loading never raises: what a file does wrong is said, and the other rules are loaded."""
    rules, (finding,) = load(bad=text, own=GOOD)
    assert (finding.code, finding.places[0].line) == (code, line)
    assert [rule.code for rule in rules] == ["OWN001"]


def test_two_rules_of_one_code_are_a_finding() -> None:
    """Both files are named, and one of the rules counts."""
    rules, (finding,) = load(one=GOOD, two=GOOD.replace("own", "other"))
    assert finding.code == "RULE003"
    assert [place.path for place in finding.places] == ["validators/two.py", "validators/one.py"]
    assert [rule.file for rule in rules] == ["validators/one.py"]


def test_the_source_comes_from_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the same name on disk is never looked at, and the traceback shows the tree's line."""
    (tmp_path / "validators").mkdir()
    (tmp_path / "validators/own.py").write_text("raise ValueError\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (rule,), findings = load(own=GOOD)
    assert findings == ()
    assert rule.judge.__module__.startswith("deskc_rule_")
