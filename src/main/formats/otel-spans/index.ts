/**
 * Lists of OpenTelemetry spans as SDKs, notebooks and evaluation tools write them out, without OTLP's frame: Python's
 * `span.to_json()`, JavaScript's readable spans, Phoenix (OpenInference) downloads, rows of a table of spans; a list,
 * { spans: […] }, lists by name, a page of an API, or JSON lines.
 */
import type { Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { isEmpty, issue, listOf, remaining } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { createSpanMerger } from '../span-engine.ts';
import { isSpan, spanIds } from './shapes.ts';
import { createSpanReader } from './span.ts';

export const otelSpans: DecoderFormat = {
  type: 'decoder',
  id: 'otel-spans',
  label: 'OpenTelemetry spans (list)',
  routes: [],
  detect: detectSpans,
  split: () => ({ lines: true, list: true, keys: [['spans', 'data']] }),
  decode,
};

function detectSpans(head: Uint8Array): number {
  const [span] = spansIn(jsonHead(head)).spans;
  // Below the formats that know whose spans these are.
  return isJsonObject(span) && isSpan(span) ? 0.8 : 0;
}

type Found = { readonly spans: readonly Json[]; readonly around: JsonObject | null };
const NONE: Found = { spans: [], around: null };

/** The spans of one document with what stands around them; a single span is one line of JSON lines. */
function spansIn(value: Json): Found {
  if (Array.isArray(value)) return { spans: value as readonly Json[], around: null };
  if (!isJsonObject(value)) return NONE;
  if (isSpan(value)) return { spans: [value], around: null };
  for (const field of ['spans', 'data'] as const) {
    const list = value[field];
    if (Array.isArray(list)) return { spans: list as readonly Json[], around: value };
  }
  // Lists by the name of their operation.
  const lists = Object.values(value).filter(Array.isArray) as (readonly Json[])[];
  const isMap = lists.length > 0 && lists.every((list) => list.every((each) => isJsonObject(each) && isSpan(each)));
  return isMap ? { spans: lists.flat(), around: null } : NONE;
}

function decode(bytes: Uint8Array): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const merger = createSpanMerger();
  const issues: NormalisedRecord[] = [...read.value.issues];
  const reader = createSpanReader(merger.add, (found) => issues.push(found));
  const traces: NormalisedRecord[] = [];
  let known = false;
  for (const { value } of read.value.documents) {
    const { spans, around } = spansIn(value);
    if (spans.length === 0 && !Array.isArray(value)) {
      issues.push(issue('error', 'unknown_item', 'A line holds no span.', { item: value }));
    }
    for (const each of spans) {
      if (isJsonObject(each) && isSpan(each)) {
        known = true;
        reader.read(each);
      } else issues.push(issue('error', 'invalid_item', 'An entry is not a span.', { item: each }));
    }
    const [trace] = around === null ? [] : [aroundRecord(around)];
    if (trace) traces.push(trace);
  }
  if (!known) return fail({ code: 'bad_request', message: 'The JSON holds no list of spans.' });
  return ok({ records: [...merger.records(), ...traces, ...issues] });
}

const TAKEN = new Set(['spans', 'data', 'next_cursor', 'final_output']);

/** What stands beside the spans is about their trace, when they are of one: any-agent's final output. */
function aroundRecord(around: JsonObject): NormalisedRecord | null {
  const ids = new Set(
    listOf(around.spans).flatMap((each) => (isJsonObject(each) ? (spanIds(each)?.traceId ?? []) : [])),
  );
  const [traceId] = ids;
  const outcome = around.final_output;
  const metadata = { ...remaining(around, TAKEN), ...(isEmpty(outcome) ? {} : { outcome: outcome ?? null }) };
  if (ids.size !== 1 || traceId === undefined || Object.keys(metadata).length === 0) return null;
  return { type: 'trace', traceId, metadata };
}
