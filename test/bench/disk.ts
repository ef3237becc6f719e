/** How much of the disk a conversation takes whose every model call repeats all that was said before. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';
import { sendAll } from './lib/load.ts';

const TURNS = 60;

export const disk: Benchmark = {
  id: 'disk',
  method: `A conversation of ${TURNS} turns, sent as OTLP protobuf: one request a turn, and one request in all. After the background work and closing: bytes of the workspace file per byte received, with everything in it (spans, contents, search index, the received bytes themselves). Baseline: the received bodies, each compressed with gzip.`,
  async run({ folder }) {
    const spans = makeTrace('conversation', { spans: TURNS + 1 });
    const [root, ...turns] = spans;
    if (!root) throw new Error('The made conversation is empty.');
    const each = turns.map((turn, index) => otlpProtobuf(index === turns.length - 1 ? [turn, root] : [turn]));
    return [
      await measure(folder, 'one request a turn', each),
      await measure(folder, 'one request in all', [otlpProtobuf(spans)]),
    ];
  },
};

async function measure(folder: string, name: string, bodies: readonly Buffer[]): Promise<Figure> {
  const path = join(folder, `disk-${bodies.length}.tracewright`);
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  await sendAll(engine.info().httpUrl ?? '', 'otlp', 1, bodies);
  await engine.settle();
  await engine.close();
  const received = bodies.reduce((sum, body) => sum + body.length, 0);
  const zipped = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  return figure(
    `disk: ${TURNS}-turn conversation, ${name} (${(received / 1e6).toFixed(1)} MB received)`,
    (size(path) + size(`${path}-wal`)) / received,
    'bytes/byte',
    { atMost: 0.25 },
    { name: 'gzip of each request, nothing else', value: zipped / received, unit: 'bytes/byte' },
  );
}

function size(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
