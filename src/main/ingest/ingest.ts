/**
 * The narrow waist: normalised records in, rows out. Called inside the transaction of a group commit; what one body
 * holds is written whole or, when the transaction is rolled back, not at all.
 */
import type { DefinitionRecord, IssueRecord, NormalisedRecord, RevisionRecord, SpanRecord } from '#shared/record.ts';
import { showAll } from '../review/annotation-book.ts';
import { takeDefinition } from '../review/travelling-definitions.ts';
import { awaitsRevisions } from '../store/annotation-writer.ts';
import { createContentWriter } from '../store/content-writer.ts';
import type { Writer } from '../store/database.ts';
import { deleteEmptyTrace, isEmptyTrace } from '../store/delete-traces.ts';
import { putIssue } from '../store/issue-writer.ts';
import { putMetric } from '../store/metric-store.ts';
import { noteResend } from '../store/ledger-store.ts';
import type { PackedBody } from '../store/raw-store.ts';
import { insertRaw, linkRaw, tracesOfRaw } from '../store/raw-store.ts';
import { createSpanWriter } from '../store/span-writer.ts';
import { traceKeyOf } from '../store/trace-queries.ts';
import { createTraceWriter, touchTrace } from '../store/trace-writer.ts';
import { putAnnotation, putScore } from '../store/verdict-writer.ts';
import { guardSpan, validId } from './guard.ts';
import { isMerge, type Merged, mergeRevisions } from './merge-revisions.ts';
import { createPartJoiner } from './parts.ts';
import { createRuleBook, createRuledSpanWriter, type RuleBook, withoutRuledSession } from './rules.ts';
import { createStrays } from './strays.ts';

/** Raise when a decoder or a dialect maps something differently: kept with each received body, so that old ones can be derived again. */
export const NORMALISER_VERSION = 1;

/** A trace whose root has not arrived counts as running while something arrived this recently (milliseconds). */
export const LIVE_MS = 10_000;

/** One received body with what its format made of it. */
export type Unit = {
  readonly format: string;
  /** File name with its folder, where it came from a file. */
  readonly name: string | null;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly receivedAt: number;
  /** Sent by a program that may still run, in contrast to a file. */
  readonly live: boolean;
  /** Who sent it, for people. */
  readonly source: string;
  readonly hash: Uint8Array;
  /** Bytes before compression. */
  readonly size: number;
  readonly packed: PackedBody;
  readonly records: readonly NormalisedRecord[];
};

/** What of a unit is needed to store its records. */
export type Told = Pick<Unit, 'receivedAt' | 'live' | 'source' | 'records'>;

export type UnitResult = {
  /** Exactly these bytes were stored before; nothing was done. */
  readonly duplicate: boolean;
  readonly spans: number;
  readonly annotations: number;
  readonly scores: number;
  readonly rejected: number;
  /** Taxonomies and score schemas that were not here. */
  readonly definitions: number;
  /** What came of annotations that were made elsewhere; null = the body holds none. */
  readonly merged: Merged | null;
  /** Whose derived state may have changed; `traceIds` are also those with other annotations. */
  readonly traceKeys: readonly number[];
  readonly traceIds: readonly string[];
  /** What was found wrong here and not by the decoder, at most ten. */
  readonly found: readonly { readonly code: string; readonly message: string }[];
};

export const NOTHING_NEW: UnitResult = {
  duplicate: true,
  spans: 0,
  annotations: 0,
  scores: 0,
  rejected: 0,
  definitions: 0,
  merged: null,
  traceKeys: [],
  traceIds: [],
  found: [],
};

export type Ingest = {
  readonly write: (writer: Writer, unit: Unit, revision: number) => UnitResult;
  /** Stores what a body holds that is stored as bytes already: a rebuild. */
  readonly writeAgain: (writer: Writer, rawKey: number, unit: Told, revision: number) => UnitResult;
  /** After a rollback or a deletion: remembered keys may be gone. */
  readonly forget: () => void;
};

export function createIngest(book: RuleBook = createRuleBook(null)): Ingest {
  const contents = createContentWriter();
  const spans = createRuledSpanWriter(createSpanWriter(contents), book);
  const joiner = createPartJoiner(spans, contents);
  const traces = createTraceWriter();
  const strays = createStrays();

  function write(writer: Writer, unit: Unit, revision: number): UnitResult {
    // What people said is kept word by word. Its file is not: it would outlive the traces that it tells of.
    if (isMerge(unit.records)) return merge(writer, unit);
    const rawKey = insertRaw(writer, { ...unit, normaliser: NORMALISER_VERSION });
    if (rawKey === null) {
      const known = tracesOfRaw(writer, unit.hash);
      for (const trace of known) noteResend(writer, trace.trace_key, '', trace.raw_key, unit.receivedAt);
      return { ...NOTHING_NEW, traceIds: known.map((trace) => trace.trace_id) };
    }
    return writeAgain(writer, rawKey, unit, revision);
  }

  function writeAgain(writer: Writer, rawKey: number, unit: Told, revision: number): UnitResult {
    const touched = new Map<string, number>();
    const revisions: RevisionRecord[] = [];
    let spanCount = 0;
    let annotations = 0;
    let scores = 0;
    let rejected = 0;
    let definitions = 0;
    const found: { code: string; message: string }[] = [];

    function keyOf(traceId: string): number {
      let key = touched.get(traceId);
      if (key === undefined) {
        key = traces.keyOf(writer, traceId, { source: unit.source, dialect: '', receivedAt: unit.receivedAt });
        touched.set(traceId, key);
      }
      return key;
    }

    function note(issue: IssueRecord): void {
      if (issue.severity === 'error') rejected++;
      const traceKey = issue.traceId !== undefined && validId(issue.traceId) ? keyOf(issue.traceId) : null;
      putIssue(writer, issue, traceKey, rawKey, unit.receivedAt);
    }

    function noteFound(issue: IssueRecord): void {
      note(issue);
      if (issue.severity !== 'info' && found.length < 10) found.push({ code: issue.code, message: issue.message });
    }

    for (const record of unit.records) {
      if (record.type === 'issue') {
        note(record);
      } else if (record.type === 'metric') {
        putMetric(writer, record, rawKey);
      } else if (record.type === 'definition') {
        if (define(writer, record, unit.receivedAt, noteFound)) definitions++;
      } else if (!validId(record.traceId) || (record.type === 'span' && !validId(record.spanId))) {
        noteFound(invalidId(record.traceId, record.type === 'span' ? record.spanId : null));
      } else if (record.type === 'trace') {
        const key = keyOf(record.traceId);
        traces.applyFacts(writer, key, withoutRuledSession(writer, book, key, record));
      } else if (record.type === 'revision') {
        revisions.push(record);
        annotations++;
      } else if (record.type === 'annotation') {
        putAnnotation(writer, keyOf(record.traceId), record, rawKey);
        annotations++;
      } else if (record.type === 'score') {
        putScore(writer, keyOf(record.traceId), record, rawKey);
        scores++;
      } else {
        const guarded = guardSpan(record);
        if (record.follows) {
          strays.add(writer, guarded.span, rawKey);
          spanCount++;
          continue;
        }
        if (record.leads && validId(record.leads.key)) strays.lead(writer, record, keyOf(record.traceId));
        const outcome = joiner.put(writer, guarded.span, keyOf(record.traceId), rawKey);
        if (outcome === 'left_out') noteFound(tooManyParts(record));
        else spanCount++;
        if (outcome === 'again') noteResend(writer, keyOf(record.traceId), record.spanId, rawKey, unit.receivedAt);
        for (const issue of guarded.issues) noteFound(issue);
      }
    }
    const left = strays.place(writer, {
      joiner,
      keyOf,
      touch: (traceId, traceKey) => touched.set(traceId, traceKey),
      facts(record, traceKey) {
        traces.applyFacts(writer, traceKey, withoutRuledSession(writer, book, traceKey, record));
      },
      leftOut(span) {
        noteFound(tooManyParts(span));
      },
    });
    joiner.finish(writer);
    for (const { traceKey, traceId } of left) {
      if (touched.has(traceId) || !isEmptyTrace(writer, traceKey)) {
        touched.set(traceId, traceKey);
        continue;
      }
      deleteEmptyTrace(writer, traceKey);
      forget();
    }
    const merged = revisions.length === 0 ? null : mergeRevisions(writer, revisions, noteFound);
    const touch = { receivedAt: unit.receivedAt, liveUntil: unit.live ? unit.receivedAt + LIVE_MS : 0, revision };
    for (const [traceId, key] of touched) {
      touchTrace(writer, key, touch);
      // What somebody said of it may have been merged before it came.
      if (awaitsRevisions(writer, key, traceId)) showAll(writer, key, traceId);
    }
    linkRaw(writer, rawKey, [...touched.values()]);
    return {
      duplicate: false,
      spans: spanCount,
      annotations,
      scores,
      rejected,
      definitions,
      merged,
      traceKeys: [...touched.values()],
      traceIds: [...new Set([...touched.keys(), ...(merged?.traceIds ?? [])])],
      found,
    };
  }

  /** Nothing is derived from annotations: their traces are only told to have changed. */
  function merge(writer: Writer, unit: Unit): UnitResult {
    const revisions: RevisionRecord[] = [];
    const found: { code: string; message: string }[] = [];
    let rejected = 0;
    let definitions = 0;
    const note = (issue: IssueRecord): void => {
      if (issue.severity === 'error') rejected++;
      const key = issue.traceId === undefined ? null : traceKeyOf(writer, issue.traceId);
      putIssue(writer, issue, key, null, unit.receivedAt);
    };
    const noteFound = (issue: IssueRecord): void => {
      note(issue);
      if (found.length < 10) found.push({ code: issue.code, message: issue.message });
    };
    for (const record of unit.records) {
      if (record.type === 'issue') note(record);
      else if (record.type === 'definition') {
        if (define(writer, record, unit.receivedAt, noteFound)) definitions++;
      } else if (record.type !== 'revision') continue;
      else if (validId(record.traceId) && validId(record.annotationId)) revisions.push(record);
      else noteFound(invalidId(record.traceId, record.annotationId));
    }
    const merged = mergeRevisions(writer, revisions, noteFound);
    return {
      ...NOTHING_NEW,
      duplicate: false,
      annotations: revisions.length,
      scores: merged.scores,
      rejected,
      definitions,
      merged,
      traceKeys: merged.scoredKeys,
      traceIds: merged.traceIds,
      found,
    };
  }

  function forget(): void {
    contents.forget();
    spans.forget();
    joiner.forget();
    traces.forget();
    strays.forget();
  }

  return { write, writeAgain, forget };
}

/** True when it is new here. */
function define(writer: Writer, record: DefinitionRecord, now: number, note: (issue: IssueRecord) => void): boolean {
  const taken = takeDefinition(writer, record, now);
  const what = record.kind === 'taxonomy' ? 'A taxonomy' : 'A score schema';
  const detail = JSON.stringify(record.definition).slice(0, 65_536);
  const issue = { type: 'issue', code: 'invalid_item', detail } as const;
  if (taken === 'unreadable') note({ ...issue, severity: 'error', message: `${what} in the file cannot be read.` });
  if (taken === 'different')
    note({ ...issue, severity: 'warning', message: `${what} of the file is another one here, which stays.` });
  return taken === 'new';
}

function invalidId(traceId: string, id: string | null): IssueRecord {
  return {
    type: 'issue',
    severity: 'error',
    code: 'invalid_item',
    message: 'An id is empty or longer than 512 characters.',
    detail: JSON.stringify([traceId, id]),
  };
}

function tooManyParts(span: SpanRecord): IssueRecord {
  return {
    type: 'issue',
    severity: 'warning',
    code: 'too_many_parts',
    message: 'A span has more parts than are joined; this one is kept as received only.',
    traceId: span.traceId,
    spanId: span.spanId,
  };
}
