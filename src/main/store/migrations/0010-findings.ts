/**
 * Version 10: which faults detectors find in each trace, so that traces can be filtered by them.
 * - `finding`: how many findings of a detector a trace has. The findings themselves are worked out when a trace is opened.
 * - `finding_due`: traces whose findings are still to be looked for, or to be looked for again.
 */
export const sql = `
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

INSERT INTO finding_due (trace_key) SELECT trace_key FROM trace;
`;
