/** What a new version of a grader would change, before it is saved. */
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems } from '../support/agents-items.ts';
import { emptyState } from '../support/annotation-state.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine } from '../support/workspace.ts';

const WAY = {
  type: 'string_check',
  name: 'on its way',
  input: '{{ sample.output_text }}',
  reference: 'on its way',
  operation: 'ilike',
};
const NEVER = { ...WAY, reference: 'nowhere at all' };

/** Even ones are on their way, odd ones are not; people say what is so of the first `labelled`. */
async function engineWith(traces: number, labelled: number, readerThread = false): Promise<Engine> {
  const engine = await startEngine({ readerThread });
  for (let at = 0; at < traces; at++)
    await sendItems(
      engine,
      supportRun({ id: `t${at}`, minute: at, ...(at % 2 === 0 ? {} : { answer: 'I cannot find it.' }) }),
    );
  await engine.settle();
  await engine.call('settings.set', { key: 'reviewer', value: 'Ann' });
  for (let at = 0; at < labelled; at++)
    await engine.call('annotation.save', {
      traceId: `t${at}`,
      state: { ...emptyState, place: { kind: 'trace' }, kind: 'verdict', note: null, passed: at % 2 === 0 },
    });
  return engine;
}

async function saved(engine: Engine) {
  const { id } = await engine.call('grader.save', { definition: WAY });
  await engine.call('grading.start', { graderIds: [id] });
  await engine.settle();
  return id;
}

test.each([false, true])(
  'stored verdicts that flip are listed with both grades, and people are asked (threads: %s)',
  async (threads) => {
    const engine = await engineWith(12, 8, threads);
    const graderId = await saved(engine);
    const preview = await engine.call('flip.preview', { graderId, definition: NEVER });
    expect(preview).toMatchObject({ oldVersion: 1, from: 'stored', graded: true, traces: 12, total: 12, worse: true });
    expect(preview.counts).toMatchObject({ compared: 12, same: 6, passToFail: 6, failToPass: 0, toErrored: 0 });
    expect(preview.flips).toHaveLength(6);
    const flip = preview.flips.find(({ traceId }) => traceId === 't0');
    expect(flip).toMatchObject({
      from: 'pass',
      to: 'fail',
      human: 'pass',
      traceName: 'Support',
      old: { score: 1 },
      next: { score: 0 },
    });
    expect(flip?.old.evidence.length).toBeGreaterThan(0);
    expect(preview.labels).toMatchObject({ pass: 4, fail: 4, disputed: 0 });
    // Two of each in each half: the old one is right of all, the new one says fail to all.
    expect(preview.old).toMatchObject({ heldOut: { tp: 2, fn: 0, fp: 0, tn: 2 }, development: { tp: 2, tn: 2 } });
    expect(preview.next).toMatchObject({ heldOut: { tp: 0, fn: 2, fp: 0, tn: 2 } });
    expect(preview.comparison).toMatchObject({
      measure: 'balanced accuracy',
      items: 4,
      old: 1,
      next: 0.5,
      difference: { value: -0.5 },
    });
    expect(preview.old?.rate).toMatchObject({ passed: 6, of: 12, corrected: { value: 0.5 } });
    expect(preview.next.rate.corrected).toBeNull();
    expect(preview.remarks.join('\n')).toMatch(
      /the new version is worse: balanced accuracy 50\.0 % instead of 100\.0 %/,
    );
    // Nothing was stored.
    expect(await engine.call('grader.list', {})).toMatchObject([{ versions: 1, grades: 12 }]);
  },
);

test('errors and what does not apply stand apart; an error where there was a verdict is worse', async () => {
  const engine = await engineWith(6, 6);
  const graderId = await saved(engine);
  const errs = await engine.call('flip.preview', { graderId, definition: { ...WAY, input: '{{ item.nothing }}' } });
  expect(errs.counts).toMatchObject({ compared: 6, toErrored: 6, passToFail: 0 });
  // Of three of each label, two passes and one fail are in the first half.
  expect(errs).toMatchObject({ worse: true, comparison: { newlyErrored: 3, items: 0 } });
  const apart = await engine.call('flip.preview', { graderId, definition: { type: 'guardrail', name: 'none' } });
  expect(apart.counts.toNotApplicable).toBe(6);
  expect(apart.worse).toBe(false);
  expect(apart.remarks.join('\n')).toMatch(/neither pass nor fail/);
});

test('without stored verdicts both versions grade what the filter gives; without a version nothing flips', async () => {
  const engine = await engineWith(6, 0);
  const { id: graderId } = await engine.call('grader.save', { definition: WAY });
  const both = await engine.call('flip.preview', { graderId, definition: NEVER, traceIds: ['t0', 't1'] });
  expect(both).toMatchObject({
    from: 'graded',
    traces: 2,
    counts: { compared: 2, passToFail: 1, same: 1 },
    comparison: null,
    worse: false,
  });
  expect(both.remarks.join('\n')).toMatch(/Nobody gave these traces a verdict/);
  const fresh = await engine.call('flip.preview', { graderId: null, definition: WAY });
  expect(fresh).toMatchObject({
    from: 'none',
    oldVersion: null,
    old: null,
    traces: 6,
    flipCount: 0,
    next: { rate: { passed: 3, of: 6 } },
  });
  await expect(engine.call('flip.preview', { graderId: 'gone', definition: WAY })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  await expect(engine.call('flip.preview', { graderId, definition: { type: 'string_check' } })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
});

test('a judge is asked only on demand', async () => {
  const engine = await engineWith(2, 0);
  const graderId = await saved(engine);
  const judge = {
    type: 'score_model',
    name: 'judge',
    model: 'default',
    input: [{ role: 'user', content: '{{ sample.output_text }}' }],
  };
  const quiet = await engine.call('flip.preview', { graderId, definition: judge });
  expect(quiet).toMatchObject({ graded: false, runs: 'endpoint', traces: 0, total: 2, worse: false });
  expect(quiet.remarks).toEqual(['This grader asks a model: nothing was graded yet.']);
  const asked = await engine.call('flip.preview', { graderId, definition: judge, ask: true });
  expect(asked).toMatchObject({ graded: true, counts: { toErrored: 2 } });
});

test('of many traces some are drawn, and labelled ones besides; a category may be the truth', async () => {
  const engine = await engineWith(10, 4);
  const graderId = await saved(engine);
  const some = await engine.call('flip.preview', { graderId, definition: NEVER, limit: 4 });
  expect(some.total).toBe(10);
  expect(some.labels.pass + some.labels.fail).toBe(4);
  expect(some.next.rate.of).toBe(4);
  expect(await engine.call('flip.preview', { graderId, definition: NEVER, limit: 4 })).toMatchObject({
    flips: some.flips.map(({ traceId }) => ({ traceId })),
  });
  await engine.call('annotation.save', {
    traceId: 't1',
    state: { ...emptyState, place: { kind: 'trace' }, kind: 'category', taxonomy: 'mast', category: '1.3' },
  });
  const byCategory = await engine.call('flip.preview', {
    graderId,
    definition: WAY,
    taxonomy: 'mast',
    category: '1.3',
  });
  expect(byCategory.labels).toMatchObject({ pass: 3, fail: 1, source: { kind: 'category', category: '1.3' } });
});
