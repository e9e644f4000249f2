"""Every rule's documentation is true: its PASS examples pass, its FAIL examples fail by it and by nothing else."""

import ast
import re
from pathlib import Path

import pytest

from judging import ROOT, judged

RULES = sorted(path.stem for path in (ROOT / "validators").glob("*.py"))
EXAMPLE = re.compile(r"^ *(PASS|FAIL)  (.+)$", re.MULTILINE)


def documented(name: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a rule's code and its examples."""
    parsed = ast.parse((ROOT / "validators" / f"{name}.py").read_text(encoding="utf-8"))
    (function,) = (node for node in parsed.body if isinstance(node, ast.FunctionDef) and node.decorator_list)
    decorator = function.decorator_list[0]
    assert isinstance(decorator, ast.Call)
    code = ast.literal_eval(decorator.args[0])
    assert isinstance(code, str)
    return code, EXAMPLE.findall(ast.get_docstring(function) or "")


@pytest.mark.parametrize("name", RULES)
def test_the_examples_of_a_rule_are_true(name: str) -> None:
    """Each rule shows at least one good and one bad desk, and judges both as it says."""
    code, examples = documented(name)
    assert {verdict for verdict, _ in examples} == {"PASS", "FAIL"}
    for verdict, settings in examples:
        found = [finding.code for finding in judged(name, f"{settings}\n")]
        assert found == ([code] if verdict == "FAIL" else []), settings


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_a_file_of_tests(name: str) -> None:
    """The file bears the rule's name."""
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
