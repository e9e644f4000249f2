"""How large a file may be, how deep, and how many of its faults are worth telling."""

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_FINDINGS"]

MAX_BYTES = 1 << 20
MAX_DEPTH = 64
MAX_FINDINGS = 20
"""A hostile file may hold a fault in every byte; twenty are enough to act on."""
