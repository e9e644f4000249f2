"""The examples in a rule's docstring do what they say, through the real check."""

import json
import re
from pathlib import Path

import pytest

from deskc.pipeline import compile_desk
from deskc.report.rule import of_rule
from naive_resolver import plain_values
from rule_desk import COIN, LIMITS, LOCK, OWN, PRESET, RULES, SIDE, found, lock, prepared_with

PLACES = {"ladder_preset": PRESET, "ladder_side": SIDE}
"""Where an example of a rule stands that judges files of one kind."""


def examples() -> list[tuple[str, str, str, str]]:
    """Return each example: the rule's file, its code, what should come of it, and the values."""
    told = [(file, of_rule(rule)) for file in RULES for rule in prepared_with(file, {}).rules]
    return [
        (file, rule.code, verdict, example.text)
        for file, rule in told
        for verdict, shown in (("PASS", rule.good), ("FAIL", rule.bad))
        for example in shown
    ]


def laid(file: str, values: str) -> dict[str, str]:
    """Lay an example of a rule where it may stand.

    Facts stand in the venue's lock file, a label in a layer of the bot; an example in a list has the layers of the
    environment, the bot and a coin.
    """
    if file in PLACES:
        return {PLACES[file]: f"{values}\n"}
    if values.startswith("["):
        return {
            path: f"{json.dumps(said)}\n" for path, said in zip((LIMITS, OWN, COIN), plain_values(values), strict=False)
        }
    if values.startswith("coins:"):
        return {LIMITS: "trading: {leverage: 1}\n", LOCK: lock(**plain_values(values)["coins"]["ETH"])}
    return {OWN if values.startswith("{config_version") else LIMITS: f"{values}\n"}


@pytest.mark.parametrize(("file", "code", "verdict", "values"), examples())
def test_an_example_does_what_it_says(file: str, code: str, verdict: str, values: str) -> None:
    """FAIL yields the rule's code and no other, PASS yields nothing, and every setting that the rule needs is there."""
    findings = found(file, laid(file, values))
    assert {finding.code for finding in findings} == ({code} if verdict == "FAIL" else set())
    if verdict == "FAIL":
        assert all(finding.help and finding.next_action == f"deskc rule {code}" for finding in findings)


@pytest.mark.parametrize("file", RULES)
def test_a_rule_is_documented(file: str) -> None:
    """A rule has a code of its own, a title in one sentence, both examples, and finds nothing where nothing is set."""
    prepared = prepared_with(file, {})
    assert compile_desk(prepared).findings == ()
    for rule in prepared.rules:
        assert re.fullmatch(r"[A-Z]+[0-9]{3}|HC[0-7]", rule.code)
        assert rule.title.endswith(".")
        assert ". " not in rule.title
        assert of_rule(rule).good
        assert of_rule(rule).bad


def test_no_code_is_used_by_two_rules() -> None:
    """A finding names its rule by the code."""
    codes = [rule.code for file in RULES for rule in prepared_with(file, {}).rules]
    assert len(codes) == len(set(codes)) >= 2


@pytest.mark.parametrize("file", RULES)
def test_a_rule_has_a_file_of_tests(file: str) -> None:
    """The file bears the rule's name."""
    assert Path(__file__).with_name(f"test_{file}.py").is_file()
