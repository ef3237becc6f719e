/** Examples made of traces. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems, spanItem, toolItem, traceItem } from '../support/agents-items.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

async function trial(
  engine: Engine,
  id: string,
  minute: number,
  metadata: object | null,
  answer: string,
): Promise<void> {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, minute, second)).toISOString();
  const generation = {
    type: 'generation',
    model: 'm',
    input: [{ role: 'user', content: 'Where is my parcel?' }],
    output: [{ role: 'assistant', content: answer }],
  };
  await sendItems(engine, [
    traceItem({ id, metadata }),
    toolItem('{"parcel": 7}', { id: `${id}-t`, trace_id: id, started_at: at(1), ended_at: at(2) }),
    spanItem({ id: `${id}-g`, trace_id: id, started_at: at(3), ended_at: at(4), span_data: generation }),
  ]);
}

test('the first trial of a task is the example, others are counted; a trace alone is its own key', async () => {
  const engine = await startEngine();
  await trial(engine, 'late', 9, { task_id: 5, trial: 1, level: 'hard' }, 'Later.');
  await trial(engine, 'early', 1, { task_id: 5, trial: 0, level: 'hard' }, 'At the door.');
  await trial(engine, 'single', 5, null, 'Here.');
  const { id } = await engine.call('dataset.create', { name: 'Parcels' });
  const first = await engine.call('dataset.addTraces', { id, query: '' });
  expect(first).toMatchObject({ added: 2, changed: 0, left: 1, dataset: { version: 2, examples: 2 } });
  const { rows } = await engine.call('dataset.examples', { id });
  expect(rows[0]).toEqual({
    key: '5',
    item: { task_id: 5, level: 'hard' },
    input: 'Where is my parcel?',
    expectedOutput: 'At the door.',
    expectedTrajectory: [{ name: 'look', arguments: { parcel: 7 } }],
    origin: { kind: 'trace', traceId: 'early' },
  });
  expect(rows[1]).toMatchObject({ key: 'single', expectedOutput: 'Here.' });
  // Once more: nothing is new. What a person changed since is made again from its own trace only.
  expect(await engine.call('dataset.addTraces', { id, traceIds: ['early', 'single'] })).toMatchObject({
    added: 0,
    changed: 0,
    left: 0,
  });
  const own = rows[1]!;
  await engine.call('dataset.edit', {
    id,
    base: 2,
    edits: [{ op: 'put', example: { ...own, expectedOutput: 'Better.' } }],
  });
  expect(await engine.call('dataset.addTraces', { id, traceIds: ['late'] })).toMatchObject({
    added: 0,
    changed: 0,
    left: 1,
  });
  expect(await engine.call('dataset.addTraces', { id, traceIds: ['single'] })).toMatchObject({
    changed: 1,
    dataset: { version: 4 },
  });
  await expect(engine.call('dataset.addTraces', { id, traceIds: [] })).rejects.toThrow('no trace to add');
});

test('the row that a trace was made from is its item', async () => {
  const engine = await startEngine();
  await trial(engine, 't', 1, { item: { question: 'q', id: 'row 1' }, outcome: 'pass' }, 'a');
  const { id } = await engine.call('dataset.create', { name: 'd' });
  await engine.call('dataset.addTraces', { id, traceIds: ['t'] });
  const { rows } = await engine.call('dataset.examples', { id });
  expect(rows).toMatchObject([{ key: 't', item: { question: 'q', id: 'row 1' } }]);
});

test('examples of a tau-bench file and of its traces have the same keys, by way of the reading thread too', async () => {
  const engine = await startEngine({ readerThread: true });
  const path = join(temporaryFolder(), 'airline.json');
  const fixture = join(import.meta.dirname, '../fixtures/formats/tau-bench/cut-airline.json.gz');
  writeFileSync(path, gunzipSync(readFileSync(fixture)));
  await engine.call('import.run', { jobId: 'j', paths: [path] });
  const { id } = await engine.call('dataset.create', { name: 'd' });
  const jobs: number[] = [];
  engine.subscribe('job', ({ unit, done }) => unit === 'traces' && jobs.push(done));
  const added = await engine.call('dataset.addTraces', { id, query: '' });
  expect(added).toMatchObject({ added: 10, left: 30 });
  expect(jobs.length).toBeGreaterThan(0);
  const { rows } = await engine.call('dataset.examples', { id });
  const file = await engine.call('dataset.import', { path });
  const tasks = await engine.call('dataset.examples', { id: file.dataset.id });
  expect(rows.map(({ key }) => key).sort()).toEqual(tasks.rows.map(({ key }) => key).sort());
  expect(rows.every(({ input, expectedTrajectory }) => input !== null && expectedTrajectory !== null)).toBe(true);
  // Curated examples stay.
  expect(await engine.call('dataset.addTraces', { id: file.dataset.id, query: '' })).toMatchObject({
    added: 0,
    changed: 0,
    left: 40,
  });
});
