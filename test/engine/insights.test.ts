/** What several people say of the same traces, as the engine compares and counts it. */
import { expect, test } from 'vitest';
import type { AnnotationState } from '../../src/shared/annotation.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { startEngine } from '../support/workspace.ts';

const VERDICT: AnnotationState = {
  place: { kind: 'trace' },
  kind: 'verdict',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: true,
  note: null,
  tags: [],
  agent: null,
  isRootCause: false,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};

async function startReview() {
  const engine = await startEngine();
  await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  return {
    engine,
    say: async (who: string, change: Partial<AnnotationState>, id?: string) => {
      await engine.call('settings.set', { key: 'reviewer', value: who });
      const state = { ...VERDICT, ...change };
      return engine.call('annotation.save', { traceId: 't1', state, ...(id === undefined ? {} : { id }) });
    },
  };
}

test('who edits what another one said disagrees: the last word of each counts', async () => {
  const { engine, say } = await startReview();
  const { id } = await say('Ann', { passed: true });
  await say('Ben', { passed: false }, id);
  const { annotators, subjects } = await engine.call('agreement.get', {});
  expect(annotators).toEqual(['Ann', 'Ben']);
  expect(subjects).toMatchObject([{ about: 'verdict', items: 1, percent: 0 }]);
  expect(subjects[0]!.matrix.cells).toMatchObject([{ row: 0, column: 1, count: 1, traceIds: ['t1'] }]);
});

test('a decision is nobody’s judgement, and what it decides is not counted beside it', async () => {
  const { engine, say } = await startReview();
  const failure = { kind: 'category', taxonomy: 'mast', passed: null } as const;
  const ann = await say('Ann', { ...failure, category: '1.1' });
  const ben = await say('Ben', { ...failure, category: '1.2' });
  await say('Eve', { ...failure, category: '1.2', extra: { adjudicates: [ann.id, ben.id] } });
  const agreement = await engine.call('agreement.get', {});
  expect(agreement.annotators).toEqual(['Ann', 'Ben']);
  expect(agreement.known.map(({ name }) => name)).toContain('adjudication');
  const overview = await engine.call('overview.get', {});
  expect(overview.categories.map(({ code, labels }) => [code, labels])).toEqual([['1.2', 1]]);
  const decided = await engine.call('agreement.get', { annotators: ['adjudication', 'Ben'] });
  expect(decided.subjects).toMatchObject([{ about: 'category', items: 1, percent: 1 }]);
});

test('the step and the actor of a mark follow the trace as it grows; a shown span counts like the place', async () => {
  const { engine, say } = await startReview();
  const blame = { kind: 'blame', passed: null, agent: 'Critic', evidenceSpanId: 's1' } as const;
  await say('Ann', blame);
  const before = await engine.call('overview.get', {});
  expect(before.steps).toEqual([{ step: 0, labels: 1, traces: 1 }]);
  await sendItems(engine, [
    spanItem({ id: 's0', started_at: '2020-01-01T00:00:00Z', ended_at: '2020-01-01T00:00:01Z' }),
  ]);
  await engine.settle();
  expect((await engine.call('overview.get', {})).steps).toEqual([{ step: 1, labels: 1, traces: 1 }]);
  const behind = await engine.call('overview.traces', { pick: { step: 1 } });
  expect(behind).toMatchObject({ total: 1, rows: [{ traceId: 't1', spanId: 's1' }] });
  expect(await engine.call('overview.get', { query: 'agent:nobody' })).toMatchObject({ traceCount: 0, reviewed: 0 });
});

test('what is no overview or agreement is refused, and a file that cannot be written says so', async () => {
  const { engine } = await startReview();
  await expect(engine.call('overview.get', { by: 'year' as 'day' })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  await expect(engine.call('agreement.get', { tolerance: -1 })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  await expect(engine.call('overview.export', { path: '/nowhere/at/all.svg', format: 'svg' })).rejects.toMatchObject({
    error: { code: 'unwritable_file' },
  });
});
