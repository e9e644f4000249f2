"""The reference desk as its bots read it: services, pairs over two venues, closed parameters, credentials."""

from collections.abc import Mapping

import pytest

import deskc as bots_face
from command_line import Desk
from deskc.runtime.errors import UnboundError

ENGINE = "config-repo/bots/tradeengine/environments/production.yaml"
DATABASE = {"DB_HOST": "db.example.org", "DB_PORT": "6543", "DB_NAME": "desk", "DB_USER": "bots", "DB_PASSWORD": "x"}
BINDINGS = DATABASE | {"REDIS_HOST": "cache.example.org", "REDIS_PORT": "6380", "REDIS_PASSWORD": "y"}


def loaded(
    desk: Desk, target: str, *, env: Mapping[str, str] = BINDINGS, secrets: Mapping[str, str] | None = None
) -> bots_face.Snapshot:
    """Publish the desk, and load one `environment/bot` as its process would."""
    channel = desk.root.parent / "channel"
    assert desk.run("compile", "--publish", channel).code == 0
    environment, bot = target.split("/")
    return bots_face.load(channel, environment=environment, bot=bot, env=env, secrets=(secrets or {}).get)


def test_the_orchestrator_loads_system_alone_and_a_port_that_is_a_number(desk: Desk) -> None:
    """A service bot has neither coin nor venue; production's `${DB_PORT}` becomes an integer when it loads."""
    service = loaded(desk, "production/orchestrator")
    assert (service.coins, service.exchanges, service.strategy) == ((), (), None)
    assert list(service.bot) == ["system"]
    database = service.bot.system.database
    assert (database.host, database.port, type(database.port)) == ("db.example.org", 6543, int)
    assert service.bot.system.orchestrator.max_concurrent_strategies == 50


@pytest.mark.parametrize("port", ["543x", "65536", ""])
def test_a_port_that_is_none_stops_the_orchestrator(desk: Desk, port: str) -> None:
    """The variable's name is said, never what it holds."""
    with pytest.raises(UnboundError) as caught:
        loaded(desk, "production/orchestrator", env=BINDINGS | {"DB_PORT": port})
    assert caught.value.variables == ("DB_PORT",)


def test_a_pair_over_two_venues_compiles_while_it_is_switched_off(desk: Desk) -> None:
    """The header names both venues, the primary one first; the leg stands on the coin."""
    pairs = loaded(desk, "development/correlation_arbitrage")
    assert pairs.exchanges == ("hyperliquid", "phemex")
    strategy = pairs["BTC-USD"].strategy
    assert (strategy.enabled, strategy.parameters.min_correlation) == (False, 0.8)
    assert [dict(leg) for leg in strategy.legs] == [{"exchange": "phemex", "coin": "BTC-USDT"}]


def test_a_coin_has_the_strategy_s_parameters_and_its_own(desk: Desk) -> None:
    """Each market is quoted by its own range, with the documented numbers."""
    maker = loaded(desk, "development/market_maker")
    found = {coin: maker[coin].strategy.parameters for coin in maker.coins}
    assert {coin: (one.symbol, one.num_bars) for coin, one in found.items()} == {
        "BTC-USD": ("BTC-USD", 180),
        "ETH-USD": ("ETH-USD", 180),
    }


def test_a_venue_s_rate_is_the_environment_s_limit(desk: Desk) -> None:
    """The reference follows the limit wherever the limit goes."""
    limits = (
        "    hyperliquid:\n      max_open_orders: 20\n      max_position_value: 50000\n      rate_limit_per_second: "
    )
    desk.edit("config-repo/environments/development.yaml", f"{limits}10\n", f"{limits}7\n")
    desk.commit()
    exchange = loaded(desk, "development/mm_multi_v1")["ETH"].exchange
    assert (exchange.rate_limit_per_second, exchange.testnet) == (7, True)
    assert (exchange.fees.maker_bps, exchange.fees.taker_bps) == (1.5, 4.5)


def test_credentials_are_bound_in_the_bot_s_process_alone(desk: Desk) -> None:
    """No secret is in a snapshot or in what is printed of one, and who a bot is does not depend on it."""
    key, secret = '"${ENGINE_KEY}"', '"${secret:binance_usdm/engine}"'
    desk.write(ENGINE, f"exchange: {{credentials: {{api_key: {key}, api_secret: {secret}}}}}\n")
    desk.commit()
    seen = []
    for value in ("first-value", "second-value"):
        env, secrets = BINDINGS | {"ENGINE_KEY": value}, {"binance_usdm/engine": value}
        scope = loaded(desk, "production/tradeengine", env=env, secrets=secrets)["BTCUSDT", "LONG"]
        assert (scope.exchange.credentials.api_key, scope.exchange.credentials.api_secret) == (value, value)
        assert value not in repr(scope)
        seen.append(scope.params_digest)
    assert len(set(seen)) == 1
    channel = desk.root.parent / "channel"
    assert not any(b"-value" in path.read_bytes() for path in channel.rglob("*.json*"))


@pytest.mark.parametrize(
    ("file", "text", "codes"),
    [
        (ENGINE, 'exchange: {credentials: {api_secret: "0x0123456789"}}\n', "FORM001 SECRET001"),
        (ENGINE, 'exchange: {credentials: {api_secret: "${ENGINE_SECRET:-0x0123456789}"}}\n', "FORM001 SECRET001"),
        (ENGINE, "exchange: {testnet: true}\n", "AXES001"),
        ("config-repo/bots/mean_reversion/coins/BTC-USD.yaml", "strategy: {parameters: {stop_los: 0.02}}\n", "KEY002"),
        ("config-repo/bots/mean_reversion/coins/BTC-USD.yaml", "strategy: {parameters: {size: 1000}}\n", "KEY002"),
        ("config-repo/bots/mean_reversion/coins/BTC-USD.yaml", "strategy: {parameters: {timeframe: 7m}}\n", "ENUM001"),
        ("config-repo/bots/orchestrator/coins/ETH.yaml", "trading: {leverage: 2}\n", "READ001"),
    ],
)
def test_the_reference_desk_refuses(desk: Desk, file: str, text: str, codes: str) -> None:
    """A literal credential, a bot of its own network, another strategy's parameter, a coin of a service."""
    desk.write(file, text)
    findings = desk.run("check", "--output-format", "json").json()["findings"]
    assert [finding["code"] for finding in findings if finding["severity"] == "error"] == codes.split()
    assert "0x0123456789" not in str(findings)  # what may be a secret is not repeated


def test_its_ladders_are_what_their_lock_says(desk: Desk) -> None:
    """Ladders, presets and kernels are worth what somebody reviewed; a change that makes one worse fails here."""
    answer = desk.run("ladder", "regress", "--base", "HEAD", "--output-format", "json")
    assert (answer.code, answer.json()["findings"]) == (0, [])
