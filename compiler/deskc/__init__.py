"""The bot's face of deskc: load a frozen snapshot and trade by it."""
