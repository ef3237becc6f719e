/** The helpers for the JavaScript SDK, with the real SDK, a model on loopback and a real engine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { SpanDetail } from '#shared/trace.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { printed } from '../interop/harness.ts';
import { LAST_WORDS, startModel, type ModelOptions } from '../interop/obedient-model.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

const root = resolve(import.meta.dirname, '..', '..');
const preload = pathToFileURL(join(root, 'resources', 'helpers', 'preload-node.mjs')).href;

/** Programs start slowly on a busy machine. */
const SLOW = { timeout: 20_000 };

type Run = { readonly code: number; readonly out: string; readonly err: string };

async function node(args: readonly string[], env: Record<string, string>): Promise<Run> {
  const { NODE_ENV: _test, VITEST: _vitest, ...clean } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    env: { ...clean, OPENAI_API_KEY: '', ...env },
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (piece) => (text.out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece) => (text.err += piece));
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...text };
}

/** What runs the app with a snippet before it, as Connect prints it, in a folder of its own. */
function printedBefore(snippet: string, collector: Engine | string): string[] {
  const folder = temporaryFolder();
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const url = typeof collector === 'string' ? collector : endpoint(collector, '');
  writeFileSync(join(folder, 'snippet.mjs'), printed(snippet, url));
  for (const name of ['story.cjs', 'app.mjs']) copyFileSync(join(import.meta.dirname, name), join(folder, name));
  return ['--import', pathToFileURL(join(folder, 'snippet.mjs')).href, join(folder, 'app.mjs')];
}

async function model(options?: ModelOptions) {
  const started = await startModel(options);
  onTestFinished(started.close);
  return started;
}

async function onlyTrace(engine: Engine): Promise<string> {
  await expect.poll(async () => (await engine.call('trace.list', {})).rows.length, SLOW).toBe(1);
  return (await engine.call('trace.list', {})).rows[0]!.id;
}

/** `kind name status`, in tree order. */
async function tree(engine: Engine, traceId: string): Promise<string[]> {
  const { columns } = await engine.call('trace.open', { traceId });
  return columns.ids.map((_, row) => {
    const kind = SPAN_KINDS[columns.kind[row]!];
    return `${'  '.repeat(columns.depth[row]!)}${kind} ${columns.strings[columns.name[row]!]} ${SPAN_STATUSES[columns.status[row]!]}`;
  });
}

async function generations(engine: Engine, traceId: string): Promise<SpanDetail[]> {
  const { columns } = await engine.call('trace.open', { traceId });
  const ids = columns.ids.filter((_, row) => SPAN_KINDS[columns.kind[row]!] === 'generation');
  return Promise.all(ids.map((spanId) => engine.call('span.get', { traceId, spanId })));
}

const TREE = [
  'chain Order desk ok',
  '  agent Triage ok',
  '    chain turn 1 ok',
  '      generation m-2026 ok',
  '      handoff Triage → OrderAgent ok',
  '  agent OrderAgent ok',
  '    chain turn 2 ok',
  '      generation m-2026 ok',
  '      tool get_weather ok',
  '    chain turn 3 ok',
  '      generation m-2026 ok',
  '      tool lookup_order error',
  '    chain turn 4 ok',
  '      generation m-2026 ok',
];

test('the processor tells what the wire of the SDK leaves out', async () => {
  const { url } = await model();
  const plain = await startEngine();
  const full = await startEngine();
  const [wire, helper] = await Promise.all([
    node(printedBefore('openai-agents.mjs', plain), { MODEL_URL: url }),
    node(printedBefore('openai-agents-helper.mjs', full), { MODEL_URL: url }),
  ]);
  expect([wire, helper]).toEqual([
    { code: 0, out: '', err: '' },
    { code: 0, out: '', err: '' },
  ]);
  const [plainId, fullId] = [await onlyTrace(plain), await onlyTrace(full)];
  expect(await tree(full, fullId)).toEqual(TREE);
  expect(await tree(plain, plainId)).toEqual(TREE.map((line) => line.replace('m-2026', 'response')));

  const bare = await generations(plain, plainId);
  expect(bare.map(({ input, output, model: name }) => [input.length, output.length, name])).toEqual(
    Array(4).fill([0, 0, null]),
  );
  const said = await generations(full, fullId);
  expect(said.map(({ usage }) => usage?.output)).toEqual([17, 17, 17, 17]);
  const last = said[3]!;
  expect(last.model).toBe('m-2026');
  expect(last.input[0]?.item).toMatchObject({ role: 'system', parts: [{ content: 'Look it up.' }] });
  expect(last.output[0]?.item).toMatchObject({ role: 'assistant', parts: [{ content: LAST_WORDS }] });
  expect(last.attributes['gen_ai.tool.definitions']).toMatchObject([{ name: 'get_weather' }, { name: 'lookup_order' }]);
  expect(last.resource).toMatchObject({
    'process.runtime.name': 'node',
    'telemetry.distro.name': 'tracewright-helper',
  });
  const row = await full.call('trace.get', { traceId: fullId });
  expect(row).toMatchObject({ name: 'Order desk', session: 'thread-7', issues: 0, metadata: { tier: 'gold' } });
  expect(typeof row.metadata?.trace_ended_at).toBe('string');
});

test('spans that have started show as running, and become what they were', async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let asked = 0;
  const { url } = await model({ before: async () => (++asked === 3 ? gate : undefined) });
  const engine = await startEngine();
  const done = node(printedBefore('openai-agents-helper.mjs', engine), { MODEL_URL: url });
  const traceId = await onlyTrace(engine);
  await expect
    .poll(() => tree(engine, traceId), SLOW)
    .toEqual([
      'chain Order desk running',
      ...TREE.slice(1, 5),
      '  agent OrderAgent running',
      ...TREE.slice(6, 9),
      '    chain turn 3 running',
      '      generation response running',
    ]);
  await expect.poll(async () => (await engine.call('trace.get', { traceId })).status, SLOW).toBe('running');
  open();
  expect(await done).toEqual({ code: 0, out: '', err: '' });
  await expect.poll(() => tree(engine, traceId), SLOW).toEqual(TREE);
});

test.each([
  ['an ES module', 'app.mjs', 'natural', 0],
  ['CommonJS', 'app.cjs', 'natural', 0],
  ['process.exit()', 'app.mjs', 'exit', 3],
])('the preload reports an unchanged app: %s', async (_, app, exit, code) => {
  const { url } = await model();
  const engine = await startEngine();
  const env = {
    MODEL_URL: url,
    EXIT: exit,
    TRACEWRIGHT_URL: endpoint(engine, ''),
    NODE_OPTIONS: `--import ${preload}`,
  };
  const run = await node([app], env);
  expect(run.code).toBe(code);
  const traceId = await onlyTrace(engine);
  expect(await tree(engine, traceId)).toEqual(TREE);
  expect((await generations(engine, traceId)).every(({ output }) => output.length === 1)).toBe(true);
});

test('an exception that nobody catches loses nothing, and closes what was open without calling it a success', async () => {
  const { url } = await model();
  const engine = await startEngine();
  const run = await node(['--import', preload, 'app.mjs'], {
    MODEL_URL: url,
    EXIT: 'throw',
    TRACEWRIGHT_URL: endpoint(engine, ''),
  });
  expect(run.code).not.toBe(0);
  expect(run.err).toContain('nobody catches this');
  const traceId = await onlyTrace(engine);
  expect(await tree(engine, traceId)).toEqual(['custom never ends unset', ...TREE.map((line) => `  ${line}`)]);
  const issues = await engine.call('issue.list', { traceId });
  expect(issues.map(({ message }) => message)).toEqual([
    'The span never ended: it was still open when its process ended, which is taken for its end.',
  ]);
});

test('the preload does nothing to programs without the SDK, and no collector does not disturb an app', async () => {
  const plain = await node(['--import', preload, '--eval', 'console.log(1 + 1)'], {});
  expect(plain).toEqual({ code: 0, out: '2\n', err: '' });
  const { url } = await model();
  const startedAt = Date.now();
  const alone = await node(['--import', preload, 'app.mjs'], { MODEL_URL: url, TRACEWRIGHT_URL: 'http://127.0.0.1:9' });
  expect(alone.code).toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(25_000);
});

test('what a busy collector refuses is sent again, what was delivered is not', async () => {
  const { url } = await model();
  const bodies: string[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const busy = ++asked <= 2;
      if (!busy) bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(busy ? 503 : 204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const args = printedBefore('openai-agents-helper.mjs', `http://127.0.0.1:${port}`);
  expect(await node(args, { MODEL_URL: url })).toEqual({ code: 0, out: '', err: '' });
  const items = bodies.flatMap(
    (body) => (JSON.parse(body) as { data: { id: string; ended_at: string | null }[] }).data,
  );
  const keys = items.map(({ id, ended_at }) => `${id} ${ended_at === null ? 'start' : 'end'}`);
  // A start and an end for each of 14 spans, and a start and an end of the trace.
  expect(items).toHaveLength(30);
  expect(new Set(keys).size).toBe(29);
});
