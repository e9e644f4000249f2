"""The signed channel: who may say what a bot runs, written down as TUF metadata (docs/adr/0017)."""
