/** Traces are found and counted by what was said of them; spellings that count together are found together. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { emptyState } from '../support/annotation-state.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const AT = { ...emptyState, place: { kind: 'trace' } } as const;

async function filled(): Promise<Engine> {
  const engine = await startEngine({ httpPort: null });
  const lines = [
    { type: 'export' },
    ...['t1', 't2', 't3', 't4'].map((traceId) => ({ type: 'trace', traceId, name: traceId })),
    {
      type: 'score',
      traceId: 't1',
      name: 'quality',
      value: 0.9,
      label: null,
      passed: true,
      explanation: null,
      source: 'x',
    },
    {
      type: 'score',
      traceId: 't2',
      name: 'quality',
      value: 0.2,
      label: null,
      passed: false,
      explanation: null,
      source: 'x',
    },
    {
      type: 'score',
      traceId: 't2',
      name: 'tool use',
      value: 3,
      label: null,
      passed: null,
      explanation: null,
      source: 'x',
    },
  ];
  const path = join(temporaryFolder(), 'traces.jsonl');
  writeFileSync(path, lines.map((line) => JSON.stringify({ tracewright: 1, ...line })).join('\n'));
  expect((await engine.call('import.run', { jobId: 'a', paths: [path] })).issues).toEqual([]);
  const as = (value: string) => engine.call('settings.set', { key: 'reviewer', value });
  await as('Ann');
  const category = { ...AT, kind: 'category', taxonomy: 'mast', note: null } as const;
  await engine.call('annotation.save', { traceId: 't1', state: { ...category, category: '1.3' } });
  await engine.call('annotation.save', { traceId: 't3', state: { ...category, category: 'step REPETITION ' } });
  await as('Ben');
  await engine.call('annotation.save', { traceId: 't3', state: { ...category, category: 'Somebody’s own' } });
  await engine.call('annotation.save', { traceId: 't3', state: { ...AT, kind: 'verdict', passed: false, note: null } });
  const score = { ...AT, kind: 'score', taxonomy: 'quality', score: 0.6, note: null } as const;
  await engine.call('annotation.save', { traceId: 't3', state: score });
  const { id } = await engine.call('annotation.save', { traceId: 't4', state: AT });
  await engine.call('annotation.remove', { traceId: 't4', id });
  await engine.settle();
  return engine;
}

test('annotated, label, annotator, verdict and score narrow the list', async () => {
  const engine = await filled();
  const found = async (query: string): Promise<string> =>
    (await engine.call('trace.list', { query })).rows
      .map(({ id }) => id)
      .sort()
      .join(' ');
  for (const [query, ids] of [
    ['annotated:true', 't1 t3'],
    ['annotated:false', 't2 t4'],
    ['-annotated:yes', 't2 t4'],
    // The code, the title, another spelling: all count as the same category.
    ['label:1.3', 't1 t3'],
    ['label:"Step repetition"', 't1 t3'],
    ['label:"step REPETITION"', 't1 t3'],
    ['label:repetit', 't1 t3'],
    ['label:somebody', 't3'],
    ['-label:1.3', 't2 t4'],
    ['label:1.1', ''],
    ['label:%', ''],
    ['annotator:Ann', 't1 t3'],
    ['annotator:Ben', 't3'],
    ['annotator:be', 't3'],
    ['verdict:pass', 't1'],
    ['verdict:fail', 't2 t3'],
    ['-verdict:fail', 't1 t4'],
    ['score:quality>0.5', 't1 t3'],
    ['score:quality<=0.2', 't2'],
    ['score:"tool use>=3"', 't2'],
    ['score:quality', 't1 t2 t3'],
    ['score:>2', 't2'],
    ['-score:quality', 't4'],
    ['label:1.3 annotator:Ben score:quality<0.7', 't3'],
  ] as const)
    expect([query, await found(query)]).toEqual([query, ids]);
});

test('facets count traces by label and annotator, whatever the spelling; lists tell scores and annotations', async () => {
  const engine = await filled();
  const { annotated, label, annotator } = await engine.call('trace.facets', {});
  expect(annotated).toEqual([{ value: 'true', count: 2 }]);
  expect(label.map(({ value, count }) => `${value.toLowerCase()} ${count}`)).toEqual([
    'step repetition 2',
    'somebody’s own 1',
  ]);
  expect(annotator).toEqual([
    { value: 'Ann', count: 2 },
    { value: 'Ben', count: 1 },
  ]);
  const some = await engine.call('trace.facets', { query: 'annotator:Ben' });
  expect(some.label.map(({ count }) => count)).toEqual([1, 1]);
  expect((await engine.call('trace.facets', { query: 'annotated:false' })).label).toEqual([]);
  const { rows } = await engine.call('trace.list', {});
  expect(rows.find(({ id }) => id === 't3')?.annotations).toBe(4);
  expect(rows.find(({ id }) => id === 't4')?.annotations).toBe(0);
  expect(rows.find(({ id }) => id === 't2')?.scores).toEqual([
    { name: 'quality', value: 0.2, label: null, passed: false },
    { name: 'tool use', value: 3, label: null, passed: null },
  ]);
  expect((await engine.call('score.list', { traceId: 't2' })).map(({ name }) => name)).toEqual(['quality', 'tool use']);
});

test('a merge of categories moves the count, not the spelling', async () => {
  const engine = await filled();
  const mast = (await engine.call('taxonomy.list', undefined)).find(({ id }) => id === 'mast')!;
  const categories = mast.categories.map((each) =>
    each.code === '1.3' ? { ...each, aliases: [...each.aliases, 'Somebody’s own'] } : each,
  );
  await engine.call('taxonomy.save', { taxonomy: { ...mast, categories } });
  const { label } = await engine.call('trace.facets', {});
  expect(label.map(({ count }) => count)).toEqual([2]);
  expect((await engine.call('trace.list', { query: 'label:"Somebody’s own"' })).rows).toHaveLength(2);
  const rows = await engine.call('annotation.list', { traceId: 't3' });
  expect(rows.map(({ category }) => category)).toContain('Somebody’s own');
});
