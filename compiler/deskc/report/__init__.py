"""Findings and tables as people and machines read them: one renderer a file, `formats.render` the entry."""
