"""Searches for good ladders: each proposes jobs and learns from what they found; JSON can hold its state."""
