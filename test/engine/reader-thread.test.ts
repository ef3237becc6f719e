/** Reading calls in a thread of their own: the same answers as without, of no earlier state, whatever becomes of the thread. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Args, Method } from '#shared/rpc/contract.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import type { Reading } from '../../src/main/engine/reader/reading.ts';
import { createReading } from '../../src/main/engine/reader/reading.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace, type MadeSpan } from '../support/make-trace.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

const never = new AbortController().signal;
const SWARM = makeTrace('swarm', { spans: 300 });
const TRACE = SWARM[0]?.traceId ?? '';

async function send(engine: Engine, spans: readonly MadeSpan[]): Promise<void> {
  const answer = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(otlpProtobuf(spans)),
  });
  expect(answer.status).toBe(200);
}

/** Every reading call of a trace, each twice: the second is answered from the cache. */
async function readAll(engine: Engine): Promise<unknown[]> {
  const trace = { traceId: TRACE };
  const spanId = SWARM[5]?.spanId ?? '';
  const graph = await engine.call('trace.graph', trace);
  const calls: [Method, Args<Method>][] = [
    ['trace.list', {}],
    ['trace.facets', {}],
    ['trace.get', trace],
    ['trace.open', trace],
    ['trace.graph', trace],
    ...graph.edges
      .slice(0, 3)
      .map(({ from, to, kind }): [Method, Args<Method>] => ['trace.edge', { ...trace, from, to, kind }]),
    ['trace.sequence', trace],
    ['trace.lanes', trace],
    ['trace.agents', trace],
    ['trace.waste', trace],
    ['trace.detect', trace],
    ['trace.conversation', trace],
    ['trace.find', { ...trace, text: 'search' }],
    ['session.list', {}],
    ['session.place', trace],
    ['span.get', { ...trace, spanId }],
    ['span.raw', { ...trace, spanId }],
    ['issue.list', trace],
    ['ledger.get', trace],
    ['metrics.list', {}],
  ];
  const answers: unknown[] = [];
  for (const [method, args] of [...calls, ...calls]) answers.push(await engine.call(method, args));
  return answers;
}

test('a thread gives the answers that the engine gives alone, also from its cache', async () => {
  const workspace = join(temporaryFolder(), 'w.tracewright');
  const engine = await startEngine({ workspace, readerThread: true });
  await send(engine, SWARM);
  await engine.settle();
  const alone = await startEngine({ workspace, readOnly: true, httpPort: null });
  // Small answers are given without the thread until it has started: it has after this one.
  await engine.call('trace.open', { traceId: TRACE });
  const answers = await readAll(engine);
  expect(answers).toEqual(await readAll(alone));
  expect(answers.length).toBeGreaterThan(30);
  expect(await doctorOf(engine)).toMatchObject({ ok: true });
  expect(await doctorOf(alone)).toBeUndefined();
});

test('what was acknowledged is read, and changed prices count', async () => {
  const engine = await startEngine({ readerThread: true });
  for (let sent = 0; sent < 5; sent++) {
    await send(engine, SWARM.slice(sent * 20, (sent + 1) * 20));
    const { columns } = await engine.call('trace.open', { traceId: TRACE });
    expect(columns.count).toBe((sent + 1) * 20);
  }
  const cost = async (): Promise<number> =>
    (await engine.call('trace.open', { traceId: TRACE })).columns.cost.reduce((sum, each) => sum + (each || 0), 0);
  const before = await cost();
  const { table } = await engine.call('prices.get', undefined);
  expect(before).toBeGreaterThan(0);
  await engine.call('prices.set', {
    overrides: { rows: table.rows.map((row) => ({ ...row, input: 0, output: 0 })), removed: [] } as never,
  });
  expect(await cost()).not.toBe(before);
});

test('an expected failure keeps its code', async () => {
  const engine = await startEngine({ readerThread: true });
  await expect(engine.call('trace.open', { traceId: 'none' })).rejects.toMatchObject({ error: { code: 'not_found' } });
});

test('a deleted trace leaves the file and its log, though the thread has just read it', async () => {
  const engine = await startEngine({ readerThread: true });
  const folder = dirname(engine.info().workspace);
  await send(engine, SWARM);
  const detected = engine.call('trace.detect', { traceId: TRACE });
  await engine.call('trace.delete', { traceIds: [TRACE] });
  await detected.catch(() => undefined);
  for (const name of readdirSync(folder).filter((each) => each.includes('tracewright')))
    expect(readFileSync(join(folder, name)).includes(SWARM[7]?.spanId ?? 'x'), name).toBe(false);
});

test('without its code beside the app the engine answers alone, and the doctor says so', async () => {
  const reading = startReading(null);
  expect(await reading.run('trace.open', {}, never, () => 'here')).toBe('here');
  expect(reading.state()).toMatchObject({ ok: false });
});

test('a thread that does not start is done without', async () => {
  const reading = startReading('throw new Error("no addon");');
  expect(await reading.run('trace.open', {}, never, () => 'here')).toBe('here');
  expect(reading.state().detail).toContain('no addon');
});

/** Answers with how often this thread was asked; a file says how it is to fail. */
const SCRIPT = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { readFileSync, writeFileSync } from 'node:fs';
  const log = workerData.workspace;
  parentPort.on('message', (message) => {
    if (message.type === 'close') return parentPort.close();
    if (message.type !== 'call') return;
    const tries = parseInt(readFileSync(log, 'utf8')) + 1;
    writeFileSync(log, tries + ' begun');
    const { fails = 0, fill = false } = message.args;
    if (fill) for (const held = []; ; ) held.push(new Array(100_000).fill(tries + 0.5));
    if (tries <= fails) throw new Error('crash');
    setTimeout(() => {
      writeFileSync(log, tries + ' done');
      parentPort.postMessage({ type: 'answer', id: message.id, value: tries });
    }, message.args.wait ?? 0);
  });
  parentPort.postMessage({ type: 'ready' });
`;

test('a thread that ends is started again and asked once more, then the call fails', async () => {
  const reading = startReading(SCRIPT);
  expect(await reading.run('trace.open', { fails: 1 }, never, () => 'here')).toBe(2);
  const again = startReading(SCRIPT);
  await expect(again.run('trace.open', { fails: 2 }, never, () => 'here')).rejects.toMatchObject({
    error: { code: 'internal' },
  });
  expect(await again.run('trace.open', {}, never, () => 'here')).toBe(3);
});

test('a call that needs too much memory fails alone', async () => {
  const reading = startReading(SCRIPT, 32);
  await expect(reading.run('trace.open', { fill: true }, never, () => 'here')).rejects.toMatchObject({
    error: { code: 'too_large' },
  });
  expect(await reading.run('trace.open', {}, never, () => 'here')).toBe(2);
});

test('a cancelled call that has not begun is never run, and small answers do not wait for large ones', async () => {
  const { reading, log } = startLogged();
  await reading.run('trace.open', {}, never, () => 'here');
  const large = reading.run('trace.detect', { wait: 50 }, never, () => 'here');
  const cancelled = new AbortController();
  const dropped = Promise.resolve(reading.run('trace.waste', {}, cancelled.signal, () => 'here'));
  const between = reading.between(() => readFileSync(log, 'utf8'));
  cancelled.abort();
  await expect(dropped).rejects.toMatchObject({ error: { code: 'cancelled' } });
  expect(await reading.run('span.get', {}, never, () => 'here')).toBe('here');
  // It waited until nothing was read.
  expect(await between).toBe('2 done');
  expect(await large).toBe(2);
  expect(await reading.run('trace.open', {}, never, () => 'here')).toBe(3);
});

test('closing ends a call that is under way', async () => {
  const reading = startReading(SCRIPT);
  await reading.run('trace.open', {}, never, () => 'here');
  const long = Promise.resolve(reading.run('trace.open', { wait: 60_000 }, never, () => 'here'));
  const ended = expect(long).rejects.toMatchObject({ error: { code: 'engine_restarted' } });
  await reading.close();
  await ended;
});

function startLogged(): { reading: Reading; log: string } {
  const folder = temporaryFolder();
  return { reading: startReading(SCRIPT, undefined, folder), log: join(folder, 'log') };
}

function startReading(script: string | null, heapMb?: number, folder = temporaryFolder()): Reading {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const log = join(folder, 'log');
  writeFileSync(log, '0');
  const file = script === null ? null : join(folder, 'thread.mjs');
  if (file !== null && script !== null) writeFileSync(file, script);
  const reading = createReading({ workspace: log, nativeBinding: null, file, ...(heapMb ? { heapMb } : {}) });
  onTestFinished(async () => {
    await reading.close();
    vi.restoreAllMocks();
  });
  return reading;
}

async function doctorOf(engine: Engine): Promise<unknown> {
  return (await engine.call('engine.doctor', undefined)).checks.find(({ name }) => name === 'reading thread');
}
