"""The stages, each a pure function over frozen values: read, parse, validate, resolve, check, freeze."""
