/**
 * Logs of Inspect (UK AI Security Institute): `.eval` archives, JSON logs, single samples, and bare lists of events.
 * Each sample and epoch is a trace; its scores are scores of the trace.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { digestOf, issue, listOf } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { firstName, isZip, readZip } from '../zip.ts';
import { readHeader, type Header } from './header.ts';
import { readSample } from './sample.ts';

export const inspectLogs: DecoderFormat = {
  type: 'decoder',
  id: 'inspect',
  label: 'Inspect log',
  routes: [],
  detect: detectInspect,
  split: (head) => (isZip(head) ? { archive: { shared: HEADER, item: SAMPLE } } : { keys: [['samples']] }),
  decode: (bytes, context) => (isZip(bytes) ? decodeArchive(bytes, context) : decodeJson(bytes, context)),
};

const ENTRY = /^(?:_journal\/|samples\/|header\.json$|summaries\.json$|reductions\.json$)/;

const HEADER = /^(?:header\.json|_journal\/start\.json)$/;
const SAMPLE = /^samples\/[^/]+\.json$/;

function detectInspect(head: Uint8Array): number {
  if (isZip(head)) return ENTRY.test(firstName(head)) ? 0.95 : 0;
  const value = jsonHead(head);
  if (!isJsonObject(value)) return 0;
  if (isLog(value)) return 0.95;
  if (isSample(value)) return 0.9;
  return eventsIn(value) === null ? 0 : 0.85;
}

function isLog(value: JsonObject): boolean {
  const { eval: spec } = value;
  return (
    isJsonObject(spec) && typeof value.status === 'string' && ['task', 'model', 'run_id'].every((key) => key in spec)
  );
}

function isSample(value: JsonObject): boolean {
  const has = (field: string): boolean => Object.hasOwn(value, field);
  return has('id') && has('epoch') && has('input') && (has('messages') || has('events') || has('target'));
}

const EVENTS = new Set<Json | undefined>([
  ...['sample_init', 'model', 'tool', 'span_begin', 'span_end', 'step', 'state', 'store', 'info', 'score', 'sandbox'],
  ...['subtask', 'approval', 'input', 'logger', 'error', 'sample_limit', 'branch', 'compaction', 'anchor', 'interrupt'],
]);

function eventsIn(value: JsonObject): readonly Json[] | null {
  const list = Array.isArray(value.events) ? (value.events as readonly Json[]) : null;
  const [first] = list ?? [];
  return isJsonObject(first) && EVENTS.has(first.event) && typeof first.timestamp === 'string' ? list : null;
}

const NOT_OURS = { code: 'bad_request', message: 'The file holds no log of Inspect.' } as const;

function decodeJson(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const records: NormalisedRecord[] = [];
  const issues: NormalisedRecord[] = [...read.value.issues];
  const digest = digestOf(bytes);
  let known = false;
  for (const { value, line } of read.value.documents) {
    if (!isJsonObject(value)) continue;
    const natural = context.name ?? digest;
    if (isLog(value)) {
      known = true;
      readLog(readHeader(value, natural), listOf(value.samples), records);
    } else if (isSample(value) || eventsIn(value) !== null) {
      known = true;
      readSample(value, readHeader({}, line === null ? natural : `${natural}:${line}`), records);
    } else issues.push(issue('error', 'unknown_item', 'A document is not a log or a sample.', { item: value }));
  }
  return known ? ok({ records: [...records, ...issues] }) : fail(NOT_OURS);
}

function readLog(header: Header, samples: readonly Json[], records: NormalisedRecord[]): void {
  for (const each of samples) {
    if (isJsonObject(each)) readSample(each, header, records);
    else records.push(issue('error', 'invalid_item', 'A sample is not an object.', { item: each }));
  }
  if (samples.length === 0) records.push(NO_SAMPLES);
}

const NO_SAMPLES = issue(
  'info',
  'unknown_item',
  'The log holds no samples, only how the evaluation was set up and ended.',
);

function decodeArchive(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  const { entries, faults } = readZip(bytes);
  const records: NormalisedRecord[] = faults.map((fault) => issue('warning', 'invalid_item', fault));
  const byName = new Map(entries.map((entry) => [entry.name, entry]));

  function open(name: string): JsonObject | null {
    const found = byName.get(name)?.read();
    if (found === undefined) return null;
    if ('fault' in found) {
      records.push(issue('error', 'invalid_item', `${name.slice(0, 200)}: ${found.fault}`));
      return null;
    }
    const read = readDocuments(found);
    const value = read.ok ? read.value.documents[0]?.value : undefined;
    if (read.ok) for (const each of read.value.issues) records.push(each);
    if (isJsonObject(value)) return value;
    records.push(issue('error', 'invalid_item', `${name.slice(0, 200)} is not JSON of an object.`));
    return null;
  }

  const samples = entries.filter(({ name }) => SAMPLE.test(name));
  const given = open('header.json') ?? open('_journal/start.json');
  if (given === null && samples.length === 0) return fail(NOT_OURS);
  const header = readHeader(given ?? {}, context.name ?? digestOf(bytes));
  for (const { name } of samples) {
    const sample = open(name);
    if (sample !== null) readSample(sample, header, records);
  }
  if (samples.length === 0) records.push(NO_SAMPLES);
  return ok({ records });
}
