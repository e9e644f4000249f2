"""A strategy's own target over its stop."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("TRADE006", needs=("strategy.parameters.take_profit", "strategy.parameters.stop_loss"))
def strategy_take_profit(scope: Scope) -> Iterator[Finding]:
    """A strategy that brings its own target and stop wins more than it loses; both are fractions of the price.

    PASS  {strategy: {parameters: {take_profit: 0.03, stop_loss: 0.025}}}
    FAIL  {strategy: {parameters: {take_profit: 0.02, stop_loss: 0.025}}}
    """
    gain, loss = scope["strategy.parameters.take_profit"], scope["strategy.parameters.stop_loss"]
    if gain <= loss:
        yield Finding.at(
            "strategy.parameters.take_profit",
            "strategy.parameters.stop_loss",
            message=f"the strategy's take_profit {gain:.12g} is not over its stop_loss {loss:.12g}",
            help=f"raise strategy.parameters.take_profit over {loss:.12g}, or lower stop_loss",
        )
