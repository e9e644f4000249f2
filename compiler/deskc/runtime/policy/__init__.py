"""What the settings say about a trade: pure functions over plain frozen values, which a bot asks before it acts."""
