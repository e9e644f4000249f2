"""LADDER003: a preset does not contradict itself."""

from pathlib import Path

import pytest

from rule_desk import OWN, PRESET, found, text_at

RULE = "ladder_preset"
BUNDLED = Path(__file__).parents[2] / "config-repo" / "templates"


@pytest.mark.parametrize(
    ("text", "message", "texts"),
    [
        ("{m2_max: 1.2}", "m2_max 1.2 is over c2 - 1, which is 1", ["1.2"]),
        ("{m2_max: 0.8, c2: 1.5}", "m2_max 0.8 is over c2 - 1, which is 0.5", ["0.8", "1.5"]),
        ("{m_min: 0.7, m_max: 0.6}", "no ladder of 10 orders keeps m_max 0.6 and m_min 0.7 together", ["0.6", "0.7"]),
        ("{q1_cap: 5, m_max: 0.3}", "no ladder of 10 orders keeps q1_cap 5 and m_max 0.3 together", ["5", "0.3"]),
        ("{ceiling: true, enforce: [HC0, HC7]}", "ceiling is on and HC7 enforced", ["true", "HC0"]),
    ],
)
def test_a_contradiction_is_shown_at_each_bound(text: str, message: str, texts: list[str]) -> None:
    """In the preset's file; a bound that is a default has no place there."""
    layers = {PRESET: f"ladder:\n  constraints: {text}\n"}
    finding = next(one for one in found(RULE, layers) if one.message.startswith(message))
    assert [shown for _, shown, _ in text_at(RULE, layers, finding)] == texts


def test_other_files_are_judged_where_scopes_read_them() -> None:
    """A layer may say half of what another completes."""
    assert found(RULE, {OWN: "ladder: {constraints: {m_min: 0.7, m_max: 0.6}}\n"}) == ()


@pytest.mark.parametrize("name", sorted(path.name for path in BUNDLED.glob("ladder_*.yaml")))
def test_the_four_presets_are_sound(name: str) -> None:
    """None of them contradicts itself."""
    assert found(RULE, {f"templates/{name}": (BUNDLED / name).read_text(encoding="utf-8")}) == ()


def test_orders_in_a_preset_are_not_its_bounds() -> None:
    """They are judged in the scopes that trade them."""
    text = "ladder:\n  orders: {volumes_pct: [50, 50], indents_pct: [0, 20]}\n"
    assert found(RULE, {PRESET: text}) == ()
