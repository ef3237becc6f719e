/**
 * TRAIL: traces of OpenInference spans nested in `child_spans`, and files of labels about them; the published data set
 * has both as JSON text in rows { trace, labels }. A file of labels bears its trace's id as its name.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { digestOf, idOf, issue, listOf } from '../fields.ts';
import { headOf, readDocument, readLines } from '../logs/read.ts';
import { readJsonText } from '../messages/json-text.ts';
import { readLabels } from './labels.ts';
import { readSpans } from './spans.ts';

export const trail: DecoderFormat = {
  type: 'decoder',
  id: 'trail',
  label: 'TRAIL',
  routes: [],
  split: () => ({ lines: true, list: true }),
  detect: (head) => {
    const text = headOf(head);
    if (text === null) return 0;
    const plain = text.replaceAll('\\"', '"');
    if (/"child_spans"\s{0,8}:/.test(plain) && /"span_attributes"\s{0,8}:/.test(plain)) return 0.97;
    if (
      /"spans"\s{0,8}:\s{0,8}\[/.test(plain) &&
      /"span_attributes"\s{0,8}:/.test(plain) &&
      /"parent_span_id"/.test(plain)
    )
      return 0.9;
    const errors = /"errors"\s{0,8}:\s{0,8}\[/.test(plain);
    if (errors && /"(?:evidence|location)"\s{0,8}:/.test(plain) && /"impact"\s{0,8}:/.test(plain)) return 0.93;
    return errors && /"reliability_score"\s{0,8}:/.test(plain) ? 0.93 : 0;
  },
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const document = readDocument(bytes, issues);
  let items: readonly Json[];
  if (document === undefined) {
    const lines = readLines(bytes, NOT_OURS);
    if (!lines.ok) return lines;
    for (const each of lines.value.issues) issues.push(each);
    items = lines.value.lines.map(({ value }) => value);
  } else items = Array.isArray(document) ? (document as readonly Json[]) : [document];
  const records: NormalisedRecord[] = [];
  let found = false;
  const named =
    items.length === 1 && context.name !== null
      ? (/([^/\\]{1,200}?)\.jsonl?(?:\.gz)?$/.exec(context.name)?.[1] ?? null)
      : null;
  for (const [index, item] of items.entries()) {
    const understood = isJsonObject(item) && readItem(item, named, records);
    if (understood) found = true;
    else records.push(issue('error', 'unknown_item', `Item ${index} is neither a trace nor labels.`, { item }));
  }
  return found ? ok({ records: [...records, ...issues] }) : fail(NOT_OURS);
}

function readItem(item: JsonObject, named: string | null, records: NormalisedRecord[]): boolean {
  const trace = objectIn(item.trace) ?? item;
  const labels = objectIn(item.labels) ?? item;
  const isTrace = Array.isArray(trace.spans);
  const isLabels = Array.isArray(labels.errors);
  if (!isTrace && !isLabels) return false;
  const inSpan = listOf(trace.spans).find(isJsonObject);
  const traceId =
    idOf(trace.trace_id) ??
    idOf(labels.trace_id) ??
    idOf(inSpan?.trace_id) ??
    named ??
    `trail:${digestOf(JSON.stringify(item))}`;
  if (isTrace) readSpans(traceId, listOf(trace.spans), records);
  if (isLabels) readLabels(traceId, labels, records);
  return true;
}

function objectIn(value: Json | undefined): JsonObject | null {
  const object = typeof value === 'string' ? readJsonText(value) : value;
  return isJsonObject(object) ? object : null;
}

const NOT_OURS: AppError = { code: 'unreadable_file', message: 'The file holds neither a trace nor labels of TRAIL.' };
