/**
 * Runs as LangSmith's SDK and API give them: a list, { runs: […] }, one run with `child_runs`, or JSON lines. They are
 * read as the same runs are over OTLP.
 */
import type { Decoded, DecoderFormat, Split } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { readDocuments } from '../documents.ts';
import { idOf, issue, listOf } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { createSpanMerger } from '../span-engine.ts';
import { readFeedback } from './feedback.ts';
import { createRunReader } from './run.ts';

export const langsmithRuns: DecoderFormat = {
  type: 'decoder',
  id: 'langsmith',
  label: 'LangSmith runs',
  routes: [],
  detect: (head) => (itemsOf(jsonHead(head)).slice(0, 3).some(isRun) ? 0.92 : 0),
  split: splitRuns,
  decode,
};

/** A run that does not name its trace needs its ancestors. */
function splitRuns(head: Uint8Array): Split | null {
  const named = itemsOf(jsonHead(head)).some((run) => isJsonObject(run) && idOf(run.trace_id) !== null);
  return named ? { lines: true, list: true, keys: [['runs', 'data', 'post']] } : null;
}

function isRun(value: Json): boolean {
  if (!isJsonObject(value) || typeof value.run_type !== 'string') return false;
  return ['id', 'trace_id', 'dotted_order', 'start_time', 'inputs'].some((field) => Object.hasOwn(value, field));
}

function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  if (!isJsonObject(value)) return [];
  for (const field of ['runs', 'data'] as const) if (Array.isArray(value[field])) return value[field] as Json[];
  return [value];
}

function decode(bytes: Uint8Array): Result<Decoded> {
  const read = readDocuments(bytes);
  if (!read.ok) return read;
  const issues: NormalisedRecord[] = [...read.value.issues];
  const runs: JsonObject[] = [];
  for (const { value, line } of read.value.documents) {
    for (const each of itemsOf(value)) {
      if (isJsonObject(each) && isRun(each)) collect(each, runs);
      else {
        const where = line === null ? 'An entry' : `Line ${line}`;
        issues.push(issue('error', 'unknown_item', `${where} is not a run.`, { item: each }));
      }
    }
  }
  if (runs.length === 0) return fail({ code: 'bad_request', message: 'The JSON holds no runs of LangSmith.' });
  const merger = createSpanMerger();
  const traceOf = traceIds(runs);
  const reader = createRunReader(merger.add, (found) => issues.push(found));
  const scores: NormalisedRecord[] = [];
  for (const run of runs) {
    const spanId = idOf(run.id);
    const traceId = traceOf(run);
    if (spanId === null || traceId === null) {
      issues.push(issue('error', 'invalid_item', 'The run has no id.', { item: run }));
      continue;
    }
    reader.read(run, { traceId, spanId, parentId: idOf(run.parent_run_id) });
    for (const score of readFeedback(run, traceId, spanId)) scores.push(score);
  }
  return ok({ records: [...merger.records(), ...scores, ...issues] });
}

/** A run and, before its later siblings, its children; a list instead of recursion, for any depth. */
function collect(root: JsonObject, out: JsonObject[]): void {
  const open: JsonObject[] = [root];
  for (let run = open.pop(); run !== undefined; run = open.pop()) {
    out.push(run);
    const children = listOf(run.child_runs).filter(isJsonObject);
    for (const child of children.reverse()) {
      open.push(idOf(child.parent_run_id) === null ? { ...child, parent_run_id: run.id ?? null } : child);
    }
  }
}

/** The trace that a run names; else the first run of its `dotted_order`, else its topmost ancestor in the file. */
function traceIds(runs: readonly JsonObject[]): (run: JsonObject) => string | null {
  const byId = new Map(runs.map((run) => [idOf(run.id), run] as const));
  const known = new Map<JsonObject, string | null>();

  function stated(run: JsonObject): string | null {
    const order = typeof run.dotted_order === 'string' ? /^\d{8}T\d+Z([0-9a-f-]{36})/.exec(run.dotted_order) : null;
    return idOf(run.trace_id) ?? order?.[1] ?? null;
  }

  return (run) => {
    const path: JsonObject[] = [];
    let at: JsonObject = run;
    let found = known.get(at) ?? stated(at);
    while (found === null && path.length < runs.length) {
      path.push(at);
      const parent = idOf(at.parent_run_id);
      const next = parent === null ? undefined : byId.get(parent);
      if (next === undefined) {
        found = parent ?? idOf(at.id);
        break;
      }
      at = next;
      found = known.get(at) ?? stated(at);
    }
    // A circle of parents has no top: it is a trace by the name of one of its runs.
    found ??= idOf(at.id);
    for (const each of path) known.set(each, found);
    return found;
  };
}
