/**
 * Version 17: endpoints that judges are asked of, what they answered, and every request that went out.
 * - `judge_endpoint.confirmed_for`: of which host a person said so, on which computer; a file from elsewhere asks again.
 * - `judge_answer_form`: how an endpoint answers in JSON, as far as it was found out.
 * - `judge_answer` is a cache. What it holds of a trace goes with the trace.
 * - `embedding`: `vector` holds 32-bit floats, little-endian.
 */
export const sql = `
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
CREATE TABLE judge_answer_form (
  base_url TEXT NOT NULL,
  model TEXT NOT NULL,
  form TEXT NOT NULL,
  PRIMARY KEY (base_url, model)
) STRICT, WITHOUT ROWID;
CREATE TABLE judge_answer (
  cache_key BLOB PRIMARY KEY,
  model TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE embedding (
  cache_key BLOB PRIMARY KEY,
  vector BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE model_cache_trace (
  trace_id TEXT NOT NULL,
  cache_key BLOB NOT NULL,
  PRIMARY KEY (trace_id, cache_key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER model_cache_forgets AFTER DELETE ON trace BEGIN
  DELETE FROM judge_answer WHERE cache_key IN (SELECT cache_key FROM model_cache_trace WHERE trace_id = OLD.trace_id);
  DELETE FROM embedding WHERE cache_key IN (SELECT cache_key FROM model_cache_trace WHERE trace_id = OLD.trace_id);
  DELETE FROM model_cache_trace WHERE trace_id = OLD.trace_id;
END;
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
`;
