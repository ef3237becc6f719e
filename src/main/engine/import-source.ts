/** The bytes of a file as chunks of UTF-8: unpacked from gzip with a guard against bombs, and out of UTF-16. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { AppFailure } from '#shared/result.ts';

export type Chunks = AsyncIterable<Uint8Array>;

const CHUNK_BYTES = 256 * 1024;
/** Real traces compress at most some sixty times; a bomb a thousand times. */
const MAX_RATIO = 200;
/** Below this no ratio matters. */
const HARMLESS_BYTES = 64 * 1024 * 1024;

/** @param taken told how many bytes of the file were read */
export async function* fileChunks(
  path: string,
  range: { readonly start: number; readonly end: number } | null,
  taken: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (range !== null && range.end <= range.start) return;
  const options = range === null ? {} : { start: range.start, end: range.end - 1 };
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, ...options })) {
    const bytes = chunk as Buffer;
    taken(bytes.length);
    yield bytes;
  }
}

/** What was collected from the start of the chunks; `all` begins with it again and may be read once. */
export type Peeked = {
  readonly head: Uint8Array;
  /** Whether there is nothing behind the head. */
  readonly ended: boolean;
  readonly all: Chunks;
  readonly close: () => Promise<void>;
};

/** Collects at least `wanted` bytes, or all there are. */
export async function peek(chunks: Chunks, wanted: number, signal: AbortSignal): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };
  const parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  try {
    while (length < wanted && !ended) {
      throwIfCancelled(signal);
      const next = await iterator.next();
      ended = next.done === true;
      if (next.done !== true) {
        parts.push(next.value);
        length += next.value.length;
      }
    }
  } catch (cause) {
    await close();
    throw cause;
  }
  const head = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await close();
    }
  }
  return { head, ended, all: all(), close };
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled; what was read is kept.' });
}

/** Unpacks gzip where the bytes begin so, and turns UTF-16 with a byte order mark into UTF-8. */
export async function decoded(
  chunks: Chunks,
  signal: AbortSignal,
): Promise<{ readonly chunks: Chunks; readonly gzip: boolean }> {
  const packed = await peek(chunks, 4, signal);
  const gzip = packed.head[0] === 0x1f && packed.head[1] === 0x8b;
  const plain = await peek(gzip ? inflated(packed.all, 'gzip') : packed.all, 4, signal);
  const [first, second] = plain.head;
  if (first === 0xff && second === 0xfe) return { chunks: transcoded(plain.all, 'utf-16le'), gzip };
  if (first === 0xfe && second === 0xff) return { chunks: transcoded(plain.all, 'utf-16be'), gzip };
  return { chunks: plain.all, gzip };
}

async function* transcoded(chunks: Chunks, from: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(from);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** Fails with `too_large` on a bomb and with the reason of zlib on damage; what came before either has been given. */
export async function* inflated(chunks: Chunks, kind: 'gzip' | 'deflate'): AsyncGenerator<Uint8Array> {
  let packed = 0;
  let unpacked = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      // A chunk of a bomb must not become gigabytes before it is noticed.
      for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
        const part = chunk.subarray(at, at + CHUNK_BYTES);
        packed += part.length;
        yield part;
      }
    }
  }
  const options = { chunkSize: CHUNK_BYTES };
  const unpacker = kind === 'gzip' ? createGunzip(options) : createInflateRaw(options);
  pipeline(Readable.from(counted(), { objectMode: false, highWaterMark: CHUNK_BYTES }), unpacker, () => undefined);
  for await (const chunk of unpacker) {
    const bytes = chunk as Buffer;
    unpacked += bytes.length;
    if (isBomb(packed, unpacked)) throw new AppFailure(BOMB);
    yield bytes;
  }
}

export function isBomb(packed: number, unpacked: number): boolean {
  return unpacked > HARMLESS_BYTES && unpacked > packed * MAX_RATIO;
}

export const BOMB = {
  code: 'too_large',
  message: `It unpacks to more than ${MAX_RATIO} times its size, as no traces do; it was not read further.`,
} as const;
