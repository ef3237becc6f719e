/** The field `scope` of a definition. */
import type { GraderDefinition, GraderProblem, ScopeSpec } from '#shared/grader.ts';
import { AGGREGATES, GRADER_SCOPES } from '#shared/grader.ts';
import { isJsonObject } from '#shared/json.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';

export function scopeOf({ scope }: GraderDefinition): ScopeSpec {
  if (!isJsonObject(scope)) return { on: 'trace' };
  const on = GRADER_SCOPES.find((each) => each === scope.on) ?? 'trace';
  const aggregate = AGGREGATES.find((each) => each === scope.aggregate);
  const { filter } = scope;
  return {
    on,
    ...(isJsonObject(filter) ? { filter } : {}),
    ...(aggregate === undefined ? {} : { aggregate }),
  };
}

const FILTERS = ['kind', 'agent', 'tool', 'name', 'status'] as const;

/** What is wrong with `scope` itself; for `checkDefinition`. */
export function scopeProblems({ scope }: GraderDefinition): readonly GraderProblem[] {
  if (scope === undefined || scope === null) return [];
  const problem = (path: string, message: string): GraderProblem => ({ severity: 'error', path, message });
  if (!isJsonObject(scope)) return [problem('/scope', 'The scope is an object, such as {"on": "span"}.')];
  const problems: GraderProblem[] = [];
  if (!GRADER_SCOPES.some((each) => each === scope.on))
    problems.push(problem('/scope/on', `A grader judges one of ${GRADER_SCOPES.join(', ')}.`));
  if (scope.aggregate !== undefined && !AGGREGATES.some((each) => each === scope.aggregate))
    problems.push(problem('/scope/aggregate', `Verdicts are joined by one of ${AGGREGATES.join(', ')}.`));
  const { filter } = scope;
  if (filter === undefined) return problems;
  if (!isJsonObject(filter)) return [...problems, problem('/scope/filter', 'The filter is an object.')];
  if (scope.on !== 'span' && scope.on !== 'handoff')
    problems.push({ severity: 'warning', path: '/scope/filter', message: 'Only spans and handoffs are filtered.' });
  for (const [name, value] of Object.entries(filter)) {
    const path = `/scope/filter/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!FILTERS.some((each) => each === name))
      problems.push(problem(path, `Spans are filtered by ${FILTERS.join(', ')}.`));
    else if (typeof value !== 'string') problems.push(problem(path, 'The value is a text.'));
    else if (name === 'kind' && !SPAN_KINDS.some((kind) => kind === value))
      problems.push(problem(path, `The kind is one of ${SPAN_KINDS.join(', ')}.`));
    else if (name === 'status' && !SPAN_STATUSES.some((status) => status === value))
      problems.push(problem(path, `The status is one of ${SPAN_STATUSES.join(', ')}.`));
  }
  return problems;
}
