/** How fast spans can be sent until each is acknowledged, which is after its commit. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { agentsSdk, otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { BenchContext, Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';
import { bareInsert } from './lib/bare-insert.ts';
import { startEngineProcess } from './lib/engine-process.ts';
import type { Wire } from './lib/load.ts';
import { sendAll } from './lib/load.ts';

const CONNECTIONS = 4;
/** Sent before the clock starts: a workbench is warm when a load of this size matters. */
const WARM_UP = 10;

export const ingest: Benchmark = {
  id: 'ingest',
  method:
    'A load generator in another process sends made traces (agents with model calls and tools, about 600 bytes a span) over 4 connections; each request is acknowledged after its commit, synced to disk, before its connection sends the next. Baseline: better-sqlite3 alone inserts the rows that the run produced (spans, bodies, contents, received bytes) into a fresh file with the same schema and pragmas, 4 requests a transaction. The search index is built in the background meanwhile and after.',
  async run(context) {
    return [
      ...(await measure(context, 'OTLP protobuf, requests of 500 spans', 'otlp', 500, 200, 15_000)),
      ...(await measure(context, 'Agents SDK JSON, requests of 100 items', 'agents-sdk', 100, 600, 10_000)),
    ];
  },
};

async function measure(
  { folder, say }: BenchContext,
  name: string,
  wire: Wire,
  items: number,
  requests: number,
  target: number,
): Promise<Figure[]> {
  const bodies = Array.from({ length: requests + WARM_UP }, (_, index) => makeBody(wire, items, index + 1));
  const spans = (wire === 'otlp' ? items : items - 1) * requests;
  const path = join(folder, `ingest-${wire}.tracewright`);
  const engine = await startEngineProcess(path);
  await sendAll(engine.url, wire, CONNECTIONS, bodies.slice(0, WARM_UP));
  const seconds = await sendAll(engine.url, wire, CONNECTIONS, bodies.slice(WARM_UP));
  await engine.stop();
  const bytes = bodies.slice(WARM_UP).reduce((sum, body) => sum + body.length, 0);
  say(`  ${name}: ${(bytes / spans).toFixed(0)} bytes a span, ${seconds.toFixed(2)} s`);
  const all = requests + WARM_UP;
  const bare = bareInsert(path, join(folder, `ingest-${wire}-bare.db`), Math.ceil(all / CONNECTIONS));
  for (const file of [path, join(folder, `ingest-${wire}-bare.db`)]) rmSync(file, { force: true });
  const baseline = { name: 'bare insert of the same rows', value: (spans * all) / requests / bare, unit: 'spans/s' };
  const rate = figure(`ingest: ${name}`, spans / seconds, 'spans/s', { atLeast: target }, baseline);
  if (wire !== 'otlp') return [rate];
  const share = (rate.ratio ?? 0) * 100;
  return [rate, figure(`ingest: ${name}, share of a bare insert`, share, '%', { atLeast: 50 })];
}

function makeBody(wire: Wire, items: number, seed: number): Buffer {
  // The Agents SDK's request of 100 items: the trace and 99 spans.
  const spans = makeTrace('swarm', { seed, spans: wire === 'otlp' ? items : items - 1 });
  return wire === 'otlp' ? otlpProtobuf(spans) : agentsSdk(spans);
}
