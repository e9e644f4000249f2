-- What a venue had of a coin's leverage each time that deskc asked, the newest row last.
-- configured is what the settings wanted and actual what the venue said, NULL where it said nothing; margin_type is the
-- venue's. last_attempt is when something was last set there, which may be before this row. error is NULL where nothing
-- went wrong. Short, and without an index, so that the schema stays within one page: a search backward through the rows
-- soon meets the newest of a coin.
CREATE TABLE leverage_status (
id INTEGER PRIMARY KEY, environment TEXT NOT NULL, bot_id TEXT NOT NULL, account TEXT, coin TEXT NOT NULL, symbol TEXT,
configured INTEGER NOT NULL, actual INTEGER, margin_type TEXT, last_attempt TEXT, last_attempt_ns INTEGER, error TEXT,
at TEXT NOT NULL, at_ns INTEGER NOT NULL);
