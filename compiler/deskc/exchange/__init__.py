"""Venues through ccxt, which is imported where one is asked: market facts, their locks and drift, leverage."""
