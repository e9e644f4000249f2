"""The tuning of ladders: what they are worth, searches that run and resume, and what they remember."""
