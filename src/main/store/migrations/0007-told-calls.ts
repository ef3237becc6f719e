/**
 * Tool calls and results that the messages of a trace tell of, so that a call without a span of its own can be shown
 * without reading every message again.
 */
export const sql = `
CREATE TABLE told_call (
  trace_key INTEGER NOT NULL REFERENCES trace,
  content_key INTEGER NOT NULL REFERENCES content,
  call_id TEXT NOT NULL,
  is_result INTEGER NOT NULL,
  -- of the tool; NULL on a result
  name TEXT,
  PRIMARY KEY (trace_key, content_key, call_id, is_result)
) STRICT, WITHOUT ROWID;
`;
