/**
 * Reads ZIP archives: stored and deflated entries, ZIP64, in memory or out of a file that is larger than memory. Nothing
 * is ever written to a disk; what is refused anyway is an entry whose name climbs out of the archive, and more output
 * than a bomb may make.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { inflateRawSync } from 'node:zlib';

/** Bytes at a place; fewer where the archive ends. */
export type ZipSource = { readonly size: number; readonly read: (from: number, length: number) => Buffer };

export type ZipEntry = {
  readonly name: string;
  /** As the archive says; the truth is known after unpacking. */
  readonly size: number;
  readonly compressed: number;
  readonly read: () => Uint8Array | ZipFault;
  /** Where the packed bytes stand, for readers that unpack them piece by piece. */
  readonly locate: () => ZipPlace | ZipFault;
  /** The entry as it is, for `packZip`. */
  readonly packed: () => PackedEntry | ZipFault;
};
export type ZipFault = { readonly fault: string };
export type ZipPlace = { readonly start: number; readonly end: number; readonly deflated: boolean };
export type PackedEntry = {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly data: Buffer;
};

const MAX_ENTRIES = 100_000;
const MAX_ENTRY = 256 * 1024 * 1024;
/** Of all entries that are read, together. */
const MAX_TOTAL = 1024 * 1024 * 1024;
const MAX_DIRECTORY = 64 * 1024 * 1024;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_COMMENT = 65_535;

type Found = {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly plain: number;
  readonly compressed: number;
  /** Where the local header begins. */
  readonly offset: number;
};

export type Zip = { readonly entries: readonly ZipEntry[]; readonly faults: readonly string[] };

/** As `openZip`, of an archive that is in memory. */
export function readZip(bytes: Uint8Array): Zip {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return openZip({
    size: buffer.length,
    read: (from, length) => (from < 0 ? Buffer.alloc(0) : buffer.subarray(from, from + length)),
  });
}

/** The entries of the archive; without a directory at the end (a file that was cut) those that can be found from its start. */
export function openZip(source: ZipSource): Zip {
  const faults: string[] = [];
  const found = readDirectory(source) ?? scanEntries(source, faults);
  const budget = { left: MAX_TOTAL };
  const entries: ZipEntry[] = [];
  for (const each of found) {
    if (entries.length === MAX_ENTRIES) {
      faults.push(`The archive has more than ${MAX_ENTRIES} entries.`);
      break;
    }
    if (isClimbing(each.name)) {
      faults.push(`The entry "${each.name.slice(0, 200)}" has a name that leaves the archive.`);
      continue;
    }
    entries.push({
      name: each.name,
      size: each.plain,
      compressed: each.compressed,
      read: () => extract(source, each, budget),
      locate: () => locate(source, each),
      packed: () => {
        const place = locate(source, each);
        if ('fault' in place) return place;
        const data = source.read(place.start, each.compressed);
        return { name: each.name, method: each.method, crc: each.crc, size: each.plain, data };
      },
    });
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

/** An archive of some entries of others, packed as they were. */
export function packZip(entries: readonly PackedEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, method, crc, size, data } of entries) {
    const text = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    local.writeUInt16LE(20, 4);
    writeSizes(local, 8, { method, crc, compressed: data.length, size, name: text.length });
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    writeSizes(central, 10, { method, crc, compressed: data.length, size, name: text.length });
    central.writeUInt32LE(offset, 42);
    parts.push(local, text, data);
    directory.push(central, text);
    offset += local.length + text.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

type Written = { method: number; crc: number; compressed: number; size: number; name: number };

/** The fields that both headers have, from the method on; times are left at nothing. */
function writeSizes(header: Buffer, at: number, { method, crc, compressed, size, name }: Written): void {
  header.writeUInt16LE(method, at);
  header.writeUInt32LE(crc, at + 6);
  header.writeUInt32LE(compressed, at + 10);
  header.writeUInt32LE(Math.min(size, 0xffffffff), at + 14);
  header.writeUInt16LE(name, at + 18);
}

export function isClimbing(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(name);
}

function locate(source: ZipSource, entry: Found): ZipPlace | ZipFault {
  if (entry.encrypted) return { fault: 'The entry is encrypted.' };
  const header = source.read(entry.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) return { fault: 'The entry is not there.' };
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + entry.compressed;
  if (end > source.size) return { fault: 'The entry is cut off.' };
  if (entry.method !== 0 && entry.method !== 8) {
    return { fault: `The entry is packed by method ${entry.method}, which is not known.` };
  }
  return { start, end, deflated: entry.method === 8 };
}

function extract(source: ZipSource, entry: Found, budget: { left: number }): Uint8Array | ZipFault {
  const place = locate(source, entry);
  if ('fault' in place) return place;
  const limit = Math.min(MAX_ENTRY, budget.left);
  const tooLarge: ZipFault = { fault: 'The entry unpacks to more than can be read.' };
  if (entry.compressed > limit || limit === 0) return tooLarge;
  const data = source.read(place.start, entry.compressed);
  if (!place.deflated) {
    budget.left -= data.length;
    return data;
  }
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
function readDirectory(source: ZipSource): Found[] | null {
  const tailAt = Math.max(0, source.size - MAX_COMMENT - 22 - 20);
  const tail = source.read(tailAt, source.size - tailAt);
  const inTail = findEnd(tail);
  if (inTail === -1) return null;
  const end = tailAt + inTail;
  let from = tail.readUInt32LE(inTail + 16);
  if (from === 0xffffffff) {
    // The ZIP64 record, to which a locator before this one points.
    const locator = inTail - 20;
    const at = locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50 ? -1 : wide(tail, locator + 8);
    const record = at < 0 ? Buffer.alloc(0) : source.read(at, 56);
    if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) return null;
    from = wide(record, 48);
  }
  if (from < 0 || from > end) return null;
  const buffer = source.read(from, Math.min(end - from, MAX_DIRECTORY));
  const found: Found[] = [];
  let at = 0;
  while (at + 46 <= buffer.length && buffer.readUInt32LE(at) === CENTRAL && found.length <= MAX_ENTRIES) {
    const nameLength = buffer.readUInt16LE(at + 28);
    const extraLength = buffer.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength + buffer.readUInt16LE(at + 32);
    if (next > buffer.length) break;
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
      crc: buffer.readUInt32LE(at + 16),
      ...sizes,
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

function scanEntries(source: ZipSource, faults: string[]): Found[] {
  faults.push('The archive has no directory: it was cut off, or is still being written.');
  const found: Found[] = [];
  let at = 0;
  while (found.length <= MAX_ENTRIES) {
    const header = source.read(at, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) break;
    const flags = header.readUInt16LE(6);
    const compressed = header.readUInt32LE(18);
    // The size stands behind the data, where only unpacking finds it.
    if ((flags & 8) !== 0 || compressed === 0xffffffff) break;
    const nameLength = header.readUInt16LE(26);
    found.push({
      name: source.read(at + 30, nameLength).toString('utf8'),
      method: header.readUInt16LE(8),
      encrypted: (flags & 1) === 1,
      crc: header.readUInt32LE(14),
      plain: header.readUInt32LE(22),
      compressed,
      offset: at,
    });
    at += 30 + nameLength + header.readUInt16LE(28) + compressed;
  }
  return found;
}
