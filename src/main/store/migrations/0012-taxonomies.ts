/**
 * Version 12: taxonomies and score schemas that people edit, and open coding.
 * - `definition`: each version of each, never changed; what ships with the app is not in it.
 * - `annotation.from_note`: the note of the same trace that a category was found in; `annotation.note_group`: the working
 *   title under which a note was put. Both are read from `extra`, so that they travel with the annotation.
 */
export const sql = `
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

ALTER TABLE annotation ADD COLUMN from_note TEXT GENERATED ALWAYS AS
  (CASE WHEN json_valid(extra) THEN CASE json_type(extra, '$.fromNote') WHEN 'text' THEN json_extract(extra, '$.fromNote') END END) VIRTUAL;
ALTER TABLE annotation ADD COLUMN note_group TEXT GENERATED ALWAYS AS
  (CASE WHEN json_valid(extra) THEN CASE json_type(extra, '$.group') WHEN 'text' THEN json_extract(extra, '$.group') END END) VIRTUAL;

CREATE INDEX annotation_by_note ON annotation (trace_key, from_note) WHERE from_note IS NOT NULL;
CREATE INDEX annotation_notes ON annotation (annotation_key) WHERE kind = 'note' AND removed = 0;
`;
