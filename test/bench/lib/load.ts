/** Sends request bodies to a collector, each acknowledged before its connection sends the next. */
import { Agent, request } from 'node:http';

export type Wire = 'otlp' | 'agents-sdk';

const PATHS: Readonly<Record<Wire, string>> = { otlp: '/v1/traces', 'agents-sdk': '/v1/traces/ingest' };
const TYPES: Readonly<Record<Wire, string>> = { otlp: 'application/x-protobuf', 'agents-sdk': 'application/json' };

export type Sender = {
  /** Resolves when the whole answer is there; milliseconds since the call. Rejects unless the answer is a success. */
  readonly post: (body: Buffer) => Promise<number>;
  readonly close: () => void;
};

export function createSender(url: string, wire: Wire, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const target = new URL(PATHS[wire], url);
  return {
    post(body) {
      const started = performance.now();
      return new Promise((resolve, reject) => {
        const sent = request(
          target,
          { method: 'POST', agent, headers: { 'content-type': TYPES[wire], 'content-length': body.length } },
          (answer) => {
            answer.resume();
            answer.on('end', () => {
              const code = answer.statusCode ?? 0;
              if (code >= 200 && code < 300) resolve(performance.now() - started);
              else reject(new Error(`The collector answered ${code}.`));
            });
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close() {
      agent.destroy();
    },
  };
}

/** Sends all bodies over a number of connections, as fast as they are acknowledged. Returns the seconds it took. */
export async function sendAll(
  url: string,
  wire: Wire,
  connections: number,
  bodies: Iterable<Buffer>,
  sent: () => void = () => undefined,
): Promise<number> {
  const sender = createSender(url, wire, connections);
  const queue = bodies[Symbol.iterator]();
  async function work(): Promise<void> {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      await sender.post(next.value);
      sent();
    }
  }
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - started) / 1_000;
  sender.close();
  return seconds;
}
