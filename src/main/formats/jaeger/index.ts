/**
 * Traces as Jaeger's API and its page download them: { data: [trace] } or one trace with `spans` and `processes`.
 * Times are microseconds; tags are typed attributes; a CHILD_OF reference names the parent.
 */
import type { Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { idOf, issue, listOf, remaining } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { createSpanMerger } from '../span-engine.ts';
import { createSpanReader, type SpanReader } from './span.ts';

export const jaeger: DecoderFormat = {
  type: 'decoder',
  id: 'jaeger',
  label: 'Jaeger JSON',
  routes: [],
  detect: detectJaeger,
  // A trace stays whole: what its spans refer to stands behind them.
  split: () => ({ lines: true, list: true, keys: [['data']] }),
  decode,
};

function detectJaeger(head: Uint8Array): number {
  const [trace] = tracesIn(jsonHead(head));
  if (trace === undefined) return 0;
  const [span] = listOf(trace.spans);
  return isJsonObject(span) && isSpan(span) ? 0.95 : 0;
}

function isSpan(span: JsonObject): boolean {
  const hasId = Object.hasOwn(span, 'spanID') || Object.hasOwn(span, 'traceID');
  return hasId && (Object.hasOwn(span, 'operationName') || Object.hasOwn(span, 'references'));
}

/** The traces of a document, whatever stands around them: an answer of the API, a list, a state of the page. */
function tracesIn(value: Json): JsonObject[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((each) => (isJsonObject(each) ? tracesIn(each) : []));
  if (!isJsonObject(value)) return [];
  if (Array.isArray(value.spans)) return [value];
  const inner = value.data;
  if (isJsonObject(inner) && Array.isArray(inner.spans)) return [inner];
  if (!Array.isArray(inner)) return [];
  return (inner as readonly Json[]).filter((each) => isJsonObject(each) && Array.isArray(each.spans)) as JsonObject[];
}

function decode(bytes: Uint8Array): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const merger = createSpanMerger();
  const issues: NormalisedRecord[] = [...read.value.issues];
  const reader = createSpanReader(merger.add, (found) => issues.push(found));
  const traces: NormalisedRecord[] = [];
  let known = false;
  for (const { value, line } of read.value.documents) {
    const found = tracesIn(value).filter((trace) =>
      listOf(trace.spans).some((each) => isJsonObject(each) && isSpan(each)),
    );
    if (found.length > 0) known = true;
    else if (line !== null)
      issues.push(issue('error', 'unknown_item', `Line ${line} holds no trace of Jaeger.`, { item: value }));
    for (const trace of found) readTrace(trace, reader, traces, issues);
  }
  if (!known) return fail({ code: 'bad_request', message: 'The JSON holds no trace of Jaeger.' });
  return ok({ records: [...merger.records(), ...traces, ...issues] });
}

/** What Jaeger computes from the spans, and the answer's own frame. */
const TAKEN = new Set(['traceID', 'spans', 'processes', 'services', 'duration', 'startTime', 'endTime', 'traceEmoji']);

function readTrace(
  trace: JsonObject,
  reader: SpanReader,
  traces: NormalisedRecord[],
  issues: NormalisedRecord[],
): void {
  const traceId = idOf(trace.traceID);
  const processes = isJsonObject(trace.processes) ? trace.processes : {};
  for (const each of listOf(trace.spans)) {
    if (isJsonObject(each)) reader.read(each, { traceId, processes });
    else issues.push(issue('error', 'invalid_item', 'A span is not an object.', { traceId, item: each }));
  }
  const metadata = remaining(trace, TAKEN);
  if (traceId !== null && Object.keys(metadata).length > 0) traces.push({ type: 'trace', traceId, metadata });
}
