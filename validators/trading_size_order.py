"""The smallest position below the largest."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("SIZE001", needs=("trading.min_position_size_usd", "trading.max_position_size_usd"))
def trading_size_order(scope: Scope) -> Iterator[Finding]:
    """No floor stands over the cap, where no size could trade.

    PASS  {trading: {min_position_size_usd: 100, max_position_size_usd: 1000}}
    FAIL  {trading: {min_position_size_usd: 1000, max_position_size_usd: 100}}
    """
    least, most = scope["trading.min_position_size_usd"], scope["trading.max_position_size_usd"]
    if least > most:
        yield Finding.at(
            "trading.min_position_size_usd",
            "trading.max_position_size_usd",
            message=f"min_position_size_usd {least:.12g} is over max_position_size_usd {most:.12g}",
            help=f"lower min_position_size_usd to {most:.12g} or less, or raise max_position_size_usd",
        )
