"""The paper bot's account: cash and positions, and what they come to when the settings are asked."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import deskc
from deskc.runtime.policy.denial import Denial
from deskc.runtime.policy.guard import guard
from deskc.runtime.policy.state import Breaker, Day, State, breaker_at, day_at
from tape import Tick

__all__ = ["Account", "Position"]

PLAY_USD = Decimal(10_000)
"""What a bot has on paper where its settings declare no capital."""

_NOTHING = Decimal(0)


class Position(NamedTuple):
    """What is held of a coin, below zero where it was sold short, at its last middle, and since when."""

    sz: Decimal = _NOTHING
    mid: Decimal = _NOTHING
    opened_at: datetime | None = None

    @property
    def usd(self) -> Decimal:
        """What it is worth now."""
        return self.sz * self.mid


class Account:
    """Counts what the bot has; one account for all of its coins."""

    def __init__(self, snapshot: deskc.Snapshot) -> None:
        declared = (snapshot[coin].get("risk.capital_usd") for coin in snapshot.coins)
        self._cash_usd = next((Decimal(str(usd)) for usd in declared if usd is not None), PLAY_USD)
        self._positions: dict[str, Position] = {}
        self._day: Day | None = None
        self._breakers: dict[str, Breaker | None] = {}

    @property
    def equity_usd(self) -> Decimal:
        """Cash and every position at its last middle."""
        return self._cash_usd + sum((one.usd for one in self._positions.values()), _NOTHING)

    def position(self, coin: str) -> Position:
        """Return what is held of a coin."""
        return self._positions.get(coin, Position())

    def take(self, coin: str, signed: Decimal, *, px: Decimal, fee: Decimal, now: datetime) -> None:
        """Book a fill; one that goes away from nothing, or through it, is an entry of the day."""
        before = self.position(coin)
        self._cash_usd -= signed * px + fee
        after = before.sz + signed
        enters = after * before.sz <= 0 and after != 0
        opened_at = now if enters else before.opened_at if after else None
        self._positions[coin] = Position(after, before.mid or px, opened_at)
        day = day_at(self._day, now, self.equity_usd)
        self._day = day._replace(entries=day.entries + enters)

    def see(self, tick: Tick, scope: deskc.Scope, now: datetime) -> None:
        """Take over a tick's middle, and let the day and the coin's circuit breaker go on."""
        coin = tick.coin
        self._positions[coin] = self.position(coin)._replace(mid=tick.mid)
        self._day = day_at(self._day, now, self.equity_usd)
        self._breakers[coin] = breaker_at(self._breakers.get(coin), now, self.equity_usd, scope=scope)

    def denials(
        self, tick: Tick, scope: deskc.Scope, now: datetime, *, order_usd: Decimal
    ) -> Mapping[Literal["long", "short"], tuple[Denial, ...]]:
        """Return what stands against opening either way."""
        held = self._positions.values()
        state = State(
            now=now,
            direction="long",
            equity_usd=self.equity_usd,
            day=self._day,
            breaker=self._breakers.get(tick.coin),
            exposure_usd=sum((abs(one.usd) for one in held), _NOTHING),
            order_usd=order_usd,
            open_positions=sum(one.sz != 0 for one in held),
            liquidity_usd=sum((level.px * level.sz for level in (*tick.bids, *tick.asks)), _NOTHING),
            position_opened_at=self.position(tick.coin).opened_at,
        )
        return {"long": guard(state, scope), "short": guard(state._replace(direction="short"), scope)}
