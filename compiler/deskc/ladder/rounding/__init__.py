"""Ladders of two decimals that keep what is enforced, and feasible ladders to start from (LADDER 5)."""

from deskc.ladder.rounding.rounded import NoneFound, Rounded, feasible_start, round_ladder, sought

__all__ = ["NoneFound", "Rounded", "feasible_start", "round_ladder", "sought"]
