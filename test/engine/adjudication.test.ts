/** Two people edit one annotation apart from each other; a third settles it, and the settlement goes back to both. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { QueueDraft } from '../../src/shared/review.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { emptyState as NOTE } from '../support/annotation-state.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const DISPUTES: QueueDraft = {
  name: 'Disputes',
  instructions: '',
  source: { kind: 'query', query: '' },
  task: { kind: 'adjudicate' },
  order: 'oldest',
  seed: 1,
  limit: null,
  form: { verdict: true, taxonomy: null, schema: null, blame: true },
  blind: { labels: true, origin: false },
};

async function reviewer(name: string): Promise<Engine> {
  const engine = await startEngine();
  await sendItems(engine, [traceItem(), spanItem()]);
  await engine.settle();
  await engine.call('settings.set', { key: 'reviewer', value: name });
  return engine;
}

async function pass(from: Engine, to: Engine, path: string) {
  await from.call('export.run', { jobId: path, format: 'annotations', path, overwrite: true });
  return (await to.call('import.run', { jobId: path, paths: [path] })).merged;
}

async function shown(engine: Engine) {
  const [row] = await engine.call('annotation.list', { traceId: 't1' });
  return row!;
}

async function heads(engine: Engine, id: string) {
  const history = await engine.call('annotation.history', { traceId: 't1', id });
  return history.filter(({ head }) => head);
}

test('a conflict of two workspaces is kept on both sides, settled by a reviewer, and settled everywhere', async () => {
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, `${name}.jsonl`);
  const [ann, ben, eve] = [await reviewer('Ann'), await reviewer('Ben'), await reviewer('Eve')];
  const { id } = await ann.call('annotation.save', { traceId: 't1', state: NOTE });
  await pass(ann, ben, file('first'));
  await ann.call('annotation.save', { traceId: 't1', id, state: { ...NOTE, note: 'Ann says so.' } });
  await ben.call('annotation.save', { traceId: 't1', id, state: { ...NOTE, note: 'Ben says so.' } });

  expect(await pass(ann, eve, file('ann'))).toMatchObject({ annotations: 1, conflicts: 0 });
  expect(await pass(ben, eve, file('ben'))).toMatchObject({ annotations: 1, conflicts: 1 });
  expect(await shown(eve)).toMatchObject({ id, conflict: true });
  const sides = await heads(eve, id);
  expect(sides.map(({ author, state }) => [author, state?.note]).sort()).toEqual([
    ['Ann', 'Ann says so.'],
    ['Ben', 'Ben says so.'],
  ]);

  // A queue has it once, as one that is in conflict with itself.
  const queue = await eve.call('queue.create', { jobId: 'queue', queue: DISPUTES });
  const { items } = await eve.call('queue.items', { queueId: queue.id });
  expect(items).toMatchObject([{ traceId: 't1', annotationIds: [id] }]);

  const settlement = { ...sides[0]!.state!, extra: { adjudicates: [id], reason: 'The trace shows it.' } };
  const replaces = sides.map(({ hash }) => hash);
  await eve.call('annotation.save', { traceId: 't1', id, state: settlement, replaces });
  expect(await shown(eve)).toMatchObject({ conflict: false, editor: 'Eve', note: sides[0]!.state!.note });
  for (const engine of [ann, ben]) {
    expect(await pass(eve, engine, file('settled'))).toMatchObject({ conflicts: 0 });
    expect(await shown(engine)).toEqual(await shown(eve));
    // Coming again, or by way of what was before, opens nothing.
    expect(await pass(ann, engine, file('again'))).toMatchObject({ conflicts: 0 });
    expect((await heads(engine, id)).length).toBe(1);
    // Nothing that anybody said is lost.
    const history = await engine.call('annotation.history', { traceId: 't1', id });
    expect(history.map((each) => each.state?.note).sort()).toEqual(
      ['Ann says so.', 'Ben says so.', 'first', sides[0]!.state!.note].sort(),
    );
  }

  // Somebody who never saw the settlement speaks again: that is a new conflict, not a lost word.
  const late = await reviewer('Late');
  await pass(ben, late, file('ben'));
  const [settled] = await heads(late, id);
  const benSaid = sides.find(({ author }) => author === 'Ben')!;
  await late.call('annotation.save', {
    traceId: 't1',
    id,
    state: { ...NOTE, note: 'Late says otherwise.' },
    replaces: [benSaid.hash],
  });
  expect(settled?.author).toBe('Eve');
  expect(await pass(late, eve, file('late'))).toMatchObject({ conflicts: 1 });
  expect(await shown(eve)).toMatchObject({ conflict: true });
  // Who decides by saying both sides anew in place of the decision has the conflict again: that is how a window undoes it.
  const open = (await heads(eve, id)).map(({ hash }) => hash);
  await eve.call('annotation.save', { traceId: 't1', id, state: settlement, replaces: open });
  const decided = (await heads(eve, id)).map(({ hash }) => hash);
  expect(decided).toHaveLength(1);
  for (const side of sides)
    await eve.call('annotation.save', { traceId: 't1', id, state: side.state!, replaces: decided });
  expect(await shown(eve)).toMatchObject({ conflict: true });
  expect((await heads(eve, id)).map((each) => each.state?.note).sort()).toEqual(['Ann says so.', 'Ben says so.']);
});
