import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const ARTICLE = 'trace_7f7b0d6bfb56495cb31baf2aafce9c83';
const FOLLOW_UP = 'trace_8b7da9e5ca014f34b8efcecb4c5572b0';
const recorded = fixture('formats/agents-sdk/js03-multi-agent/input.json');

beforeAll(async () => {
  expect(schema.importReport.parse(await ask(['import', recorded, ...at]))).toMatchObject({
    files: 1,
    traces: 2,
    spans: 58,
    issues: [],
  });
});
afterAll(place.remove);

test('importing again changes nothing', async () => {
  const before = await ask(['traces', ...at]);
  expect(schema.importReport.parse(await ask(['import', recorded, ...at]))).toMatchObject({ files: 1 });
  expect(await ask(['traces', ...at])).toEqual(before);
});

test('traces: newest first, with what the trace holds', async () => {
  const traces = schema.traces.parse(await ask(['traces', ...at]));
  expect(traces.map(({ id }) => id)).toEqual([FOLLOW_UP, ARTICLE]);
  expect(traces[1]).toMatchObject({
    name: 'Article factory',
    workflow: 'Article factory',
    session: 'group_conversation_7',
    status: 'tool_errors',
    startedAt: '2026-11-21T19:19:51.511Z',
    durationMs: 87,
    spans: 54,
    errors: 1,
    agents: ['Triage', 'Planner', 'Fact checker', 'Researcher', 'Writer', 'Reviewer', 'Summarizer'],
    tokens: { input: 1380, output: 258, cacheRead: 84, cacheWrite: 0, reasoning: 36 },
    cost: null,
    dialect: 'agents_sdk',
  });
});

test('traces: searched and limited', async () => {
  const ids = async (...args: string[]): Promise<string[]> =>
    schema.traces.parse(await ask(['traces', ...at, ...args])).map(({ id }) => id);
  expect(await ids('--query', 'agent:Planner')).toEqual([ARTICLE]);
  expect(await ids('--query', 'error:true')).toEqual([ARTICLE]);
  expect(await ids('--query', 'moon phases')).toEqual([ARTICLE]);
  expect(await ids('--query', 'agent:Nobody')).toEqual([]);
  expect(await ids('--limit', '1')).toEqual([FOLLOW_UP]);
});

test('show: all spans in tree order with what they read and wrote', async () => {
  const { trace, spans } = schema.show.parse(await ask(['show', ARTICLE, ...at]));
  expect(trace.id).toBe(ARTICLE);
  expect(spans).toHaveLength(54);
  const seen = new Set<string | null>([null]);
  for (const { id, parentId } of spans) {
    expect(seen.has(parentId)).toBe(true);
    seen.add(id);
  }
  const failed = spans.find(({ status }) => status === 'error');
  expect(failed).toMatchObject({
    kind: 'tool',
    tool: 'fetch_page',
    agent: 'Researcher',
    startedAt: '2026-11-21T19:19:51.538Z',
    endedAt: '2026-11-21T19:19:51.539Z',
    durationMs: 1,
    error: { message: 'Error running tool (non-fatal)' },
  });
  expect(JSON.stringify(failed?.input)).toContain('local://404');
  const call = spans.find(({ model }) => model === 'fake-triage-1b');
  expect(call).toMatchObject({ usage: { input: 110, output: 21, cacheRead: 7, reasoning: 3 }, agent: 'Triage' });
  expect(JSON.stringify(call?.input)).toContain('Write about tides');
});

test('graph: who handed off to and called whom', async () => {
  const { nodes, edges } = schema.graph.parse(await ask(['graph', ARTICLE, ...at]));
  expect(nodes.map(({ name }) => name)).toContain('Researcher');
  const lines = edges
    .filter(({ kind }) => kind === 'handoff' || kind === 'agent_call')
    .map(({ from, kind, to }) => `${from} ${kind} ${to}`);
  expect(lines).toEqual([
    'agent:Triage handoff agent:Planner',
    'agent:Planner agent_call agent:Fact checker',
    'agent:Planner agent_call agent:Researcher',
    'agent:Planner handoff agent:Writer',
    'agent:Writer handoff agent:Reviewer',
  ]);
  const expanded = schema.graph.parse(await ask(['graph', ARTICLE, '--expanded', ...at]));
  expect(expanded.nodes.map(({ id }) => id)).toContain('agent:Triage#span_132d9c9b645c441095812fdc');
});

test('sql: reads, and only reads', async () => {
  expect(schema.rows.parse(await ask(['sql', 'SELECT count(*) AS n, NULL AS missing FROM trace', ...at]))).toEqual([
    { n: 2, missing: null },
  ]);
  for (const query of ['DELETE FROM trace', 'SELECT nonsense', 'SELECT 1; SELECT 2']) {
    const { code, stdout } = await cli(['sql', query, '--json', ...at]);
    expect(code).toBe(1);
    expect(schema.failure.parse(JSON.parse(stdout)).error.code).toBe('bad_request');
  }
  expect(await ask(['sql', 'SELECT count(*) AS n FROM trace', ...at])).toEqual([{ n: 2 }]);
});

test('doctor: a sound workspace', async () => {
  const { checks } = schema.doctor.parse(await ask(['doctor', ...at]));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect((await cli(['doctor', ...at])).stdout).toMatch(/^ok {4}runtime/);
});

test('a trace that is not there: exit 1 and what to do', async () => {
  for (const command of ['show', 'graph']) {
    const { code, stdout } = await cli([command, 'trace_none', '--json', ...at]);
    expect(code).toBe(1);
    expect(schema.failure.parse(JSON.parse(stdout)).error.code).toBe('not_found');
    expect(await cli([command, 'trace_none', ...at])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: /) as unknown,
    });
  }
});

test('import: a file that was asked for and not taken fails the command; what is beside traces in a folder does not', async () => {
  const folder = join(place.folder, 'mixed');
  mkdirSync(folder);
  copyFileSync(recorded, join(folder, 'run.json'));
  writeFileSync(join(folder, 'notes.txt'), 'nothing to see');
  const other = ['--workspace', join(place.folder, 'mixed.tracewright')];
  const whole = await cli(['import', folder, '--json', ...other]);
  expect(whole.code).toBe(0);
  const report = schema.importReport.parse(JSON.parse(whole.stdout));
  expect(report).toMatchObject({ files: 1, traces: 2, spans: 58 });
  expect(report.issues).toMatchObject([{ file: join(folder, 'notes.txt'), code: 'unsupported_format' }]);
  expect(whole.stderr).toContain('notes.txt');

  for (const path of [join(folder, 'notes.txt'), join(folder, 'missing.json')]) {
    const { code, stdout } = await cli(['import', join(folder, 'run.json'), path, '--json', ...other]);
    expect(code).toBe(1);
    expect(schema.importReport.parse(JSON.parse(stdout)).issues).toMatchObject([{ file: path }]);
  }
  const unknown = await cli(['import', recorded, '--format', 'nonsense', '--json', ...other]);
  expect(unknown.code).toBe(1);
  expect(schema.failure.parse(JSON.parse(unknown.stdout)).error.code).toBe('unsupported_format');
});

test('while another process holds the workspace, reading works and writing says who holds it', async () => {
  const held = await createEngine({ workspace: place.workspace, httpPort: null, appVersion: 'test' });
  if (!held.ok) throw new Error(held.error.message);
  try {
    expect(schema.traces.parse(await ask(['traces', ...at]))).toHaveLength(2);
    const { code, stdout } = await cli(['import', recorded, '--json', ...at]);
    expect(code).toBe(1);
    const { error } = schema.failure.parse(JSON.parse(stdout));
    expect(error).toMatchObject({
      code: 'workspace_locked',
      message: expect.stringContaining(String(process.pid)) as unknown,
    });
  } finally {
    await held.value.close();
  }
});

test('a file that is no workspace is refused and left as it was', async () => {
  const file = join(place.folder, 'letter.txt');
  writeFileSync(file, 'Dear reader, this is not a database.\n'.repeat(100));
  const { code, stdout } = await cli(['traces', '--json', '--workspace', file]);
  expect(code).toBe(1);
  expect(schema.failure.parse(JSON.parse(stdout)).error.code).toBe('workspace_corrupt');
});

test('text for people: aligned, without colours unless on a terminal', async () => {
  const { stdout } = await cli(['traces', ...at]);
  const [head = '', first = ''] = stdout.split('\n');
  expect(head).toMatch(/^ID +STARTED +DURATION +STATUS/);
  expect(first.indexOf('2026-')).toBe(head.indexOf('STARTED'));
  expect(stdout).not.toContain('\u001b');
  const shown = await cli(['show', ARTICLE, ...at]);
  expect(shown.stdout).toContain('\n  Triage');
  expect(shown.stdout).not.toContain('\u001b');
  const painted = await cli(['show', ARTICLE, ...at], { terminal: 80 });
  expect(painted.stdout).toContain('\u001b[33mtool_errors\u001b[0m');
  const [, table = ''] = painted.stdout.split('\n\n');
  expect(Math.max(...table.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  expect((await cli(['show', ARTICLE, ...at], { terminal: 80, env: { NO_COLOR: '1' } })).stdout).not.toContain(
    '\u001b',
  );
  expect((await cli(['graph', ARTICLE, ...at])).stdout).toMatch(/agent:Planner +handoff +agent:Writer +1 +0/);
});

test('trace content cannot steer the terminal', async () => {
  const hostile = join(place.folder, 'hostile.json');
  const name = 'bad\u001b]0;owned\u0007 \u202Eevil\u2066 \u009b31m\nnext';
  const span = {
    object: 'trace.span',
    id: 'span_h',
    trace_id: 'trace_h',
    parent_id: null,
    started_at: '2026-01-01T00:00:00.000001+00:00',
    ended_at: '2026-01-01T00:00:01.000000+00:00',
    span_data: { type: 'agent', name },
    error: { message: name, data: null },
  };
  writeFileSync(
    hostile,
    JSON.stringify({
      data: [{ object: 'trace', id: 'trace_h', workflow_name: name, group_id: null, metadata: null }, span],
    }),
  );
  const other = ['--workspace', join(place.folder, 'hostile.tracewright')];
  await ask(['import', hostile, ...other]);
  for (const args of [['traces'], ['show', 'trace_h'], ['graph', 'trace_h'], ['sql', 'SELECT name FROM trace']]) {
    const { stdout } = await cli([...args, ...other]);
    expect(stdout).toContain('evil');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  }
  const { trace, spans } = schema.show.parse(await ask(['show', 'trace_h', ...other]));
  expect(trace.name).toBe(name);
  expect(spans[0]).toMatchObject({ startedAt: '2026-01-01T00:00:00.000001Z', endedAt: '2026-01-01T00:00:01.000Z' });
});
