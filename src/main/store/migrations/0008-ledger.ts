/**
 * - `trace_ledger` holds what the derivation counts, so that the sum over all traces reads a row per trace.
 * - `resend` remembers what was sent again: nothing else of it is kept.
 */
export const sql = `
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

CREATE TABLE resend (
  trace_key INTEGER NOT NULL REFERENCES trace,
  -- '' for a whole request
  span_id TEXT NOT NULL,
  times INTEGER NOT NULL,
  raw_key INTEGER NOT NULL REFERENCES raw,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (trace_key, span_id, raw_key)
) STRICT, WITHOUT ROWID;
`;
