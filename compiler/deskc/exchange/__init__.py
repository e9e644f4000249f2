"""Venues: what deskc asks of them and sets there, through ccxt."""
