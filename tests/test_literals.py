"""Every literal of the documents resolves in the reference desk where literals.yaml says."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deskc.core.desk import Bot
from deskc.core.layers import Layers
from deskc.core.resolved import Scope
from deskc.core.scopes import ScopeId
from deskc.pipeline import Prepared, compile_desk, prepare, scopes_of
from deskc.stages.read import WorktreeSource
from naive_resolver import plain_values

ROOT = Path(__file__).resolve().parents[1]
Literal = Mapping[str, Any]
LITERALS: tuple[Literal, ...] = tuple(plain_values((ROOT / "tests/golden/literals.yaml").read_text(encoding="utf-8")))
LABEL = "config_version"
BOT = "bot."


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Read the reference desk, which has nothing wrong."""
    prepared = prepare(WorktreeSource(ROOT, 0), "config-repo/")
    assert {finding.severity for finding in compile_desk(prepared).findings} <= {"note"}  # of facts that nobody knows
    return prepared


@pytest.fixture(scope="module")
def layers(prepared: Prepared) -> Layers:
    """Return the layers of the reference desk, and with them its bots."""
    assert prepared.layers is not None
    return prepared.layers


@pytest.fixture(scope="module")
def scopes(prepared: Prepared, layers: Layers) -> Mapping[ScopeId, Scope]:
    """Resolve the reference desk."""
    return {scope.id: scope for target in layers.targets for scope in scopes_of(prepared, target).value}


def name_of(literal: Literal) -> str:
    """Return a literal's scope and path, as a test's id."""
    scope = (literal[axis] for axis in ("environment", "bot", "coin", "side"))
    return "/".join([literal["document"], *(name for name in scope if name), literal["path"]])


def value_in(scope: Scope, path: str) -> Any:  # noqa: ANN401 - a setting may have any JSON value
    """Return what a scope has at a path, its label included."""
    if path == LABEL:
        return scope.config_version and scope.config_version.value
    return scope.value(path)


def said_of(bot: Bot, environment: str) -> Mapping[str, object]:
    """Return what a bot's own section says of its venue and coins, by path."""
    return {f"{BOT}exchange": bot.exchange, f"{BOT}coins": list(bot.coins[environment])}


@pytest.mark.parametrize("literal", [one for one in LITERALS if one["path"].startswith(BOT)], ids=name_of)
def test_a_bot_is_declared_as_documented(literal: Literal, layers: Layers) -> None:
    """It runs on the documented venue, and trades exactly the documented coins."""
    assert said_of(layers.bots[literal["bot"]], literal["environment"])[literal["path"]] == literal["value"]


@pytest.mark.parametrize("literal", [one for one in LITERALS if not one["path"].startswith(BOT)], ids=name_of)
def test_a_literal_resolves_to_its_value_at_its_scope(literal: Literal, scopes: Mapping[ScopeId, Scope]) -> None:
    """Value and type are the documented ones; 3.0 and 3 are one number, true and 1 are not."""
    scope = scopes[ScopeId(literal["environment"], literal["bot"], literal["coin"], literal["side"])]
    found = value_in(scope, literal["path"])
    assert found == literal["value"]
    assert isinstance(found, bool) == isinstance(literal["value"], bool)


def test_the_list_is_complete() -> None:
    """A literal that goes missing from the list is noticed."""
    assert Counter(literal["document"] for literal in LITERALS) == {
        "000": 42,
        "001": 288,
        "002": 14,
        "003": 22,
        "TRADING": 57,
    }
    assert len({name_of(literal) for literal in LITERALS}) == len(LITERALS)


def test_every_literal_says_the_same_things() -> None:
    """Each names its document, its path, its scope and its value, and nothing else."""
    keys = {"document", "path", "environment", "bot", "coin", "side", "value"}
    assert [literal for literal in LITERALS if literal.keys() != keys] == []


@pytest.mark.parametrize("environment", ["staging", "production"])
@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("LONG", {"leverage": 20, "position_size_pct": 0.15, "stop_loss_pct": 2.0, "take_profit_pct": 6.0}),
        ("SHORT", {"leverage": 15, "position_size_pct": 0.15, "stop_loss_pct": 2.0, "take_profit_pct": 5.0}),
    ],
)
def test_the_worked_example_comes_out_to_the_digit(
    environment: str, side: str, expected: Mapping[str, float], scopes: Mapping[ScopeId, Scope]
) -> None:
    """Global, symbol, and symbol with side: BTCUSDT LONG and SHORT are what the documentation says they are."""
    scope = scopes[ScopeId(environment, "tradeengine", "BTCUSDT", side)]
    assert {name: scope.value(f"trading.{name}") for name in expected} == expected


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_worked_example_names_the_layers_that_decide(environment: str, scopes: Mapping[ScopeId, Scope]) -> None:
    """Leverage of BTCUSDT LONG was spoken about four times; the layer of coin and side has the last word."""
    scope = scopes[ScopeId(environment, "tradeengine", "BTCUSDT", "LONG")]
    files = [spoken.file.removeprefix("config-repo/") for spoken in scope.origins("trading.leverage")]
    assert files == ["", "global.yaml", "coins/BTCUSDT.yaml", "coins/BTCUSDT.LONG.yaml"]
    assert [spoken.leaf.value for spoken in scope.origins("trading.leverage")] == [10, 10, 15, 20]


def test_every_parameter_of_the_documentation_is_in_the_schema(scopes: Mapping[ScopeId, Scope]) -> None:
    """A scope that trades holds the 31 documented parameters; the market maker has its own three beside them."""
    own = {"size_notional_usd", "max_per_coin_notional", "min_spread_bps"}
    engine = scopes[ScopeId("production", "tradeengine", "BTCUSDT", "LONG")].value("trading")
    maker = scopes[ScopeId("production", "mm_multi_v1", "ETH")].value("trading")
    assert len(engine.keys() - own) == 31
    assert own <= maker.keys()
