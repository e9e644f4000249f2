"""Answers about a desk: what a setting is and why, what a line decides, what a change changes."""
