/** Version 15: what traces are searched and counted by: who annotated them, with which labels, verdicts and scores. */
export const sql = `
DROP INDEX annotation_by_label;
CREATE INDEX annotation_by_label ON annotation (taxonomy, category, trace_key, kind) WHERE removed = 0;
CREATE INDEX annotation_search_annotator ON annotation (annotator, trace_key) WHERE removed = 0 AND annotator IS NOT NULL;
CREATE INDEX annotation_search_passed ON annotation (passed, trace_key) WHERE removed = 0 AND passed IS NOT NULL;
CREATE INDEX score_by_name ON score (name, value, trace_key);
CREATE INDEX score_by_passed ON score (passed, trace_key) WHERE passed IS NOT NULL;
`;
