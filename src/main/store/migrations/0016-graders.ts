/**
 * Version 16: graders, their versions, what they said of traces, and the work that is queued for them.
 * - A version is never changed: a trigger sees to that. Its hash is the SHA-256 of `body`.
 * - Verdicts and queued work go with their trace: the foreign keys see to that.
 * - `grade.latest`: 1 for the last word of a grader on a place, whichever of its versions said it.
 */
export const sql = `
CREATE TABLE grader (
  grader_key INTEGER PRIMARY KEY,
  grader_id TEXT NOT NULL UNIQUE,
  -- name and type of the version in use
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  -- milliseconds since the Unix epoch
  created_at INTEGER NOT NULL,
  current INTEGER REFERENCES grader_version
) STRICT;

CREATE TABLE grader_version (
  version_key INTEGER PRIMARY KEY,
  grader_key INTEGER NOT NULL REFERENCES grader,
  number INTEGER NOT NULL,
  hash TEXT NOT NULL,
  -- canonical JSON of a GraderDefinition
  body TEXT NOT NULL,
  author TEXT,
  note TEXT,
  -- milliseconds since the Unix epoch
  made_at INTEGER NOT NULL,
  UNIQUE (grader_key, number),
  UNIQUE (grader_key, hash)
) STRICT;

CREATE TRIGGER grader_version_stays BEFORE UPDATE ON grader_version BEGIN
  SELECT raise(ABORT, 'a version of a grader is never changed');
END;

CREATE TABLE grade (
  grade_key INTEGER PRIMARY KEY,
  trace_key INTEGER NOT NULL REFERENCES trace ON DELETE CASCADE,
  -- '' for the trace as a whole: NULLs would never conflict
  span_id TEXT NOT NULL,
  version_key INTEGER NOT NULL REFERENCES grader_version,
  grader_key INTEGER NOT NULL REFERENCES grader,
  latest INTEGER NOT NULL,
  -- graded, errored, not_applicable
  status TEXT NOT NULL,
  score REAL,
  label TEXT,
  passed INTEGER,
  -- of the trace when it was graded
  trace_revision INTEGER NOT NULL,
  -- milliseconds since the Unix epoch
  graded_at INTEGER NOT NULL,
  -- JSON: explanation, evidence, errors, subRewards, usage, notes, durationMs
  body TEXT NOT NULL,
  UNIQUE (trace_key, span_id, version_key)
) STRICT;

CREATE INDEX grade_by_grader ON grade (grader_key, span_id, latest, status, passed, score, trace_key);

CREATE INDEX grade_by_version ON grade (version_key, span_id);

CREATE TABLE grading (
  grading_key INTEGER PRIMARY KEY,
  grading_id TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  -- JSON list of grader ids
  graders TEXT NOT NULL,
  -- queued, running, done, cancelled, failed
  status TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  passed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  errored INTEGER NOT NULL DEFAULT 0,
  not_applicable INTEGER NOT NULL DEFAULT 0,
  -- milliseconds since the Unix epoch
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  error TEXT
) STRICT;

-- what is still to be done
CREATE TABLE grading_item (
  grading_key INTEGER NOT NULL REFERENCES grading ON DELETE CASCADE,
  trace_key INTEGER NOT NULL REFERENCES trace ON DELETE CASCADE,
  version_key INTEGER NOT NULL REFERENCES grader_version,
  PRIMARY KEY (grading_key, trace_key, version_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX grading_item_by_trace ON grading_item (trace_key);
`;
