/** Runs over a dataset: which trace is of which example, and what graders are given of it. */
import { expect, test } from 'vitest';
import type { DatasetExample } from '#shared/dataset.ts';
import type { EvalSource, ExampleLink } from '#shared/eval.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { inputHash } from '../../src/main/engine/evals/input-hash.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { allItems, engineWithRuns, finished, LOOKED_UP, makeEval, SHIPPED } from '../support/eval-runs.ts';

type Draft = Partial<DatasetExample> & Pick<DatasetExample, 'key'>;

async function datasetOf(engine: Engine, examples: readonly Draft[]): Promise<string> {
  const { id, version } = await engine.call('dataset.create', { name: 'Orders' });
  await engine.call('dataset.edit', {
    id,
    base: version,
    edits: examples.map((example) => ({
      op: 'put' as const,
      example: {
        item: {},
        input: null,
        expectedOutput: null,
        expectedTrajectory: null,
        origin: { kind: 'hand' as const },
        ...example,
      },
    })),
  });
  return id;
}

function source(datasetId: string, link: ExampleLink, query = ''): EvalSource {
  return { kind: 'dataset', datasetId, version: null, query, link };
}

test('the same words are the same input', () => {
  expect(inputHash('  caf\u00e9\n\tau  lait ')).toEqual(inputHash('cafe\u0301 au lait'));
  expect(inputHash('a b')).not.toEqual(inputHash('ab'));
  expect(inputHash('')).toHaveLength(32);
});

const TRACES = [
  // Two trials of one example, by its input; the second asks with other spaces.
  { id: 't0', order: 'W1' },
  { id: 't1', order: ' W1', minute: 1, answer: 'I cannot find it.' },
  { id: 't2', order: 'W2', minute: 2, metadata: { case: 'two', task_id: 'two' } },
  { id: 't3', order: 'W3', minute: 3, metadata: { datasource_item: { ask: 'three' } } },
  { id: 't4', order: 'W4', minute: 4 },
  { id: 't5', order: 'nobody asked for', minute: 5 },
];
const EXAMPLES: readonly Draft[] = [
  { key: 'one', input: 'Where is my order W1?', expectedOutput: 'on its way', item: { who: 'Ann' } },
  { key: 'two', input: 'Something else', item: { expected_output: 'nowhere' } },
  { key: 'three', item: { ask: 'three' } },
  { key: 'four', origin: { kind: 'trace', traceId: 't4' }, item: { n: 4 } },
  { key: 'five', input: 'Nobody asked this.' },
];

test('traces are linked to examples by input, by metadata, or by any', async () => {
  const engine = await engineWithRuns(TRACES);
  const datasetId = await datasetOf(engine, EXAMPLES);
  const made = await makeEval(engine, [SHIPPED], source(datasetId, { by: 'any' }));
  const linked = async (link: ExampleLink, query = ''): Promise<unknown> => {
    const run = await engine.call('run.start', { evalId: made.id, source: source(datasetId, link, query) });
    const items = await allItems(engine, run);
    return [items.map(({ traceId, task, trial }) => `${traceId} ${task} ${trial}`), run.missing];
  };
  expect(await linked({ by: 'input' })).toEqual([['t0 one 1', 't1 one 2'], 4]);
  expect(await linked({ by: 'metadata', field: 'case' })).toEqual([['t2 two 1'], 4]);
  const any = [['t0 one 1', 't1 one 2', 't2 two 1', 't3 three 1', 't4 four 1'], 1];
  expect(await linked({ by: 'any' })).toEqual(any);
  expect(await linked({ by: 'any' }, 'meta:case')).toEqual([['t2 two 1'], 4]);
  await expect(linked({ by: 'metadata', field: 'nothing' })).rejects.toThrow('No trace belongs to an example');
  const estimate = await engine.call('eval.estimate', {
    source: source(datasetId, { by: 'any' }),
    criteria: made.criteria,
  });
  expect(estimate).toMatchObject({ traces: 5, tasks: 4, missing: 1 });
});

test('graders see the row of the example over what the trace knows; later versions change nothing', async () => {
  const engine = await engineWithRuns(TRACES, { readerThread: true });
  const datasetId = await datasetOf(engine, [
    {
      ...EXAMPLES[0],
      key: 'one',
      expectedTrajectory: [{ name: 'get_order', arguments: { order_id: 'W1' } }],
    },
    { key: 'two', item: { case: 'from the row', expected_output: 'on its way' } },
  ]);
  const made = await makeEval(
    engine,
    [
      { ...SHIPPED, name: 'expected', reference: '{{ item.expected_output }}' },
      { ...SHIPPED, name: 'case', input: '{{ item.case }}', reference: 'from the row', operation: 'eq' },
      { ...LOOKED_UP, name: 'trajectory', mode: 'subset', reference: '{{ item.expected_trajectory }}' },
    ],
    source(datasetId, { by: 'any' }),
  );
  const first = await engine.call('run.start', { evalId: made.id });
  expect(first.source).toMatchObject({ kind: 'dataset', version: 2 });
  await engine.call('dataset.edit', { id: datasetId, base: 2, edits: [{ op: 'remove', key: 'two' }] });
  const run = await finished(engine, first);
  const items = await allItems(engine, run);
  expect(items.map(({ task, results }) => [task, ...results.map((each) => each?.passed ?? each?.status)])).toEqual([
    ['one', true, 'errored', true],
    ['one', false, 'errored', false],
    ['two', true, true, 'errored'],
  ]);
  expect(await engine.call('run.item', { id: items[0]?.id ?? 0 })).toMatchObject({
    item: { who: 'Ann', input: 'Where is my order W1?', expected_output: 'on its way' },
  });
  const again = await finished(engine, await engine.call('run.repeat', { id: run.id }));
  expect(again.criteria.map(({ passed, failed, errored }) => [passed, failed, errored])).toEqual(
    run.criteria.map(({ passed, failed, errored }) => [passed, failed, errored]),
  );
  expect(await engine.call('run.start', { evalId: made.id })).toMatchObject({
    source: { version: 3 },
    counts: { total: 2 },
    missing: 0,
  });
});

test('an input in an object is found too', async () => {
  const engine = await engineWithRuns([]);
  const data = {
    type: 'function',
    name: 'solve',
    input: JSON.stringify({ question: 'Six times seven?' }),
    output: '42',
  };
  await sendItems(engine, [traceItem({ id: 'q1' }), spanItem({ trace_id: 'q1', span_data: data })]);
  await engine.settle({ findings: false });
  const datasetId = await datasetOf(engine, [{ key: 'q', input: 'Six  times seven? ' }]);
  const made = await makeEval(engine, [SHIPPED], source(datasetId, { by: 'input' }));
  expect(await engine.call('run.start', { evalId: made.id })).toMatchObject({ counts: { total: 1 }, missing: 0 });
});
