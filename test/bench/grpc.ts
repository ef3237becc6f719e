/** OTLP over gRPC against the same requests over HTTP. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark } from './figure.ts';
import { figure } from './figure.ts';
import { startEngineProcess } from './lib/engine-process.ts';
import { sendAll } from './lib/load.ts';

const CONNECTIONS = 4;
const SPANS = 500;
const REQUESTS = 150;
const WARM_UP = 10;

export const grpc: Benchmark = {
  id: 'grpc',
  method:
    'The same requests of 500 made spans over 4 connections to a fresh engine process, once over HTTP and once over gRPC, in turn twice; the faster of each counts. Acknowledged after the commit in both.',
  async run({ folder }) {
    const bodies = Array.from({ length: REQUESTS + WARM_UP }, (_, index) =>
      otlpProtobuf(makeTrace('swarm', { seed: index + 1, spans: SPANS })),
    );
    const best = { otlp: 0, 'otlp-grpc': 0 };
    for (const wire of ['otlp', 'otlp-grpc', 'otlp', 'otlp-grpc'] as const) {
      const path = join(folder, 'grpc.tracewright');
      const engine = await startEngineProcess(path);
      await sendAll(engine.url, wire, CONNECTIONS, bodies.slice(0, WARM_UP));
      const seconds = await sendAll(engine.url, wire, CONNECTIONS, bodies.slice(WARM_UP));
      await engine.stop();
      rmSync(path, { force: true });
      best[wire] = Math.max(best[wire], (SPANS * REQUESTS) / seconds);
    }
    const baseline = { name: 'the same over HTTP', value: best.otlp, unit: 'spans/s' };
    return [
      figure(
        'ingest: OTLP over gRPC',
        best['otlp-grpc'],
        'spans/s',
        { atLeast: Math.round(best.otlp * 0.8) },
        baseline,
      ),
    ];
  },
};
