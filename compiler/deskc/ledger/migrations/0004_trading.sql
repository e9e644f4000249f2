-- What bots record of their trading, and how far each of their spools has come.
-- Money is exact decimal text. The real numbers beside it, and times as text, are computed when they are read, so that
-- they cannot disagree and take no room.

-- One fill. Recorders and importers name a fill alike (deskc/ledger/fills.py), so one that comes twice is there once.
CREATE TABLE fills (
    fill_id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,               -- recorder, or the importer's format
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    account TEXT,
    instance TEXT,
    coin TEXT NOT NULL,
    position_side TEXT,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    px TEXT NOT NULL,
    sz TEXT NOT NULL,
    notional_usd TEXT,
    fee TEXT,                           -- below 0 where it is a rebate
    fee_coin TEXT,
    is_maker INTEGER CHECK (is_maker IN (0, 1)),
    ts TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', ts_ns / 1000000000, 'unixepoch') || printf('.%06dZ', ts_ns / 1000 % 1000000)
    ) VIRTUAL,
    ts_ns INTEGER NOT NULL,             -- when the order was filled, in the venue's words where it says so
    order_id TEXT,
    client_order_id TEXT,
    venue_trade_id TEXT,
    mid_px TEXT,                        -- the middle of the book when the order was filled
    sent_at TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', sent_at_ns / 1000000000, 'unixepoch')
        || printf('.%06dZ', sent_at_ns / 1000 % 1000000)
    ) VIRTUAL,
    sent_at_ns INTEGER,
    acknowledged_at TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', acknowledged_at_ns / 1000000000, 'unixepoch')
        || printf('.%06dZ', acknowledged_at_ns / 1000 % 1000000)
    ) VIRTUAL,
    acknowledged_at_ns INTEGER,
    latency_ms REAL,                    -- from sent to acknowledged
    coin_config_version TEXT,
    git_sha TEXT,
    snapshot_digest TEXT,
    params_digest TEXT,
    experiment TEXT,
    arm TEXT,
    attribution_method TEXT CHECK (attribution_method IN ('stamp', 'order_tag', 'activation', 'commit_time')),
    attribution_confidence REAL CHECK (attribution_confidence BETWEEN 0 AND 1),
    import_id TEXT,
    px_real REAL GENERATED ALWAYS AS (CAST(px AS REAL)) VIRTUAL,
    sz_real REAL GENERATED ALWAYS AS (CAST(sz AS REAL)) VIRTUAL,
    notional_usd_real REAL GENERATED ALWAYS AS (CAST(notional_usd AS REAL)) VIRTUAL,
    fee_real REAL GENERATED ALWAYS AS (CAST(fee AS REAL)) VIRTUAL,
    mid_px_real REAL GENERATED ALWAYS AS (CAST(mid_px AS REAL)) VIRTUAL
);
CREATE INDEX fills_in_order ON fills (environment, bot_id, ts_ns);

-- One book as a bot saw it. A side is a list of [price, size], the best first: NULL where it was not looked at, shorter
-- where the book had fewer levels; what is absent is NULL and never 0.
CREATE TABLE market_snapshots (
    id INTEGER PRIMARY KEY,
    timestamp INTEGER NOT NULL,         -- unix milliseconds
    ts_ns INTEGER NOT NULL,
    ts TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', ts_ns / 1000000000, 'unixepoch') || printf('.%06dZ', ts_ns / 1000 % 1000000)
    ) VIRTUAL,
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    venue TEXT,
    coin TEXT NOT NULL,
    mid_px TEXT,
    bids_json TEXT,
    asks_json TEXT,
    bid_px TEXT GENERATED ALWAYS AS (json_extract(bids_json, '$[0][0]')) VIRTUAL,
    ask_px TEXT GENERATED ALWAYS AS (json_extract(asks_json, '$[0][0]')) VIRTUAL,
    mid_px_real REAL GENERATED ALWAYS AS (CAST(mid_px AS REAL)) VIRTUAL,
    spread_bps REAL GENERATED ALWAYS AS (
        (CAST(json_extract(asks_json, '$[0][0]') AS REAL) - CAST(json_extract(bids_json, '$[0][0]') AS REAL))
        / CAST(mid_px AS REAL) * 1e4
    ) VIRTUAL
);
CREATE INDEX market_snapshots_in_order ON market_snapshots (timestamp);

CREATE TABLE order_events (
    id INTEGER PRIMARY KEY,
    timestamp INTEGER NOT NULL,         -- unix milliseconds
    ts_ns INTEGER NOT NULL,
    ts TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', ts_ns / 1000000000, 'unixepoch') || printf('.%06dZ', ts_ns / 1000 % 1000000)
    ) VIRTUAL,
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    account TEXT,
    instance TEXT,
    coin TEXT NOT NULL,
    position_side TEXT,
    event_type TEXT NOT NULL CHECK (event_type IN (
        'placed', 'acknowledged', 'amended', 'partially_filled', 'filled', 'cancelled', 'rejected', 'expired'
    )),
    order_id TEXT,
    client_order_id TEXT,
    side TEXT CHECK (side IN ('buy', 'sell')),
    px TEXT,
    sz TEXT,
    reason TEXT,
    coin_config_version TEXT,
    git_sha TEXT,
    snapshot_digest TEXT,
    params_digest TEXT,
    experiment TEXT,
    arm TEXT
);
CREATE INDEX order_events_in_order ON order_events (timestamp);

CREATE TABLE system_events (
    id INTEGER PRIMARY KEY,
    timestamp INTEGER NOT NULL,         -- unix milliseconds
    ts_ns INTEGER NOT NULL,
    ts TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', ts_ns / 1000000000, 'unixepoch') || printf('.%06dZ', ts_ns / 1000 % 1000000)
    ) VIRTUAL,
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    account TEXT,
    instance TEXT,
    event_type TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('debug', 'info', 'warning', 'error', 'critical')),
    message TEXT NOT NULL,
    details_json TEXT,
    git_sha TEXT,
    snapshot_digest TEXT
);
CREATE INDEX system_events_in_order ON system_events (timestamp);

-- The last sign of life of each run.
CREATE TABLE heartbeats (
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    account TEXT,
    instance TEXT,
    ts_ns INTEGER NOT NULL,
    ts TEXT GENERATED ALWAYS AS (
        strftime('%Y-%m-%dT%H:%M:%S', ts_ns / 1000000000, 'unixepoch') || printf('.%06dZ', ts_ns / 1000 % 1000000)
    ) VIRTUAL,
    git_sha TEXT,
    snapshot_digest TEXT,
    details_json TEXT                   -- what the bot says of itself
);
CREATE UNIQUE INDEX heartbeats_of_a_run ON heartbeats (
    environment, bot_id, ifnull(account, ''), ifnull(instance, '')
);

-- How far each spool has come: its records up to this sequence are in the tables above, or were refused. Written with
-- them in one transaction, so that a record is never there twice however often its file is read.
CREATE TABLE spools (
    spool TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    received_at_ns INTEGER NOT NULL
) WITHOUT ROWID;
