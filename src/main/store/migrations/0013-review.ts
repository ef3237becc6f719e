/**
 * Version 13: queues of what is to be reviewed.
 * An item goes with its trace: the foreign keys see to that.
 */
export const sql = `
CREATE TABLE review_queue (
  queue_key INTEGER PRIMARY KEY,
  queue_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- milliseconds since the Unix epoch
  created_at INTEGER NOT NULL,
  -- JSON: instructions, task, order, seed, form, blind, about
  body TEXT NOT NULL
) STRICT;

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

CREATE INDEX review_item_by_state ON review_item (queue_key, state, position);

CREATE INDEX review_item_by_trace ON review_item (trace_key);

CREATE INDEX review_item_by_other ON review_item (other_key) WHERE other_key IS NOT NULL;
`;
