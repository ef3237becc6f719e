/** Workspaces that several benchmarks share, filled through the real collector. */
import { join } from 'node:path';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { otlpProtobuf } from '../../support/encode.ts';
import type { MadeSpan } from '../../support/make-trace.ts';
import { makeTrace } from '../../support/make-trace.ts';
import { createEngine } from '../../../src/main/engine/create-engine.ts';
import { startEngineProcess } from './engine-process.ts';
import { sendAll } from './load.ts';

export type Stored = {
  readonly path: string;
  readonly spans: number;
  readonly traces: number;
  /** A word that a handful of contents hold. */
  readonly rareWord: string;
  /** A word that most contents hold. */
  readonly commonWord: string;
};

const SPANS = 1_000_000;
const PER_TRACE = 500;
const RARE = 'zanzibar';
/** One trace in this many has the rare word. */
const RARE_EVERY = 400;
const DAY_NS = 86_400_000_000_000n;

export async function millionSpans(folder: string, say: (line: string) => void): Promise<Stored> {
  const path = join(folder, 'million.tracewright');
  const traces = SPANS / PER_TRACE;
  const stored: Stored = { path, spans: SPANS, traces, rareWord: RARE, commonWord: 'weather' };
  if (existsSync(`${path}.done`)) return stored;
  // What an interrupted run left behind.
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  say(`Storing ${SPANS.toLocaleString('en-US')} spans …`);
  const engine = await startEngineProcess(path);
  let sent = 0;
  const seconds = await sendAll(engine.url, 'otlp', 4, millionBodies(traces), () => {
    sent++;
    if (sent % 500 === 0) say(`  ${(sent * PER_TRACE).toLocaleString('en-US')} spans`);
  });
  say(`  stored in ${seconds.toFixed(0)} s; indexing and compacting …`);
  await engine.stop();
  await settle(path);
  writeFileSync(`${path}.done`, '');
  return stored;
}

function* millionBodies(traces: number): Generator<Buffer> {
  for (let index = 0; index < traces; index++) {
    // Spread over a month, so that time order is not the order of arrival.
    const startNs = 1_790_000_000_000_000_000n + (BigInt(index * 7_919) % BigInt(traces)) * (DAY_NS / 64n);
    const spans = makeTrace('swarm', { seed: index + 1, spans: PER_TRACE, startNs });
    yield otlpProtobuf(index % RARE_EVERY === 0 ? withWord(spans, RARE) : spans);
  }
}

/** Puts a word into the result of the first tool call. */
function withWord(spans: readonly MadeSpan[], word: string): MadeSpan[] {
  const at = spans.findIndex((span) => 'gen_ai.tool.call.result' in span.attributes);
  return spans.map((span, index) =>
    index === at
      ? { ...span, attributes: { ...span.attributes, 'gen_ai.tool.call.result': `to ${word} by night` } }
      : span,
  );
}

/** Brings the background work of a workspace to its end. */
export async function settle(path: string): Promise<void> {
  const created = await createEngine({ workspace: path, httpPort: null, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  await created.value.settle();
  await created.value.close();
}
