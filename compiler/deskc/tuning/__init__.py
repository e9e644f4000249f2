"""Ladder runs: how they are configured, worked on, kept and tuned."""
