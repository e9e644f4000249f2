"""Bots of one account within its exposure."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule

POSITION, INVENTORY = "trading.max_position_size_usd", "trading.max_per_coin_notional"
COUNT = "trading.max_concurrent_positions"
CAPITAL, EXPOSURE = "risk.capital_usd", "trading.max_portfolio_exposure_pct"


@rule("RISK016", needs=(POSITION, INVENTORY, COUNT, EXPOSURE, "trading.enabled"), level="desk")
def account_exposure(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """The largest positions that bots of one account may hold together stay within its capital's exposure.

    Bots share an account by its name, in exchange.account or else in bot.yaml, and by their exchange where they name
    none. The largest capital that one of them declares is the account's, and the smallest share of it holds for all.
    What is not enabled does not count; a market maker's inventory counts instead of its position where some layer caps
    it lower; where coins of a bot differ in how many positions may be open, the largest number holds.

    PASS  {trading: {max_position_size_usd: 200, max_portfolio_exposure_pct: 0.8},
           risk: {capital_usd: 1000}}
    FAIL  {trading: {max_position_size_usd: 250, max_portfolio_exposure_pct: 0.8},
           risk: {capital_usd: 1000}}
    """
    accounts: dict[tuple[str, str], dict[str, list[Scope]]] = {}
    for scope in scopes:
        if scope.coin and scope["trading.enabled"] and scope.get("strategy.enabled", default=True):
            bots = accounts.setdefault((scope.environment, _account(scope)), {})
            bots.setdefault(scope.bot, []).append(scope)
    for (_, account), bots in accounts.items():
        yield from _judged(account, bots)


def _account(scope: Scope) -> str:
    return str(scope.get("exchange.account") or scope.account or scope.exchange)


def _judged(account: str, bots: dict[str, list[Scope]]) -> Iterator[Finding]:
    largest = [max(own, key=lambda scope: float(scope[_cap(scope)])) for own in bots.values()]
    everyone = (*largest, *(scope for own in bots.values() for scope in own))
    capital = max(everyone, key=lambda scope: float(scope.get(CAPITAL, 0)))
    if CAPITAL not in capital:
        return
    share = min(everyone, key=lambda scope: float(scope[EXPOSURE]))
    held, allowed = sum(map(_held, bots.values())), capital[CAPITAL] * share[EXPOSURE]
    if held > allowed * (1 + 1e-9):
        yield Finding.at(
            *(scope.at(_cap(scope)) for scope in largest),
            capital.at(CAPITAL),
            share.at(EXPOSURE),
            message=f"{', '.join(bots)} may hold {held:.12g} usd on {account}, over {allowed:.12g}: capital_usd "
            f"{capital[CAPITAL]:.12g} × max_portfolio_exposure_pct {share[EXPOSURE]:.12g}",
            help="lower the caps or max_concurrent_positions, or trade with fewer bots on the account",
        )


def _held(own: Sequence[Scope]) -> float:
    """Return what the largest positions of one bot are worth that may be open together, in usd."""
    count = max(scope[COUNT] for scope in own)
    return float(sum(sorted(scope[_cap(scope)] for scope in own)[-count:]))


def _cap(scope: Scope) -> str:
    return INVENTORY if scope.is_written(INVENTORY) and scope[INVENTORY] < scope[POSITION] else POSITION
