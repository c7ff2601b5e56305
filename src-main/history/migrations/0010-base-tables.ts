/**
 * Items, runs, jobs, segments, variants, and beside them what people say: corrections, choices,
 * references.
 *
 * Keys are small integers, ids are the contract's UUIDs. The key of a segment is
 * item key · 2^24 + n, so that all segments of an item are one range and the search index yields
 * the item of a hit without reading it. `segments.text` is the text as it stands.
 */

import type { Migration } from '../migrate.ts';

export const baseTables: Migration = {
  version: 10,
  sql: `
    CREATE TABLE items (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('audio', 'text')),
      name TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      duration REAL,
      media TEXT NOT NULL CHECK (media IN ('none', 'waiting', 'ready', 'failed')),
      keep INTEGER NOT NULL CHECK (keep IN (0, 1)),
      deleted_at INTEGER,
      source_path TEXT NOT NULL,
      owns_source INTEGER NOT NULL CHECK (owns_source IN (0, 1))
    ) STRICT;
    CREATE INDEX items_deleted ON items (deleted_at) WHERE deleted_at IS NOT NULL;

    CREATE TABLE runs (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      item_key INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      settings TEXT NOT NULL,
      facts TEXT,
      timings TEXT
    ) STRICT;
    CREATE INDEX runs_item ON runs (item_key);

    CREATE TABLE jobs (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      work TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
      listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
      position REAL NOT NULL,
      done REAL NOT NULL DEFAULT 0,
      total REAL,
      segments INTEGER NOT NULL DEFAULT 0,
      crashes INTEGER NOT NULL DEFAULT 0,
      error TEXT,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER
    ) STRICT;
    CREATE INDEX jobs_run ON jobs (run_key);

    CREATE TABLE segments (
      key INTEGER PRIMARY KEY,
      run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      position INTEGER NOT NULL,
      start_time REAL,
      end_time REAL,
      source TEXT,
      separator TEXT,
      predicted_score REAL,
      gradient_norm REAL,
      chosen_alpha REAL NOT NULL,
      chosen_by_person INTEGER NOT NULL DEFAULT 0 CHECK (chosen_by_person IN (0, 1)),
      text TEXT NOT NULL,
      UNIQUE (run_key, position)
    ) STRICT;

    CREATE TABLE variants (
      segment_key INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,
      alpha REAL NOT NULL,
      ordinal INTEGER NOT NULL,
      text TEXT NOT NULL,
      token_ids BLOB NOT NULL,
      average_log_probability REAL NOT NULL,
      finish_reason TEXT NOT NULL CHECK (finish_reason IN ('end-of-text', 'length')),
      PRIMARY KEY (segment_key, alpha)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE corrections (
      key INTEGER PRIMARY KEY,
      segment_key INTEGER NOT NULL,
      alpha REAL NOT NULL,
      text TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      FOREIGN KEY (segment_key, alpha) REFERENCES variants ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX corrections_variant ON corrections (segment_key, alpha);

    CREATE TABLE item_references (
      item_key INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,
      text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE segment_references (
      segment_key INTEGER PRIMARY KEY REFERENCES segments ON DELETE CASCADE,
      text TEXT NOT NULL
    ) STRICT;

    -- Has a row while deleted rows may still have traces in the file.
    CREATE TABLE unfinished_erasures (key INTEGER PRIMARY KEY) STRICT;

    -- Machine output is never changed, by whatever statement.
    CREATE TRIGGER variants_are_final BEFORE UPDATE ON variants
    BEGIN SELECT RAISE(ABORT, 'machine output is never changed'); END;
  `,
};
