/**
 * Version 14: what all annotations say together.
 * - `annotation.marks`: the span that an annotation marks, or that shows it.
 * - `annotation_overview` holds all that the overview counts, so that it never reads the states, which are long.
 */
export const sql = `
ALTER TABLE annotation ADD COLUMN marks TEXT GENERATED ALWAYS AS (
  CASE WHEN target_kind IN ('span', 'text') OR (target_kind IN ('edge', 'absence') AND target_id IS NOT NULL) THEN target_id
    WHEN state IS NOT NULL AND json_valid(state) THEN state ->> '$.evidenceSpanId' END) VIRTUAL;
CREATE INDEX annotation_overview ON annotation (trace_key, kind, taxonomy, category, agent, marks, target_kind, target_id, passed)
  WHERE removed = 0;
CREATE INDEX annotation_decisions ON annotation (trace_key) WHERE removed = 0 AND instr(extra, '"adjudicates"') > 0;
`;
