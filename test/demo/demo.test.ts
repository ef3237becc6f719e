/** The demo program against a real engine, and the sample traces that it made. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

const root = resolve(import.meta.dirname, '..', '..');
const samples = join(root, 'resources', 'samples');

async function demo(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'demo.mjs'), ...args]);
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (piece) => (text.out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece) => (text.err += piece));
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...text };
}

const HANDOFFS = [
  'Incident desk → Commander ×1',
  'Commander → Release engineer ×1',
  'Release engineer → Verifier ×2',
  'Verifier → Release engineer ×1',
  'Verifier → Reporter ×1',
];
const CALLS = ['Commander → Log analyst ×1', 'Commander → Change analyst ×1'];

async function edges(engine: Engine, traceId: string, kind: string): Promise<string[]> {
  const graph = await engine.call('trace.graph', { traceId });
  const name = (id: string): string => id.slice(id.indexOf(':') + 1);
  return graph.edges
    .filter((edge) => edge.kind === kind && !edge.inferred)
    .map((edge) => `${name(edge.from)} → ${name(edge.to)} ×${edge.count}`)
    .sort();
}

test('reports seven agents, their handoffs and calls, and says which trace it was', async () => {
  const engine = await startEngine();
  const { code, out, err } = await demo('--endpoint', endpoint(engine, ''), '--seconds', '1');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const traceId = /^Trace (trace_\w+)$/m.exec(out)?.[1] ?? '';
  // The summary follows the spans a moment later.
  await expect.poll(async () => (await engine.call('trace.get', { traceId })).status).toBe('tool_errors');
  const { trace, columns } = await engine.call('trace.open', { traceId });
  expect(trace).toMatchObject({
    name: 'Checkout incident',
    status: 'tool_errors',
    session: 'incident-2417',
    issues: 0,
  });
  expect(trace.agents).toHaveLength(7);
  // What was reported at its start was also reported at its end.
  expect(columns.status.includes(3)).toBe(false);
  expect(await edges(engine, traceId, 'handoff')).toEqual(HANDOFFS.toSorted());
  expect(await edges(engine, traceId, 'agent_call')).toEqual(CALLS.toSorted());
  const { entries } = await engine.call('trace.conversation', { traceId, limit: 500 });
  const generations = entries.filter((entry) => entry.kind === 'generation');
  expect(generations.every((entry) => entry.output.length > 0)).toBe(true);
});

test('without a collector it says so, and what to do', async () => {
  const { code, err } = await demo('--endpoint', 'http://127.0.0.1:9');
  expect(code).toBe(1);
  expect(err).toBe(
    'No collector answers at http://127.0.0.1:9.\n' +
      'Start Tracewright (npm start), or give its address: npm run demo -- --endpoint http://127.0.0.1:4318\n',
  );
});

test.each([[['--story', 'none']], [['--seconds', 'soon']], [['--endpoint', 'nowhere']], [['--what']]])(
  'refuses %j in a sentence',
  async (args) => {
    const { code, err } = await demo(...args);
    expect(code).toBe(1);
    expect(err).not.toMatch(/^ {4}at /m);
  },
);

test('records to a file that imports like any other', async () => {
  const file = join(temporaryFolder(), 'recorded.jsonl');
  expect(await demo('--record', file, '--story', 'card-number', '--seconds', '0')).toMatchObject({ code: 0, err: '' });
  const engine = await startEngine({ httpPort: null });
  const report = await engine.call('import.run', { jobId: 'j', paths: [file] });
  expect(report).toMatchObject({ files: 1, traces: 1, issues: [] });
});

test('the samples are small, import without an issue, and the seven agents come first', async () => {
  const files = readdirSync(samples).filter((name) => name.endsWith('.jsonl'));
  expect(files.reduce((bytes, name) => bytes + statSync(join(samples, name)).size, 0)).toBeLessThan(300_000);
  const engine = await startEngine({ httpPort: null });
  const report = await engine.call('sample.load', undefined);
  expect(report).toMatchObject({ files: files.length, traces: files.length, issues: [] });
  const rows = await Promise.all(report.traceIds.map((traceId) => engine.call('trace.get', { traceId })));
  expect(rows.map((row) => [row.name, row.status, row.agents.length])).toEqual([
    ['Checkout incident', 'tool_errors', 7],
    ['Refund request', 'error', 3],
    ['Refund request', 'error', 1],
  ]);
  expect(await edges(engine, report.traceIds[0]!, 'handoff')).toEqual(HANDOFFS.toSorted());
});
