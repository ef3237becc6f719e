/**
 * Traces exported from Langfuse: { trace, observations } as its own tools pass them on, a trace with its observations
 * inside as its API answers, a bare list of observations as its table exports; one document, a list, or JSON lines.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { idOf, isEmpty, issue, listOf, objectOf } from '../fields.ts';
import { createSpanMerger } from '../span-engine.ts';
import { detectLangfuse, isObservation, isTrace } from './detect.ts';
import { createObservationReader, type ObservationReader } from './observation.ts';
import { readScore } from './score.ts';
import { readTrace } from './trace.ts';

export const langfuseExport: DecoderFormat = {
  type: 'decoder',
  id: 'langfuse',
  label: 'Langfuse export',
  routes: [],
  detect: detectLangfuse,
  split: () => ({ lines: true, list: true, keys: [['data']] }),
  decode,
};

type Decoding = {
  readonly reader: ObservationReader;
  readonly traces: NormalisedRecord[];
  readonly issues: NormalisedRecord[];
  known: boolean;
};

function decode(bytes: Uint8Array, _context: DecodeContext): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const merger = createSpanMerger();
  const issues: NormalisedRecord[] = [...read.value.issues];
  const reader = createObservationReader(merger.add, (found) => issues.push(found));
  const decoding: Decoding = { reader, traces: [], issues, known: false };
  for (const { value, line } of read.value.documents) {
    for (const each of itemsOf(value)) {
      if (!readItem(each, decoding)) {
        const where = line === null ? 'An entry' : `Line ${line}`;
        issues.push(issue('error', 'unknown_item', `${where} is neither a trace nor an observation.`, { item: each }));
      }
    }
  }
  if (!decoding.known) return fail({ code: 'bad_request', message: 'The JSON holds no trace of Langfuse.' });
  return ok({ records: [...merger.records(), ...decoding.traces, ...issues] });
}

/** A list, a page of the API ({ data: […], meta }), or one item. */
function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  if (isJsonObject(value) && Array.isArray(value.data)) return value.data as readonly Json[];
  return [value];
}

function readItem(item: Json, decoding: Decoding): boolean {
  if (!isJsonObject(item)) return false;
  if (isJsonObject(item.trace)) {
    readWhole(item.trace, item, decoding);
  } else if (isTrace(item)) {
    readWhole(item, item, decoding);
  } else if (isObservation(item)) {
    decoding.reader.read(item, { traceId: null, root: null });
    decoding.known = true;
  } else return false;
  return true;
}

/** The observations stand beside the trace, inside it, or (without what they read and wrote) in both places. */
function readWhole(trace: JsonObject, around: JsonObject, decoding: Decoding): void {
  decoding.known = true;
  const traceId = idOf(trace.id);
  if (traceId === null) {
    decoding.issues.push(issue('error', 'invalid_item', 'The trace has no id.', { item: trace }));
    return;
  }
  const { record, input, output } = readTrace(traceId, trace, (found) => decoding.issues.push(found));
  decoding.traces.push(record);
  const observations = mergedById(listOf(around.observations), trace === around ? [] : listOf(trace.observations));
  const ids = new Set(observations.map((each) => (isJsonObject(each) ? idOf(each.id) : null)));
  let root = true;
  for (const each of observations) {
    if (!isJsonObject(each)) {
      decoding.issues.push(issue('error', 'invalid_item', 'An observation is not an object.', { traceId, item: each }));
      continue;
    }
    const parent = idOf(each.parentObservationId);
    const isRoot = root && (parent === null || !ids.has(parent));
    if (isRoot) root = false;
    decoding.reader.read(each, { traceId, root: isRoot ? { input, output } : null });
  }
  const scores = [...listOf(trace.scores), ...(trace === around ? [] : listOf(around.scores))];
  for (const each of scores) decoding.traces.push(readScore(traceId, objectOf(each)));
}

/** Each observation once, with the fields of whichever copy has more to say. */
function mergedById(list: readonly Json[], inner: readonly Json[]): readonly Json[] {
  if (list.length === 0 || inner.length === 0) return list.length > 0 ? list : inner;
  const places = new Map(list.map((each, at) => [isJsonObject(each) ? idOf(each.id) : null, at] as const));
  const merged = [...list];
  for (const each of inner) {
    const at = isJsonObject(each) ? places.get(idOf(each.id)) : undefined;
    const known = at === undefined ? undefined : merged[at];
    if (at === undefined || !isJsonObject(known) || !isJsonObject(each)) merged.push(each);
    else merged[at] = filled(known, each);
  }
  return merged;
}

function filled(value: JsonObject, from: JsonObject): JsonObject {
  const missing = Object.entries(from).filter(([key, each]) => !isEmpty(each) && isEmpty(value[key]));
  return missing.length === 0 ? value : Object.fromEntries([...Object.entries(value), ...missing]);
}
