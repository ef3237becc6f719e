/** Entries of a tar archive as they pass by: ustar names, GNU long names and pax paths. */
import type { Chunks } from './import-source.ts';

const BLOCK = 512;
/** Of a long name or a pax record. */
const MAX_EXTRA = 1024 * 1024;

/** The chunks of an entry must be read, or left, before the next entry is asked for. */
export type TarEntry = { readonly name: string; readonly size: number; readonly chunks: Chunks };

export async function* tarEntries(chunks: Chunks): AsyncGenerator<TarEntry> {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Uint8Array = Buffer.alloc(0);

  /** Up to so many bytes, as they come; null at the end. */
  async function some(limit: number): Promise<Uint8Array | null> {
    while (held.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return null;
      held = next.value;
    }
    const part = held.subarray(0, limit);
    held = held.subarray(part.length);
    return part;
  }

  async function exactly(count: number): Promise<Buffer | null> {
    const parts: Uint8Array[] = [];
    for (let left = count; left > 0;) {
      const part = await some(left);
      if (part === null) return null;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  try {
    let longName: string | null = null;
    for (;;) {
      const header = await exactly(BLOCK);
      if (header === null || header.every((byte) => byte === 0)) return;
      const size = readSize(header);
      if (size === null || !isSound(header)) throw new Error('The tar archive is damaged.');
      const type = String.fromCharCode(header[156] ?? 0);
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      if ((type === 'L' || type === 'x') && size <= MAX_EXTRA) {
        const extra = await exactly(padded);
        if (extra === null) return;
        const text = extra.toString('utf8', 0, size);
        longName =
          type === 'L' ? text.replace(/\0.*$/s, '') : (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? longName);
        continue;
      }
      const progress = { left: size };
      const data = async function* (): AsyncGenerator<Uint8Array> {
        while (progress.left > 0) {
          const part = await some(progress.left);
          if (part === null) throw new Error('The tar archive is cut off.');
          progress.left -= part.length;
          yield part;
        }
      };
      if (type === '0' || type === '\0') yield { name: longName ?? readName(header), size, chunks: data() };
      longName = null;
      for (let rest = progress.left + (padded - size); rest > 0;) {
        const part = await some(rest);
        if (part === null) return;
        rest -= part.length;
      }
    }
  } finally {
    await iterator.return?.();
  }
}

function readName(header: Buffer): string {
  const name = textAt(header, 0, 100);
  const prefix = textAt(header, 345, 155);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textAt(header: Buffer, at: number, length: number): string {
  return header.toString('utf8', at, at + length).replace(/\0.*$/s, '');
}

/** Octal text, or a binary number where the first bit is set. */
function readSize(header: Buffer): number | null {
  if (((header[124] ?? 0) & 0x80) !== 0) {
    const size = Number(header.readBigUInt64BE(128));
    return Number.isSafeInteger(size) ? size : null;
  }
  const text = textAt(header, 124, 12).trim();
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : text === '' ? 0 : null;
}

function isSound(header: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
  return Number.parseInt(textAt(header, 148, 8).trim(), 8) === sum;
}
