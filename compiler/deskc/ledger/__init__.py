"""The ledger: the database of what was committed, built and recorded (ARCHITECTURE 5)."""
