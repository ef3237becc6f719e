/**
 * Gathers what the log records of one body say: parts of spans, facts of traces, events of spans, and a count of what
 * has no place. Nothing in it depends on how records were batched.
 */
import type { Json } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord, SpanEvent, SpanOrigin, SpanRecord, TraceRecord } from '#shared/record.ts';
import { digestOf, issue } from '../fields.ts';
import { setOwn } from '../otlp/span.ts';
import type { OtlpLog } from './log.ts';
import { LOG_RANK, originOfLog, partOf, reverseTimeKey, SEEN_RANK, timeKey } from './parts.ts';

/** Events of one span out of one body; a program may log a million lines inside one span. */
const MAX_EVENTS = 500;
const MAX_EVENT_TEXT = 16_384;

type SpanIds = { readonly traceId: string; readonly spanId: string };
type Extent = SpanIds & { readonly base: Base; readonly rank: number; first: bigint; last: bigint };
export type Base = Pick<SpanRecord, 'kind' | 'name' | 'origin'> &
  Partial<Pick<SpanRecord, 'agent' | 'parentId' | 'subtype'>>;
type Told = SpanIds & {
  readonly origin: SpanOrigin;
  readonly events: SpanEvent[];
  first: bigint | null;
  name: string;
  more: number;
};

export type Collector = {
  readonly add: (record: SpanRecord | NormalisedRecord) => void;
  /** The part id of a record: sorts by time, then by the order of records of one time, and is the same for the same record. */
  readonly keyOf: (log: OtlpLog, span: SpanIds) => string;
  readonly trace: (facts: Omit<TraceRecord, 'type'>) => void;
  /** Shows the record as an event of the span. */
  readonly event: (log: OtlpLog, span: SpanIds, dialect: string) => void;
  /** A span that no record describes as a whole (a turn): it lasts from the first to the last that belongs to it. */
  readonly extend: (span: SpanIds, base: Base, start: bigint | null, end: bigint | null, rank?: number) => void;
  /** A record that names no trace and comes from no client that is known. */
  readonly unplaced: (log: OtlpLog) => void;
  /** A record of a known client that tells nothing that is shown. */
  readonly unused: (log: OtlpLog) => void;
  readonly records: () => NormalisedRecord[];
};

export function createCollector(): Collector {
  const records: NormalisedRecord[] = [];
  const traces = new Map<string, TraceRecord>();
  const told = new Map<string, Told>();
  const extents = new Map<string, Extent>();
  const ties = new Map<string, { readonly time: string; count: number }>();
  const unplaced = createTally();
  const unused = createTally();

  return {
    add: (record) => records.push(record),
    keyOf(log, { traceId, spanId }) {
      const time = timeKey(log.time);
      const place = `${traceId} ${spanId}`;
      const tie = ties.get(place);
      const nth = tie?.time === time ? tie.count : 0;
      ties.set(place, { time, count: nth + 1 });
      return `${time}:${String(nth).padStart(6, '0')}:${digestOf(JSON.stringify([log.event, log.body, log.attributes]))}`;
    },
    trace(facts) {
      traces.set(facts.traceId, { ...traces.get(facts.traceId), ...facts, type: 'trace' });
    },
    event(log, span, dialect) {
      const place = `${span.traceId} ${span.spanId}`;
      let known = told.get(place);
      if (!known) {
        known = { ...span, origin: originOfLog(log, dialect), events: [], first: null, name: '', more: 0 };
        told.set(place, known);
      }
      if (known.name === '' || (log.time !== null && (known.first === null || log.time < known.first))) {
        known.first = log.time;
        known.name = eventName(log);
      }
      if (known.events.length < MAX_EVENTS) known.events.push(toEvent(log));
      else known.more++;
    },
    extend(span, base, start, end, rank = LOG_RANK) {
      const from = start ?? end;
      const to = end ?? start;
      if (from === null || to === null) return;
      const place = `${span.traceId} ${span.spanId}`;
      const known = extents.get(place);
      if (!known) extents.set(place, { ...span, base, rank, first: from, last: to });
      else {
        if (from < known.first) known.first = from;
        if (to > known.last) known.last = to;
      }
    },
    unplaced: unplaced.count,
    unused: unused.count,
    records() {
      const parts = [...extents.values()].flatMap(extentParts);
      const events = [...told.values()].map(eventsPart);
      const dropped = [...told.values()].filter(({ more }) => more > 0).map(tooMany);
      const notes = [
        unplaced.issue((count) => `${count} log record${count === 1 ? '' : 's'} without a trace.`),
        unused.issue((count) => `${count} log record${count === 1 ? '' : 's'} that tell nothing to show.`),
      ].flatMap((each) => each ?? []);
      return [...traces.values(), ...parts, ...records, ...events, ...dropped, ...notes];
    },
  };
}

/** A span of which this moment is known. */
export function extentOf(span: SpanIds, base: Base, time: bigint | null): SpanRecord[] {
  return time === null ? [] : extentParts({ ...span, base, rank: LOG_RANK, first: time, last: time });
}

/**
 * Two parts, because the last word counts: of all the ends known the latest sorts last, of the starts the earliest does.
 */
function extentParts({ traceId, spanId, base, rank, first, last }: Extent): SpanRecord[] {
  const given = { traceId, spanId, rank, ...base };
  return [
    partOf({ ...given, key: `extent:end:${timeKey(last)}`, end: last }),
    partOf({ ...given, key: `extent:start:${reverseTimeKey(first)}`, start: first }),
  ];
}

/** All events of a span in one part: with a part for each, every line logged would merge all lines before it again. */
function eventsPart({ traceId, spanId, origin, events, first, name }: Told): SpanRecord {
  // Of several requests the one with the earliest event is the last word on name and start.
  const key = `events:${reverseTimeKey(first ?? 0n)}:${digestOf(JSON.stringify(events))}`;
  return partOf({ key, rank: SEEN_RANK, traceId, spanId, kind: 'custom', name, start: first, origin, events });
}

function tooMany({ traceId, spanId, more }: Told): IssueRecord {
  const message = `${more} more log records of this span; ${MAX_EVENTS} of a request are shown.`;
  return issue('info', 'truncated_field', message, { traceId, spanId });
}

function eventName({ event, severity }: OtlpLog): string {
  return event || (severity === '' ? 'log' : `log ${severity.toLowerCase()}`);
}

function toEvent(log: OtlpLog): SpanEvent {
  const attributes: Record<string, Json> = {};
  for (const key in log.attributes) setOwn(attributes, key, bounded(log.attributes[key] ?? null));
  if (log.body !== null && log.body !== '') attributes.body ??= bounded(log.body);
  if (log.severity !== '') attributes.severity ??= log.severity;
  return { time: log.time === null ? null : log.time.toString(), name: eventName(log), attributes };
}

function bounded(value: Json): Json {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length > MAX_EVENT_TEXT ? cut(text) : value;
}

function cut(text: string): string {
  return text.length > MAX_EVENT_TEXT ? `${text.slice(0, MAX_EVENT_TEXT)}…` : text;
}

const LISTED_NAMES = 20;

/** One issue for many records: how many, and of what kinds. */
function createTally(): {
  readonly count: (log: OtlpLog) => void;
  readonly issue: (message: (count: number) => string) => IssueRecord | null;
} {
  let total = 0;
  const names = new Map<string, number>();
  return {
    count(log) {
      total++;
      const name = eventName(log);
      if (names.has(name) || names.size < LISTED_NAMES) names.set(name, (names.get(name) ?? 0) + 1);
    },
    issue(message) {
      if (total === 0) return null;
      const item = [...names].map(([name, count]) => `${count} × ${name}`).join('\n');
      return issue('info', 'unmapped_field', message(total), { item });
    },
  };
}
