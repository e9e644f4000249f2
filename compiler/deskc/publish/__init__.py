"""Channels: how bots get their snapshots, and what a pointer may move to (ARCHITECTURE 4)."""
