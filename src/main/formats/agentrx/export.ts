/**
 * AgentRx in its own layout: `ground_truth.json` told from the annotations as they are now, and `logs.json` with the rows
 * that were imported. One changed annotation changes one line.
 */
import type { ExportFormat, ExportPiece, ExportTrace, ReceivedBody } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { AnnotationRecord } from '#shared/record.ts';
import { idOf, objectOf } from '../fields.ts';
import { indexOfStep } from '../logs/chat.ts';
import { parseJson } from '../messages/json-text.ts';
import { createUnwrap } from '../tracewright-jsonl/received.ts';
import { isRow } from '../tau-bench/rows.ts';

export const agentRxExport: ExportFormat = {
  id: 'agentrx',
  label: 'AgentRx',
  about: 'Failures with step, category and agent as ground truth, and the logs that they are about.',
  extension: '',
  layout: 'folder',
  media: 'application/json',
  write,
};

const TAXONOMY = 'agentrx';
const TRACE_PREFIX = 'agentrx:';

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  const unwrap = createUnwrap();
  const rows = createRowFinder();
  const truth = createList('ground_truth.json');
  const logs = createList('logs.json');
  for (const trace of traces) {
    const { traceId } = trace.record;
    const failures = trace.annotations.filter(({ taxonomy }) => taxonomy === TAXONOMY);
    const row = rows(unwrap(trace.received(), traceId), traceId);
    if (failures.length > 0) yield truth.item(truthOf(trace, failures));
    if (row !== null) yield logs.item(row);
    if (failures.length > 0 || row !== null) continue;
    yield { type: 'skipped', traceId, reason: 'it came from no AgentRx file and has no annotation of that kind.' };
  }
  yield* truth.end();
  yield* logs.end();
}

function createList(path: string) {
  let count = 0;
  return {
    item(value: Json): ExportPiece {
      const text = JSON.stringify(value, null, 2).replace(/^/gm, '  ');
      return { type: 'text', path, text: `${count++ === 0 ? '[\n' : ',\n'}${text}` };
    },
    *end(): Generator<ExportPiece> {
      if (count > 0) yield { type: 'text', path, text: '\n]\n' };
    },
  };
}

function truthOf(trace: ExportTrace, annotations: readonly AnnotationRecord[]): JsonObject {
  const { traceId } = trace.record;
  const whole = objectOf(annotations.find(({ extra }) => isJsonObject(extra.trajectory))?.extra.trajectory);
  const { trajectory_id, root_cause, ...rest } = whole;
  // A trajectory without a failure has one annotation that says just this.
  const failing = annotations.filter(({ annotationId }) => annotationId !== TAXONOMY);
  const ids = failureIds(failing);
  const failures = failing.map((annotation, at) => failureOf(trace, annotation, ids[at] ?? null));
  const root = failing.findIndex(({ isRootCause }) => isRootCause);
  return {
    trajectory_id:
      trajectory_id ?? numberOrText(traceId.startsWith(TRACE_PREFIX) ? traceId.slice(TRACE_PREFIX.length) : traceId),
    failures,
    ...rootCauseOf(root_cause, root === -1 ? null : (ids[root] ?? null)),
    ...rest,
  };
}

/** As the source wrote them; a failure that was added here gets the next number. */
function failureIds(annotations: readonly AnnotationRecord[]): Json[] {
  let last = 0;
  for (const { extra } of annotations) last = Math.max(last, Number(extra.failure_id) || 0);
  return annotations.map(({ extra }) => extra.failure_id ?? ++last);
}

function rootCauseOf(said: Json | undefined, root: Json): JsonObject {
  const saidId = isJsonObject(said) ? idOf(said.failure_id)?.trim() : undefined;
  if (root === null || saidId === idOf(root)?.trim()) return said === undefined ? {} : { root_cause: said };
  return { root_cause: { ...objectOf(said), failure_id: root } };
}

function failureOf(trace: ExportTrace, annotation: AnnotationRecord, failureId: Json): JsonObject {
  const { failure_id: _id, step_number, trajectory: _trajectory, ...rest } = annotation.extra;
  return {
    failure_id: failureId,
    step_number: stepOf(trace, annotation, step_number),
    step_reason: annotation.note,
    failure_category: annotation.category,
    ...rest,
    failed_agent: annotation.agent,
  };
}

/** Counts from 1. The source's own spelling stays while it means the same span. */
function stepOf(trace: ExportTrace, { target }: AnnotationRecord, said: Json | undefined): Json {
  if (target.kind !== 'span') return said ?? null;
  const index = indexOfStep(said, 1);
  if (index !== null && target.id === `m${index}`) return said ?? null;
  const numbered = /^m(\d{1,9})$/.exec(target.id)?.[1];
  if (numbered !== undefined) return Number(numbered) + 1;
  let place = 0;
  for (const span of trace.spans()) {
    place++;
    if (span.spanId === target.id) return place;
  }
  return null;
}

function numberOrText(id: string): Json {
  return /^\d{1,15}$/.test(id) ? Number(id) : id;
}

/** Finds the row that a trace came from; a body of many rows is read once. */
function createRowFinder(): (bodies: Iterable<ReceivedBody>, traceId: string) => Json | null {
  let last: { readonly hash: string; readonly rows: ReadonlyMap<string, Json> } | null = null;
  return (bodies, traceId) => {
    for (const body of bodies) {
      if (body.format !== TAXONOMY) continue;
      if (last?.hash !== body.hash) last = { hash: body.hash, rows: rowsOf(body.bytes()) };
      const found = last.rows.get(traceId);
      if (found !== undefined) return found;
    }
    return null;
  };
}

function rowsOf(bytes: Uint8Array): ReadonlyMap<string, Json> {
  const text = new TextDecoder().decode(bytes);
  const whole = parseJson(text);
  const items =
    whole === undefined
      ? text.split('\n').flatMap((line) => parseJson(line) ?? [])
      : Array.isArray(whole)
        ? whole
        : [whole];
  const rows = new Map<string, Json>();
  for (const item of items as readonly Json[]) {
    const id = isRow(item) ? idOf(item.task_id) : null;
    if (id !== null) rows.set(TRACE_PREFIX + id, item);
  }
  return rows;
}
