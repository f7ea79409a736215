/**
 * What makes an empty database this version's: applied in order, each in a transaction of its own. A database's
 * `user_version` is the number of those it has. What was once released is never edited; a change is a new entry.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Bearer keys. Of the secret only its SHA-256 is kept. Times are milliseconds since 1970.
  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    requests_per_minute INTEGER,
    concurrent_runners INTEGER,
    cpu_seconds_per_day INTEGER,
    persistent_runners INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX active_key_names ON keys (name) WHERE revoked_at IS NULL;

  -- CPU time of each owner's runners on a day of UTC, as 2026-03-01.
  CREATE TABLE usage (
    owner TEXT NOT NULL,
    day TEXT NOT NULL,
    cpu_ms REAL NOT NULL,
    PRIMARY KEY (day, owner)
  ) STRICT, WITHOUT ROWID;

  -- What came of the request under an Idempotency-Key. While it is under way there is no outcome and no expiry.
  CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT,
    bytes INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER,
    UNIQUE (owner, key)
  ) STRICT;
  CREATE INDEX outcomes_by_expiry ON outcomes (expires_at);
  CREATE INDEX outcomes_by_owner_and_expiry ON outcomes (owner, expires_at);
  CREATE INDEX outcomes_with_bytes ON outcomes (owner, id) WHERE bytes > 0;

  -- Rows and bytes of each owner's outcomes, kept by the triggers, so that a limit costs no scan.
  CREATE TABLE outcome_totals (
    owner TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER outcome_added AFTER INSERT ON outcomes BEGIN
    INSERT INTO outcome_totals VALUES (new.owner, 1, new.bytes)
      ON CONFLICT (owner) DO UPDATE SET rows = rows + 1, bytes = bytes + new.bytes;
  END;
  CREATE TRIGGER outcome_removed AFTER DELETE ON outcomes BEGIN
    UPDATE outcome_totals SET rows = rows - 1, bytes = bytes - old.bytes WHERE owner = old.owner;
  END;
  CREATE TRIGGER outcome_resized AFTER UPDATE OF bytes ON outcomes BEGIN
    UPDATE outcome_totals SET bytes = bytes + new.bytes - old.bytes WHERE owner = new.owner;
  END;
  `,
  `
  -- What runners of the key may reach, as JSON. Keys from before have no network.
  ALTER TABLE keys ADD COLUMN network TEXT NOT NULL DEFAULT '{"mode":"none"}';
  `,
  `
  -- Runners that stay, so that a later server finds them again. Times with boot_ms are on the boot clock of the host,
  -- whose boot is named; the others are milliseconds since 1970. Facts are JSON: what was known of it when it was made.
  CREATE TABLE runners (
    name TEXT PRIMARY KEY,
    boot TEXT NOT NULL,
    owner TEXT NOT NULL,
    template TEXT NOT NULL,
    guest_number INTEGER NOT NULL,
    network TEXT NOT NULL,
    idle_seconds INTEGER NOT NULL,
    max_age_seconds INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_boot_ms INTEGER NOT NULL,
    cpu_ms REAL NOT NULL DEFAULT 0,
    facts TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Their runs that can be asked for. Without an outcome after its end: nobody knows.
  CREATE TABLE runs (
    runner TEXT NOT NULL REFERENCES runners (name) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    output_bytes INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    started_boot_ms INTEGER NOT NULL,
    ended_at INTEGER,
    ended_boot_ms INTEGER,
    outcome TEXT,
    PRIMARY KEY (runner, number)
  ) STRICT, WITHOUT ROWID;

  -- The first number that no guest's name has had.
  CREATE TABLE guest_names (next INTEGER NOT NULL) STRICT;
  INSERT INTO guest_names VALUES (1);
  `,
];
