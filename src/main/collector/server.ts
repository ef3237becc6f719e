/**
 * The collector: HTTP and gRPC. It knows transport (limits, encodings, who may speak, how to answer) and nothing of any format: a
 * route says which decoder takes a path, and `accept` resolves only when what was sent is committed.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from '#shared/format.ts';
import type { Json } from '#shared/json.ts';
import type { AppError, Result } from '#shared/result.ts';
import { AppFailure, fail, ok } from '#shared/result.ts';
import type { BodyLimits } from './body.ts';
import { BODY_LIMITS, discard, readBody } from './body.ts';
import { isLoopbackOrigin, refuse } from './guard.ts';
import { takeGrpcFrom } from './demultiplex.ts';
import { createGrpcListener } from './grpc.ts';
import type { Dialogue, RejectedName } from './replies.ts';
import { sendError, sendReply, sendStored } from './replies.ts';

export type Received = {
  readonly path: string;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly bytes: Buffer;
};
export type Accepted = {
  readonly rejected: number;
  /** What the sender's protocol calls them. */
  readonly rejectedName: RejectedName;
  readonly message: string;
  /** Said instead of the usual answer. */
  readonly reply?: Reply;
};

export type CollectorOptions = {
  /** 0 = any free port. */
  readonly port: number;
  /** Where gRPC clients look by convention; 0 = any free port, null = only the HTTP port, which takes gRPC too. */
  readonly grpcPort: number | null;
  /** What the path is for; null = no such place. */
  readonly route: (path: string) => 'otlp' | 'plain' | null;
  /** The method with which something is sent to this path, where it is not POST. */
  readonly methodOf?: (path: string) => string;
  /** What a GET of this path is answered with; null = nothing is there to get. */
  readonly answer?: (path: string) => Json;
  readonly busy: (bytes: number) => boolean;
  /** A body begins to arrive; the answer is called when it was accepted for storing, or will not be. */
  readonly expect: () => () => void;
  /** Rejects with an AppFailure: `bad_request` = undecodable, `store_*` = try again. */
  readonly accept: (received: Received, arrived: () => void) => Promise<Accepted>;
  readonly limits?: BodyLimits;
};

export type Collector = {
  readonly url: string;
  readonly port: number;
  /** host:port */
  readonly grpcAddress: string;
  readonly close: () => Promise<void>;
};

const PORTS_TRIED = 20;
const RETRY_AFTER_SECONDS = '2';

/** HTTP on the wanted port, or on the next free one; gRPC on its own where that is free, and on the HTTP port anyway. */
export async function startCollector(options: CollectorOptions): Promise<Result<Collector>> {
  const grpc = createGrpcListener({
    busy: options.busy,
    accept: (received) => options.accept(received, () => undefined),
  });
  const create = (): Server => {
    const server = build(options);
    takeGrpcFrom(server, grpc.take);
    return server;
  };
  const http = await listenFrom(create, options.port, PORTS_TRIED);
  if (!http.ok) {
    await grpc.close();
    return http;
  }
  const second = options.grpcPort === null ? null : await listenFrom(create, options.grpcPort, 1);
  const grpcPort = second?.ok === true ? second.value.port : http.value.port;
  return ok({
    url: `http://127.0.0.1:${http.value.port}`,
    port: http.value.port,
    grpcAddress: `127.0.0.1:${grpcPort}`,
    async close() {
      await Promise.all([grpc.close(), http.value.close(), second?.ok === true ? second.value.close() : null]);
    },
  });
}

type Listening = { readonly port: number; readonly close: () => Promise<void> };

/** Listens on 127.0.0.1 (and ::1 where it exists), on the first of `tries` ports that is wholly free. */
async function listenFrom(create: () => Server, wanted: number, tries: number): Promise<Result<Listening>> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const port = wanted === 0 ? 0 : wanted + attempt;
    if (port > 65_535) break;
    const v4 = create();
    const listening = await listen(v4, port, '127.0.0.1');
    if (!listening.ok) {
      if (listening.error === 'EADDRINUSE' || listening.error === 'EACCES') continue;
      return fail({
        code: 'port_taken',
        message: `The collector could not listen on port ${port} (${listening.error}).`,
        hint: 'Choose another port with --http-port.',
      });
    }
    const bound = listening.value;
    const v6 = create();
    const both = await listen(v6, bound, '::1');
    // Somebody else on ::1 at our port would take what clients send to "localhost": go on to a port that is wholly ours.
    if (!both.ok && both.error === 'EADDRINUSE' && wanted !== 0) {
      await stop(v4);
      continue;
    }
    return ok({
      port: bound,
      async close() {
        await Promise.all([stop(v4), both.ok ? stop(v6) : null]);
      },
    });
  }
  return fail({
    code: 'port_taken',
    message: `Ports ${wanted} to ${wanted + tries - 1} are all taken.`,
    hint: 'Free one, or choose another with --http-port.',
  });
}

function listen(server: Server, port: number, host: string): Promise<Result<number, string>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(fail(error.code ?? error.message));
    });
    server.listen({ port, host, exclusive: true, ipv6Only: host === '::1' }, () => {
      resolve(ok((server.address() as AddressInfo).port));
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    // Requests in flight get a moment to be committed and answered.
    setTimeout(() => {
      server.closeAllConnections();
    }, 2_000).unref();
  });
}

function build(options: CollectorOptions): Server {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((cause: unknown) => {
      if (!response.headersSent)
        sendError(response, 'plain', 503, cause instanceof Error ? cause.message : String(cause), {
          'retry-after': RETRY_AFTER_SECONDS,
        });
      else response.destroy();
    });
  });
  // After listening, an error is a connection that could not be accepted (no file descriptor left): its sender tries again.
  server.on('error', () => undefined);
  server.headersTimeout = 30_000;
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 60_000;
  server.maxConnections = 1_024;
  return server;
}

async function handle(options: CollectorOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const refusal = refuse(request.headers);
  if (refusal) {
    discard(request);
    sendError(response, 'plain', 403, sentence(refusal));
    return;
  }
  const origin = request.headers.origin;
  if (origin !== undefined && isLoopbackOrigin(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'origin');
  }
  const method = options.methodOf?.(path) ?? 'POST';
  if (request.method === 'OPTIONS') {
    discard(request);
    response
      .writeHead(204, {
        'access-control-allow-methods': method,
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? 'content-type',
        'access-control-max-age': '600',
      })
      .end();
    return;
  }
  const route = options.route(path);
  const contentType = mediaType(request.headers['content-type']);
  const dialogue: Dialogue =
    route === 'plain' || route === null ? 'plain' : contentType?.includes('json') ? 'json' : 'protobuf';
  if (request.method === 'GET' && (path === '/' || path === '/health')) {
    discard(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok","service":"tracewright"}');
    return;
  }
  const answer = request.method === 'GET' ? (options.answer?.(path) ?? null) : null;
  if (answer !== null) {
    discard(request);
    sendReply(response, { status: 200, body: answer });
    return;
  }
  if (route === null) {
    discard(request);
    sendError(
      response,
      dialogue,
      404,
      `Nothing is collected at ${path.slice(0, 200)}. Send to /v1/traces (OTLP) or /v1/traces/ingest (OpenAI Agents SDK).`,
    );
    return;
  }
  if (request.method !== method) {
    discard(request);
    sendError(response, dialogue, 405, `Send with ${method}.`, { allow: method });
    return;
  }
  if (options.busy(Number(request.headers['content-length'] ?? 0))) {
    discard(request);
    sendError(response, dialogue, 503, 'Too much is waiting to be stored; try again.', {
      'retry-after': RETRY_AFTER_SECONDS,
    });
    return;
  }
  const arrived = options.expect();
  try {
    await take(options, { request, response, path, contentType, dialogue }, arrived);
  } finally {
    arrived();
  }
}

type Delivery = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly contentType: string | null;
  readonly dialogue: Dialogue;
};

/** Reads the body, has it stored and answers. */
async function take(options: CollectorOptions, delivery: Delivery, arrived: () => void): Promise<void> {
  const { request, response, path, contentType, dialogue } = delivery;
  const body = await readBody(request, options.limits ?? BODY_LIMITS);
  if (!body.ok) {
    sendError(response, dialogue, body.error.status, body.error.message);
    return;
  }
  if (body.value.length === 0) {
    sendStored(response, dialogue, { count: 0, name: 'rejectedSpans', message: '' });
    return;
  }
  try {
    const userAgent = request.headers['user-agent']?.slice(0, 512) ?? null;
    const accepted = await options.accept({ path, contentType, userAgent, bytes: body.value }, arrived);
    if (accepted.reply) sendReply(response, accepted.reply);
    else
      sendStored(response, dialogue, {
        count: accepted.rejected,
        name: accepted.rejectedName,
        message: accepted.message,
      });
  } catch (cause) {
    if (!(cause instanceof AppFailure)) throw cause;
    const storing = cause.error.code.startsWith('store_') || cause.error.code.startsWith('workspace_');
    sendError(
      response,
      dialogue,
      storing ? 503 : 400,
      sentence(cause.error),
      storing ? { 'retry-after': RETRY_AFTER_SECONDS } : {},
    );
  }
}

function mediaType(header: string | undefined): string | null {
  const type = header?.split(';', 1)[0]?.trim().toLowerCase();
  return type ? type : null;
}

function sentence(error: AppError): string {
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}
