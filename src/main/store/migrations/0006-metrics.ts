/**
 * Version 6: metrics that count tokens or money. They belong to no trace, so nothing refers to one; a series is one counter
 * of one process. `raw_key` is no foreign key: the bytes may be deleted with a trace, the counts stay.
 */
export const sql = `
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

CREATE TABLE metric_point (
  series_key INTEGER NOT NULL REFERENCES metric_series,
  -- 0 = the source does not say
  start_ns INTEGER NOT NULL,
  time_ns INTEGER NOT NULL,
  value REAL NOT NULL,
  raw_key INTEGER NOT NULL,
  PRIMARY KEY (series_key, start_ns, time_ns)
) STRICT, WITHOUT ROWID;
`;
