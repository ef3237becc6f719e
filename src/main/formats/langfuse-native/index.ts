/**
 * What Langfuse's SDKs up to version 3 (Python: 2) send to LANGFUSE_HOST: batches of events that create and update traces,
 * observations and scores, in any order. Observations are read as those of an export.
 */
import type { Decoded, DecoderFormat, Reply } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { digestOf, idOf, isEmpty, issue, objectOf, textOf, timeOf } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { createObservationReader } from '../langfuse/observation.ts';
import { readScore } from '../langfuse/score.ts';
import { readTrace } from '../langfuse/trace.ts';
import { createSpanMerger } from '../span-engine.ts';
import { partOf, withoutGuess, withoutRootFacts, type Stage } from '../told.ts';

export const langfuseNative: DecoderFormat = {
  type: 'decoder',
  id: 'langfuse-native',
  label: 'Langfuse',
  routes: [{ method: 'POST', suffix: '/api/public/ingestion' }],
  answers: [
    { suffix: '/api/public/health', body: { status: 'OK', version: '3.0.0' } },
    // What the SDKs' check of their keys asks for: any keys are right.
    { suffix: '/api/public/projects', body: { data: [{ id: 'local', name: 'Tracewright', metadata: {} }] } },
  ],
  split: () => ({ lines: true, keys: [['batch']] }),
  detect: (head) => (eventsOf(jsonHead(head)).slice(0, 3).some(isEvent) ? 0.96 : 0),
  decode,
};

const EVENT_TYPE = /^([a-z]+)-(create|update)$/;

function isEvent(value: Json): boolean {
  if (!isJsonObject(value) || typeof value.type !== 'string' || !Object.hasOwn(value, 'timestamp')) return false;
  return EVENT_TYPE.test(value.type) || value.type === 'sdk-log';
}

function eventsOf(value: Json): readonly Json[] {
  return isJsonObject(value) && Array.isArray(value.batch) ? (value.batch as readonly Json[]) : [];
}

type Outcome = { readonly id: string; readonly fault: string | null };

function decode(bytes: Uint8Array): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const issues: IssueRecord[] = [...read.value.issues];
  const outcomes: Outcome[] = [];
  const records: NormalisedRecord[] = [];
  let known = false;
  for (const { value } of read.value.documents) {
    if (!isJsonObject(value) || !Array.isArray(value.batch)) {
      issues.push(issue('error', 'unknown_item', 'An entry is no batch of events.', { item: value }));
      continue;
    }
    known = true;
    const batch = readBatch(eventsOf(value), objectOf(value.metadata), (found) => issues.push(found));
    for (const record of batch.records) records.push(record);
    for (const outcome of batch.outcomes) outcomes.push(outcome);
  }
  if (!known) return fail({ code: 'bad_request', message: 'The JSON holds no batch of Langfuse events.' });
  for (const found of issues) records.push(found);
  return ok({ records, reply: replyTo(outcomes) });
}

/** 207, as the SDKs expect: every event by its id, with its own status. */
function replyTo(outcomes: readonly Outcome[]): Reply {
  const successes: Json[] = [];
  const errors: Json[] = [];
  for (const { id, fault } of outcomes) {
    if (fault === null) successes.push({ id, status: 201 });
    else errors.push({ id, status: 400, message: fault, error: 'Bad Request' });
  }
  return { status: 207, body: { successes, errors } };
}

function readBatch(
  events: readonly Json[],
  metadata: JsonObject,
  report: (issue: IssueRecord) => void,
): { readonly records: readonly NormalisedRecord[]; readonly outcomes: readonly Outcome[] } {
  const merger = createSpanMerger();
  const facts: NormalisedRecord[] = [];
  const outcomes: Outcome[] = [];
  let fault: string | null = null;

  function note(found: IssueRecord): void {
    if (found.severity === 'error') fault = found.message;
    report(found);
  }

  const observations = createObservationReader(merger.add, note);
  const sender = senderOf(metadata);

  function readEvent(event: Json): void {
    const [, word = '', stage] = isJsonObject(event) ? (EVENT_TYPE.exec(textOf(event.type) ?? '') ?? []) : [];
    if (!isJsonObject(event) || !isJsonObject(event.body) || stage === undefined) {
      const isLog = isJsonObject(event) && event.type === 'sdk-log';
      if (isLog) note(issue('info', 'unmapped_field', 'A log line of the SDK is kept in the received bytes only.'));
      else note(issue('error', 'unknown_item', 'An event is of no known type.', { item: event }));
      return;
    }
    const { body } = event;
    if (word === 'trace') readTraceEvent(body, event);
    else if (word === 'score') readScoreEvent(body);
    else readObservation(event, body, word, stage as Stage);
  }

  function readTraceEvent(body: JsonObject, event: JsonObject): void {
    const traceId = idOf(body.id);
    if (traceId === null) note(issue('error', 'invalid_item', 'The trace has no id.', { item: event }));
    else facts.push(readTrace(traceId, body, note).record);
  }

  function readScoreEvent(body: JsonObject): void {
    const traceId = idOf(body.traceId);
    if (traceId !== null) facts.push(readScore(traceId, body));
    else note(issue('warning', 'unmapped_field', 'A score that is about no trace has no place here.', { item: body }));
  }

  function readObservation(event: JsonObject, body: JsonObject, word: string, stage: Stage): void {
    const part = partOf({
      stage,
      time: timeOf(event.timestamp),
      ended: !isEmpty(body.endTime),
      key: idOf(event.id) ?? digestOf(JSON.stringify(event)),
    });
    const type = textOf(body.type) ?? (word === 'observation' ? 'SPAN' : word.toUpperCase());
    observations.read({ ...body, type }, { traceId: null, root: null, telling: { stage, part }, sender });
  }

  for (const event of events) {
    fault = null;
    readEvent(event);
    const id = isJsonObject(event) ? idOf(event.id) : null;
    if (id !== null) outcomes.push({ id, fault });
  }
  const spans = withoutRootFacts(merger.records());
  return { records: [...spans.map((each) => (each.type === 'span' ? withoutGuess(each) : each)), ...facts], outcomes };
}

/** `langfuse-js`, `langfuse-python`, as instrumentations are named. */
function senderOf({ sdk_name: given, sdk_version: version }: JsonObject): {
  readonly name: string;
  readonly version: string | null;
} {
  const name = textOf(given)?.slice(0, 100) ?? 'langfuse';
  return {
    name: name.startsWith('langfuse') ? name : `langfuse-${name}`,
    version: textOf(version)?.slice(0, 100) ?? null,
  };
}
