"""A bot's request rate within the venue's limit."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule


@rule(
    "RISK015",
    needs=("exchange.rate_limit_per_second", "risk.exchange_limits.{exchange}.rate_limit_per_second"),
    level="bot",
)
def exchange_rate_limit(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """No bot allows itself more requests a second than all bots together may send to its venue.

    PASS  {exchange: {rate_limit_per_second: 5},
           risk: {exchange_limits: {venue: {rate_limit_per_second: 10}}}}
    FAIL  {exchange: {rate_limit_per_second: 20},
           risk: {exchange_limits: {venue: {rate_limit_per_second: 10}}}}
    """
    scope = scopes[0]  # no layer below a bot's may set either
    limit = f"risk.exchange_limits.{scope.exchange}.rate_limit_per_second"
    own, allowed = scope["exchange.rate_limit_per_second"], scope[limit]
    if own is not None and own > allowed:
        yield Finding.at(
            "exchange.rate_limit_per_second",
            limit,
            message=f"rate_limit_per_second {own:.12g} is over {scope.exchange}'s limit {allowed:.12g}",
            help=f"lower exchange.rate_limit_per_second to {allowed:.12g} or less",
        )
