/**
 * Version 11: annotations that people make here.
 * - `annotation_revision`: everything that was ever said of an annotation, never changed; also of traces that are not here.
 * - `annotation` shows the newest word on each. One with revisions has no `raw_key`, so that nothing received replaces it.
 */
export const sql = `
ALTER TABLE annotation ADD COLUMN kind TEXT NOT NULL DEFAULT 'note';
ALTER TABLE annotation ADD COLUMN passed INTEGER;
-- JSON of an AnnotationState; NULL = as it came with the data
ALTER TABLE annotation ADD COLUMN state TEXT;
ALTER TABLE annotation ADD COLUMN editor TEXT;
-- milliseconds since the Unix epoch
ALTER TABLE annotation ADD COLUMN edited_at INTEGER;
-- more than one = people said different things of it at the same time
ALTER TABLE annotation ADD COLUMN heads INTEGER NOT NULL DEFAULT 1;
-- kept, so that what is received again does not bring it back
ALTER TABLE annotation ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

UPDATE annotation SET kind = CASE
  WHEN category IS NOT NULL THEN 'category'
  WHEN agent IS NOT NULL OR is_root_cause = 1 THEN 'blame'
  WHEN score IS NOT NULL THEN 'score'
  ELSE 'note' END;

CREATE INDEX annotation_by_trace ON annotation (trace_key) WHERE removed = 0;
CREATE INDEX annotation_by_label ON annotation (taxonomy, category) WHERE removed = 0;

CREATE TABLE annotation_revision (
  -- 128 bits of SHA-256 over the canonical text, in hex; the rows themselves stay in order of arrival, so that a merge appends
  hash TEXT NOT NULL UNIQUE,
  trace_id TEXT NOT NULL,
  annotation_id TEXT NOT NULL,
  -- canonical JSON of a Revision
  body TEXT NOT NULL
) STRICT;

CREATE INDEX annotation_revision_by_annotation ON annotation_revision (trace_id, annotation_id);
`;
