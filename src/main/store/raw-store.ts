/**
 * The received bytes, verbatim. On arrival they are stored at once (raw deflate, or as the sender compressed them);
 * later, `compact` packs neighbouring bodies into one brotli block with a window that spans them all, because requests of
 * one conversation repeat each other almost completely.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompressSync, constants, deflateRaw, gunzipSync, inflateRawSync } from 'node:zlib';
import type { Connection, Reader, Writer } from './database.ts';

export type RawEncoding = 'identity' | 'deflate' | 'gzip';
export type PackedBody = { readonly encoding: RawEncoding; readonly body: Uint8Array };

export type NewRaw = {
  readonly hash: Uint8Array;
  readonly format: string;
  readonly name: string | null;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly receivedAt: number;
  readonly normaliser: number;
  /** Length before any compression. */
  readonly size: number;
  readonly packed: PackedBody;
};

const deflate = promisify(deflateRaw);
const brotli = promisify(brotliCompress);
/** Below this, compressing costs more than it saves. */
const SMALL = 512;
const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCK_ROWS = 2_000;

/** A file's name counts: some formats take a trace's identity from it. */
export function rawHash(format: string, name: string | null, bytes: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(`${format}\0${name ?? ''}\0`)
    .update(bytes)
    .digest()
    .subarray(0, 16);
}

/** Compresses off the main thread, at the fastest level: `compact` does better later. */
export async function packBody(bytes: Uint8Array): Promise<PackedBody> {
  if (bytes.length < SMALL) return { encoding: 'identity', body: bytes };
  const body = await deflate(bytes, { level: 1 });
  return body.length < bytes.length ? { encoding: 'deflate', body } : { encoding: 'identity', body: bytes };
}

/** Null when exactly these bytes are stored already. */
export function insertRaw(writer: Writer, raw: NewRaw): number | null {
  const inserted = writer.run(
    `INSERT INTO raw (hash, format, name, content_type, user_agent, received_at, normaliser, encoding, size)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
    [
      raw.hash,
      raw.format,
      raw.name,
      raw.contentType,
      raw.userAgent,
      raw.receivedAt,
      raw.normaliser,
      raw.packed.encoding,
      raw.size,
    ],
  );
  if (inserted.changes > 0) {
    putBody(writer, inserted.rowid, raw.packed.body);
    return inserted.rowid;
  }
  // The bytes were deleted together with a trace and are sent again: take them as new.
  const emptied = writer.get<{ raw_key: number }>(
    'SELECT raw_key FROM raw WHERE hash = ? AND block_key IS NULL AND raw_key NOT IN (SELECT raw_key FROM raw_body)',
    [raw.hash],
  );
  if (!emptied) return null;
  putBody(writer, emptied.raw_key, raw.packed.body);
  writer.run('UPDATE raw SET encoding = ?, received_at = ?, normaliser = ? WHERE raw_key = ?', [
    raw.packed.encoding,
    raw.receivedAt,
    raw.normaliser,
    emptied.raw_key,
  ]);
  return emptied.raw_key;
}

function putBody(writer: Writer, rawKey: number, body: Uint8Array): void {
  writer.run('INSERT INTO raw_body (raw_key, body) VALUES (?, ?)', [rawKey, body]);
}

/** Notes which traces the body holds items of, so that deleting any of them finds it. */
/** The traces that a body held an item of. */
export function tracesOfRaw(
  reader: Reader,
  hash: Uint8Array,
): { trace_id: string; trace_key: number; raw_key: number }[] {
  return reader.all(
    'SELECT trace_id, trace_key, raw_key FROM raw JOIN raw_trace USING (raw_key) JOIN trace USING (trace_key) WHERE hash = ?',
    [hash],
  );
}

export function linkRaw(writer: Writer, rawKey: number, traceKeys: readonly number[]): void {
  for (const traceKey of traceKeys) {
    writer.run('INSERT INTO raw_trace (trace_key, raw_key) VALUES (?, ?) ON CONFLICT DO NOTHING', [traceKey, rawKey]);
  }
}

type RawRow = {
  raw_key: number;
  hash: Uint8Array;
  encoding: string;
  size: number;
  block_key: number | null;
  offset: number | null;
};

/**
 * Reads many bodies, one after the other, in the order of their keys: those of one block are unpacked once. A block that
 * was written again meanwhile is noticed by the body's hash.
 */
export function createRawReader(reader: Reader): (rawKey: number) => Uint8Array | null {
  let held: { readonly key: number; readonly bytes: Uint8Array } | null = null;
  return (rawKey) => {
    const row = reader.get<RawRow & { format: string; name: string | null }>(
      'SELECT raw_key, hash, encoding, size, block_key, offset, format, name FROM raw WHERE raw_key = ?',
      [rawKey],
    );
    if (!row) return null;
    if (row.block_key === null) return unpack(reader, row);
    const offset = row.offset ?? 0;
    if (held?.key === row.block_key) {
      const bytes = held.bytes.subarray(offset, offset + row.size);
      if (Buffer.compare(rawHash(row.format, row.name, bytes), row.hash) === 0) return bytes;
    }
    const block = reader.get<{ body: Uint8Array }>('SELECT body FROM raw_block WHERE block_key = ?', [row.block_key]);
    if (!block) return null;
    held = { key: row.block_key, bytes: brotliDecompressSync(block.body) };
    return held.bytes.subarray(offset, offset + row.size);
  };
}

/** The bytes as they were before transport compression; null when they were deleted with a trace that shared them. */
export function readRaw(reader: Reader, rawKey: number): Uint8Array | null {
  const row = reader.get<RawRow>('SELECT raw_key, hash, encoding, size, block_key, offset FROM raw WHERE raw_key = ?', [
    rawKey,
  ]);
  return row ? unpack(reader, row) : null;
}

function unpack(reader: Reader, row: RawRow): Uint8Array | null {
  if (row.block_key !== null) {
    const block = reader.get<{ body: Uint8Array }>('SELECT body FROM raw_block WHERE block_key = ?', [row.block_key]);
    if (!block) return null;
    const offset = row.offset ?? 0;
    return brotliDecompressSync(block.body).subarray(offset, offset + row.size);
  }
  const body = reader.get<{ body: Uint8Array }>('SELECT body FROM raw_body WHERE raw_key = ?', [row.raw_key])?.body;
  if (!body) return null;
  if (row.encoding === 'deflate') return inflateRawSync(body);
  if (row.encoding === 'gzip') return gunzipSync(body);
  return body;
}

/** Idle compaction waits for this much: small blocks compress badly, because a window cannot span them. */
const WORTH_BYTES = 512 * 1024;

/**
 * Packs the oldest uncompacted bodies into one block, together with those of the newest block while that is small, so
 * that a conversation which trickles in over an hour ends in one window. Returns how many new bodies it packed; 0 when
 * there is too little to be worth it (unless `all`). Compression runs off the main thread between short transactions.
 */
export async function compactRaw(connection: Connection, options: { readonly all: boolean }): Promise<number> {
  const pending = connection.all<RawRow>(
    'SELECT raw_key, hash, encoding, size, block_key, offset FROM raw_body JOIN raw USING (raw_key) ORDER BY raw_key LIMIT ?',
    [BLOCK_ROWS],
  );
  const waiting = pending.reduce((sum, row) => sum + row.size, 0);
  if (pending.length === 0 || (!options.all && waiting < WORTH_BYTES && pending.length < BLOCK_ROWS)) return 0;

  const bodies: { key: number; hash: Uint8Array; bytes: Uint8Array }[] = [];
  let total = 0;
  const open = connection.get<{ block_key: number; body: Uint8Array; size: number }>(
    'SELECT block_key, body, size FROM raw_block ORDER BY block_key DESC LIMIT 1',
  );
  const merged = open && open.size < BLOCK_BYTES / 2 ? open : null;
  if (merged) {
    const bytes = brotliDecompressSync(merged.body);
    for (const row of connection.all<{ raw_key: number; hash: Uint8Array; size: number; offset: number }>(
      'SELECT raw_key, hash, size, offset FROM raw WHERE block_key = ? ORDER BY offset',
      [merged.block_key],
    )) {
      bodies.push({ key: row.raw_key, hash: row.hash, bytes: bytes.subarray(row.offset, row.offset + row.size) });
      total += row.size;
    }
  }
  let packed = 0;
  for (const row of pending) {
    if (packed > 0 && total + row.size > BLOCK_BYTES) break;
    const bytes = unpack(connection, row);
    if (!bytes) continue;
    bodies.push({ key: row.raw_key, hash: row.hash, bytes });
    total += bytes.length;
    packed++;
  }
  const body = await brotli(Buffer.concat(bodies.map((entry) => entry.bytes)), {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: total,
    },
  });
  connection.transaction((writer) => {
    // A body that was deleted or packed by another run meanwhile must not come back inside this block: pack again
    // without it. The hash is asked because SQLite gives the key of a deleted last row to the next one.
    const held = `SELECT 1 FROM raw WHERE raw_key = ? AND hash = ?
      AND (block_key = ? OR (block_key IS NULL AND raw_key IN (SELECT raw_key FROM raw_body)))`;
    const mergedKey = merged?.block_key ?? null;
    if (!bodies.every((entry) => writer.get(held, [entry.key, entry.hash, mergedKey]))) return;
    const block = writer.run('INSERT INTO raw_block (body, size) VALUES (?, ?)', [body, total]).rowid;
    let offset = 0;
    for (const entry of bodies) {
      writer.run("UPDATE raw SET encoding = 'block', block_key = ?, offset = ? WHERE raw_key = ?", [
        block,
        offset,
        entry.key,
      ]);
      writer.run('DELETE FROM raw_body WHERE raw_key = ?', [entry.key]);
      offset += entry.bytes.length;
    }
    if (merged) writer.run('DELETE FROM raw_block WHERE block_key = ?', [merged.block_key]);
  });
  connection.exec('PRAGMA incremental_vacuum(4000)');
  return packed;
}

/** Removes bodies for good. A block that keeps other bodies is written again without them. */
export function deleteRawBodies(writer: Writer, rawKeys: readonly number[]): void {
  const gone = new Set(rawKeys);
  const blocks = new Set<number>();
  for (const key of rawKeys) {
    const row = writer.get<{ block_key: number | null }>('SELECT block_key FROM raw WHERE raw_key = ?', [key]);
    if (row?.block_key) blocks.add(row.block_key);
    writer.run('UPDATE raw SET block_key = NULL, offset = NULL WHERE raw_key = ?', [key]);
    writer.run('DELETE FROM raw_body WHERE raw_key = ?', [key]);
  }
  for (const block of blocks) {
    const stored = writer.get<{ body: Uint8Array }>('SELECT body FROM raw_block WHERE block_key = ?', [block]);
    const bytes = stored ? brotliDecompressSync(stored.body) : Buffer.alloc(0);
    const rest = writer.all<{ raw_key: number; size: number; offset: number }>(
      'SELECT raw_key, size, offset FROM raw WHERE block_key = ? ORDER BY offset',
      [block],
    );
    for (const row of rest) {
      if (gone.has(row.raw_key)) continue;
      // Few bodies remain per block in practice; they wait for the next compaction uncompressed.
      writer.run("UPDATE raw SET encoding = 'identity', block_key = NULL, offset = NULL WHERE raw_key = ?", [
        row.raw_key,
      ]);
      putBody(writer, row.raw_key, bytes.subarray(row.offset, row.offset + row.size));
    }
    writer.run('DELETE FROM raw_block WHERE block_key = ?', [block]);
  }
}
