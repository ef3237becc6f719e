/** The received bodies in our own JSONL: written once per file, and found again in lines that were themselves received. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ReceivedBody } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { byteLines } from '../byte-lines.ts';
import { parseJson } from '../messages/json-text.ts';
import { line, listIn, VERSION } from './lines.ts';

export const OWN_ID = 'tracewright-jsonl';
/** Compressed bytes of one line: a longer body is told in several. */
const PART_BYTES = 3 * 1024 * 1024;
/** What a body may inflate to: as much as a person may import or a sender may send. */
const MAX_BODY = 512 * 1024 * 1024;

export function* bodyLines(body: ReceivedBody): Generator<string> {
  const { hash, traceIds, format, name, contentType, userAgent, receivedAt } = body;
  const packed = deflateRawSync(body.bytes(), { level: 6 });
  const parts = Math.max(1, Math.ceil(packed.length / PART_BYTES));
  for (let part = 0; part < parts; part++) {
    const bytes = packed.subarray(part * PART_BYTES, (part + 1) * PART_BYTES).toString('base64');
    yield line('received', { hash, traceIds, format, name, contentType, userAgent, receivedAt, part, parts, bytes });
  }
}

/** Gives the bodies of a trace as they were before any export of ours. */
export type Unwrap = (bodies: Iterable<ReceivedBody>, traceId: string) => Generator<ReceivedBody>;

/** Remembers what it looked into: the traces of one file mostly follow each other. */
export function createUnwrap(): Unwrap {
  const insides = new Map<string, readonly Part[]>();
  let remembered = 0;

  function partsIn(body: ReceivedBody): readonly Part[] {
    const known = insides.get(body.hash);
    if (known) return known;
    const bytes = body.bytes();
    const parts = readParts(bytes);
    if (remembered > MAX_REMEMBERED) {
      insides.clear();
      remembered = 0;
    }
    insides.set(body.hash, parts);
    remembered += bytes.length;
    return parts;
  }

  return function* unwrap(bodies, traceId) {
    const packed = new Map<string, Packed>();
    for (const body of bodies) {
      if (body.format !== OWN_ID) {
        yield body;
        continue;
      }
      const isExported = new Set(body.traceIds);
      for (const part of partsIn(body)) {
        if (!part.traceIds.includes(traceId)) continue;
        const known = packed.get(part.hash) ?? { head: part, bytes: new Map(), traceIds: new Set() };
        known.bytes.set(part.part, part.bytes);
        for (const id of part.traceIds) if (isExported.has(id)) known.traceIds.add(id);
        packed.set(part.hash, known);
      }
    }
    for (const each of packed.values()) if (each.bytes.size === each.head.parts) yield toBody(each);
  };
}

const MAX_REMEMBERED = 64 * 1024 * 1024;

type Part = {
  readonly hash: string;
  readonly part: number;
  readonly parts: number;
  readonly traceIds: readonly string[];
  readonly fields: JsonObject;
  /** Base64. */
  readonly bytes: string;
};
type Packed = { readonly head: Part; readonly bytes: Map<number, string>; readonly traceIds: Set<string> };

/** Lines of other types are not even parsed. */
const START = `{"tracewright":${VERSION},"type":"received"`;

function readParts(file: Uint8Array): Part[] {
  const found: Part[] = [];
  for (const { bytes: text } of byteLines(file)) {
    const start = Buffer.from(text.buffer, text.byteOffset, Math.min(text.length, START.length));
    if (start.toString('latin1') !== START) continue;
    const value = parseJson(new TextDecoder().decode(text));
    if (!isJsonObject(value)) continue;
    const { bytes, hash, part, parts, ...fields } = value;
    if (typeof bytes !== 'string' || typeof hash !== 'string') continue;
    if (!Number.isSafeInteger(part) || !Number.isSafeInteger(parts)) continue;
    const traceIds = listIn(value.traceIds).filter((id) => typeof id === 'string');
    found.push({ hash, part: Number(part), parts: Number(parts), traceIds, fields, bytes });
  }
  return found;
}

function toBody({ head, bytes, traceIds }: Packed): ReceivedBody {
  const { fields, hash } = head;
  return {
    format: textOf(fields.format) ?? '',
    name: textOf(fields.name),
    contentType: textOf(fields.contentType),
    userAgent: textOf(fields.userAgent),
    receivedAt: typeof fields.receivedAt === 'number' ? fields.receivedAt : 0,
    hash,
    traceIds: [...traceIds],
    bytes: () =>
      inflate(Buffer.concat(Array.from({ length: head.parts }, (_, at) => Buffer.from(bytes.get(at) ?? '', 'base64')))),
  };
}

/** Nothing when the lines were tampered with: what they say is then not what was received. */
function inflate(packed: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: MAX_BODY });
  } catch {
    return new Uint8Array();
  }
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
