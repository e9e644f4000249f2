-- What bots said they run, and the intervals that follow from it.

-- A row where a bot began to run a snapshot of a commit. Bots of one id that run at once, on several accounts or hosts,
-- are told apart by account and instance, each NULL where there is only one. Saying the same again adds no row.
CREATE TABLE activations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    account TEXT,
    instance TEXT,
    snapshot_digest TEXT NOT NULL REFERENCES snapshots (digest),
    git_sha TEXT NOT NULL,              -- no reference: a channel names commits that this ledger may never have seen
    method TEXT NOT NULL CHECK (method IN ('activate', 'recorder', 'backfill')),
    activated_at TEXT NOT NULL,
    activated_at_ns INTEGER NOT NULL
);
CREATE INDEX activations_in_order ON activations (environment, bot_id, activated_at_ns);

CREATE TABLE coin_config_versions (
    -- As documented. NOT NULL is kept: coin is '' for the bot's own scope, config_version '' where there is no label.
    -- UNIQUE (bot_id, coin, config_version) is not: a bot that returns to an old version begins a new interval of it.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id TEXT NOT NULL,
    coin TEXT NOT NULL,
    config_version TEXT NOT NULL,
    config_snapshot TEXT NOT NULL,      -- canonical JSON of the scope's sections
    started_at TEXT NOT NULL,
    ended_at TEXT,                      -- NULL = currently active
    -- Whose interval it is, and what began it: git_sha is the commit that the bot ran then.
    environment TEXT NOT NULL,
    account TEXT,
    instance TEXT,
    side TEXT,
    arm TEXT,
    git_sha TEXT NOT NULL,
    snapshot_digest TEXT NOT NULL,      -- in snapshots: written with it, as params_digest is with scope_params
    params_digest TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('activate', 'recorder', 'backfill')),
    started_at_ns INTEGER NOT NULL,
    ended_at_ns INTEGER,                -- the first nanosecond that is no longer of the interval
    CHECK (ended_at_ns > started_at_ns),
    CHECK ((ended_at IS NULL) = (ended_at_ns IS NULL))
);

-- A bot runs one version of a scope at a time; NULLs would each count as another value.
CREATE UNIQUE INDEX coin_config_versions_active ON coin_config_versions (
    environment, bot_id, ifnull(account, ''), ifnull(instance, ''), coin, ifnull(side, ''), ifnull(arm, '')
) WHERE ended_at_ns IS NULL;
