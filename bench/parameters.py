"""The synthetic fleet's parameters: what its schemas say and which values its layers draw."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["PARAMETERS", "STRATEGIES", "STRATEGY_PARAMETERS", "Parameter", "schema"]

Value = None | bool | int | float | str | dict[str, float]

STRATEGIES = ("market_maker", "mean_reversion")
_AXES = {
    "exchange.": ("environment", "exchange", "bot"),
    "trading.position_mode": ("environment", "exchange", "bot"),
    "risk.global.": ("environment",),
    "risk.capital_usd": ("environment", "bot"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting: its schema, and the range or choices a layer draws from, well inside the schema's bounds.

    `digits` is how many decimals a drawn number keeps; `axes` None means that every layer may set it.
    """

    path: tuple[str, ...]
    kind: str | tuple[str, ...]
    default: Value
    unit: str
    bounds: tuple[float, float] | None = None
    span: tuple[float, float] = (0, 1)
    digits: int = 0
    choices: tuple[Value, ...] = ()
    axes: tuple[str, ...] | None = None

    @property
    def section(self) -> str:
        """The top-level group that the setting stands in."""
        return self.path[0]

    def draw(self, rng: random.Random) -> Value:
        """Return a plausible value; `random()` alone is used, because only its sequence is promised across versions."""
        if self.kind == "object":
            return {key: round(0.5 + rng.random(), 2) for key in _WEIGHTS if rng.random() < _SHARE} or {"default": 1.0}
        if self.choices:
            return self.choices[int(rng.random() * len(self.choices))]
        low, high = self.span
        value = low + (high - low) * rng.random()
        return round(value) if self.kind == "integer" else round(value, self.digits)

    def schema(self) -> dict[str, Any]:
        """Return the setting's JSON Schema with what `x-deskc` says of it."""
        name = self.path[-1].replace("_", " ")
        note = {"unit": self.unit, "impact": f"{name} of each order", "when_to_change": f"when {name} no longer fits"}
        axes = {} if self.axes is None else {"axes": list(self.axes)}
        limits = {} if self.bounds is None else dict(zip(("minimum", "maximum"), self.bounds, strict=True))
        listed = {"enum": list(self.choices)} if self.kind == "string" else {}
        free = {"additionalProperties": {"type": "number", "minimum": 0}} if self.kind == "object" else {}
        return {
            "type": list(self.kind) if isinstance(self.kind, tuple) else self.kind,
            "description": f"The {name}.",
            "default": self.default,
            **limits,
            **listed,
            **free,
            "x-deskc": {**note, **axes, "bump": "minor", "hot": self.section != "exchange"},
        }


def _axes(path: str) -> tuple[str, ...] | None:
    return next((axes for start, axes in _AXES.items() if path.startswith(start)), None)


def _number(
    path: str, default: float, unit: str, bounds: tuple[float, float], span: tuple[float, float, int]
) -> Parameter:
    low, high, digits = span
    return Parameter(tuple(path.split(".")), "number", default, unit, bounds, (low, high), digits, axes=_axes(path))


def _integer(path: str, default: int, unit: str, bounds: tuple[int, int], span: tuple[int, int]) -> Parameter:
    return Parameter(tuple(path.split(".")), "integer", default, unit, bounds, span, axes=_axes(path))


def _switch(path: str, *, default: bool) -> Parameter:
    return Parameter(tuple(path.split(".")), "boolean", default, "switch", choices=(True, False), axes=_axes(path))


def _choice(path: str, *choices: str) -> Parameter:
    return Parameter(tuple(path.split(".")), "string", choices[0], "name", choices=choices, axes=_axes(path))


_SHARE = 0.5  # of the weights that a drawn map holds
_WEIGHTS = {"momentum_strategy": 1.0, "mean_reversion_strategy": 0.8, "ml_strategy": 1.2, "default": 1}

# Spans keep to what cross-field rules ask: minimum below maximum size, take profit over stop loss, leverage under 25,
# hedge mode for sides that are told apart, and some side that may be opened.
_TRADING = (
    _switch("trading.enabled", default=True),
    _integer("trading.leverage", 10, "x", (1, 125), (1, 20)),
    _choice("trading.margin_type", "isolated", "cross"),
    _choice("trading.default_order_type", "market", "limit", "stop", "stop_limit"),
    _choice("trading.time_in_force", "GTC", "IOC", "FOK", "GTX"),
    _choice("trading.position_mode", "hedge"),
    _number("trading.position_size_pct", 0.1, "fraction", (0.001, 1), (0.01, 0.14, 3)),
    _number("trading.max_position_size_usd", 1000, "usd", (1, 1e6), (500, 5000, 1)),
    _number("trading.min_position_size_usd", 10, "usd", (1, 1e4), (10, 100, 1)),
    _number("trading.quantity_multiplier", 1.0, "x", (0.1, 10), (0.5, 1, 1)),
    _switch("trading.use_exchange_minimums", default=True),
    Parameter(("trading", "override_min_notional"), ("number", "null"), None, "usd", (1, 1000), choices=(None,)),
    _number("trading.stop_loss_pct", 2.0, "percent", (0.1, 50), (0.5, 3, 2)),
    _number("trading.take_profit_pct", 5.0, "percent", (0.1, 100), (4, 12, 1)),
    _number("trading.max_daily_loss_pct", 0.05, "fraction", (0.001, 0.5), (0.01, 0.08, 3)),
    _integer("trading.max_daily_trades", 100, "count", (1, 10000), (20, 400)),
    _integer("trading.max_concurrent_positions", 10, "count", (1, 100), (2, 20)),
    _choice("trading.signal_conflict_resolution", "strongest_wins", "first_come_first_served", "manual_review"),
    _integer("trading.max_signal_age_seconds", 300, "seconds", (1, 3600), (30, 900)),
    _number("trading.min_confidence_threshold", 0.5, "fraction", (0, 1), (0.4, 0.9, 2)),
    Parameter(("trading", "strategy_weights"), "object", dict(_WEIGHTS), "weight"),
    Parameter(("trading", "enable_longs"), "boolean", default=True, unit="switch", choices=(True,)),
    _switch("trading.enable_shorts", default=True),
    _number("trading.slippage_tolerance_pct", 0.1, "percent", (0, 10), (0.05, 0.5, 2)),
    _integer("trading.max_retries", 3, "count", (0, 10), (0, 5)),
    _number("trading.size_notional_usd", 10, "usd", (1, 1e5), (10, 200, 1)),
    _number("trading.min_spread_bps", 0.6, "bps", (0, 100), (0.2, 3, 2)),
)
_RISK = (
    _number("risk.global.max_leverage", 25.0, "x", (1, 125), (21, 25, 1)),
    _number("risk.global.max_position_size", 0.15, "fraction", (0.001, 1), (0.15, 0.2, 3)),
    _number("risk.capital_usd", 100000, "usd", (1, 1e9), (50000, 900000, 0)),
    _number("risk.max_drawdown_pct", 8.0, "percent", (0.1, 50), (2, 12, 1)),
    _integer("risk.cooldown_s", 900, "seconds", (0, 86400), (60, 3600)),
)
_EXCHANGE = (
    _integer("exchange.recv_window_ms", 5000, "milliseconds", (100, 60000), (1000, 10000)),
    _number("exchange.max_requests_per_s", 10, "requests a second", (0.1, 100), (2, 20, 1)),
    _switch("exchange.post_only", default=True),
    _choice("exchange.fee_tier", "vip_0", "vip_1", "vip_2"),
)
_MARKET_MAKER = (
    _integer("strategy.parameters.levels", 3, "count", (1, 50), (1, 10)),
    _number("strategy.parameters.spread_skew", 0.2, "fraction", (-1, 1), (-0.5, 0.5, 3)),
    _number("strategy.parameters.inventory_target_usd", 0, "usd", (-1e6, 1e6), (-500, 500, 0)),
    _number("strategy.parameters.inventory_max_usd", 2000, "usd", (1, 1e6), (500, 9000, 0)),
    _number("strategy.parameters.requote_s", 1.5, "seconds", (0.05, 60), (0.2, 5, 2)),
    _integer("strategy.parameters.volatility_window_s", 120, "seconds", (1, 86400), (30, 900)),
    _choice("strategy.parameters.quote_mode", "join", "improve", "peg"),
    _switch("strategy.parameters.pause_on_news", default=False),
)
_MEAN_REVERSION = (
    _integer("strategy.parameters.lookback_s", 3600, "seconds", (60, 604800), (600, 86400)),
    _number("strategy.parameters.entry_z", 2.0, "sigma", (0.1, 10), (1.5, 3, 2)),
    _number("strategy.parameters.exit_z", 0.5, "sigma", (0, 5), (0.1, 1, 2)),
    _number("strategy.parameters.half_life_s", 1800, "seconds", (1, 604800), (300, 7200, 0)),
    _integer("strategy.parameters.max_holding_s", 14400, "seconds", (60, 604800), (1800, 86400)),
    _switch("strategy.parameters.trend_filter", default=True),
    _choice("strategy.parameters.price_source", "mid", "micro", "last"),
    _integer("strategy.parameters.scale_in_steps", 2, "count", (1, 20), (1, 6)),
)

PARAMETERS: tuple[Parameter, ...] = (*_TRADING, *_RISK, *_EXCHANGE)
"""What every scope has, whatever its strategy."""

STRATEGY_PARAMETERS: Mapping[str, tuple[Parameter, ...]] = dict(
    zip(STRATEGIES, (_MARKET_MAKER, _MEAN_REVERSION), strict=True)
)
"""The closed parameters of each strategy."""


def schema(parameters: Iterable[Parameter], *, depth: int) -> dict[str, Any]:
    """Return the closed object schema of settings whose paths begin `depth` steps above them."""
    properties: dict[str, Any] = {}
    nested: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        name = parameter.path[depth]
        if len(parameter.path) == depth + 1:
            properties[name] = parameter.schema()
        else:
            nested.setdefault(name, []).append(parameter)
    properties |= {name: schema(inside, depth=depth + 1) for name, inside in nested.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties}
