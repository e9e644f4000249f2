"""What a desk begins with checks clean and teaches."""

from pathlib import Path

import pytest

from deskc.content import bundled
from deskc.core.errors import DeskcError
from deskc.edit.scaffold import scaffold
from deskc.edit.template import templates
from in_memory import resolve_clean

DESK = Path(__file__).parents[3] / "config-repo/desk.yaml"


@pytest.mark.parametrize("template", templates())
def test_a_template_compiles_without_a_finding(template: str) -> None:
    """Every template gives scopes for two coins in each environment, and nothing is wrong with its files."""
    scopes = resolve_clean(scaffold(template))
    assert {scope.id.environment for scope in scopes} == {"development", "staging", "production"}
    assert all(len({s.id.coin for s in scopes if s.id.bot == scope.id.bot} - {None}) == 2 for scope in scopes)


def test_one_coin_has_a_label_and_values_of_its_own() -> None:
    """ETH differs from the bot where its file says so, AVAX nowhere."""
    scopes = {scope.id.coin: scope for scope in resolve_clean(scaffold("mm")) if scope.id.environment == "development"}
    labels = {coin: scope.config_version and scope.config_version.value for coin, scope in scopes.items()}
    assert labels == {None: "1.0.0", "AVAX": "1.0.0", "ETH": "1.1.0"}
    assert [scopes[coin].value("trading.min_spread_bps") for coin in ("AVAX", "ETH")] == [0.6, 0.3]


def test_each_coin_of_an_arbitrage_has_a_leg_on_another_venue() -> None:
    """A pair trades one coin on two venues, each under the name that the venue has for it."""
    legs = {scope.id.coin: scope.value("strategy.legs") for scope in resolve_clean(scaffold("arb")) if scope.id.coin}
    assert legs == {coin: [{"exchange": "phemex", "coin": f"{coin}T"}] for coin in ("BTC-USD", "ETH-USD")}


def test_a_strategy_s_parameters_come_from_its_layer_its_bot_and_its_coin() -> None:
    """Mean reversion sets each where it belongs, and the most specific one wins."""
    found = {
        scope.id.coin: [scope.value(f"strategy.parameters.{name}") for name in ("deviation_threshold", "max_positions")]
        for scope in resolve_clean(scaffold("mean_reversion"))
    }
    assert found == {None: [2, 2], "ETH-USD": [2, 2], "SOL-USD": [2.5, 2]}


def test_schemas_and_rules_are_vendored_without_the_dialect() -> None:
    """The desk carries each schema and rule byte by byte; the meta-schema is the compiler's own."""
    files = scaffold("mm")
    schemas = {
        f"schemas/{path.relative_to(bundled('schemas')).as_posix()}": path
        for path in bundled("schemas").rglob("*.json")
    }
    rules = {f"validators/{path.name}": path for path in bundled("validators").glob("*.py")}
    wanted = {name: path for name, path in (schemas | rules).items() if "/meta/" not in name}
    vendored = {name: text for name, text in files.items() if name.startswith(("schemas/", "validators/"))}
    assert vendored == {name: path.read_text(encoding="utf-8") for name, path in wanted.items()}


def test_the_hierarchy_is_the_reference_desk_s() -> None:
    """A new desk's layers speak in the order of the one that documents describe."""

    def levels(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("  - ")]

    assert levels(scaffold("mm")["desk.yaml"]) == levels(DESK.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["grid", "_desk", "MM", "../mm", ""])
def test_a_template_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    """One sentence, and the names to choose from."""
    with pytest.raises(DeskcError, match="there is no template") as caught:
        scaffold(name)
    assert caught.value.help == ("did you mean mm?" if name == "MM" else "available: arb, dca, mean_reversion, mm")
