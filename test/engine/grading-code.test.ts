/** Code graders from end to end in the engine. Interpreters of Python are stood in for: the real one is in test/e2e. */
import { expect, test } from 'vitest';
import type { OpenPython } from '../../src/main/sandbox/python/open.ts';
import { sendItems } from '../support/agents-items.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine } from '../support/workspace.ts';

/** A thread starts first, on a machine that may be busy. */
const PATIENT = { timeout: 10_000 };

type Stand = { readonly open: OpenPython; readonly opened: () => number; readonly ready: () => void };

/** Answers 1 to each grade; ready at once, or when it is told. */
function standIn(atOnce = true): Stand {
  let opened = 0;
  const begins: (() => void)[] = [];
  return {
    opened: () => opened,
    ready: () => {
      for (const begin of begins.splice(0)) begin();
    },
    open: (_memoryMb, listener) => {
      opened++;
      return Promise.resolve({
        ok: true,
        value: {
          close: () => undefined,
          send(message) {
            const begin = (): void => listener.message({ type: 'ready', environment: 'Python' });
            if (message.type === 'begin' && !atOnce) begins.push(begin);
            else if (message.type === 'begin') setImmediate(begin);
            else
              setImmediate(() =>
                listener.message({ type: 'answer', id: message.id, text: '{"ok":true,"value":1}', message: '' }),
              );
          },
        },
      });
    },
  };
}

function python(number: number) {
  return { type: 'python', name: `python ${number}`, source: `def grade(sample, item):\n    return ${number}` };
}

test('more Python graders than interpreters start no interpreter for each trace', async () => {
  const stand = standIn();
  const engine = await startEngine({ readerThread: true, sandboxes: { openPython: stand.open } });
  const runs = Array.from({ length: 30 }, (_, k) => supportRun({ id: `t${k}`, minute: k }));
  expect(await sendItems(engine, runs.flat())).toBe(204);
  const javascript = { type: 'javascript', name: 'js', source: 'function grade() { return trace.tool_calls.length; }' };
  const definitions = [...Array.from({ length: 8 }, (_, k) => python(k)), javascript];
  const graderIds: string[] = [];
  for (const definition of definitions) graderIds.push((await engine.call('grader.save', { definition })).id);
  await engine.call('grading.start', { graderIds });
  await engine.settle({ findings: false });
  expect(await engine.call('grading.list', undefined)).toMatchObject([
    { status: 'done', total: 270, done: 270, passed: 270, errored: 0 },
  ]);
  expect(await engine.call('grade.list', { traceId: 't7' })).toHaveLength(9);
  // One for each source, and spare ones that were made ready meanwhile: of 240 calls, far fewer than one for each trace.
  expect(stand.opened()).toBeLessThan(runs.length);
});

test('who waits for Python to start is told so, and until when', async () => {
  const stand = standIn(false);
  const engine = await startEngine({ readerThread: true, sandboxes: { openPython: stand.open } });
  expect(await sendItems(engine, supportRun({ id: 't1' }))).toBe(204);
  await engine.settle({ findings: false });
  const told: boolean[] = [];
  engine.subscribe('sandbox', ({ startsPython }) => told.push(startsPython));
  const tried = engine.call('grade.try', { definition: python(1), traceIds: ['t1'] });
  await expect.poll(() => told, PATIENT).toEqual([true]);
  stand.ready();
  expect(await tried).toMatchObject([{ grade: { status: 'graded', score: 1 } }]);
  expect(told).toEqual([true, false]);
  await engine.call('grade.try', { definition: python(1), traceIds: ['t1'] });
  expect(told).toEqual([true, false]);
  // Cancelled while it starts: nobody waits any more.
  const controller = new AbortController();
  const cancelled = engine.call('grade.try', { definition: python(2), traceIds: ['t1'] }, controller.signal);
  await expect.poll(() => told, PATIENT).toEqual([true, false, true]);
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ error: { code: 'cancelled' } });
  await expect.poll(() => told, PATIENT).toEqual([true, false, true, false]);
});

test('a trial that is cancelled midway ends, and the next one grades', async () => {
  const stand = standIn(false);
  const engine = await startEngine({ readerThread: true, sandboxes: { openPython: stand.open } });
  const runs = Array.from({ length: 20 }, (_, k) => supportRun({ id: `t${k}`, minute: k }));
  expect(await sendItems(engine, runs.flat())).toBe(204);
  await engine.settle({ findings: false });
  const traceIds = runs.map((_, k) => `t${k}`);
  const jobs: { readonly done: number; readonly finished: boolean }[] = [];
  engine.subscribe('job', ({ jobId, done, finished }) => {
    if (jobId === 'trial') jobs.push({ done, finished });
  });
  const slow = {
    type: 'javascript',
    name: 'slow',
    source: 'function grade() { for (;;) if (trace.id === "t0") return 1; }',
  };
  const controller = new AbortController();
  const trial = engine.call('grade.try', { definition: slow, traceIds, jobId: 'trial' }, controller.signal);
  await expect.poll(() => jobs.length, PATIENT).toBeGreaterThan(0);
  controller.abort();
  await expect(trial).rejects.toMatchObject({ error: { code: 'cancelled' } });
  expect(jobs.at(-1)).toMatchObject({ finished: true });
  const quick = { type: 'javascript', name: 'quick', source: 'function grade() { return 1; }' };
  const trials = await engine.call('grade.try', { definition: quick, traceIds });
  expect(trials.map(({ grade }) => grade.score)).toEqual(Array(20).fill(1));
});
