/** The behaviour map of many traces: each graph and sequence made and folded into one. */
import { join } from 'node:path';
import { createEngine, type Engine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { sendAll } from './lib/load.ts';

const TRACES = 200;
const MOST = 500;
const SPANS = 50;
const LONG = 500;
const ROUNDS = 5;
const TOPOLOGIES = ['swarm', 'handoff-chain', 'nested-agents', 'retry-loop'] as const;

export const behaviour: Benchmark = {
  id: 'behaviour',
  method: `${MOST} traces of ${SPANS} spans, by seeds, half of them swarms (agents hand off to each other in an order of their own), the others of three topologies with a fixed shape. The behaviour map of ${TRACES}, in two groups with the tests: in an engine that has just opened the workspace, and again ${ROUNDS} times, the slowest; of all ${MOST}; and of ${TRACES} swarms of ${LONG.toLocaleString('en-US')} spans, whose sequences have little in common. Baseline: the graph of each of the same traces, one call after the other.`,
  async run({ folder }) {
    const short = await measure(join(folder, 'behaviour.tracewright'), MOST, SPANS, TOPOLOGIES);
    const long = await measure(join(folder, 'behaviour-long.tracewright'), TRACES, LONG, ['swarm']);
    const baseline = { name: 'the graph of each, one by one', value: short.graphs, unit: 'ms' } as const;
    const figures: Figure[] = [
      figure(`behaviour map of ${TRACES} traces of ${SPANS} spans`, short.first, 'ms', { below: 3_000 }, baseline),
      figure(`behaviour map of ${TRACES} traces, again`, short.again, 'ms', null, baseline),
      figure(`behaviour map of ${MOST} traces of ${SPANS} spans`, short.most, 'ms', null),
      figure(`behaviour map of ${TRACES} traces of ${LONG.toLocaleString('en-US')} spans`, long.first, 'ms', null),
    ];
    return figures;
  },
};

async function measure(
  path: string,
  traces: number,
  spans: number,
  topologies: readonly (typeof TOPOLOGIES)[number][],
): Promise<{ first: number; again: number; most: number; graphs: number }> {
  await withEngine(path, false, async (engine) => {
    const bodies: Buffer[] = [];
    for (let seed = 0; seed < traces; seed++) {
      const topology = seed % 2 === 0 ? 'swarm' : (topologies[seed % topologies.length] ?? 'swarm');
      const startNs = 1_795_000_000_000_000_000n + BigInt(seed) * 60_000_000_000n;
      bodies.push(Buffer.from(otlpProtobuf(makeTrace(topology, { spans, seed, startNs }))));
    }
    await sendAll(engine.info().httpUrl ?? '', 'otlp', 4, bodies);
    await engine.settle();
  });
  return withEngine(path, true, async (engine) => {
    const ids = (await engine.call('trace.list', { limit: traces })).rows.map(({ id }) => id);
    if (ids.length !== traces) throw new Error(`${ids.length} traces are there.`);
    const map = async (count: number): Promise<number> => {
      const half = count / 2;
      const started = performance.now();
      const found = await engine.call('behaviour.map', {
        groups: [
          { label: 'A', source: { kind: 'traces', traceIds: ids.slice(0, half) } },
          { label: 'B', source: { kind: 'traces', traceIds: ids.slice(half, count) } },
        ],
      });
      const took = performance.now() - started;
      if (found.traces.length !== count) throw new Error(`${found.traces.length} traces were mapped.`);
      return took;
    };
    const first = await map(Math.min(TRACES, traces));
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round++) again.push(await map(Math.min(TRACES, traces)));
    const most = await map(traces);
    const started = performance.now();
    for (const traceId of ids.slice(0, TRACES)) await engine.call('trace.graph', { traceId });
    return { first, again: percentile(again, 1), most, graphs: performance.now() - started };
  });
}

async function withEngine<T>(path: string, readOnly: boolean, use: (engine: Engine) => Promise<T>): Promise<T> {
  const created = await createEngine({ workspace: path, httpPort: readOnly ? null : 0, appVersion: 'bench', readOnly });
  if (!created.ok) throw new Error(created.error.message);
  try {
    return await use(created.value);
  } finally {
    await created.value.close();
  }
}
