"""Halting by settings: which layers change so that nothing opens positions any more."""

from collections.abc import Mapping

import pytest

from deskc.core.errors import DeskcError
from deskc.core.scopes import ScopeId, Target
from deskc.edit.addition import Addition, overlaid
from deskc.edit.halt import SETTING, halted_texts
from deskc.pipeline import prepare, scopes_of
from desks import BASE, lay
from in_memory import InMemory

DESK = BASE["desk.yaml"].replace(
    "  - bots/{bot}/environments/{environment}.yaml\n",
    "  - bots/{bot}/environments/{environment}.yaml\n"
    "  - bots/{bot}/environments/{environment}/{coin}.yaml\n"
    "  - bots/{bot}/environments/{environment}/{coin}.{side}.yaml\n",
)
SCHEMA = BASE["schemas/trading.schema.json"].replace(
    '"properties": {', '"properties": {"enabled": {"type": "boolean", "default": true},', 1
)
HOME = "bots/mm/environments/live"
SIDED = BASE["bots/mm/bot.yaml"].replace("coins: [ETH, BTC]", "coins: [ETH, BTC], sides: [LONG, SHORT]")


def halted(files: Mapping[str, str], asked: ScopeId) -> tuple[dict[str, str], list[str]]:
    """Return the texts that halt what was asked, and the scopes of the bot that may still trade with them."""
    source = InMemory(lay({"desk.yaml": DESK, "schemas/trading.schema.json": SCHEMA, **files}))
    texts = halted_texts(source, "", prepare(source, ""), asked)
    scopes = scopes_of(prepare(overlaid(source, Addition({}, texts)), ""), Target("live", "mm")).value
    return texts, [str(one.id) for one in scopes if one.id.coin and one.value(SETTING)]


def test_a_bot_is_halted_by_its_layer_of_the_environment() -> None:
    """One line stops every coin there, and what the layer holds stays."""
    there = {f"{HOME}.yaml": "# ours\ntrading: {leverage: 3}\n"}
    texts, trading = halted(there, ScopeId("live", "mm"))
    assert (texts, trading) == ({f"{HOME}.yaml": "# ours\ntrading: {leverage: 3, enabled: false}\n"}, [])


def test_a_coin_is_halted_alone() -> None:
    """The others trade on."""
    texts, trading = halted({}, ScopeId("live", "mm", "ETH"))
    assert (texts, trading) == ({f"{HOME}/ETH.yaml": "trading:\n  enabled: false\n"}, ["live/mm/BTC"])


def test_what_turns_it_on_again_is_turned_off_too() -> None:
    """A more specific layer that enables its coin or side is changed as well, and no other."""
    louder = {
        "bots/mm/bot.yaml": SIDED,
        f"{HOME}/ETH.LONG.yaml": "trading:\n  enabled: true # on purpose\n",
        f"{HOME}/BTC.yaml": "trading: {enabled: true}\n",
    }
    texts, trading = halted(louder, ScopeId("live", "mm"))
    assert trading == []
    assert texts == {
        f"{HOME}.yaml": "trading:\n  enabled: false\n",
        f"{HOME}/ETH.yaml": "trading:\n  enabled: false\n",
        f"{HOME}/BTC.yaml": "trading: {enabled: false}\n",
        f"{HOME}/ETH.LONG.yaml": "trading:\n  enabled: false # on purpose\n",
    }


def test_what_is_halted_needs_no_change() -> None:
    """A bot that opens nothing is left alone."""
    assert halted({"global.yaml": "trading: {enabled: false}\n"}, ScopeId("live", "mm")) == ({}, [])


def test_a_hierarchy_without_such_a_layer_is_told() -> None:
    """Where no layer is the bot's in one environment, the way out is named."""
    desk = DESK.replace("  - bots/{bot}/environments/{environment}.yaml\n", "")
    with pytest.raises(DeskcError, match="no level for environment, bot together") as caught:
        halted({"desk.yaml": desk}, ScopeId("live", "mm"))
    assert "deskc halt --local" in caught.value.help
