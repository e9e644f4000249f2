"""The mathematics of the DCA ladder; `docs/ladder.md` has the formulas that the code cites by number."""
