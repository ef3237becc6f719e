/** How long one sender waits on a collector that has nothing else to do. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { startEngineProcess } from './lib/engine-process.ts';
import { createSender } from './lib/load.ts';

const REQUESTS = 300;
const WARM_UP = 20;
/** An SDK's exporter sends every few seconds; this is denser, and still leaves the collector idle in between. */
const PAUSE_MS = 40;

export const acknowledge: Benchmark = {
  id: 'acknowledge',
  method: `${REQUESTS} OTLP requests of 100 spans, one after the other with ${PAUSE_MS} ms between them, timed from sending to the end of the answer. Baseline: a bare HTTP server that appends the same bytes to a file and syncs it before it answers.`,
  async run({ folder }) {
    const bodies = Array.from({ length: REQUESTS + WARM_UP }, (_, index) =>
      otlpProtobuf(makeTrace('swarm', { seed: index + 1, spans: 100 })),
    );
    const engine = await startEngineProcess(join(folder, 'acknowledge.tracewright'));
    const times = await timeRequests(engine.url, bodies);
    await engine.stop();
    const bare = await withBareServer(join(folder, 'acknowledge.bytes'), (url) => timeRequests(url, bodies));
    return [0.99, 0.5].map((share) =>
      figure(
        `acknowledgement of 100 spans, p${share * 100}`,
        percentile(times, share),
        'ms',
        share === 0.99 ? { below: 25 } : null,
        { name: 'HTTP and a synced append', value: percentile(bare, share), unit: 'ms' },
      ),
    );
  },
};

async function timeRequests(url: string, bodies: readonly Buffer[]): Promise<number[]> {
  const sender = createSender(url, 'otlp', 1);
  const times: number[] = [];
  for (const body of bodies) {
    times.push(await sender.post(body));
    await wait(PAUSE_MS);
  }
  sender.close();
  return times.slice(WARM_UP);
}

async function withBareServer<T>(file: string, use: (url: string) => Promise<T>): Promise<T> {
  const descriptor = openSync(file, 'a');
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      writeSync(descriptor, Buffer.concat(chunks));
      fsyncSync(descriptor);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    closeSync(descriptor);
  }
}
