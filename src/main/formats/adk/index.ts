/**
 * Google ADK: sessions as its session services save them, and results of its evaluations. An evalset is what a run is
 * expected to do, not a run: it is recognised, and nothing of it becomes a trace.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord, ScoreRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { digestOf, issue, listOf, numberOf, objectOf, textOf } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { either } from './either.ts';
import { readSession } from './session.ts';

export const adkSessions: DecoderFormat = {
  type: 'decoder',
  id: 'adk',
  label: 'Google ADK session',
  routes: [],
  detect: detectAdk,
  decode,
};

function detectAdk(head: Uint8Array): number {
  const value = jsonHead(head);
  const first = Array.isArray(value) ? ((value as readonly Json[])[0] ?? null) : value;
  if (!isJsonObject(first)) return 0;
  if (isSession(first)) return listOf(first.events).length > 0 ? 0.93 : 0.6;
  if (isEvalset(first) || isEvalResult(first)) return 0.93;
  return Array.isArray(value) && isOldCase(first) ? 0.7 : 0;
}

function isSession(value: JsonObject): boolean {
  if (!Array.isArray(value.events)) return false;
  const [event] = value.events as readonly Json[];
  if (isJsonObject(event)) return typeof event.author === 'string' && either(event, 'invocationId') !== undefined;
  return value.events.length === 0 && either(value, 'appName') !== undefined && either(value, 'userId') !== undefined;
}

function isEvalset(value: JsonObject): boolean {
  return Array.isArray(either(value, 'evalCases')) && either(value, 'evalSetId') !== undefined;
}

function isEvalResult(value: JsonObject): boolean {
  return Array.isArray(either(value, 'evalCaseResults'));
}

/** Before evalsets: a list of { query, expected_tool_use, reference }. */
function isOldCase(value: JsonObject): boolean {
  return typeof value.query === 'string' && Object.hasOwn(value, 'expected_tool_use');
}

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const natural = context.name ?? digestOf(bytes);
  const records: NormalisedRecord[] = [];
  let known = 0;
  for (const { value } of read.value.documents) {
    const items: readonly Json[] = Array.isArray(value) ? value : [value];
    const old = items.filter((each) => isJsonObject(each) && isOldCase(each)).length;
    if (old > 0) {
      known++;
      records.push(expectation(old));
    }
    items.forEach((each, at) => {
      if (!isJsonObject(each) || isOldCase(each)) return;
      if (isSession(each)) readSession(each, at === 0 ? natural : `${natural}:${at}`, records);
      else if (isEvalset(each)) records.push(expectation(listOf(either(each, 'evalCases')).length));
      else if (isEvalResult(each)) readResult(each, natural, records);
      else {
        records.push(issue('error', 'unknown_item', 'A document is neither a session nor an evalset.', { item: each }));
        return;
      }
      known++;
    });
  }
  if (known === 0) return fail({ code: 'bad_request', message: 'The JSON holds no session of the ADK.' });
  return ok({ records: [...records, ...read.value.issues] });
}

function expectation(cases: number): NormalisedRecord {
  const count = cases === 1 ? 'One expected trajectory' : `${cases} expected trajectories`;
  return issue(
    'info',
    'unknown_item',
    `${count} of an evalset: what runs are to be compared with, not runs; nothing was imported.`,
  );
}

/** What an evaluation ran: each case holds its session, and scores of its metrics. */
function readResult(result: JsonObject, natural: string, records: NormalisedRecord[]): void {
  listOf(either(result, 'evalCaseResults')).forEach((each, at) => {
    const outcome = objectOf(each);
    const session = objectOf(either(outcome, 'sessionDetails'));
    if (!isSession(session)) {
      records.push(issue('info', 'unknown_item', `Case ${at + 1} holds no session.`));
      return;
    }
    const traceIds = readSession(session, `${natural}:${at}`, records);
    const [traceId] = traceIds;
    if (traceId === undefined) return;
    for (const metric of listOf(either(outcome, 'overallEvalMetricResults'))) {
      records.push(readMetric(objectOf(metric), traceId));
    }
  });
}

const PASSED: readonly (Json | undefined)[] = [1, 'PASSED'];
const FAILED: readonly (Json | undefined)[] = [2, 'FAILED'];

function readMetric(metric: JsonObject, traceId: string): ScoreRecord {
  const status = either(metric, 'evalStatus');
  const threshold = numberOf(metric.threshold);
  return {
    type: 'score',
    traceId,
    spanId: null,
    name: textOf(either(metric, 'metricName')) ?? 'metric',
    value: numberOf(metric.score),
    label: null,
    passed: PASSED.includes(status) ? true : FAILED.includes(status) ? false : null,
    explanation: threshold === null ? null : `Threshold ${threshold}.`,
    source: 'adk',
  };
}
