"""Names that people ask for: found, or answered with what was probably meant."""

import pytest

from deskc.core.errors import DeskcError
from deskc.core.resolved import Scope
from deskc.core.scopes import ScopeId
from deskc.plan.asked import key_asked, scope_asked
from small_desk import Repository


def asked(desk: Repository, *names: str) -> Scope:
    """Resolve a scope that is there."""
    scope = scope_asked(desk.at(), ScopeId(*names)).value
    assert scope is not None
    return scope


@pytest.mark.parametrize(
    ("names", "message", "way_out"),
    [
        (("prodution", "maker"), "the desk has no environment prodution", "did you mean production?"),
        (("production", "makr"), "the desk has no bot makr", "did you mean maker?"),
        (("staging", "maker"), "maker does not run in staging", "it runs in development, production"),
        (("production", "maker", "ETHH"), "maker trades no coin ETHH in production", "did you mean ETH?"),
        (("production", "maker", "XRP"), "maker trades no coin XRP in production", "known are ETH, SOL"),
        (("production", "engine", "BTC"), "BTC has a scope a side", "add --side LONG or --side SHORT"),
        (("production", "engine", "BTC", "LNG"), "engine declares no side LNG", "did you mean LONG?"),
        (("production", "maker", "ETH", "LONG"), "maker declares no sides, so ETH has none", "leave out --side"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(
    desk: Repository, names: tuple[str, ...], message: str, way_out: str
) -> None:
    """A name that the desk does not have raises one sentence and what was probably meant."""
    with pytest.raises(DeskcError) as raised:
        scope_asked(desk.at(), ScopeId(*names))
    assert (raised.value.message, raised.value.help) == (message, way_out)


def test_a_side_without_a_coin_is_refused(desk: Repository) -> None:
    """Sides split coins, so a side alone names no scope."""
    with pytest.raises(DeskcError, match="a side needs a coin"):
        scope_asked(desk.at(), ScopeId("production", "engine", None, "LONG"))


def test_a_coin_traded_elsewhere_names_the_environment(desk: Repository) -> None:
    """A coin that the bot trades in another environment is answered with that environment."""
    desk.edit("desk/bots/maker/bot.yaml", "coins: [ETH, SOL]", "coins: {development: [ETH, SOL], production: [SOL]}")
    desk.commit("Take ETH out of production")
    with pytest.raises(DeskcError, match="maker does not trade ETH in production") as raised:
        scope_asked(desk.at(), ScopeId("production", "maker", "ETH"))
    assert raised.value.help == "it does in development"


def test_a_broken_layer_keeps_its_scopes_from_resolving(desk: Repository) -> None:
    """Where an error poisons the scope there is no scope, and the findings say why."""
    desk.edit("desk/bots/maker/coins/ETH.yaml", "0.3", "wide")
    found = scope_asked(desk.on_disk(), ScopeId("production", "maker", "ETH"))
    assert found.value is None
    assert [finding.code for finding in found.findings] == ["TYPE001"]


def test_a_broken_bot_is_not_called_unknown(desk: Repository) -> None:
    """A bot whose declaration has an error is answered with that error."""
    desk.edit("desk/bots/maker/bot.yaml", "coins: [ETH, SOL]", "coins: 7")
    found = scope_asked(desk.on_disk(), ScopeId("production", "maker"))
    assert found.value is None
    assert {place.path for finding in found.findings for place in finding.places} >= {"desk/bots/maker/bot.yaml"}


@pytest.mark.parametrize(
    ("key", "guess"),
    [
        ("leverage", "trading.leverage"),
        ("trading.leverag", "trading.leverage"),
        ("levrage", "trading.leverage"),
        ("trading.weights.bb", "trading.weights"),
        ("tradin", "trading"),
        ("config_versio", "config_version"),
    ],
)
def test_a_wrong_key_is_answered_with_the_right_one(desk: Repository, key: str, guess: str) -> None:
    """A key is guessed from its spelling, and from its last part alone."""
    prepared = desk.at()
    assert prepared.layers is not None
    with pytest.raises(DeskcError) as raised:
        key_asked(key, asked(desk, "production", "maker", "ETH"), prepared.layers)
    assert raised.value.help.startswith(f"did you mean {guess}")


@pytest.mark.parametrize("key", ["", "a..b", "trading.leverage["])
def test_what_is_no_path_is_refused(desk: Repository, key: str) -> None:
    """A key that is no setting path raises DeskcError."""
    prepared = desk.at()
    assert prepared.layers is not None
    with pytest.raises(DeskcError):
        key_asked(key, asked(desk, "production", "maker", "ETH"), prepared.layers)


def test_the_bots_own_sections_are_not_a_coins(desk: Repository) -> None:
    """System settings stand on the bot's scope alone, and asking a coin for them says so."""
    prepared = desk.at()
    assert prepared.layers is not None
    with pytest.raises(DeskcError, match="not on a coin's") as raised:
        key_asked("system.host", asked(desk, "production", "maker", "ETH"), prepared.layers)
    assert raised.value.help == "leave out --coin and --side"
