/** Annotations of a session that is read as one belong to its traces: they are edited and removed from there, too. */
import { expect, test } from 'vitest';
import type { AnnotationState } from '../../src/shared/annotation.ts';
import { sessionAddress } from '../../src/shared/session.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { startEngine } from '../support/workspace.ts';

const NOTE: AnnotationState = {
  ...{ kind: 'note', taxonomy: null, category: null, severity: null, score: null, passed: null, note: 'Late.' },
  ...{ tags: [], agent: null, isRootCause: false, evidenceSpanId: null, correction: null, answers: null },
  ...{ preference: null, extra: {}, place: { kind: 'span', spanId: 's1' } },
};

test('what is removed from a session is removed from its trace, and its history is there', async () => {
  const engine = await startEngine();
  await sendItems(engine, [traceItem({ group_id: 'g' }), spanItem()]);
  await engine.settle();
  const { id } = await engine.call('annotation.save', { traceId: 't1', state: NOTE });
  const address = sessionAddress('g');
  const [row] = await engine.call('annotation.list', { traceId: address });
  expect(row).toMatchObject({ id, traceId: address });
  expect(await engine.call('annotation.history', { traceId: address, id })).toHaveLength(1);
  await engine.call('annotation.remove', { traceId: address, id });
  expect(await engine.call('annotation.list', { traceId: 't1' })).toEqual([]);
  await expect(engine.call('annotation.remove', { traceId: address, id })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
});

test('the reviewer is the name in Settings, else the user of the system', async () => {
  const engine = await startEngine();
  const before = await engine.call('annotation.reviewer', undefined);
  expect(before.chosen).toBe(false);
  expect(before.name).not.toBe('');
  await engine.call('settings.set', { key: 'reviewer', value: ' Ann ' });
  expect(await engine.call('annotation.reviewer', undefined)).toEqual({ name: 'Ann', chosen: true });
});
