-- What searching for ladders records: runs, what they found, where they can go on, and how configurations did.
-- Tables without rowids are clustered by their key and need no index beside it: ten thousand results take half a megabyte.

CREATE TABLE config_versions (
    config_hash TEXT NOT NULL PRIMARY KEY,
    config_json TEXT NOT NULL,          -- the seven groups; config_hash is its sha256
    created_at TEXT NOT NULL,
    created_at_ns INTEGER NOT NULL,
    best_score REAL,                    -- over config_performance; NULL until a run of it has found a ladder
    avg_score REAL,
    use_count INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE config_lineage (
    child_hash TEXT NOT NULL,
    parent_hash TEXT NOT NULL,
    operation TEXT NOT NULL,            -- mutation, crossover or exploration
    created_at TEXT NOT NULL,
    created_at_ns INTEGER NOT NULL,
    PRIMARY KEY (child_hash, parent_hash)
) WITHOUT ROWID;

CREATE TABLE config_performance (
    config_hash TEXT NOT NULL REFERENCES config_versions (config_hash),
    experiment_id INTEGER NOT NULL,     -- no reference: whoever searches by other means records what that found, too
    run_id TEXT NOT NULL,
    best_score REAL CHECK (abs(best_score) <= 1.7976931348623157e308),
    avg_score REAL CHECK (abs(avg_score) <= 1.7976931348623157e308),
    total_evaluations INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_at_ns INTEGER NOT NULL,
    PRIMARY KEY (config_hash, experiment_id, run_id)
) WITHOUT ROWID;

-- One search with one configuration; it is begun once and resumed as often as need be, each time as another run.
CREATE TABLE experiments (
    experiment_id INTEGER PRIMARY KEY AUTOINCREMENT,
    config_hash TEXT NOT NULL REFERENCES config_versions (config_hash),
    mode TEXT NOT NULL,
    plan_json TEXT NOT NULL,            -- batches, their size, the patience, and what the mode asks for
    runs INTEGER NOT NULL DEFAULT 1,    -- begun and resumed; the run_id of the last is experiment_id-runs
    ended_by TEXT CHECK (ended_by IN ('batches', 'patience', 'exhausted', 'time')), -- NULL while it runs, or was killed
    batches INTEGER NOT NULL DEFAULT 0,
    evaluations INTEGER NOT NULL DEFAULT 0,
    cache_asked INTEGER NOT NULL DEFAULT 0,
    cache_hits INTEGER NOT NULL DEFAULT 0,
    pruned INTEGER NOT NULL DEFAULT 0,
    best_score REAL,
    started_at TEXT NOT NULL,
    started_at_ns INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    updated_at_ns INTEGER NOT NULL
);

-- One ladder that a run found, of those that keep every enforced constraint. NULL stands for NaN in SQLite, and the
-- bound keeps infinities out. The documented texts are made when they are read.
CREATE TABLE results (
    experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
    score REAL NOT NULL CHECK (abs(score) <= 1.7976931348623157e308),
    batch INTEGER NOT NULL,             -- from 1; after the checkpoint's where a time limit cut the batch short
    place INTEGER NOT NULL,             -- in the batch, from 0
    max_need_pct REAL NOT NULL CHECK (abs(max_need_pct) <= 1.7976931348623157e308),
    overlap_pct REAL NOT NULL,
    num_orders INTEGER NOT NULL,
    slope_violations INTEGER NOT NULL,  -- how many orders break HC4, where it is not enforced
    params_json TEXT GENERATED ALWAYS AS (
        json_object('overlap_pct', overlap_pct, 'num_orders', num_orders)
    ) VIRTUAL,
    diagnostics_json TEXT GENERATED ALWAYS AS (
        json_object('max_need_pct', max_need_pct, 'slope_violations', slope_violations)
    ) VIRTUAL,
    PRIMARY KEY (experiment_id, score, batch, place)
) WITHOUT ROWID;

-- The ladders themselves, of those results that were the best of their experiment when they were found.
CREATE TABLE diagnostics (
    experiment_id INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    place INTEGER NOT NULL,             -- of the same row in results
    score REAL NOT NULL,
    details_json TEXT NOT NULL,         -- volumes_pct, indents_pct, the parts of the score, the constraints broken
    PRIMARY KEY (experiment_id, batch, place)
) WITHOUT ROWID;

-- Where an experiment can go on: all that its last whole batch left behind. Replaced batch by batch.
CREATE TABLE checkpoints (
    experiment_id INTEGER NOT NULL PRIMARY KEY REFERENCES experiments (experiment_id),
    format INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    config_hash TEXT NOT NULL,
    checksum TEXT NOT NULL,             -- the sha256 of state_json
    state_json TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    saved_at_ns INTEGER NOT NULL
);
