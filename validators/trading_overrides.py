"""Overrides that count."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

OVERRIDES = ("trading.override_min_notional", "trading.override_min_qty", "trading.override_step_size")


@rule("TRADE001", needs=("trading.use_exchange_minimums", *OVERRIDES))
def trading_overrides(scope: Scope) -> Iterator[Finding]:
    """No minimum is set by hand where the exchange's own are used and the one by hand is never read.

    PASS  {trading: {use_exchange_minimums: false, override_min_qty: 0.01}}
    FAIL  {trading: {use_exchange_minimums: true, override_min_qty: 0.01}}
    """
    if not scope["trading.use_exchange_minimums"]:
        return
    for path in OVERRIDES:
        if scope[path] is not None:
            name = path.partition(".")[2]
            yield Finding.at(
                path,
                "trading.use_exchange_minimums",
                message=f"{name} {scope[path]:.12g} has no effect while use_exchange_minimums is true",
                help=f"remove {name}, or set use_exchange_minimums to false",
            )
