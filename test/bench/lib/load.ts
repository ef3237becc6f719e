/** Sends request bodies to a collector, each acknowledged before its connection sends the next. */
import { Agent, request } from 'node:http';
import { Client, credentials, Metadata } from '@grpc/grpc-js';

export type Wire = 'otlp' | 'otlp-grpc' | 'agents-sdk';

const PATHS = { otlp: '/v1/traces', 'agents-sdk': '/v1/traces/ingest' } as const;
const TYPES = { otlp: 'application/x-protobuf', 'agents-sdk': 'application/json' } as const;
const GRPC_METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export type Sender = {
  /** Resolves when the whole answer is there; milliseconds since the call. Rejects unless the answer is a success. */
  readonly post: (body: Buffer) => Promise<number>;
  readonly close: () => void;
};

export function createSender(url: string, wire: Wire, connections: number): Sender {
  return wire === 'otlp-grpc' ? createGrpcSender(url, connections) : createHttpSender(url, wire, connections);
}

/** Both ports of the collector take gRPC; a channel is a connection. */
function createGrpcSender(url: string, connections: number): Sender {
  const options = { 'grpc.max_send_message_length': MAX_MESSAGE_BYTES, 'grpc.use_local_subchannel_pool': 1 };
  const clients = Array.from(
    { length: connections },
    () => new Client(new URL(url).host, credentials.createInsecure(), options),
  );
  let turn = 0;
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    post(body) {
      const client = clients[turn++ % connections];
      const started = performance.now();
      return new Promise((resolve, reject) => {
        client?.makeUnaryRequest(GRPC_METHOD, asIs, asIs, body, new Metadata(), (error) => {
          if (error) reject(error);
          else resolve(performance.now() - started);
        });
      });
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}

function createHttpSender(url: string, wire: Exclude<Wire, 'otlp-grpc'>, connections: number): Sender {
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
