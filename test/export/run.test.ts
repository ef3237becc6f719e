/** `export.run`: selection, progress, cancel, and what a person is told when it cannot be. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineEvents } from '#shared/rpc/contract.ts';
import { fixture } from '../support/cli.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const recorded = fixture('formats/agents-sdk/js03-multi-agent/input.json');
const ARTICLE = 'trace_7f7b0d6bfb56495cb31baf2aafce9c83';

async function filledEngine() {
  const engine = await startEngine();
  await engine.call('import.run', { jobId: 'in', paths: [recorded] });
  return engine;
}

test('what is chosen is written, with progress, and imports to the same', async () => {
  const engine = await filledEngine();
  const folder = temporaryFolder();
  const jobs: EngineEvents['job'][] = [];
  engine.subscribe('job', (job) => jobs.push(job));
  const path = join(folder, 'one.json');
  const report = await engine.call('export.run', { jobId: 'out', format: 'otlp', path, traceIds: [ARTICLE] });
  expect(report).toMatchObject({ files: 1, traces: 1, skippedCount: 0, path });
  expect(report.bytes).toBe(readFileSync(path).length);
  const own = jobs.filter(({ jobId }) => jobId === 'out');
  expect(own.at(-1)).toMatchObject({ done: 1, total: 1, unit: 'traces', finished: true });

  const other = await startEngine();
  await other.call('import.run', { jobId: 'in', paths: [path] });
  const [before, after] = [engine, other].map((one) => one.call('trace.open', { traceId: ARTICLE }));
  const { trace, columns } = await before!;
  const again = await after!;
  const unstated = { lastReceivedAt: 0, revision: 0 };
  expect({ ...again.trace, ...unstated }).toEqual({ ...trace, ...unstated });
  expect(again.columns).toEqual(columns);

  const all = join(folder, 'all.jsonl');
  expect(await engine.call('export.run', { jobId: 'o', format: 'tracewright-jsonl', path: all })).toMatchObject({
    traces: 2,
  });
  const found = join(folder, 'found');
  expect(
    await engine.call('export.run', { jobId: 'o', format: 'csv', path: found, query: 'agent:Planner' }),
  ).toMatchObject({ files: 2, traces: 1 });
  expect(readFileSync(join(found, 'traces.csv'), 'utf8').split('\r\n')[1]).toContain('Article factory');
});

test('an export that is cancelled leaves nothing behind', async () => {
  const engine = await filledEngine();
  const folder = temporaryFolder();
  const stop = new AbortController();
  stop.abort();
  const path = join(folder, 'x.json');
  await expect(engine.call('export.run', { jobId: 'o', format: 'otlp', path }, stop.signal)).rejects.toMatchObject({
    error: { code: 'cancelled' },
  });
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  [{ format: 'otlp', path: 'relative.json' }, 'bad_request'],
  [{ format: 'nonsense', path: '/tmp/x' }, 'unsupported_format'],
  [{ format: 'otlp', path: '/tmp/x', traceIds: ['nobody'] }, 'not_found'],
  [{ format: 'otlp', path: '/tmp/x', query: 'agent:Nobody' }, 'not_found'],
  [{ format: 'otlp', path: '/no/such/folder/x.json' }, 'unwritable_file'],
  [{ format: 'who-and-when', path: '/tmp/tracewright-nothing-of-this-kind' }, 'not_found'],
])('%o is refused', async (args, code) => {
  const engine = await filledEngine();
  const failure: unknown = await engine.call('export.run', { jobId: 'o', ...args }).catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ error: { code } });
  expect(existsSync(args.path)).toBe(false);
});

test('the workspace itself is never replaced', async () => {
  const engine = await filledEngine();
  const path = engine.info().workspace;
  const before = readFileSync(path).subarray(0, 16).toString('latin1');
  await expect(engine.call('export.run', { jobId: 'o', format: 'otlp', path, overwrite: true })).rejects.toMatchObject({
    error: { code: 'unwritable_file' },
  });
  expect(readFileSync(path).subarray(0, 16).toString('latin1')).toBe(before);
});
