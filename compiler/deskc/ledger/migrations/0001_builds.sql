-- What compiling records: commits, the builds made of them, their snapshots, and how each scope changed.
-- Plain tables, not STRICT ones: enterprise Linux 9 ships SQLite 3.34, and STRICT begins with 3.37.

CREATE TABLE commits (
    sha TEXT NOT NULL PRIMARY KEY,
    parents TEXT NOT NULL,              -- shas, the first parent first, a space between
    author TEXT NOT NULL,
    author_email TEXT NOT NULL,
    authored_at TEXT NOT NULL,
    authored_at_ns INTEGER NOT NULL,
    committed_at TEXT NOT NULL,
    committed_at_ns INTEGER NOT NULL,
    subject TEXT NOT NULL,
    ordinal INTEGER NOT NULL UNIQUE     -- the order of commits: see deskc/ledger/commits.py
);

CREATE TABLE snapshots (
    digest TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL,
    bot TEXT NOT NULL,
    header TEXT NOT NULL                -- the file's first line, whose sha256 is the digest; it lists the scopes
);

-- The scope lists as rows. A view, because a column, even a virtual one, is computed at every insert.
CREATE VIEW snapshot_scopes AS
SELECT
    digest AS snapshot_digest,
    environment,
    bot,
    json_extract(value, '$.coin') AS coin,
    json_extract(value, '$.side') AS side,
    json_extract(value, '$.arm') AS arm,
    json_extract(value, '$.config_version') AS config_version,
    json_extract(value, '$.params_digest') AS params_digest,
    json_extract(value, '$.line_digest') AS line_digest,
    json_extract(value, '$.length') AS length
FROM snapshots, json_each(header, '$.scopes');

CREATE TABLE scope_params (
    params_digest TEXT NOT NULL PRIMARY KEY,
    params TEXT NOT NULL                -- canonical JSON of the trading sections
);

CREATE TABLE builds (
    build_id INTEGER PRIMARY KEY,
    commit_sha TEXT NOT NULL REFERENCES commits (sha),
    environment TEXT NOT NULL,
    bot TEXT NOT NULL,
    compiler_version TEXT NOT NULL,
    snapshot_digest TEXT NOT NULL REFERENCES snapshots (digest),
    rules_digest TEXT NOT NULL,
    schemas_digest TEXT NOT NULL,
    markets_digest TEXT NOT NULL,
    ordinal INTEGER NOT NULL,           -- the commit's, here so that an index finds a build's neighbours
    recorded_at TEXT NOT NULL,
    recorded_at_ns INTEGER NOT NULL,
    UNIQUE (commit_sha, environment, bot, compiler_version)
);
CREATE INDEX builds_in_order ON builds (environment, bot, ordinal, build_id);

-- A row where a scope has other (config_version, params_digest) than in the build of the commit before. Clustered by its
-- key, for a fleet writes thousands at once and an index beside the table would be half of that work. A key holds no
-- null, so the bot's own scope has '' for its coin; what the build and its commit know stands there alone.
CREATE TABLE scope_changes (
    environment TEXT NOT NULL,
    bot TEXT NOT NULL,
    coin TEXT NOT NULL,
    side TEXT NOT NULL,
    arm TEXT NOT NULL,
    ordinal INTEGER NOT NULL,           -- the commit's, so that the versions of a scope lie in order
    build_id INTEGER NOT NULL REFERENCES builds (build_id),
    config_version TEXT,
    params_digest TEXT NOT NULL,        -- in scope_params: written with it, so no row pays a tenth for the check
    PRIMARY KEY (environment, bot, coin, side, arm, ordinal)
) WITHOUT ROWID;

CREATE VIEW scope_versions AS
SELECT
    scope_changes.environment,
    scope_changes.bot,
    nullif(coin, '') AS coin,
    nullif(side, '') AS side,
    nullif(arm, '') AS arm,
    config_version,
    params_digest,
    snapshot_digest,
    commit_sha AS first_commit,
    committed_at AS first_committed_at,
    committed_at_ns AS first_committed_at_ns,
    scope_changes.ordinal
FROM scope_changes JOIN builds USING (build_id) JOIN commits ON sha = commit_sha;
