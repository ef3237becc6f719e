/**
 * OTLP over gRPC: three unary methods with identity serialisers, so that the bytes reach the same decoders as over HTTP.
 * Status codes follow the OTLP specification: UNAVAILABLE is tried again by senders, INVALID_ARGUMENT is not.
 */
import type { Socket } from 'node:net';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { AppFailure } from '#shared/result.ts';
import { isLoopbackHost } from './guard.ts';
import { exportResponse } from './replies.ts';
import type { Accepted, Received } from './server.ts';

/** The bound that the OTLP specification suggests; the library's own is 4 MB, which large batches exceed. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const SIGNALS = [
  { service: 'trace.v1.TraceService', path: '/v1/traces' },
  { service: 'logs.v1.LogsService', path: '/v1/logs' },
  { service: 'metrics.v1.MetricsService', path: '/v1/metrics' },
] as const;

export type GrpcOptions = {
  readonly busy: (bytes: number) => boolean;
  readonly accept: (received: Received) => Promise<Accepted>;
};

export type GrpcListener = { readonly take: (socket: Socket) => void; readonly close: () => Promise<void> };

export function createGrpcListener(options: GrpcOptions): GrpcListener {
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  const identity = (bytes: Buffer): Buffer => bytes;
  for (const { service, path } of SIGNALS) {
    server.addService(
      {
        Export: {
          path: `/opentelemetry.proto.collector.${service}/Export`,
          requestStream: false,
          responseStream: false,
          requestDeserialize: identity,
          requestSerialize: identity,
          responseSerialize: identity,
          responseDeserialize: identity,
        },
      },
      {
        Export: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
          void answer(options, path, call, reply);
        },
      },
    );
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    take: (socket) => {
      injector.injectConnection(socket);
    },
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, 2_000);
        server.tryShutdown(() => {
          clearTimeout(cut);
          resolve();
        });
        injector.drain(1_500);
      }),
  };
}

async function answer(
  options: GrpcOptions,
  path: string,
  call: ServerUnaryCall<Buffer, Buffer>,
  reply: sendUnaryData<Buffer>,
): Promise<void> {
  const host = call.getHost();
  if (!isLoopbackHost(host)) {
    reply({ code: status.PERMISSION_DENIED, details: 'The collector answers only on this computer.' });
    return;
  }
  if (options.busy(call.request.length)) {
    reply({ code: status.UNAVAILABLE, details: 'Too much is waiting to be stored; try again.' });
    return;
  }
  const [agent] = call.metadata.get('user-agent');
  try {
    if (call.request.length === 0) {
      reply(null, exportResponse({ count: 0, message: '' }));
      return;
    }
    const accepted = await options.accept({
      path,
      contentType: 'application/x-protobuf',
      userAgent: typeof agent === 'string' ? agent.slice(0, 512) : null,
      bytes: call.request,
    });
    reply(null, exportResponse({ count: accepted.rejected, message: accepted.message }));
  } catch (cause) {
    const error = cause instanceof AppFailure ? cause.error : { code: 'internal', message: String(cause) };
    const undecodable = error.code === 'bad_request' || error.code === 'too_large';
    reply({ code: undecodable ? status.INVALID_ARGUMENT : status.UNAVAILABLE, details: error.message });
  }
}
