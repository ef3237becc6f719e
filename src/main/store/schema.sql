CREATE TABLE annotation (
  annotation_key INTEGER PRIMARY KEY,
  trace_key INTEGER NOT NULL REFERENCES trace,
  annotation_id TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT,
  annotator TEXT,
  taxonomy TEXT,
  category TEXT,
  severity TEXT,
  score REAL,
  note TEXT,
  agent TEXT,
  is_root_cause INTEGER NOT NULL,
  created_ns INTEGER,
  extra TEXT NOT NULL, raw_key INTEGER, kind TEXT NOT NULL DEFAULT 'note', passed INTEGER, state TEXT, editor TEXT, edited_at INTEGER, heads INTEGER NOT NULL DEFAULT 1, removed INTEGER NOT NULL DEFAULT 0, from_note TEXT GENERATED ALWAYS AS
  (CASE WHEN json_valid(extra) THEN CASE json_type(extra, '$.fromNote') WHEN 'text' THEN json_extract(extra, '$.fromNote') END END) VIRTUAL, note_group TEXT GENERATED ALWAYS AS
  (CASE WHEN json_valid(extra) THEN CASE json_type(extra, '$.group') WHEN 'text' THEN json_extract(extra, '$.group') END END) VIRTUAL, marks TEXT GENERATED ALWAYS AS (
  CASE WHEN target_kind IN ('span', 'text') OR (target_kind IN ('edge', 'absence') AND target_id IS NOT NULL) THEN target_id
    WHEN state IS NOT NULL AND json_valid(state) THEN state ->> '$.evidenceSpanId' END) VIRTUAL,
  UNIQUE (trace_key, annotation_id)
) STRICT;

CREATE INDEX annotation_by_label ON annotation (taxonomy, category, trace_key, kind) WHERE removed = 0;

CREATE INDEX annotation_by_note ON annotation (trace_key, from_note) WHERE from_note IS NOT NULL;

CREATE INDEX annotation_by_raw ON annotation (raw_key) WHERE raw_key IS NOT NULL;

CREATE INDEX annotation_by_trace ON annotation (trace_key) WHERE removed = 0;

CREATE INDEX annotation_decisions ON annotation (trace_key) WHERE removed = 0 AND instr(extra, '"adjudicates"') > 0;

CREATE INDEX annotation_notes ON annotation (annotation_key) WHERE kind = 'note' AND removed = 0;

CREATE INDEX annotation_overview ON annotation (trace_key, kind, taxonomy, category, agent, marks, target_kind, target_id, passed)
  WHERE removed = 0;

CREATE INDEX annotation_search_annotator ON annotation (annotator, trace_key) WHERE removed = 0 AND annotator IS NOT NULL;

CREATE INDEX annotation_search_passed ON annotation (passed, trace_key) WHERE removed = 0 AND passed IS NOT NULL;

CREATE TABLE annotation_revision (
  -- 128 bits of SHA-256 over the canonical text, in hex; the rows themselves stay in order of arrival, so that a merge appends
  hash TEXT NOT NULL UNIQUE,
  trace_id TEXT NOT NULL,
  annotation_id TEXT NOT NULL,
  -- canonical JSON of a Revision
  body TEXT NOT NULL
) STRICT;

CREATE INDEX annotation_revision_by_annotation ON annotation_revision (trace_id, annotation_id);

CREATE TABLE content (
  content_key INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  -- JSON of a ContentItem
  body TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE content_fts USING fts5(
  text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE content_trace (
  content_key INTEGER NOT NULL REFERENCES content,
  trace_key INTEGER NOT NULL REFERENCES trace, stale INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (content_key, trace_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX content_trace_by_trace ON content_trace (trace_key);

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

CREATE TABLE dataset_version (
  dataset_key INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
  version INTEGER NOT NULL,
  examples INTEGER NOT NULL,
  note TEXT,
  author TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (dataset_key, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE definition (
  -- taxonomy, score_schema
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- JSON of a Taxonomy or a ScoreSchema; NULL = removed, or as it ships with the app again
  body TEXT,
  author TEXT,
  -- milliseconds since the Unix epoch
  made_at INTEGER NOT NULL,
  PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE embedding (
  cache_key BLOB PRIMARY KEY,
  vector BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE facet (
  facet_key INTEGER PRIMARY KEY,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  -- traces that have it; kept by triggers so that counts never need a scan
  traces INTEGER NOT NULL DEFAULT 0,
  UNIQUE (field, value)
) STRICT;

CREATE TABLE finding (
  trace_key INTEGER NOT NULL REFERENCES trace,
  detector TEXT NOT NULL,
  -- of the worst: high, medium, low
  severity TEXT NOT NULL,
  findings INTEGER NOT NULL,
  PRIMARY KEY (trace_key, detector)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_by_detector ON finding (detector, trace_key);

CREATE TABLE finding_due (
  trace_key INTEGER PRIMARY KEY REFERENCES trace
) STRICT;

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

CREATE TABLE grading_item (
  grading_key INTEGER NOT NULL REFERENCES grading ON DELETE CASCADE,
  trace_key INTEGER NOT NULL REFERENCES trace ON DELETE CASCADE,
  version_key INTEGER NOT NULL REFERENCES grader_version,
  PRIMARY KEY (grading_key, trace_key, version_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX grading_item_by_trace ON grading_item (trace_key);

CREATE TABLE issue (
  issue_key INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL UNIQUE,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  trace_key INTEGER REFERENCES trace,
  span_id TEXT,
  detail TEXT,
  raw_key INTEGER REFERENCES raw,
  received_at INTEGER NOT NULL
) STRICT;

CREATE INDEX issue_by_raw ON issue (raw_key) WHERE raw_key IS NOT NULL;

CREATE INDEX issue_by_trace ON issue (trace_key);

CREATE TABLE judge_answer (
  cache_key BLOB PRIMARY KEY,
  model TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE judge_answer_form (
  base_url TEXT NOT NULL,
  model TEXT NOT NULL,
  form TEXT NOT NULL,
  PRIMARY KEY (base_url, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE judge_endpoint (
  endpoint_id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  base_url TEXT NOT NULL,
  style TEXT NOT NULL,
  api_version TEXT,
  model TEXT NOT NULL,
  always_own_model INTEGER NOT NULL,
  embedding_model TEXT,
  concurrency INTEGER NOT NULL,
  timeout_ms INTEGER NOT NULL,
  api_key_env TEXT,
  is_default INTEGER NOT NULL,
  confirmed_for TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE metric_point (
  series_key INTEGER NOT NULL REFERENCES metric_series,
  -- 0 = the source does not say
  start_ns INTEGER NOT NULL,
  time_ns INTEGER NOT NULL,
  value REAL NOT NULL,
  raw_key INTEGER NOT NULL,
  PRIMARY KEY (series_key, start_ns, time_ns)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric_series (
  series_key INTEGER PRIMARY KEY,
  -- of name, attributes and resource
  hash BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  measure TEXT NOT NULL,
  unit TEXT,
  temporality TEXT NOT NULL,
  session_id TEXT,
  model TEXT,
  agent TEXT,
  service TEXT,
  -- JSON
  attributes TEXT NOT NULL
) STRICT;

CREATE INDEX metric_series_by_session ON metric_series (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE model_cache_trace (
  trace_id TEXT NOT NULL,
  cache_key BLOB NOT NULL,
  PRIMARY KEY (trace_id, cache_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE origin (
  origin_key INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  dialect TEXT NOT NULL,
  scope_name TEXT,
  scope_version TEXT,
  resource TEXT
) STRICT;

CREATE TABLE outbound_request (
  request_id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  host TEXT NOT NULL,
  loopback INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  bytes_sent INTEGER NOT NULL,
  bytes_received INTEGER NOT NULL,
  status INTEGER,
  duration_ms INTEGER NOT NULL,
  error TEXT
) STRICT;

CREATE TABLE raw (
  raw_key INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  format TEXT NOT NULL,
  -- file name with its folder, for formats that need it to be decoded again
  name TEXT,
  content_type TEXT,
  user_agent TEXT,
  received_at INTEGER NOT NULL,
  normaliser INTEGER NOT NULL,
  -- how the bytes are stored: identity, deflate (raw), gzip (as received) in 'raw_body'; block = in 'raw_block' at 'offset'
  encoding TEXT NOT NULL,
  size INTEGER NOT NULL,
  block_key INTEGER REFERENCES raw_block,
  offset INTEGER
) STRICT;

CREATE INDEX raw_by_block ON raw (block_key) WHERE block_key IS NOT NULL;

CREATE TABLE raw_block (
  block_key INTEGER PRIMARY KEY,
  -- brotli over the concatenated bodies of its rows in 'raw'
  body BLOB NOT NULL,
  size INTEGER NOT NULL
) STRICT;

CREATE TABLE raw_body (
  raw_key INTEGER PRIMARY KEY REFERENCES raw,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE raw_trace (
  trace_key INTEGER NOT NULL REFERENCES trace,
  raw_key INTEGER NOT NULL REFERENCES raw,
  PRIMARY KEY (trace_key, raw_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX raw_trace_by_raw ON raw_trace (raw_key);

CREATE TABLE rebuild_raw (
  raw_key INTEGER PRIMARY KEY REFERENCES raw ON DELETE CASCADE
) STRICT;

CREATE TABLE rebuild_span (
  span_key INTEGER PRIMARY KEY REFERENCES span ON DELETE CASCADE
) STRICT;

CREATE TABLE rebuild_trace (
  trace_key INTEGER PRIMARY KEY REFERENCES trace ON DELETE CASCADE,
  -- 0 waits, 1 under way, 2 done
  phase INTEGER NOT NULL,
  -- digest of the derived state as it was
  before TEXT,
  -- JSON of the trace's facts as they were
  facts TEXT
) STRICT;

CREATE INDEX rebuild_trace_by_phase ON rebuild_trace (phase);

CREATE TABLE resend (
  trace_key INTEGER NOT NULL REFERENCES trace,
  -- '' for a whole request
  span_id TEXT NOT NULL,
  times INTEGER NOT NULL,
  raw_key INTEGER NOT NULL REFERENCES raw,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (trace_key, span_id, raw_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE review_item (
  item_key INTEGER PRIMARY KEY,
  queue_key INTEGER NOT NULL REFERENCES review_queue ON DELETE CASCADE,
  position INTEGER NOT NULL,
  trace_key INTEGER NOT NULL REFERENCES trace ON DELETE CASCADE,
  -- '' for the trace as a whole: NULLs would never conflict
  span_id TEXT NOT NULL,
  -- of a pair, the trace on the right
  other_key INTEGER REFERENCES trace ON DELETE CASCADE,
  -- JSON list of the annotations that are to be adjudicated
  annotations TEXT NOT NULL DEFAULT '[]',
  why TEXT,
  -- todo, done, skipped, flagged
  state TEXT NOT NULL DEFAULT 'todo',
  draft TEXT NOT NULL DEFAULT '',
  reviewer TEXT,
  -- milliseconds since the Unix epoch
  started_at INTEGER,
  done_at INTEGER,
  UNIQUE (queue_key, position)
) STRICT;

CREATE INDEX review_item_by_other ON review_item (other_key) WHERE other_key IS NOT NULL;

CREATE INDEX review_item_by_state ON review_item (queue_key, state, position);

CREATE INDEX review_item_by_trace ON review_item (trace_key);

CREATE TABLE review_queue (
  queue_key INTEGER PRIMARY KEY,
  queue_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- milliseconds since the Unix epoch
  created_at INTEGER NOT NULL,
  -- JSON: instructions, task, order, seed, form, blind, about
  body TEXT NOT NULL
) STRICT;

CREATE TABLE score (
  score_key INTEGER PRIMARY KEY,
  trace_key INTEGER NOT NULL REFERENCES trace,
  -- '' for the trace as a whole: NULLs would never conflict
  span_id TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  value REAL,
  label TEXT,
  passed INTEGER,
  explanation TEXT, raw_key INTEGER,
  UNIQUE (trace_key, span_id, name, source)
) STRICT;

CREATE INDEX score_by_name ON score (name, value, trace_key);

CREATE INDEX score_by_passed ON score (passed, trace_key) WHERE passed IS NOT NULL;

CREATE INDEX score_by_raw ON score (raw_key) WHERE raw_key IS NOT NULL;

CREATE TABLE session (
  session_key INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  -- of its newest trace
  sort_ns INTEGER NOT NULL,
  start_ns INTEGER,
  end_ns INTEGER,
  traces INTEGER NOT NULL DEFAULT 0,
  -- traces with this status
  running INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  tool_errors INTEGER NOT NULL DEFAULT 0,
  spans INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  -- traces that state what is summed in the column after
  inputs INTEGER NOT NULL DEFAULT 0,
  input_tokens REAL NOT NULL DEFAULT 0,
  outputs INTEGER NOT NULL DEFAULT 0,
  output_tokens REAL NOT NULL DEFAULT 0,
  costs INTEGER NOT NULL DEFAULT 0,
  -- of these, all of it stated by the source, or all of it estimated
  stated_costs INTEGER NOT NULL DEFAULT 0,
  estimated_costs INTEGER NOT NULL DEFAULT 0,
  cost REAL NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX session_by_time ON session (sort_ns DESC, session_id DESC);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE span (
  span_key INTEGER PRIMARY KEY,
  trace_key INTEGER NOT NULL REFERENCES trace,
  span_id TEXT NOT NULL,
  parent_id TEXT,
  kind INTEGER NOT NULL,
  status INTEGER NOT NULL,
  name TEXT NOT NULL,
  subtype TEXT,
  agent TEXT,
  model TEXT,
  tool TEXT,
  start_ns INTEGER,
  end_ns INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_tokens INTEGER,
  reasoning_tokens INTEGER,
  -- JSON array of the five counts, for totals that include descendants
  reported_usage TEXT,
  cost REAL,
  handoff_from TEXT,
  handoff_to TEXT,
  -- JSON array of span ids of the same trace
  links TEXT,
  origin_key INTEGER NOT NULL REFERENCES origin,
  raw_key INTEGER NOT NULL REFERENCES raw,
  UNIQUE (trace_key, span_id)
) STRICT;

CREATE TABLE span_alias (
  trace_key INTEGER NOT NULL REFERENCES trace,
  alias TEXT NOT NULL,
  span_id TEXT NOT NULL,
  PRIMARY KEY (trace_key, alias)
) STRICT, WITHOUT ROWID;

CREATE INDEX span_alias_by_span ON span_alias (trace_key, span_id);

CREATE TABLE span_body (
  span_key INTEGER PRIMARY KEY REFERENCES span,
  tool_call_id TEXT,
  error_content INTEGER REFERENCES content,
  -- packed content keys
  input BLOB NOT NULL,
  output BLOB NOT NULL,
  attributes TEXT NOT NULL,
  events TEXT,
  links TEXT
) STRICT;

CREATE TABLE span_part (
  trace_key INTEGER NOT NULL REFERENCES trace,
  span_id TEXT NOT NULL,
  rank INTEGER NOT NULL,
  part_id TEXT NOT NULL,
  -- JSON of the record without its contents, origin and ids
  body TEXT NOT NULL,
  -- packed content keys
  input BLOB NOT NULL,
  output BLOB NOT NULL,
  origin_key INTEGER NOT NULL REFERENCES origin,
  raw_key INTEGER NOT NULL REFERENCES raw,
  PRIMARY KEY (trace_key, span_id, rank, part_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE span_rule (
  span_key INTEGER PRIMARY KEY REFERENCES span ON DELETE CASCADE,
  -- JSON of the fields that rules may set, as the source had them
  base TEXT NOT NULL
) STRICT;

CREATE TABLE stray (
  key TEXT NOT NULL,
  at TEXT NOT NULL,
  part_id TEXT NOT NULL,
  -- JSON of the record as it is told where no span leads
  body TEXT NOT NULL,
  raw_key INTEGER NOT NULL REFERENCES raw,
  -- where it is shown; NULL = nowhere yet
  trace_key INTEGER REFERENCES trace,
  span_id TEXT,
  PRIMARY KEY (key, at, part_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stray_by_raw ON stray (raw_key);

CREATE INDEX stray_by_trace ON stray (trace_key);

CREATE TABLE stray_lead (
  key TEXT NOT NULL,
  -- nanoseconds since the Unix epoch, in 20 digits
  at TEXT NOT NULL,
  trace_key INTEGER NOT NULL REFERENCES trace,
  span_id TEXT NOT NULL,
  PRIMARY KEY (key, at, trace_key, span_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stray_lead_by_trace ON stray_lead (trace_key);

CREATE TABLE told_call (
  trace_key INTEGER NOT NULL REFERENCES trace,
  content_key INTEGER NOT NULL REFERENCES content,
  call_id TEXT NOT NULL,
  is_result INTEGER NOT NULL,
  -- of the tool; NULL on a result
  name TEXT,
  PRIMARY KEY (trace_key, content_key, call_id, is_result)
) STRICT, WITHOUT ROWID;

CREATE TABLE trace (
  trace_key INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL UNIQUE,
  name TEXT,
  workflow TEXT,
  session_id TEXT,
  user_id TEXT,
  metadata TEXT,
  tags TEXT NOT NULL,
  source TEXT NOT NULL,
  dialect TEXT NOT NULL,
  first_received INTEGER NOT NULL,
  last_received INTEGER NOT NULL,
  -- until then (epoch ms) a trace whose root has not arrived counts as running; 0 for imported ones
  live_until INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  dirty INTEGER NOT NULL,
  sort_ns INTEGER NOT NULL,
  status TEXT NOT NULL,
  start_ns INTEGER,
  end_ns INTEGER,
  spans INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_tokens INTEGER,
  reasoning_tokens INTEGER,
  cost REAL,
  root_name TEXT,
  agents TEXT NOT NULL,
  tools TEXT NOT NULL,
  models TEXT NOT NULL,
  issues INTEGER NOT NULL
, cost_basis TEXT) STRICT;

CREATE INDEX trace_by_session ON trace (session_id, sort_ns, trace_id) WHERE session_id IS NOT NULL;

CREATE INDEX trace_by_time ON trace (sort_ns DESC, trace_id DESC);

CREATE INDEX trace_dirty ON trace (trace_key) WHERE dirty = 1;

CREATE INDEX trace_live ON trace (trace_key) WHERE live_until > 0;

CREATE INDEX trace_session_end ON trace (session_id, end_ns) WHERE session_id IS NOT NULL;

CREATE INDEX trace_session_start ON trace (session_id, start_ns) WHERE session_id IS NOT NULL AND start_ns IS NOT NULL;

CREATE TABLE trace_facet (
  facet_key INTEGER NOT NULL REFERENCES facet,
  trace_key INTEGER NOT NULL REFERENCES trace,
  PRIMARY KEY (facet_key, trace_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX trace_facet_by_trace ON trace_facet (trace_key);

CREATE TABLE trace_ledger (
  trace_key INTEGER PRIMARY KEY REFERENCES trace,
  -- rows in 'span' that were received, so without those made from messages
  received INTEGER NOT NULL,
  understood INTEGER NOT NULL,
  guessed INTEGER NOT NULL,
  late INTEGER NOT NULL,
  orphaned INTEGER NOT NULL,
  skewed INTEGER NOT NULL
) STRICT;

CREATE TABLE trace_rule (
  trace_key INTEGER PRIMARY KEY REFERENCES trace ON DELETE CASCADE,
  session_id TEXT NOT NULL,
  -- position of the rule that set it
  rank INTEGER NOT NULL
) STRICT;

CREATE TRIGGER grader_version_stays BEFORE UPDATE ON grader_version BEGIN
  SELECT raise(ABORT, 'a version of a grader is never changed');
END;

CREATE TRIGGER eval_item_forgets AFTER DELETE ON trace BEGIN
  UPDATE eval_result SET body = '{}', label = NULL
    WHERE item_key IN (SELECT item_key FROM eval_item WHERE trace_id = OLD.trace_id);
  UPDATE eval_item SET gone = 1, title = '', sample = NULL WHERE trace_id = OLD.trace_id;
END;

CREATE TRIGGER model_cache_forgets AFTER DELETE ON trace BEGIN
  DELETE FROM judge_answer WHERE cache_key IN (SELECT cache_key FROM model_cache_trace WHERE trace_id = OLD.trace_id);
  DELETE FROM embedding WHERE cache_key IN (SELECT cache_key FROM model_cache_trace WHERE trace_id = OLD.trace_id);
  DELETE FROM model_cache_trace WHERE trace_id = OLD.trace_id;
END;

CREATE TRIGGER trace_session_added AFTER INSERT ON trace WHEN new.session_id IS NOT NULL BEGIN
  INSERT INTO session (session_id, sort_ns) SELECT new.session_id, new.sort_ns
    WHERE new.session_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session WHERE session_id = new.session_id);
  UPDATE session SET traces = traces + 1,
    running = running + (new.status = 'running'),
    failed = failed + (new.status = 'error'),
    tool_errors = tool_errors + (new.status = 'tool_errors'),
    spans = spans + new.spans,
    errors = errors + new.errors,
    inputs = inputs + (new.input_tokens IS NOT NULL),
    input_tokens = input_tokens + coalesce(new.input_tokens, 0),
    outputs = outputs + (new.output_tokens IS NOT NULL),
    output_tokens = output_tokens + coalesce(new.output_tokens, 0),
    costs = costs + (new.cost IS NOT NULL),
    stated_costs = stated_costs + (new.cost_basis IS 'stated'),
    estimated_costs = estimated_costs + (new.cost_basis IS 'estimated'),
    cost = cost + min(max(coalesce(new.cost, 0), -1e12), 1e12),
    -- each of the three is one step in an index
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = new.session_id), sort_ns),
    start_ns = (SELECT min(start_ns) FROM trace WHERE session_id = new.session_id AND start_ns IS NOT NULL),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = new.session_id)
  WHERE session_id = new.session_id;
END;

CREATE TRIGGER trace_session_changed AFTER UPDATE OF sort_ns, start_ns, end_ns, status, spans, errors, input_tokens, output_tokens, cost, cost_basis ON trace WHEN new.session_id = old.session_id BEGIN
  UPDATE session SET
    running = running + (new.status = 'running') - (old.status = 'running'),
    failed = failed + (new.status = 'error') - (old.status = 'error'),
    tool_errors = tool_errors + (new.status = 'tool_errors') - (old.status = 'tool_errors'),
    spans = spans + new.spans - old.spans,
    errors = errors + new.errors - old.errors,
    inputs = inputs + (new.input_tokens IS NOT NULL) - (old.input_tokens IS NOT NULL),
    input_tokens = input_tokens + coalesce(new.input_tokens, 0) - coalesce(old.input_tokens, 0),
    outputs = outputs + (new.output_tokens IS NOT NULL) - (old.output_tokens IS NOT NULL),
    output_tokens = output_tokens + coalesce(new.output_tokens, 0) - coalesce(old.output_tokens, 0),
    costs = costs + (new.cost IS NOT NULL) - (old.cost IS NOT NULL),
    stated_costs = stated_costs + (new.cost_basis IS 'stated') - (old.cost_basis IS 'stated'),
    estimated_costs = estimated_costs + (new.cost_basis IS 'estimated') - (old.cost_basis IS 'estimated'),
    cost = cost + min(max(coalesce(new.cost, 0), -1e12), 1e12) - min(max(coalesce(old.cost, 0), -1e12), 1e12),
    -- each of the three is one step in an index
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = new.session_id), sort_ns),
    start_ns = (SELECT min(start_ns) FROM trace WHERE session_id = new.session_id AND start_ns IS NOT NULL),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = new.session_id)
  WHERE session_id = new.session_id;
END;

CREATE TRIGGER trace_session_moved AFTER UPDATE OF session_id ON trace WHEN new.session_id IS NOT old.session_id BEGIN
  UPDATE session SET traces = traces - 1,
    running = running - (old.status = 'running'),
    failed = failed - (old.status = 'error'),
    tool_errors = tool_errors - (old.status = 'tool_errors'),
    spans = spans - old.spans,
    errors = errors - old.errors,
    inputs = inputs - (old.input_tokens IS NOT NULL),
    input_tokens = input_tokens - coalesce(old.input_tokens, 0),
    outputs = outputs - (old.output_tokens IS NOT NULL),
    output_tokens = output_tokens - coalesce(old.output_tokens, 0),
    costs = costs - (old.cost IS NOT NULL),
    stated_costs = stated_costs - (old.cost_basis IS 'stated'),
    estimated_costs = estimated_costs - (old.cost_basis IS 'estimated'),
    cost = cost - min(max(coalesce(old.cost, 0), -1e12), 1e12),
    -- each of the three is one step in an index
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = old.session_id), sort_ns),
    start_ns = (SELECT min(start_ns) FROM trace WHERE session_id = old.session_id AND start_ns IS NOT NULL),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = old.session_id)
  WHERE session_id = old.session_id;
  DELETE FROM session WHERE session_id = old.session_id AND traces <= 0;
  INSERT INTO session (session_id, sort_ns) SELECT new.session_id, new.sort_ns
    WHERE new.session_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session WHERE session_id = new.session_id);
  UPDATE session SET traces = traces + 1,
    running = running + (new.status = 'running'),
    failed = failed + (new.status = 'error'),
    tool_errors = tool_errors + (new.status = 'tool_errors'),
    spans = spans + new.spans,
    errors = errors + new.errors,
    inputs = inputs + (new.input_tokens IS NOT NULL),
    input_tokens = input_tokens + coalesce(new.input_tokens, 0),
    outputs = outputs + (new.output_tokens IS NOT NULL),
    output_tokens = output_tokens + coalesce(new.output_tokens, 0),
    costs = costs + (new.cost IS NOT NULL),
    stated_costs = stated_costs + (new.cost_basis IS 'stated'),
    estimated_costs = estimated_costs + (new.cost_basis IS 'estimated'),
    cost = cost + min(max(coalesce(new.cost, 0), -1e12), 1e12),
    -- each of the three is one step in an index
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = new.session_id), sort_ns),
    start_ns = (SELECT min(start_ns) FROM trace WHERE session_id = new.session_id AND start_ns IS NOT NULL),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = new.session_id)
  WHERE session_id = new.session_id;
END;

CREATE TRIGGER trace_session_removed AFTER DELETE ON trace WHEN old.session_id IS NOT NULL BEGIN
  UPDATE session SET traces = traces - 1,
    running = running - (old.status = 'running'),
    failed = failed - (old.status = 'error'),
    tool_errors = tool_errors - (old.status = 'tool_errors'),
    spans = spans - old.spans,
    errors = errors - old.errors,
    inputs = inputs - (old.input_tokens IS NOT NULL),
    input_tokens = input_tokens - coalesce(old.input_tokens, 0),
    outputs = outputs - (old.output_tokens IS NOT NULL),
    output_tokens = output_tokens - coalesce(old.output_tokens, 0),
    costs = costs - (old.cost IS NOT NULL),
    stated_costs = stated_costs - (old.cost_basis IS 'stated'),
    estimated_costs = estimated_costs - (old.cost_basis IS 'estimated'),
    cost = cost - min(max(coalesce(old.cost, 0), -1e12), 1e12),
    -- each of the three is one step in an index
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = old.session_id), sort_ns),
    start_ns = (SELECT min(start_ns) FROM trace WHERE session_id = old.session_id AND start_ns IS NOT NULL),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = old.session_id)
  WHERE session_id = old.session_id;
  DELETE FROM session WHERE session_id = old.session_id AND traces <= 0;
END;

CREATE TRIGGER trace_facet_added AFTER INSERT ON trace_facet BEGIN
  UPDATE facet SET traces = traces + 1 WHERE facet_key = new.facet_key;
END;

CREATE TRIGGER trace_facet_removed AFTER DELETE ON trace_facet BEGIN
  UPDATE facet SET traces = traces - 1 WHERE facet_key = old.facet_key;
END;
