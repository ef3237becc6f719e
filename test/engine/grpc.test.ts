import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { onTestFinished, expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { startEngine } from '../support/workspace.ts';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const identity = (bytes: Buffer): Buffer => bytes;

function exporter(address: string): (method: string, body: Buffer, compressed?: boolean) => Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.default_compression_algorithm': 0 });
  const zipping = new Client(address, credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 });
  onTestFinished(() => {
    client.close();
    zipping.close();
  });
  return (method, body, compressed = false) =>
    new Promise((resolve, reject) => {
      (compressed ? zipping : client).makeUnaryRequest(
        method,
        identity,
        identity,
        body,
        new Metadata(),
        (error, answer) => {
          if (error) reject(error);
          else resolve(answer ?? Buffer.alloc(0));
        },
      );
    });
}

async function stored(engine: Engine): Promise<number> {
  await engine.settle();
  return engine.info().spans;
}

test('gRPC is collected on both ports, plain and gzip, and HTTP on the gRPC port', async () => {
  const engine = await startEngine();
  const { grpcAddress, httpUrl } = engine.info();
  const spans = [1, 2, 3].map((seed) => makeTrace('handoff-chain', { seed }));
  const [a = [], b = [], c = []] = spans;
  expect((await exporter(grpcAddress ?? '')(TRACES, otlpProtobuf(a))).length).toBe(0);
  await exporter(new URL(httpUrl ?? '').host)(TRACES, otlpProtobuf(b), true);
  const http = await fetch(`http://${grpcAddress}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: otlpProtobuf(c) as BodyInit,
  });
  expect(http.status).toBe(200);
  expect(await stored(engine)).toBe(a.length + b.length + c.length);
});

test("a batch beyond the library's usual 4 MB arrives", async () => {
  const engine = await startEngine();
  const spans = makeTrace('swarm', { spans: 12_000 });
  const body = otlpProtobuf(spans);
  expect(body.length).toBeGreaterThan(5_000_000);
  await exporter(engine.info().grpcAddress ?? '')(TRACES, body);
  expect(await stored(engine)).toBe(spans.length);
});

test('what cannot be decoded is INVALID_ARGUMENT, a full workspace UNAVAILABLE; logs and metrics succeed', async () => {
  const engine = await startEngine({ maxBytes: 600_000 });
  const send = exporter(engine.info().grpcAddress ?? '');
  await expect(send(TRACES, otlpProtobuf(makeTrace('handoff-chain')).subarray(0, 99))).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
  });
  let refused: ServiceError | null = null;
  for (let seed = 1; seed < 100 && refused === null; seed++) {
    await send(TRACES, otlpProtobuf(makeTrace('parallel-tools', { seed, spans: 60 }))).catch((error: ServiceError) => {
      refused = error;
    });
  }
  expect(refused).toMatchObject({ code: status.UNAVAILABLE });
  for (const signal of ['logs.v1.LogsService', 'metrics.v1.MetricsService']) {
    await send(`/opentelemetry.proto.collector.${signal}/Export`, Buffer.alloc(0));
  }
});
