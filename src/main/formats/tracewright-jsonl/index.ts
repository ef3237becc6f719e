/** Our own JSONL: everything that a workspace knows of its traces, the received bytes included. `lines.ts` says what a line holds. */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { byteLines } from '../byte-lines.ts';
import { issue } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { isDeeperThan, parseJson } from '../messages/json-text.ts';
import { factFromJson } from '../record-json.ts';
import { listIn, readSpanGroup, VERSION } from './lines.ts';

export const tracewrightJsonl: DecoderFormat = {
  type: 'decoder',
  id: 'tracewright-jsonl',
  label: 'Tracewright JSONL',
  routes: [],
  split: () => ({ lines: true }),
  detect: (head) => (isOurs(jsonHead(head)) ? 0.99 : 0),
  decode,
};

/** Far from what overflows a stack. */
const MAX_DEPTH = 500;
/** V8 holds no longer text. */
const MAX_TEXT = 500_000_000;
const NOT_OURS = { code: 'bad_request', message: 'No line was written by Tracewright.' } as const;

function decode(bytes: Uint8Array, _context: DecodeContext): Result<Decoded> {
  const records: NormalisedRecord[] = [];
  let known = false;
  for (const { number, bytes: text } of byteLines(bytes)) {
    const value = parseLine(text);
    if (value !== null && isOurs(value)) {
      if (typeof value.tracewright === 'number' && value.tracewright > VERSION) return fail(newer(value.tracewright));
      known = true;
      if (!readLine(value, records))
        records.push(issue('error', 'invalid_item', `Line ${number} cannot be read.`, { item: value }));
    } else {
      // The first line decides whose file this is.
      if (!known) return fail(NOT_OURS);
      const item = new TextDecoder().decode(text.subarray(0, 65_536));
      records.push(issue('error', 'invalid_item', `Line ${number} is no line of Tracewright.`, { item }));
    }
  }
  return known ? ok({ records }) : fail(NOT_OURS);
}

/** False when the line holds nothing that can be taken. */
function readLine(value: JsonObject, records: NormalisedRecord[]): boolean {
  if (value.type === 'export') return true;
  if (value.type === 'received') {
    // The bytes stay in the kept lines, where `received.ts` finds them through the traces that they belong to.
    for (const traceId of listIn(value.traceIds))
      if (typeof traceId === 'string' && traceId !== '') records.push({ type: 'trace', traceId });
    return true;
  }
  if (value.type === 'spans') {
    const { spans, invalid } = readSpanGroup(value);
    for (const span of spans) records.push(span);
    for (const each of invalid) {
      const where = typeof value.traceId === 'string' ? { traceId: value.traceId, item: each } : { item: each };
      records.push(issue('error', 'invalid_item', 'A span has no id or no kind.', where));
    }
    return true;
  }
  const fact = factFromJson(value);
  if (fact) records.push(fact);
  return fact !== null;
}

function parseLine(text: Uint8Array): JsonObject | null {
  const value = text.length <= MAX_TEXT ? parseJson(new TextDecoder().decode(text)) : undefined;
  return isJsonObject(value) && !isDeeperThan(value, MAX_DEPTH) ? value : null;
}

function isOurs(value: Json): value is JsonObject {
  return isJsonObject(value) && typeof value.tracewright === 'number' && typeof value.type === 'string';
}

function newer(version: number) {
  return {
    code: 'bad_request',
    message: `The file was written by a newer Tracewright (version ${version} of its lines; this one knows ${VERSION}).`,
    hint: 'Update Tracewright and import it again.',
  } as const;
}
