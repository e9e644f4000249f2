"""The nouns that every other part stands on: frozen values and canonical bytes, on the standard library alone."""
