"""deskc leverage status."""

from deskc.cli.leveraging import Account, At, ExchangeUrl, Question, Secrets, answered
from deskc.cli.options import Desk, Format, Ledger, Output
from deskc.cli.scope import OneBot, OneCoin, OneEnvironment, OneSide


def command(
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    coin: OneCoin = None,
    side: OneSide = None,
    account: Account = None,
    at: At = None,
    secrets: Secrets = None,
    ledger: Ledger = None,
    exchange_url: ExchangeUrl = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Sets nothing. Exits with 1 where a coin must not be traded."""
    question = Question("status", desk, env, bot, coin, side, account, at, secrets, ledger, exchange_url)
    answered(question, output_format=output_format, output=output)
