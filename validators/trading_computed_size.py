"""A computed size over the floor."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

FACTORS = ("risk.capital_usd", "trading.position_size_pct", "trading.quantity_multiplier")


@rule("SIZE003", needs=(*FACTORS, "trading.min_position_size_usd"))
def trading_computed_size(scope: Scope) -> Iterator[Finding]:
    """On the declared capital a full position reaches the floor under which every signal is skipped.

    A position is worth capital × its share × the quantity multiplier.

    PASS  {trading: {position_size_pct: 0.1, min_position_size_usd: 100},
           risk: {capital_usd: 1000}}
    FAIL  {trading: {position_size_pct: 0.1, min_position_size_usd: 100},
           risk: {capital_usd: 900}}
    """
    capital, share, multiplier = (scope[path] for path in FACTORS)
    size, least = capital * share * multiplier, scope["trading.min_position_size_usd"]
    if size < least * (1 - 1e-9):
        yield Finding.at(
            "trading.min_position_size_usd",
            *FACTORS,
            message=f"a full position is worth {size:.12g} usd, below min_position_size_usd {least:.12g}",
            help="lower min_position_size_usd, or raise position_size_pct; as it is nothing would be traded",
            severity="warning",
        )
