/** How long it takes to derive everything again from the received bytes, and what it costs those who send meanwhile. */
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { createSender, sendAll } from './lib/load.ts';

const SPANS = 100_000;
const PER_TRACE = 500;
const ONE_LARGE = 20_000;

export const rebuild: Benchmark = {
  id: 'rebuild',
  method: `${SPANS.toLocaleString('en-US')} made spans are collected over OTLP protobuf (traces of ${PER_TRACE}, one of ${ONE_LARGE.toLocaleString('en-US')}), settled, and rebuilt twice: as they are, and after a rule that touches the model calls was added; the longer one counts. Baseline: collecting, storing and deriving the same spans before. During a third rebuild a sender posts requests of 100 spans, one after the other.`,
  async run({ folder, say }) {
    const path = join(folder, 'rebuild.tracewright');
    const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
    if (!created.ok) throw new Error(created.error.message);
    const engine = created.value;
    try {
      return await measure(engine, say);
    } finally {
      await engine.close();
      rmSync(path, { force: true });
    }
  },
};

async function measure(engine: Engine, say: (line: string) => void): Promise<Figure[]> {
  const url = engine.info().httpUrl ?? '';
  const made = [...bodies()];
  const collecting = performance.now();
  await sendAll(url, 'otlp', 4, made);
  say(`  sent in ${((performance.now() - collecting) / 1_000).toFixed(1)} s`);
  await engine.settle();
  const collected = (performance.now() - collecting) / 1_000;
  const same = await timed(engine);
  await engine.call('rules.set', {
    rules: [
      { id: 'bench', enabled: true, label: '', match: { name: 'chat*' }, set: { agent: '{gen_ai.request.model}' } },
    ],
  });
  const ruled = await timed(engine);
  say(`  unchanged ${same.toFixed(1)} s, with a rule ${ruled.toFixed(1)} s`);

  const sender = createSender(url, 'otlp', 1);
  const waits: number[] = [];
  let over = false;
  const running = timed(engine).finally(() => (over = true));
  for (let seed = 1; !over; seed++)
    waits.push(await sender.post(otlpProtobuf(makeTrace('swarm', { seed: 90_000 + seed, spans: 100 }))));
  await running;
  sender.close();
  const baseline = { name: 'collecting and deriving the same', value: collected, unit: 's' };
  return [
    figure('rebuild of 100,000 spans', Math.max(same, ruled), 's', { below: 30 }, baseline),
    figure('rebuild: acknowledgement of 100 spans meanwhile, p95', percentile(waits, 0.95), 'ms', null),
  ];
}

async function timed(engine: Engine): Promise<number> {
  const started = performance.now();
  await engine.call('rebuild.run', { jobId: 'bench' });
  return (performance.now() - started) / 1_000;
}

function* bodies(): Generator<Buffer> {
  const large = makeTrace('swarm', { seed: 1, spans: ONE_LARGE });
  for (let at = 0; at < large.length; at += PER_TRACE) yield otlpProtobuf(large.slice(at, at + PER_TRACE));
  for (let seed = 2; (seed - 2) * PER_TRACE < SPANS - ONE_LARGE; seed++)
    yield otlpProtobuf(makeTrace('swarm', { seed, spans: PER_TRACE }));
}
