/**
 * Reads ZIP archives in memory: stored and deflated entries, ZIP64. Nothing is ever written to a disk; what is refused
 * anyway is an entry whose name climbs out of the archive, and more output than a bomb may make.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { inflateRawSync } from 'node:zlib';

export type ZipEntry = { readonly name: string; readonly read: () => Uint8Array | ZipFault };
export type ZipFault = { readonly fault: string };

const MAX_ENTRIES = 100_000;
const MAX_ENTRY = 256 * 1024 * 1024;
/** Of all entries that are read, together. */
const MAX_TOTAL = 1024 * 1024 * 1024;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_COMMENT = 65_535;

type Found = {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressed: number;
  /** Where the local header begins. */
  readonly offset: number;
};

/** The entries of the archive; without a directory at the end (a file that was cut) those that can be found from its start. */
export function readZip(bytes: Uint8Array): {
  readonly entries: readonly ZipEntry[];
  readonly faults: readonly string[];
} {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const faults: string[] = [];
  const found = readDirectory(buffer) ?? scanEntries(buffer, faults);
  const budget = { left: MAX_TOTAL };
  const entries: ZipEntry[] = [];
  for (const each of found) {
    if (entries.length === MAX_ENTRIES) {
      faults.push(`The archive has more than ${MAX_ENTRIES} entries.`);
      break;
    }
    if (isClimbing(each.name))
      faults.push(`The entry "${each.name.slice(0, 200)}" has a name that leaves the archive.`);
    else entries.push({ name: each.name, read: () => extract(buffer, each, budget) });
  }
  return { entries, faults };
}

export function isZip(head: Uint8Array): boolean {
  return head.length > 30 && head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
}

/** The name of the first entry, from the first bytes of the file. */
export function firstName(head: Uint8Array): string {
  const buffer = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return isZip(head) ? buffer.toString('utf8', 30, 30 + buffer.readUInt16LE(26)) : '';
}

function isClimbing(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(name);
}

function extract(buffer: Buffer, entry: Found, budget: { left: number }): Uint8Array | ZipFault {
  const at = entry.offset;
  if (entry.encrypted) return { fault: 'The entry is encrypted.' };
  if (at < 0 || at + 30 > buffer.length || buffer.readUInt32LE(at) !== LOCAL)
    return { fault: 'The entry is not there.' };
  const start = at + 30 + buffer.readUInt16LE(at + 26) + buffer.readUInt16LE(at + 28);
  const end = start + entry.compressed;
  if (end > buffer.length) return { fault: 'The entry is cut off.' };
  const data = buffer.subarray(start, end);
  const limit = Math.min(MAX_ENTRY, budget.left);
  const tooLarge: ZipFault = { fault: 'The entry unpacks to more than can be read.' };
  if (entry.method === 0) {
    if (data.length > limit) return tooLarge;
    budget.left -= data.length;
    return data;
  }
  if (entry.method !== 8) return { fault: `The entry is packed by method ${entry.method}, which is not known.` };
  if (limit === 0) return tooLarge;
  try {
    const unpacked = inflateRawSync(data, { maxOutputLength: limit });
    budget.left -= unpacked.length;
    return unpacked;
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError || (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? tooLarge : { fault: 'The entry cannot be unpacked.' };
  }
}

/** Null when there is no directory, or one that is not sound. */
function readDirectory(buffer: Buffer): Found[] | null {
  const end = findEnd(buffer);
  if (end === -1) return null;
  let at = buffer.readUInt32LE(end + 16);
  if (at === 0xffffffff) {
    // The ZIP64 record, to which a locator before this one points.
    const locator = end - 20;
    const record = locator < 0 || buffer.readUInt32LE(locator) !== 0x07064b50 ? -1 : wide(buffer, locator + 8);
    if (record < 0 || record + 56 > buffer.length || buffer.readUInt32LE(record) !== 0x06064b50) return null;
    at = wide(buffer, record + 48);
  }
  const found: Found[] = [];
  while (at >= 0 && at + 46 <= end && buffer.readUInt32LE(at) === CENTRAL && found.length <= MAX_ENTRIES) {
    const nameLength = buffer.readUInt16LE(at + 28);
    const extraLength = buffer.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength + buffer.readUInt16LE(at + 32);
    if (next > end) break;
    const extra = buffer.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const sizes = readSizes(extra, {
      plain: buffer.readUInt32LE(at + 24),
      compressed: buffer.readUInt32LE(at + 20),
      offset: buffer.readUInt32LE(at + 42),
    });
    found.push({
      name: buffer.toString('utf8', at + 46, at + 46 + nameLength),
      method: buffer.readUInt16LE(at + 10),
      encrypted: (buffer.readUInt16LE(at + 8) & 1) === 1,
      compressed: sizes.compressed,
      offset: sizes.offset,
    });
    at = next;
  }
  return found.length > 0 ? found : null;
}

function findEnd(buffer: Buffer): number {
  for (let at = buffer.length - 22; at >= Math.max(0, buffer.length - 22 - MAX_COMMENT); at--) {
    if (buffer.readUInt32LE(at) === END) return at;
  }
  return -1;
}

type Sizes = { readonly plain: number; readonly compressed: number; readonly offset: number };

/** Fields of 32 bits that are full stand in the ZIP64 extra field, in this order. */
function readSizes(extra: Buffer, given: Sizes): Sizes {
  if (given.plain !== 0xffffffff && given.compressed !== 0xffffffff && given.offset !== 0xffffffff) return given;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + extra.readUInt16LE(at + 2));
    let field = at + 4;
    const next = (value: number): number => {
      if (value !== 0xffffffff || field + 8 > end) return value;
      field += 8;
      return wide(extra, field - 8);
    };
    const plain = next(given.plain);
    const compressed = next(given.compressed);
    return { plain, compressed, offset: next(given.offset) };
  }
  return given;
}

/** A number of 64 bits; -1 when no file is so large. */
function wide(buffer: Buffer, at: number): number {
  const value = buffer.readBigUInt64LE(at);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? -1 : Number(value);
}

function scanEntries(buffer: Buffer, faults: string[]): Found[] {
  faults.push('The archive has no directory: it was cut off, or is still being written.');
  const found: Found[] = [];
  let at = 0;
  while (at + 30 <= buffer.length && buffer.readUInt32LE(at) === LOCAL && found.length <= MAX_ENTRIES) {
    const flags = buffer.readUInt16LE(at + 6);
    const compressed = buffer.readUInt32LE(at + 18);
    // The size stands behind the data, where only unpacking finds it.
    if ((flags & 8) !== 0 || compressed === 0xffffffff) break;
    const nameLength = buffer.readUInt16LE(at + 26);
    found.push({
      name: buffer.toString('utf8', at + 30, at + 30 + nameLength),
      method: buffer.readUInt16LE(at + 8),
      encrypted: (flags & 1) === 1,
      compressed,
      offset: at,
    });
    at += 30 + nameLength + buffer.readUInt16LE(at + 28) + compressed;
  }
  return found;
}
