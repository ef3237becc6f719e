/** Reads a request body within bounds, before and after decompression. */
import type { IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { pipeline } from 'node:stream';
import type { Transform } from 'node:stream';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';

export type BodyLimits = { readonly received: number; readonly decompressed: number };
export const BODY_LIMITS: BodyLimits = { received: 256 * 1024 * 1024, decompressed: 512 * 1024 * 1024 };

export type BodyFailure = { readonly status: 400 | 413 | 415; readonly message: string };

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Result<Buffer, BodyFailure>> {
  const declared = Number(request.headers['content-length'] ?? 0);
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = DECODERS[encoding];
  if (declared > limits.received) return refuse(request, tooLarge(limits.received));
  if (encoding !== 'identity' && encoding !== '' && !decoder) {
    return refuse(request, {
      status: 415,
      message: `Content-Encoding ${encoding.slice(0, 40)} is not supported; use gzip, deflate, br or none.`,
    });
  }
  const received = bounded(request, limits.received);
  try {
    if (!decoder) return ok(await collect(received, limits.decompressed));
    const inflate = decoder();
    // A failure surfaces in the loop over `inflate`.
    pipeline(received, inflate, () => undefined);
    return ok(await collect(inflate, limits.decompressed));
  } catch (cause) {
    if (cause instanceof TooLarge) return refuse(request, tooLarge(cause.limit));
    return refuse(request, {
      status: 400,
      message: `The body could not be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    });
  }
}

class TooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super('too large');
    this.limit = limit;
  }
}

async function* bounded(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  // Not destroyed on the way out: the socket must live to carry the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new TooLarge(limit);
    yield chunk;
  }
}

async function collect(stream: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    if (total > limit) throw new TooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, total);
}

const DRAIN_MS = 2_000;

/**
 * What the client still sends is read and dropped for a moment, so that it sees the answer instead of a reset
 * connection; a sender without end is cut off.
 */
export function discard(request: IncomingMessage): void {
  request.resume();
  const cut = setTimeout(() => request.destroy(), DRAIN_MS).unref();
  request.once('close', () => {
    clearTimeout(cut);
  });
}

function refuse(request: IncomingMessage, failure: BodyFailure): Result<never, BodyFailure> {
  discard(request);
  return fail(failure);
}

function tooLarge(limit: number): BodyFailure {
  return { status: 413, message: `The body is over the limit of ${Math.round(limit / 1024 / 1024)} MB.` };
}
