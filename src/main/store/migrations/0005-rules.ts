/**
 * Version 5: user rules, and rebuilding what is derived from the received bytes.
 * - `span_rule` and `trace_rule` keep what a rule set apart from what the source said, so that a preview needs no decoding.
 * - `rebuild_*` is the state of a rebuild, so that one that was broken off goes on where it was. A row in `rebuild_span`
 *   is a span that shows what was derived before: the first version that comes replaces it, whatever it says.
 * - An annotation or score without `raw_key` was made here and not received: no rebuild touches it.
 */
export const sql = `
CREATE TABLE span_rule (
  span_key INTEGER PRIMARY KEY REFERENCES span ON DELETE CASCADE,
  -- JSON of the fields that rules may set, as the source had them
  base TEXT NOT NULL
) STRICT;

CREATE TABLE trace_rule (
  trace_key INTEGER PRIMARY KEY REFERENCES trace ON DELETE CASCADE,
  session_id TEXT NOT NULL,
  -- position of the rule that set it
  rank INTEGER NOT NULL
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

-- bodies that are still to be decoded again
CREATE TABLE rebuild_raw (
  raw_key INTEGER PRIMARY KEY REFERENCES raw ON DELETE CASCADE
) STRICT;

CREATE TABLE rebuild_span (
  span_key INTEGER PRIMARY KEY REFERENCES span ON DELETE CASCADE
) STRICT;

-- 1 = of the state before the rebuild that is under way, and not told again yet
ALTER TABLE content_trace ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;

CREATE INDEX issue_by_raw ON issue (raw_key) WHERE raw_key IS NOT NULL;

ALTER TABLE annotation ADD COLUMN raw_key INTEGER;
UPDATE annotation SET raw_key = (SELECT min(raw_key) FROM raw_trace WHERE raw_trace.trace_key = annotation.trace_key);
CREATE INDEX annotation_by_raw ON annotation (raw_key) WHERE raw_key IS NOT NULL;
ALTER TABLE score ADD COLUMN raw_key INTEGER;
UPDATE score SET raw_key = (SELECT min(raw_key) FROM raw_trace WHERE raw_trace.trace_key = score.trace_key);
CREATE INDEX score_by_raw ON score (raw_key) WHERE raw_key IS NOT NULL;
`;
