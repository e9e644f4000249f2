"""What the verbs of `deskc leverage` share: whose leverage is meant, by which access, and where the answers go."""

import os
from time import time_ns
from typing import TYPE_CHECKING, Annotated, NamedTuple
from uuid import uuid4

import typer

from deskc.cli.options import choose, write
from deskc.cli.where import find_desk, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskc.exchange.leverage import Leverage, Leverages
    from deskc.exchange.library import Credentials
    from deskc.ledger.ledger import Ledger, Run
    from deskc.pipeline import Compilation
    from deskc.runtime.scopes import Scope

__all__ = ["KEY", "SECRET", "Account", "At", "ExchangeUrl", "Question", "Secrets", "answered"]

KEY, SECRET = "DESKC_EXCHANGE_API_KEY", "DESKC_EXCHANGE_API_SECRET"
"""The variables that give access where the settings have no credentials."""

Account = Annotated[
    str | None, typer.Option("--account", metavar="A", help="The account, where the bot runs on several.")
]
At = Annotated[
    str | None, typer.Option("--at", metavar="REV", help="The commit whose settings count; HEAD if left out.")
]
Secrets = Annotated[
    str | None,
    typer.Option("--secrets", metavar="PLACE", help="Where ${secret:…} lies, as env:PREFIX_ or files:FOLDER."),
]
ExchangeUrl = Annotated[
    str | None, typer.Option("--exchange-url", metavar="URL", help="Send to this address instead of the venue's own.")
]


class Question(NamedTuple):
    """What a verb was asked: what to do, and with which coins of which bot."""

    course: str
    desk: str | None
    env: str | None
    bot: str | None
    coin: str | None
    side: str | None
    account: str | None
    at: str | None
    secrets: str | None
    ledger: str | None
    exchange_url: str | None


class _Settings(NamedTuple):
    """The coins' scopes of a bot as a commit has them, their venue, and its name of each coin."""

    scopes: "Sequence[Scope]"
    exchange: str
    symbols: dict[str, str]
    running: dict[str, str]


def answered(question: Question, *, output_format: str, output: str | None) -> None:
    """Do what was asked, write the answers, and exit with 1 where a coin must not be traded."""
    fmt = choose(output_format, ("text", "json"))
    if question.env is None or question.bot is None:
        missing = [f"--{name} {name.upper()}" for name in ("env", "bot") if getattr(question, name) is None]
        names = " and ".join(option.split()[0] for option in missing)
        raise DeskcError(f"leverage {question.course} needs {names}", help=f"add {' '.join(missing)}")
    from deskc.ledger.ledger import Run
    from deskc.ledger.open import open_ledger
    from deskc.report.leverage import leverage_json, leverage_text

    run = Run(question.env, question.bot, _account(question.account))
    settings = _settings(question, run, output)
    scopes = _chosen(settings.scopes, question, run)
    with open_ledger(question.ledger or find_desk(question.desk).ledger) as ledger:
        answers = _asked(question, scopes, _leverages(question, settings, run, ledger))
    write((leverage_json if fmt == "json" else leverage_text)(run, answers), output)
    if any(answer.refused for answer in answers):
        raise typer.Exit(1)


def _account(name: str | None) -> str | None:
    if name is not None and not (name.strip() and name.isprintable()):
        raise DeskcError(
            "--account names nothing that can be shown", help="name one; an unset variable may stand there"
        )
    return name


def _settings(question: Question, run: "Run", output: str | None) -> _Settings:
    """Compile the bot's settings out of a commit, whose market lock knows the symbols; bind the coins' references.

    The bot's own scope is left unbound: what it needs of variables is for the bot's process.
    """
    where = find_desk(question.desk)
    with objects(where) as reading:
        from deskc.pipeline import Selection, compile_desk, prepare
        from deskc.stages.read import CommitSource

        source = CommitSource(reading, "HEAD" if question.at is None else question.at)
        compilation = compile_desk(prepare(source, where.folder), Selection((run.environment,), (run.bot,)))
    if compilation.failed:
        _show(compilation, output)
    if not compilation.snapshots:
        raise DeskcError(f"{run.bot} does not run in {run.environment}", help="see its bot.yaml, or name another --env")
    from deskc.runtime.late import Variables, open_sources
    from deskc.runtime.lines import read_scope
    from deskc.runtime.locate import Found
    from deskc.runtime.snapshot import open_context

    frozen, sha = compilation.snapshots[0], str(getattr(compilation.prepared.commit, "sha", ""))
    found = Found(data=frozen.data(), digest=frozen.digest, source=f"commit {sha[:12]}", git_sha=sha, dirty=False)
    sources = open_sources(env=Variables(None), secrets=question.secrets)
    context = open_context(found, environment=run.environment, bot=run.bot, sources=sources)
    scopes = [read_scope(context, number) for number, row in enumerate(frozen.rows) if row.coin is not None]
    exchange = next(iter(context.header.exchanges), "")
    known = compilation.prepared.markets.exchanges.get(exchange)
    symbols = {} if known is None else {coin: market.symbol for coin, market in known.coins.items()}
    return _Settings(scopes, exchange, symbols, {"git_sha": sha, "snapshot_digest": frozen.digest})


def _show(compilation: "Compilation", output: str | None) -> None:
    """Write the findings that keep the bot from compiling, as check does, and exit with 1."""
    from deskc.report.formats import render

    files = compilation.prepared.tree.files.get
    write(render(compilation.findings, fmt="text", sources=files, titles=str, color=False), output)
    raise typer.Exit(1)


def _chosen(scopes: "Sequence[Scope]", question: Question, run: "Run") -> "Sequence[Scope]":
    """Return the scopes that are meant; raise DeskcError where there is none, or --coin does not say which."""
    if question.side is not None and question.coin is None:
        raise DeskcError("--side says which half of a coin, and --coin is missing", help="add --coin COIN")
    if question.coin is None and question.course in ("ensure", "force"):
        raise DeskcError("leverage ensure needs --coin", help="add --coin COIN, or run deskc leverage sync for all")
    coins = dict.fromkeys(str(scope.coin) for scope in scopes)
    if not coins:
        raise DeskcError(f"{run} trades no coin", help="name a bot that does")
    if question.coin is None:
        return scopes
    if question.coin not in coins:
        raise DeskcError(f"{run} trades no coin {question.coin}", help=f"it trades {', '.join(coins)}")
    of_coin = [scope for scope in scopes if scope.coin == question.coin]
    sides = [scope.side for scope in of_coin if scope.side]
    if question.side is None and sides and question.course != "status":
        ways = " or ".join(f"--side {side}" for side in sides)
        raise DeskcError(f"{question.coin} has a scope a side", help=f"add {ways}")
    chosen = [scope for scope in of_coin if question.side in (None, scope.side)]
    if not chosen:
        raise DeskcError(
            f"{run} has no side {question.side} of {question.coin}", help=f"known: {', '.join(sides) or 'none'}"
        )
    return chosen


def _leverages(question: Question, settings: _Settings, run: "Run", ledger: "Ledger") -> "Leverages":
    """Return what asks the venue; its events go to the ledger, each a spool of its own that is drained already."""
    from deskc.exchange.client import open_client
    from deskc.exchange.leverage import Leverages
    from deskc.ledger.recording import Recording
    from deskc.runtime.frames import Record

    venue = settings.scopes[0].get("exchange", {})
    client = open_client(
        settings.exchange,
        credentials=_access(settings.scopes[0]),
        url=question.exchange_url or venue.get("endpoint"),
        testnet=bool(venue.get("testnet")),
        per_second=venue.get("rate_limit_per_second"),
    )

    def take(payload: bytes) -> None:
        ledger.receive(f"leverage-{uuid4()}", [Record(1, payload)], at_ns=time_ns())

    recording = Recording(run, venue=settings.exchange, running=dict(settings.running), take=take)
    return Leverages(client, run, symbols=settings.symbols, ledger=ledger, tell=recording.system_event)


def _access(scope: "Scope") -> "Credentials":
    """Return the credentials that the settings refer to, else those in variables; raise DeskcError for neither."""
    from deskc.exchange.library import Credentials

    key = scope.get("exchange.credentials.api_key") or os.environ.get(KEY)
    secret = scope.get("exchange.credentials.api_secret") or os.environ.get(SECRET)
    if not key or not secret:
        way_out = f"set {KEY} and {SECRET}, or exchange.credentials.api_key and api_secret to references"
        raise DeskcError("nothing gives access to the venue", help=way_out)
    return Credentials(str(key), str(secret))


def _asked(question: Question, scopes: "Sequence[Scope]", leverages: "Leverages") -> "tuple[Leverage, ...]":
    if question.course == "sync":
        return leverages.sync_all(scopes)
    if question.course == "status":
        return leverages.status_all(scopes)
    bring = leverages.force if question.course == "force" else leverages.ensure
    return tuple(bring(scope) for scope in scopes)
