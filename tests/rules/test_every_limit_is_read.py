"""No limit is a number that nothing reads: a rule needs it, or the bot's runtime policy judges by it."""

from collections.abc import Iterator

import pytest

from deskc.core.schemas import FREE, Setting
from rule_desk import RULES, prepared_with

NUMBERS = {"integer", "number"}


def limits() -> Iterator[Setting]:
    """Yield every setting of risk, every bound of a ladder and every number of trading, whose maps hold weights."""
    layers = prepared_with(RULES[0], {}).layers
    assert layers is not None
    sections = layers.schemas.sections
    yield from sections["risk"].settings.values()
    for setting in sections["ladder"].settings.values():
        if setting.path.startswith("ladder.constraints.") and setting.path != "ladder.constraints.enforce":
            yield setting
    for setting in sections["trading"].settings.values():
        if NUMBERS.intersection(setting.types) and FREE not in setting.path:
            yield setting


def needed() -> frozenset[str]:
    """Return the settings that rules need, as schemas write them."""
    rules = (rule for file in RULES for rule in prepared_with(file, {}).rules)
    return frozenset(path.replace("{exchange}", FREE) for rule in rules for path in rule.needs)


NEEDED = needed()


@pytest.mark.parametrize("setting", tuple(limits()), ids=lambda setting: setting.path)
def test_a_limit_is_read(setting: Setting) -> None:
    """A setting that neither a rule nor the runtime policy reads binds nobody, whatever it says."""
    assert setting.path in NEEDED or setting.notes.get("runtime") is True


def test_rules_need_settings_that_there_are() -> None:
    """A path that no schema has would silence its rule for good."""
    layers = prepared_with(RULES[0], {}).layers
    assert layers is not None
    schemas = layers.schemas
    known = {path for one in (*schemas.sections.values(), *schemas.strategies.values()) for path in one.settings}
    assert known >= NEEDED


def test_each_limit_of_a_venue_is_read_for_the_bots_own_venue() -> None:
    """A need names the venue by the bot, so a limit of another venue is neither read nor missed."""
    assert {path for path in NEEDED if path.startswith("risk.exchange_limits.")} == {
        "risk.exchange_limits.*.max_open_orders",
        "risk.exchange_limits.*.max_position_value",
        "risk.exchange_limits.*.rate_limit_per_second",
    }
