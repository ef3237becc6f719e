/** Where in their traces marked spans stand, and who acts in them: kept between calls for traces that did not change. */
import type { Reader } from './database.ts';

export type SpanPlace = {
  /** 0 for the first span in order of start; without times, in order of arrival. */
  readonly step: number;
  /** Spans of the trace. */
  readonly of: number;
  /** Agent of the span, or of the nearest span around it that has one. */
  readonly actor: string | null;
};

/** Null = the trace has no such span. */
type Known = { readonly revision: number; readonly places: Map<string, SpanPlace | null> };

const caches = new WeakMap<Reader, Map<number, Known>>();
/** Traces; what is known of more is forgotten all at once. */
const MOST_KNOWN = 100_000;

type SpanRow = readonly [
  traceKey: number,
  spanId: string,
  parentId: string | null,
  agent: string | null,
  start: number | null,
  end: number | null,
  spanKey: number,
];

/** @param marked span ids by trace key */
export function spanPlaces(
  reader: Reader,
  marked: ReadonlyMap<number, ReadonlySet<string>>,
): (traceKey: number, spanId: string) => SpanPlace | null {
  let cache = caches.get(reader);
  if (!cache || cache.size > MOST_KNOWN) caches.set(reader, (cache = new Map<number, Known>()));
  const known = cache;
  const revisions = reader.rows<[number, number]>(
    'SELECT trace_key, revision FROM trace WHERE trace_key IN (SELECT value FROM json_each(?))',
    [JSON.stringify([...marked.keys()])],
  );
  const stale: number[] = [];
  for (const [key, revision] of revisions) {
    const before = known.get(key);
    const spans = marked.get(key);
    if (before?.revision === revision && spans && every(spans, (id) => before.places.has(id))) continue;
    known.set(key, { revision, places: new Map() });
    stale.push(key);
  }
  load(reader, stale, marked, known);
  return (traceKey, spanId) => known.get(traceKey)?.places.get(spanId) ?? null;
}

/** Of one trace; spans that it has not are left out. */
export function placesIn(reader: Reader, traceKey: number, spanIds: readonly string[]): ReadonlyMap<string, SpanPlace> {
  if (spanIds.length === 0) return new Map();
  const placeOf = spanPlaces(reader, new Map([[traceKey, new Set(spanIds)]]));
  return new Map(
    spanIds.flatMap((id) => {
      const place = placeOf(traceKey, id);
      return place ? [[id, place] as const] : [];
    }),
  );
}

function load(
  reader: Reader,
  traceKeys: readonly number[],
  marked: ReadonlyMap<number, ReadonlySet<string>>,
  known: ReadonlyMap<number, Known>,
): void {
  if (traceKeys.length === 0) return;
  // In blocks of one trace each: the index over (trace_key, span_id) gives them so. Differences of times are exact.
  const rows = reader.rows<SpanRow>(
    `SELECT s.trace_key, s.span_id, s.parent_id, s.agent, s.start_ns - t.start_ns, s.end_ns - t.start_ns, s.span_key
     FROM trace t JOIN span s ON s.trace_key = t.trace_key
     WHERE t.trace_key IN (SELECT value FROM json_each(?)) ORDER BY s.trace_key`,
    [JSON.stringify(traceKeys)],
  );
  let block: SpanRow[] = [];
  function finish(): void {
    const key = block[0]?.[0];
    if (key === undefined) return;
    const spans = marked.get(key);
    const places = known.get(key)?.places;
    if (spans && places) place(block, spans, places);
    block = [];
  }
  for (const row of rows) {
    if (block.length > 0 && block[0]?.[0] !== row[0]) finish();
    block.push(row);
  }
  finish();
}

function place(spans: SpanRow[], marked: ReadonlySet<string>, places: Map<string, SpanPlace | null>): void {
  spans.sort(inOrder);
  const byId = new Map(spans.map((span, step) => [span[1], step]));
  for (const id of marked) {
    const step = byId.get(id);
    places.set(id, step === undefined ? null : { step, of: spans.length, actor: actorOf(spans, byId, step) });
  }
}

/** By start; a span that ends later stands around those that start with it. */
function inOrder(a: SpanRow, b: SpanRow): number {
  return later(a[4], b[4]) || later(b[5], a[5]) || a[6] - b[6];
}

/** What is unknown comes last. */
function later(a: number | null, b: number | null): number {
  if (a === b) return 0;
  return a === null ? 1 : b === null ? -1 : a - b;
}

function actorOf(spans: readonly SpanRow[], byId: ReadonlyMap<string, number>, step: number): string | null {
  let at: number | undefined = step;
  // A span may be its own ancestor in what came from outside.
  for (let hops = 0; at !== undefined && hops < 1_000; hops++) {
    const span: SpanRow | undefined = spans[at];
    if (!span) return null;
    if (span[3] !== null && span[3] !== '') return span[3];
    at = span[2] === null ? undefined : byId.get(span[2]);
  }
  return null;
}

function every(values: ReadonlySet<string>, holds: (value: string) => boolean): boolean {
  for (const value of values) if (!holds(value)) return false;
  return true;
}
