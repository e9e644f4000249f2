"""deskc leverage ensure."""

from typing import Annotated

import typer

from deskc.cli.leveraging import Account, At, ExchangeUrl, Question, Secrets, answered
from deskc.cli.options import Desk, Format, Ledger, Output
from deskc.cli.scope import OneBot, OneCoin, OneEnvironment, OneSide

Force = Annotated[bool, typer.Option("--force", help="Set everything, also what the venue has already.")]


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
    force: Force = False,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Reads back what the venue has after each set; sizes use that. Exits with 1 where the coin must not be traded."""
    question = Question(
        "force" if force else "ensure", desk, env, bot, coin, side, account, at, secrets, ledger, exchange_url
    )
    answered(question, output_format=output_format, output=output)
