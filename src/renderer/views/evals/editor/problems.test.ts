import { expect, test } from 'vitest';
import type { EvalDefinition } from '#shared/eval.ts';
import type { GraderRow } from '#shared/grader.ts';
import { problemsOf } from './problems.ts';

const graders = [{ id: 'g', name: 'Polite', archived: false }] as unknown as readonly GraderRow[];
const criterion = { graderId: 'g', versionHash: null, threshold: 0.8, weight: 1 };
const good: EvalDefinition = {
  name: 'Good',
  criteria: [criterion],
  source: { kind: 'filter', query: 'agent:Planner' },
  metadata: {},
};
const messages = (change: Partial<EvalDefinition>) =>
  problemsOf({ ...good, ...change }, graders).map(({ message }) => message);

test('nothing is wrong with a good one', () => {
  expect(problemsOf(good, graders)).toEqual([]);
  // Before graders are known none is missing.
  expect(problemsOf({ ...good, criteria: [{ ...criterion, graderId: 'x' }] }, null)).toEqual([]);
});

test.each<[Partial<EvalDefinition>, RegExp]>([
  [{ name: ' ' }, /no name/],
  [{ criteria: [] }, /measures nothing/],
  [{ criteria: [{ ...criterion, graderId: 'x' }] }, /not in this workspace/],
  [{ criteria: [criterion, criterion] }, /twice/],
  [{ criteria: [{ ...criterion, threshold: 1.2 }] }, /between 0 and 100/],
  [{ criteria: [{ ...criterion, weight: Number.NaN }] }, /weight/],
  [{ source: { kind: 'traces', traceIds: [] } }, /No trace/],
  [{ source: { kind: 'filter', query: 'cost:much' } }, /needs a number/],
  [{ source: { kind: 'dataset', datasetId: '', version: null, query: '', link: { by: 'any' } } }, /Choose a dataset/],
  [
    {
      source: { kind: 'dataset', datasetId: 'd', version: null, query: '', link: { by: 'metadata', field: ' ' } },
    },
    /field of the metadata/,
  ],
  [{ sample: { limit: 0, seed: 1 } }, /one trace or more/],
])('%o is told', (change, said) => {
  expect(messages(change)).toEqual([expect.stringMatching(said)]);
});

test('an archived grader is a warning only', () => {
  const archived = [{ ...graders[0], archived: true }] as unknown as readonly GraderRow[];
  expect(problemsOf(good, archived)).toEqual([{ severity: 'warning', message: '“Polite” is archived.' }]);
});
