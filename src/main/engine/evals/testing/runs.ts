/** Runs and items for tests. */
import type { EvalRunRow, RunCriterion, RunItem, RunItemRow } from '#shared/eval.ts';
import type { Grade } from '#shared/grader.ts';

export function criterion(name: string, figures: Partial<RunCriterion> = {}): RunCriterion {
  return {
    name,
    graderId: `grader of ${name}`,
    versionHash: '0'.repeat(64),
    versionNumber: 1,
    definition: { type: 'string_check', name, input: '{{ sample.output_text }}', reference: 'x', operation: 'like' },
    scope: 'trace',
    threshold: null,
    weight: 1,
    passed: 0,
    failed: 0,
    errored: 0,
    notApplicable: 0,
    mean: null,
    ...figures,
  };
}

export function run(criteria: readonly RunCriterion[], total: number): EvalRunRow {
  return {
    id: 'run-1',
    evalId: 'eval-1',
    evalName: 'Support answers',
    name: 'Support answers #1',
    status: 'done',
    counts: { total, done: total, passed: total, failed: 0, errored: 0, neither: 0 },
    criteria,
    source: { kind: 'filter', query: '' },
    limit: null,
    seed: 0,
    missing: 0,
    judges: [],
    modelUse: [],
    cost: null,
    durationMs: null,
    createdAt: Date.UTC(2026, 0, 1),
    startedAt: Date.UTC(2026, 0, 1),
    finishedAt: Date.UTC(2026, 0, 1),
    error: null,
    metadata: {},
  };
}

export function gradeOf(passed: boolean | null, more: Partial<Grade> = {}): Grade {
  return {
    status: 'graded',
    score: passed === null ? null : passed ? 1 : 0,
    label: null,
    passed,
    explanation: passed === false ? 'It is wrong.' : '',
    evidence: [],
    errors: [],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 5,
    ...more,
  };
}

export function item({
  results,
  ...row
}: Partial<Omit<RunItemRow, 'results'>> & { readonly results: readonly (boolean | Grade | null)[] }): RunItem {
  const grades = results.map((result) => (typeof result === 'boolean' ? gradeOf(result) : result));
  const failed = grades.some((grade) => grade?.passed === false);
  return {
    row: {
      id: 1,
      runId: 'run-1',
      task: 'task 1',
      trial: 1,
      title: 'A question',
      traceId: 'trace-1',
      gone: false,
      status: failed ? 'failed' : 'passed',
      score: failed ? 0 : 1,
      cost: null,
      durationMs: null,
      results: grades.map(
        (grade) => grade && { status: grade.status, score: grade.score, label: grade.label, passed: grade.passed },
      ),
      ...row,
    },
    item: null,
    sample: null,
    grades,
  };
}
