"""deskc leverage sync."""

from deskc.cli.leveraging import Account, At, ExchangeUrl, Question, Secrets, answered
from deskc.cli.options import Desk, Format, Ledger, Output
from deskc.cli.scope import OneBot, OneEnvironment


def command(
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    account: Account = None,
    at: At = None,
    secrets: Secrets = None,
    ledger: Ledger = None,
    exchange_url: ExchangeUrl = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """A coin whose sides want two leverages is refused, for a venue keeps one a symbol.

    Exits with 1 where a coin must not be traded.
    """
    question = Question("sync", desk, env, bot, None, None, account, at, secrets, ledger, exchange_url)
    answered(question, output_format=output_format, output=output)
