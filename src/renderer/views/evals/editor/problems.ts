/** What keeps an eval from being saved, while it is edited. The engine has the last word. */
import type { EvalDefinition } from '#shared/eval.ts';
import type { GraderRow } from '#shared/grader.ts';
import { parseQuery } from '#shared/query.ts';

export type EvalProblem = {
  readonly severity: 'error' | 'warning';
  readonly message: string;
};

const MOST = 20;

/** `graders`: those there are, archived ones too; null = not known yet. */
export function problemsOf(definition: EvalDefinition, graders: readonly GraderRow[] | null): readonly EvalProblem[] {
  const { name, criteria, source, sample } = definition;
  const found: EvalProblem[] = [];
  const error = (message: string) => found.push({ severity: 'error', message });
  const warn = (message: string) => found.push({ severity: 'warning', message });
  if (name.trim() === '') error('It has no name.');
  if (criteria.length === 0) error('It measures nothing: add a grader.');
  const seen = new Set<string>();
  for (const { graderId, versionHash, threshold, weight } of criteria) {
    const row = graders?.find(({ id }) => id === graderId);
    const of = row ? `“${row.name.slice(0, 80)}”` : 'A grader';
    if (graders && !row) error('One of its graders is not in this workspace: remove it.');
    else if (row?.archived) warn(`${of} is archived.`);
    if (threshold !== null && !(threshold >= 0 && threshold <= 1)) error(`${of}: the share lies between 0 and 100 %.`);
    if (!Number.isFinite(weight) || weight < 0) error(`${of}: the weight is a number of 0 or more.`);
    const key = `${graderId} ${versionHash ?? ''}`;
    if (seen.has(key)) error(`${of} is there twice in the same version.`);
    seen.add(key);
  }
  if (source.kind === 'traces') {
    if (source.traceIds.length === 0) error('No trace is chosen.');
  } else {
    for (const problem of parseQuery(source.query).problems) error(problem);
  }
  if (source.kind === 'dataset') {
    if (source.datasetId === '') error('Choose a dataset.');
    if (source.link.by === 'metadata' && source.link.field.trim() === '')
      error('Name the field of the metadata that holds the key of an example.');
  }
  if (sample && !(Number.isSafeInteger(sample.limit) && sample.limit >= 1)) error('A sample has one trace or more.');
  return found.slice(0, MOST);
}
