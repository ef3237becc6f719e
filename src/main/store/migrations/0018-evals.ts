/**
 * Version 18: datasets, evals and their runs.
 * - A version of a dataset is the examples whose span of versions holds it: `first` ≤ version < `until`.
 * - What a run measures is frozen in `eval_run.body`: definitions with their versions, the source, the seed, the models.
 * - A verdict of a run stays when its trace is deleted; what it quotes of the trace does not: a trigger sees to that.
 */
export const sql = `
CREATE TABLE dataset (
  dataset_key INTEGER PRIMARY KEY,
  dataset_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  -- milliseconds since the Unix epoch
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE dataset_version (
  dataset_key INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
  version INTEGER NOT NULL,
  examples INTEGER NOT NULL,
  note TEXT,
  author TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (dataset_key, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE dataset_example (
  row_key INTEGER PRIMARY KEY,
  dataset_key INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
  example_key TEXT NOT NULL,
  -- place among the examples, the same in all versions
  position INTEGER NOT NULL,
  first INTEGER NOT NULL,
  -- NULL = still there
  until INTEGER,
  -- JSON: a DatasetExample without its key
  body TEXT NOT NULL,
  -- hash of the input as it is compared with that of traces; NULL = no input
  input_hash BLOB,
  -- the trace that it was made from
  trace_id TEXT,
  UNIQUE (dataset_key, example_key, first)
) STRICT;

CREATE INDEX dataset_example_in_order ON dataset_example (dataset_key, position);

CREATE TABLE eval (
  eval_key INTEGER PRIMARY KEY,
  eval_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- JSON of an EvalDefinition
  body TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE eval_run (
  run_key INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  eval_key INTEGER NOT NULL REFERENCES eval ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- queued, running, done, cancelled, failed
  status TEXT NOT NULL,
  -- JSON: what was frozen
  body TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  passed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  errored INTEGER NOT NULL DEFAULT 0,
  neither INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  error TEXT,
  -- JSON: what came of each criterion, and cost and time of the traces; NULL = to be counted
  tally TEXT,
  -- JSON: what was asked of models, also for verdicts that were given up
  model_use TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX eval_run_by_eval ON eval_run (eval_key, run_key);

CREATE TABLE eval_item (
  item_key INTEGER PRIMARY KEY,
  run_key INTEGER NOT NULL REFERENCES eval_run ON DELETE CASCADE,
  position INTEGER NOT NULL,
  task TEXT NOT NULL,
  trial INTEGER NOT NULL,
  title TEXT NOT NULL,
  -- NULL = it came without a trace
  trace_id TEXT,
  gone INTEGER NOT NULL DEFAULT 0,
  -- due, passed, failed, errored, neither
  status TEXT NOT NULL,
  score REAL,
  cost REAL,
  duration_ms REAL,
  -- JSON: the row of the dataset, and the sample of an imported item
  item TEXT,
  sample TEXT,
  UNIQUE (run_key, position)
) STRICT;

CREATE INDEX eval_item_by_status ON eval_item (run_key, status, position);
CREATE INDEX eval_item_by_trace ON eval_item (trace_id);

CREATE TABLE eval_result (
  item_key INTEGER NOT NULL REFERENCES eval_item ON DELETE CASCADE,
  -- index into the run's criteria
  criterion INTEGER NOT NULL,
  -- graded, errored, not_applicable
  status TEXT NOT NULL,
  score REAL,
  label TEXT,
  passed INTEGER,
  -- JSON: explanation, evidence, errors, subRewards, usage, notes, durationMs
  body TEXT NOT NULL,
  PRIMARY KEY (item_key, criterion)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER eval_item_forgets AFTER DELETE ON trace BEGIN
  UPDATE eval_result SET body = '{}', label = NULL
    WHERE item_key IN (SELECT item_key FROM eval_item WHERE trace_id = OLD.trace_id);
  UPDATE eval_item SET gone = 1, title = '', sample = NULL WHERE trace_id = OLD.trace_id;
END;
`;
