"""SECRET001: no file holds what looks like a secret."""

import pytest

from deskc.core.findings import Finding
from rule_desk import LIMITS, OWN, found, text_at

RULE = "secret_literal"
BOT = "bots/maker/bot.yaml"


def named(value: str) -> tuple[Finding, ...]:
    """Return the secrets found in a strategy that bears a text as its name."""
    return tuple(finding for finding in found(RULE, written(value)) if finding.code == "SECRET001")


def written(value: str) -> dict[str, str]:
    """Return the layer that names a strategy so."""
    return {OWN: f'strategy:\n  name: "{value}"\n'}


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("AKIA" + "Q7" * 8, "an access key"),
        ("ghp_" + "aB3" * 12, "an access key"),
        ("sk-" + "aB3" * 16, "an access key"),
        ("sk-proj-" + "aB3_" * 10, "an access key"),
        ("0x" + "9f" * 32, "a private key"),
        ("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "c2lnbmF0dXJl", "a signed token"),
        ("postgres://desk:" + "hunter2@db:5432/desk", "an address with a password"),
        ("q8Zr2LmX0vTn5Kc7" + "WpYb4HsJ", "a random key"),
        ("${env:URL:-postgres://desk:" + "hunter2@db/desk}", "an address with a password"),
    ],
)
def test_known_shapes_and_random_texts_are_found(value: str, what: str) -> None:
    """The finding says what it resembles and points at it; it never repeats a character of it."""
    (finding,) = named(value)
    assert finding.message == f"strategy.name holds what looks like {what}"
    assert value not in f"{finding.message}{finding.help}"
    assert text_at(RULE, written(value), finding) == [(OWN, f'"{value}"', "name set here")]
    assert finding.scopes == ("paper/maker",)


@pytest.mark.parametrize(
    "value",
    [
        "Multi-coin market maker",
        "0x" + "9f" * 20,
        "MomentumStrategyBaselineRun2",
        "MeanReversionStrategyV2Production",
        "ETHUSDT_Perp_2026Q1_HighVolatility",
        "Team7_MM_Hyperliquid_Sub3_ETH-USD_Live",
        "sk_mean_reversion_long_only_v2",
        "https://api.venue.example:8443/v1",
        "9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015",
        "postgres://desk:${DB_PASSWORD}@db/desk",
        "${env:DESK_NAME:-Multi-coin market maker}",
    ],
)
def test_what_everybody_may_know_is_left_alone(value: str) -> None:
    """Names, public addresses, digests, ports, and addresses whose password is bound later."""
    assert named(value) == ()


def test_a_setting_that_is_named_for_a_secret_holds_none() -> None:
    """However short it is: a password belongs into the environment; a reference, null and nothing are no secrets."""
    assert len(redis("hunter2")) == 1
    assert len(redis('"${env:REDIS_PASSWORD:-hunter2}"')) == 1
    for harmless in ("${REDIS_PASSWORD}", "${secret:redis}", '"${env:REDIS_PASSWORD:-}"', "null", '""'):
        assert redis(harmless) == []


def redis(password: str) -> list[Finding]:
    """Return the secrets found where a password is this."""
    said = {LIMITS: f"system:\n  redis: {{host: db, port: 6379, db: 0, password: {password}}}\n"}
    return [finding for finding in found(RULE, said) if finding.code == "SECRET001"]


def test_every_file_is_judged_once_and_whole() -> None:
    """A value that a later layer replaces is just as public, and so is one inside a list or a declaration."""
    key = "ghp_" + "aB3" * 12
    said = {LIMITS: f"strategy: {{name: {key}}}\n", OWN: "strategy: {name: calm}\n"}
    assert [finding.places[0].path for finding in found(RULE, said)] == [LIMITS]
    bot = f"bot: {{exchange: venue, environments: [paper], coins: [ETH], account: {key}}}\n"
    assert [finding.places[0].path for finding in found(RULE, {BOT: bot})] == [BOT]
