-- What a venue had of a coin's leverage each time that deskc asked, the newest row last.
-- configured is what the settings wanted and actual what the venue said, NULL where it said nothing; margin_type is the
-- venue's. last_attempt is when something was last set there, which may be before this row. error is NULL where nothing
-- went wrong. Text times are computed when they are read, as in 0004.
CREATE TABLE leverage_status (
    id INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    account TEXT,
    coin TEXT NOT NULL,
    symbol TEXT,
    configured INTEGER NOT NULL,
    actual INTEGER,
    margin_type TEXT,
    last_attempt TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', last_attempt_ns / 1000000000, 'unixepoch')
        || printf('.%06dZ', last_attempt_ns / 1000 % 1000000)
    ) VIRTUAL,
    last_attempt_ns INTEGER,
    error TEXT,
    at TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', at_ns / 1000000000, 'unixepoch') || printf('.%06dZ', at_ns / 1000 % 1000000)
    ) VIRTUAL,
    at_ns INTEGER NOT NULL
);
CREATE INDEX leverage_status_in_order ON leverage_status (environment, bot_id, coin, id);
