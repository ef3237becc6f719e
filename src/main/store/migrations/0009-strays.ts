/**
 * Version 9: records that name no trace and belong to a span that another record of the same run names.
 * - `stray_lead`: a span that such records follow, from this time on.
 * - `stray`: such a record, and under which span of which trace it is shown now.
 */
export const sql = `
CREATE TABLE stray_lead (
  key TEXT NOT NULL,
  -- nanoseconds since the Unix epoch, in 20 digits
  at TEXT NOT NULL,
  trace_key INTEGER NOT NULL REFERENCES trace,
  span_id TEXT NOT NULL,
  PRIMARY KEY (key, at, trace_key, span_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stray_lead_by_trace ON stray_lead (trace_key);

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

CREATE INDEX stray_by_trace ON stray (trace_key);
CREATE INDEX stray_by_raw ON stray (raw_key);
`;
