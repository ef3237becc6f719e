import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from '../store/database.ts';
import type { CommitQueue } from './commit-queue.ts';
import { createCommitQueue } from './commit-queue.ts';
import type { Ingest, Unit } from './ingest.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const unit = { records: [], size: 400 * 1024 * 1024 } as unknown as Unit;

function queueThat(write: () => void): CommitQueue {
  const connection = { transaction: (work: (writer: unknown) => unknown) => work(null) } as unknown as Connection;
  const ingest = { write, forget: () => undefined } as unknown as Ingest;
  return createCommitQueue(connection, ingest, { nextRevision: () => 1, committed: () => undefined });
}

/** Three turns of the event loop: more than a commit takes that nothing holds back. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('a body waits for one that has just begun to arrive, not for one that is stuck', async () => {
  let written = 0;
  const queue = queueThat(() => written++);
  const arrived = queue.expect();
  void queue.submit(unit);
  await turns();
  expect(written).toBe(0);
  vi.advanceTimersByTime(50);
  await turns();
  expect(written).toBe(1);
  void queue.submit(unit);
  await turns();
  expect(written).toBe(2);
  arrived();
});

test('a failed commit gives its room back', async () => {
  const queue = queueThat(() => {
    throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
  });
  for (let round = 0; round < 3; round++) {
    const refused = expect(queue.submit(unit)).rejects.toMatchObject({ error: { code: 'store_full' } });
    expect(queue.full(200 * 1024 * 1024)).toBe(true);
    await refused;
    expect(queue.full(200 * 1024 * 1024)).toBe(false);
  }
  await queue.drained();
});
