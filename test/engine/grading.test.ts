/** Graders in the workspace: versions that stay, verdicts that name theirs, and work that goes on. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { GraderRow } from '#shared/grader.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems } from '../support/agents-items.ts';
import { supportRun, type SupportRun } from '../support/support-run.ts';
import { startEngine } from '../support/workspace.ts';

const SHIPPED = {
  type: 'string_check',
  name: 'says it is on its way',
  input: '{{ sample.output_text }}',
  reference: 'on its way',
  operation: 'ilike',
};

async function engineWith(
  runs: readonly SupportRun[],
  options: { readonly readerThread?: boolean } = {},
): Promise<Engine> {
  const engine = await startEngine(options);
  for (const run of runs) expect(await sendItems(engine, supportRun(run))).toBe(204);
  await engine.settle();
  return engine;
}

const TWO: readonly SupportRun[] = [{ id: 't1' }, { id: 't2', answer: 'I cannot find it.', minute: 1 }];

async function gradeAll(engine: Engine, graders: readonly GraderRow[], query?: string) {
  const started = await engine.call('grading.start', {
    graderIds: graders.map(({ id }) => id),
    ...(query === undefined ? {} : { query }),
  });
  await engine.settle();
  return (await engine.call('grading.list', undefined)).find(({ id }) => id === started.id);
}

test.each([false, true])(
  'a grader grades what is chosen; each verdict names its version (threads: %s)',
  async (readerThread) => {
    const engine = await engineWith(TWO, { readerThread });
    const grader = await engine.call('grader.save', { definition: SHIPPED, note: 'first' });
    expect(grader).toMatchObject({ name: SHIPPED.name, versions: 1, grades: 0, current: { number: 1, note: 'first' } });
    expect(await gradeAll(engine, [grader])).toMatchObject({ status: 'done', total: 2, done: 2, passed: 1, failed: 1 });
    const [one] = await engine.call('grade.list', { traceId: 't1' });
    expect(one).toMatchObject({
      traceId: 't1',
      spanId: null,
      status: 'graded',
      passed: true,
      score: 1,
      graderId: grader.id,
      versionHash: grader.current.hash,
      versionNumber: 1,
      traceRevision: (await engine.call('trace.get', { traceId: 't1' })).revision,
    });
    const failed = await engine.call('grade.page', { graderId: grader.id, passed: false });
    expect(failed.rows.map(({ traceId }) => traceId)).toEqual(['t2']);
    expect(await engine.call('grader.list', {})).toMatchObject([{ grades: 2, passed: 1, failed: 1, errored: 0 }]);
    // A verdict is among the scores, and found like them.
    const trace = await engine.call('trace.get', { traceId: 't2' });
    expect(trace.scores).toEqual([{ name: SHIPPED.name, value: 0, label: null, passed: false }]);
    expect((await engine.call('trace.list', { query: 'verdict:fail' })).rows.map(({ id }) => id)).toEqual(['t2']);
  },
);

test('an equal definition makes no version, another one does, and an earlier one comes back', async () => {
  const engine = await engineWith(TWO);
  const first = await engine.call('grader.save', { definition: SHIPPED });
  const { operation, ...others } = SHIPPED;
  const same = await engine.call('grader.save', { id: first.id, definition: { operation, ...others } });
  expect([same.versions, same.current.hash]).toEqual([1, first.current.hash]);
  await gradeAll(engine, [first]);
  const second = await engine.call('grader.save', {
    id: first.id,
    definition: { ...SHIPPED, name: 'says no', reference: 'cannot' },
  });
  expect([second.versions, second.current.number, second.name]).toEqual([2, 2, 'says no']);
  // What was said before stands until the new version speaks, under the new name.
  expect((await engine.call('trace.get', { traceId: 't1' })).scores).toMatchObject([{ name: 'says no', passed: true }]);
  await gradeAll(engine, [second]);
  expect((await engine.call('trace.get', { traceId: 't1' })).scores).toMatchObject([
    { name: 'says no', passed: false },
  ]);
  const grades = await engine.call('grade.list', { traceId: 't1' });
  expect(grades.map(({ versionNumber, passed }) => [versionNumber, passed])).toEqual([
    [2, false],
    [1, true],
  ]);
  const back = await engine.call('grader.save', { id: first.id, definition: SHIPPED });
  expect([back.versions, back.current.number, back.current.hash]).toEqual([2, 1, first.current.hash]);
  const { versions } = await engine.call('grader.get', { id: first.id });
  expect(versions.map(({ number }) => number)).toEqual([2, 1]);
  const file = engine.info().workspace;
  await engine.close();
  const db = new Database(file);
  expect(() => db.exec("UPDATE grader_version SET body = '{}'")).toThrow('never changed');
  db.close();
});

test('what cannot be used is refused with the place that is wrong', async () => {
  const engine = await engineWith([]);
  const wrong = { ...SHIPPED, operation: 'equals' };
  await expect(engine.call('grader.save', { definition: wrong })).rejects.toMatchObject({
    error: { code: 'bad_request', message: expect.stringContaining('/operation') as string },
  });
  const { definition, problems } = await engine.call('grader.check', { definition: wrong });
  expect([definition, problems[0]?.path]).toEqual([null, '/operation']);
  await expect(engine.call('grader.save', { id: 'none', definition: SHIPPED })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  const grader = await engine.call('grader.save', { definition: SHIPPED });
  await expect(engine.call('grading.start', { graderIds: [grader.id] })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  expect(await engine.call('grader.archive', { id: grader.id, archived: true })).toMatchObject({ archived: true });
  expect(await engine.call('grader.list', {})).toEqual([]);
  expect(await engine.call('grader.list', { archived: true })).toHaveLength(1);
});

test('verdicts, and work that waits, go with their trace', async () => {
  const engine = await engineWith(TWO);
  const grader = await engine.call('grader.save', { definition: SHIPPED });
  await gradeAll(engine, [grader]);
  await engine.call('trace.delete', { traceIds: ['t1'] });
  expect(await engine.call('sql.query', { sql: 'SELECT count(*) AS n FROM grade' })).toEqual([{ n: 1 }]);
  expect(await engine.call('sql.query', { sql: 'SELECT count(*) AS n FROM score' })).toEqual([{ n: 1 }]);
  expect(await engine.call('grader.list', {})).toMatchObject([{ grades: 1, passed: 0, failed: 1 }]);
});

test('a trial stores nothing and answers in the order asked', async () => {
  const engine = await engineWith(TWO, { readerThread: true });
  const trials = await engine.call('grade.try', { definition: SHIPPED, traceIds: ['t2', 't1'] });
  expect(trials.map(({ traceId, grade }) => [traceId, grade.passed])).toEqual([
    ['t2', false],
    ['t1', true],
  ]);
  expect(await engine.call('grade.list', { traceId: 't1' })).toEqual([]);
  await expect(engine.call('grade.try', { definition: SHIPPED, traceIds: ['none'] })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  const controller = new AbortController();
  const trial = engine.call('grade.try', { definition: SHIPPED, traceIds: ['t1'] }, controller.signal);
  controller.abort();
  await expect(trial).rejects.toMatchObject({ error: { code: 'cancelled' } });
});

test('spans are graded one by one, and joined as the scope says', async () => {
  const engine = await engineWith([{ id: 't1', answer: 'Your order W1 is on its way.' }]);
  const definition = {
    ...SHIPPED,
    reference: 'W1',
    input: '{{ span.output }}',
    scope: { on: 'span', filter: { kind: 'generation' } },
  };
  async function verdict(aggregate: string) {
    const scope = { ...definition.scope, aggregate };
    const [trial] = await engine.call('grade.try', { definition: { ...definition, scope }, traceIds: ['t1'] });
    return [trial?.grade.passed, trial?.grade.score, trial?.grades.map(({ grade }) => grade.passed)];
  }
  const parts = [false, true, true];
  expect(await verdict('all')).toEqual([false, 0, parts]);
  expect(await verdict('any')).toEqual([true, 1, parts]);
  expect(await verdict('mean')).toEqual([true, 2 / 3, parts]);
  expect(await verdict('min')).toEqual([false, 0, parts]);
  expect(await verdict('max')).toEqual([true, 1, parts]);
  expect(await verdict('count')).toEqual([true, 2, parts]);
  const grader = await engine.call('grader.save', { definition });
  await gradeAll(engine, [grader]);
  const rows = await engine.call('grade.list', { traceId: 't1' });
  expect(rows.map(({ spanId }) => spanId)).toEqual([null, 'g1-t1', 'g2-t1', 'g3-t1']);
  expect(rows[0]?.evidence[0]?.spanId).toBe('g1-t1');
  expect(rows[0]?.explanation).toContain('2 of 3 spans pass.');
  const handoff = {
    ...SHIPPED,
    input: '{{ handoff.to }}',
    reference: 'agent:Support',
    operation: 'eq',
    scope: { on: 'handoff' },
  };
  const [trial] = await engine.call('grade.try', { definition: handoff, traceIds: ['t1'] });
  expect([trial?.grade.passed, trial?.grades.map(({ spanId }) => spanId)]).toEqual([true, ['handoff-t1']]);
});

test('a subject holds the answer, the calls and what is known of the trace', async () => {
  const engine = await engineWith([{ id: 't1', metadata: { task_id: 'a1', expected: 'on its way' } }]);
  const { item, sample, trace } = await engine.call('grade.subject', { traceId: 't1' });
  expect(item).toMatchObject({
    task_id: 'a1',
    expected: 'on its way',
    labels: [],
    label: null,
    verdict: null,
    scores: {},
  });
  expect(sample).toMatchObject({
    output_text: 'Your order is on its way.',
    output_tools: [{ id: 'call_1', type: 'function', function: { name: 'get_order', arguments: '{"order_id":"W1"}' } }],
    choices: [{ message: { role: 'assistant', content: 'Your order is on its way.' } }],
  });
  expect(trace).toMatchObject({
    input: 'Where is my order W1?',
    agents: ['Triage', 'Support'],
    duration_ms: 9000,
    usage: { input_tokens: 300, output_tokens: 60, total_tokens: 360 },
    handoffs: [{ span_id: 'handoff-t1', from: 'agent:Triage', to: 'agent:Support', kind: 'handoff' }],
    tool_calls: [
      { name: 'get_order', arguments: { order_id: 'W1' }, agent: 'Support', output: '{"status":"shipped"}' },
    ],
    error_spans: [],
  });
  expect(trace?.transcript).toContain('[tool-t1] Support calls get_order:\n{"order_id":"W1"}');
  const span = await engine.call('grade.subject', { traceId: 't1', spanId: 'g2-t1' });
  expect(span.span).toMatchObject({ id: 'g2-t1', agent: 'Support', start: 3000, duration_ms: 1000 });
  expect(span.sample).toMatchObject({ output_text: '', output_tools: [{ function: { name: 'get_order' } }] });
});

test('a session is one, and a pair is a trace beside the run before it', async () => {
  const runs: readonly SupportRun[] = [
    { id: 't1', session: 's', metadata: { task_id: 'a' } },
    { id: 't2', session: 's', metadata: { task_id: 'a' }, answer: 'I cannot find it.', minute: 1 },
  ];
  const engine = await engineWith(runs);
  const definition = {
    ...SHIPPED,
    input: '{{ traces[0].output_text }} {{ traces[1].output_text }}',
    scope: { on: 'session' },
  };
  const [session] = await engine.call('grade.try', { definition, traceIds: ['t2'] });
  expect(session?.grade).toMatchObject({ status: 'graded', passed: true });
  // The verdict is kept with t2: its own spans go by their ids there, and those of other traces tell which.
  const calls = { type: 'tool_rules', name: 'no calls', forbidden: ['get_order'], scope: { on: 'session' } };
  const [called] = await engine.call('grade.try', { definition: calls, traceIds: ['t2'] });
  expect(called?.grade.evidence).toMatchObject([{ traceId: 't1', spanId: 'tool-t1' }, { spanId: 'tool-t2' }]);
  expect(called?.grade.evidence[1]).not.toHaveProperty('traceId');
  const pair = { ...SHIPPED, input: '{{ other.output_text }}', scope: { on: 'pair' } };
  const trials = await engine.call('grade.try', { definition: pair, traceIds: ['t1', 't2'] });
  expect(trials.map(({ grade }) => [grade.status, grade.passed])).toEqual([
    ['not_applicable', null],
    ['graded', true],
  ]);
  // Runs of one task are there for a grader of traces too.
  const runsOf = { ...SHIPPED, input: '{{ traces[1].output_text }}', reference: 'cannot' };
  const [first] = await engine.call('grade.try', { definition: runsOf, traceIds: ['t1'] });
  expect(first?.grade.passed).toBe(true);
});

test('traces are found by what graders said of them', async () => {
  const engine = await engineWith(TWO);
  const grader = await engine.call('grader.save', { definition: SHIPPED });
  const missing = { ...SHIPPED, name: 'no such field', input: '{{ item.nowhere }}' };
  const broken = await engine.call('grader.save', { definition: missing });
  expect(await gradeAll(engine, [grader, broken])).toMatchObject({ total: 4, passed: 1, failed: 1, errored: 2 });
  async function found(query: string): Promise<string[]> {
    return (await engine.call('trace.list', { query })).rows.map(({ id }) => id).sort();
  }
  expect(await found('grade:fail')).toEqual(['t2']);
  expect(await found('grade:pass')).toEqual(['t1']);
  expect(await found('grade:error')).toEqual(['t1', 't2']);
  expect(await found('grade:"SAYS IT IS ON ITS WAY=fail"')).toEqual(['t2']);
  expect(await found('grade:"on its way>0.5"')).toEqual(['t1']);
  expect(await found('-grade:"on its way=pass"')).toEqual(['t2']);
  expect(await found('grade:"no such"')).toEqual(['t1', 't2']);
  expect(await found('grade:nobody')).toEqual([]);
  expect((await engine.call('session.list', { query: 'grade:fail' })).rows).toEqual([]);
  const graded = async (query?: string) =>
    (await engine.call('trace.facets', query === undefined ? {} : { query })).grade;
  expect(await graded()).toEqual([
    { value: 'says it is on its way=fail', count: 1 },
    { value: 'says it is on its way=pass', count: 1 },
  ]);
  expect(await graded('grade:"says it is on its way=fail"')).toEqual([
    { value: 'says it is on its way=fail', count: 1 },
  ]);
  await engine.call('grader.archive', { id: grader.id, archived: true });
  expect(await found('grade:fail')).toEqual([]);
  expect(await graded()).toEqual([]);
});
