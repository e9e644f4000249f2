"""Venues through ccxt, which is imported where a venue is asked: market facts, their locks and their drift."""
