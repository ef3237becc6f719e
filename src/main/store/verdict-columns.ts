/** What lists show of a trace's verdicts: how many annotations there are, and the scores of the trace as a whole. */
import type { TraceRow } from '#shared/trace.ts';

const MOST_SCORES = 8;

/** Of a trace that is called `t`. */
export const VERDICT_COLUMNS = `(SELECT count(*) FROM annotation an WHERE an.trace_key = t.trace_key AND an.removed = 0) AS annotated,
  (SELECT json_group_array(json_array(name, value, label, passed)) FROM
    (SELECT name, value, label, passed FROM score sc WHERE sc.trace_key = t.trace_key AND sc.span_id = '' ORDER BY sc.score_key LIMIT ${MOST_SCORES})) AS scored`;

export type StoredVerdicts = { readonly annotated: number; readonly scored: string };

type Scored = readonly [name: string, value: number | null, label: string | null, passed: number | null];

export function verdictsOf({ annotated, scored }: StoredVerdicts): Pick<TraceRow, 'annotations' | 'scores'> {
  return {
    annotations: annotated,
    scores: (JSON.parse(scored) as Scored[]).map(([name, value, label, passed]) => ({
      name,
      value,
      label,
      passed: passed === null ? null : passed === 1,
    })),
  };
}
