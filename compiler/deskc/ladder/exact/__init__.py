"""Exact answers about max need: the optimum with its proof, the bounds in conflict, free prices (LADDER 6)."""
