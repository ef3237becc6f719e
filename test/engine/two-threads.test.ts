import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Reading } from '../../src/main/engine/reader/reading.ts';
import { createTwoThreads } from '../../src/main/engine/reader/two-threads.ts';
import { temporaryFolder } from '../support/workspace.ts';

/** Answers with the thread's number, once the call `free` lets go of those that wait in the other one. */
const SCRIPT = `
  import { parentPort, threadId, workerData } from 'node:worker_threads';
  import { existsSync } from 'node:fs';
  parentPort.on('message', ({ type, id, args }) => {
    if (type === 'close') return parentPort.close();
    if (type !== 'call') return;
    if (args.fill) for (const held = []; ; ) held.push(new Array(100_000).fill(threadId + 0.5));
    const answer = () => parentPort.postMessage({ type: 'answer', id, value: threadId });
    if (!args.until) return answer();
    const look = setInterval(() => {
      if (!existsSync(args.until)) return;
      clearInterval(look);
      answer();
    }, 2);
  });
  parentPort.postMessage({ type: 'ready' });
`;
const never = new AbortController().signal;

function start(options: { idleMs?: number; heapMb?: number } = {}): { reading: Reading; gate: string } {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const folder = temporaryFolder();
  const file = join(folder, 'thread.mjs');
  writeFileSync(file, SCRIPT);
  const reading = createTwoThreads({ workspace: join(folder, 'none'), nativeBinding: null, file, ...options });
  onTestFinished(async () => {
    await reading.close();
    vi.restoreAllMocks();
  });
  return { reading, gate: join(folder, 'gate') };
}

function ask(reading: Reading, method: 'trace.detect' | 'trace.graph', args: unknown = {}): Promise<unknown> {
  return Promise.resolve(reading.run(method, args, never, () => 'here'));
}

test('a picture does not wait for rules, and what needs quiet waits for both', async () => {
  const { reading, gate } = start();
  const long = ask(reading, 'trace.detect', { until: gate });
  const picture = await ask(reading, 'trace.graph');
  // A call that waits for its thread to start reads nothing yet.
  await vi.waitFor(() => {
    expect(reading.isIdle()).toBe(false);
  });
  let quiet = false;
  const between = reading.between(() => {
    quiet = true;
    return reading.isIdle();
  });
  expect(await ask(reading, 'trace.graph')).toBe(picture);
  expect([quiet, reading.isIdle()]).toEqual([false, false]);
  writeFileSync(gate, '');
  expect(await long).not.toBe(picture);
  expect(await between).toBe(true);
});

test('the second thread ends when it is not needed, and comes again', async () => {
  const { reading } = start({ idleMs: 0 });
  const first = await ask(reading, 'trace.detect');
  await vi.waitFor(async () => expect(await ask(reading, 'trace.detect')).not.toBe(first));
});

test('closing ends both', async () => {
  const { reading, gate } = start();
  const calls = [ask(reading, 'trace.detect', { until: gate }), ask(reading, 'trace.graph', { until: gate })];
  const ended = Promise.all(
    calls.map((call) => expect(call).rejects.toMatchObject({ error: { code: 'engine_restarted' } })),
  );
  await reading.close();
  await ended;
});
