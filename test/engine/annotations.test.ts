/** What people say about traces: kept as revisions, shown as they stand, gone with their trace. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import type { AnnotationState } from '../../src/shared/annotation.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const NOTE: AnnotationState = {
  place: { kind: 'span', spanId: 's1' },
  kind: 'note',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: null,
  note: 'It never looked the order up.',
  tags: ['order'],
  agent: null,
  isRootCause: false,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};

test('made, edited, taken back and removed, with its history', async () => {
  const engine = await startEngine();
  await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  await engine.call('settings.set', { key: 'reviewer', value: 'Ann' });
  const made = await engine.call('annotation.save', { traceId: 't1', state: NOTE });
  expect(made).toMatchObject({ ...NOTE, author: 'Ann', imported: false, conflict: false });
  await engine.call('settings.set', { key: 'reviewer', value: 'Ben' });
  const edited = await engine.call('annotation.save', {
    traceId: 't1',
    id: made.id,
    state: { ...NOTE, note: 'It did.' },
  });
  expect(edited).toMatchObject({ id: made.id, note: 'It did.', author: 'Ann', editor: 'Ben' });
  expect(await engine.call('annotation.count', { traceIds: ['t1'] })).toEqual({ count: 1, scores: 0 });
  const history = await engine.call('annotation.history', { traceId: 't1', id: made.id });
  expect(history.map(({ author, state, head }) => [author, state?.note, head])).toEqual([
    ['Ann', NOTE.note, false],
    ['Ben', 'It did.', true],
  ]);
  await engine.call('annotation.remove', { traceId: 't1', id: made.id });
  expect(await engine.call('annotation.list', { traceId: 't1' })).toEqual([]);
  const back = await engine.call('annotation.save', { traceId: 't1', id: made.id, state: history[0]!.state! });
  expect(back).toMatchObject(NOTE);
});

test('what was edited here stays when its file is read again, and when it was removed', async () => {
  const engine = await startEngine();
  const paths = ['test/fixtures/formats/who-and-when/algorithm-generated-17'];
  const report = await engine.call('import.run', { jobId: 'one', paths });
  const traceId = report.traceIds[0]!;
  const [received] = await engine.call('annotation.list', { traceId });
  expect(received).toMatchObject({ kind: 'blame', imported: true, editor: null });
  const { id, place, kind, agent, note, extra } = received!;
  await engine.call('annotation.save', {
    traceId,
    id,
    state: { ...NOTE, place, kind, agent, extra, note: `${note ?? ''} Checked.` },
  });
  const copy = await engine.call('annotation.history', { traceId, id });
  expect(copy.map(({ author, parents }) => [author, parents.length])).toEqual([
    [received!.author, 0],
    [expect.any(String), 1],
  ]);
  await engine.call('rebuild.run', { jobId: 'again' });
  await engine.settle();
  const [kept] = await engine.call('annotation.list', { traceId });
  expect(kept).toMatchObject({ id, imported: false, note: `${note ?? ''} Checked.` });
  await engine.call('annotation.remove', { traceId, id });
  await engine.call('rebuild.run', { jobId: 'and again' });
  await engine.settle();
  expect(await engine.call('annotation.list', { traceId })).toEqual([]);
});

test('an annotation goes with its trace, every word of it', async () => {
  const engine = await startEngine();
  await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  const secret = 'quokka-4714-secret';
  const { id } = await engine.call('annotation.save', { traceId: 't1', state: { ...NOTE, note: secret } });
  await engine.call('annotation.save', { traceId: 't1', id, state: NOTE });
  await engine.call('trace.delete', { traceIds: ['t1'] });
  await engine.settle();
  expect(readFileSync(engine.info().workspace).includes(secret)).toBe(false);
});

test('what is no annotation is refused with the reason, and nothing is written', async () => {
  const engine = await startEngine();
  await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  const save = (change: Record<string, unknown>) =>
    engine.call('annotation.save', { traceId: 't1', state: { ...NOTE, ...change } });
  for (const [change, reason] of [
    [{ note: ' ', tags: [] }, /note is empty/],
    [{ kind: 'praise' }, /kind must be one of/],
    [{ kind: 'verdict' }, /neither pass nor fail/],
    [{ place: { kind: 'range', startNs: 5, endNs: 1 } }, /ends before it starts/],
    [{ place: { kind: 'text', spanId: 's1', item: 0, start: 3, end: 3, quote: '' } }, /marks no text/],
    [{ note: 7 }, /note must be a text/],
  ] as const) {
    await expect(save(change)).rejects.toThrow(reason);
  }
  await expect(engine.call('annotation.save', { traceId: 'nowhere', state: NOTE })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  expect(await engine.call('annotation.list', { traceId: 't1' })).toEqual([]);
});

test('two workspaces merge by their files, in any order, and a conflict shows both sides', async () => {
  const folder = temporaryFolder();
  const [ann, ben] = [await startEngine(), await startEngine()];
  for (const [engine, name] of [
    [ann, 'Ann'],
    [ben, 'Ben'],
  ] as const) {
    await sendItems(engine, [traceItem(), spanItem()]);
    await engine.settle();
    await engine.call('settings.set', { key: 'reviewer', value: name });
  }
  const { id } = await ann.call('annotation.save', { traceId: 't1', state: NOTE });
  await ann.call('annotation.save', { traceId: 't1', state: { ...NOTE, note: 'Only Ann has this.' } });
  await carry(ann, ben, join(folder, '1.jsonl'));
  expect(await ben.call('annotation.list', { traceId: 't1' })).toEqual(
    await ann.call('annotation.list', { traceId: 't1' }),
  );

  await ann.call('annotation.save', { traceId: 't1', id, state: { ...NOTE, note: 'Ann thinks so.' } });
  await ben.call('annotation.save', { traceId: 't1', id, state: { ...NOTE, note: 'Ben does not.' } });
  await carry(ann, ben, join(folder, '2.jsonl'));
  await carry(ben, ann, join(folder, '3.jsonl'));
  await carry(ben, ann, join(folder, '4.jsonl'));
  const rows = await ann.call('annotation.list', { traceId: 't1' });
  expect(await ben.call('annotation.list', { traceId: 't1' })).toEqual(rows);
  expect(rows.find((row) => row.id === id)?.conflict).toBe(true);
  const heads = (await ann.call('annotation.history', { traceId: 't1', id })).filter(({ head }) => head);
  expect(heads.map(({ state }) => state?.note).sort()).toEqual(['Ann thinks so.', 'Ben does not.']);

  await ben.call('annotation.save', { traceId: 't1', id, state: { ...NOTE, note: 'Agreed.' } });
  await carry(ben, ann, join(folder, '5.jsonl'));
  expect((await ann.call('annotation.list', { traceId: 't1' })).find((row) => row.id === id)).toMatchObject({
    note: 'Agreed.',
    conflict: false,
  });
});

test('annotations that come before their trace wait for it, and make none', async () => {
  const folder = temporaryFolder();
  const [ann, ben] = [await startEngine(), await startEngine()];
  await sendItems(ann, [traceItem(), spanItem()]);
  await ann.settle();
  await ann.call('annotation.save', { traceId: 't1', state: NOTE });
  await carry(ann, ben, join(folder, '1.jsonl'));
  expect((await ben.call('trace.list', {})).rows).toEqual([]);
  await sendItems(ben, [traceItem(), spanItem()]);
  await ben.settle();
  expect(await ben.call('annotation.list', { traceId: 't1' })).toMatchObject([NOTE]);
});

async function carry(from: Engine, to: Engine, path: string): Promise<void> {
  await from.call('export.run', { jobId: path, format: 'annotations', path });
  const report = await to.call('import.run', { jobId: path, paths: [path] });
  expect(report.issues).toEqual([]);
  await to.settle();
}
