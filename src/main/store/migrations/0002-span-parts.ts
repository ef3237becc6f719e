/**
 * Version 2: spans that arrive in parts (created and updated, a span and its logs).
 * - `span_part` keeps every part as it was told, under the id that it named; the row in `span` is their merge.
 * - `span_alias` says which span a name such as `request:req_1` means; parts under that name belong to it.
 */
export const sql = `
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

CREATE TABLE span_alias (
  trace_key INTEGER NOT NULL REFERENCES trace,
  alias TEXT NOT NULL,
  span_id TEXT NOT NULL,
  PRIMARY KEY (trace_key, alias)
) STRICT, WITHOUT ROWID;

CREATE INDEX span_alias_by_span ON span_alias (trace_key, span_id);
`;
