/** The events of a trace as columns, and beginnings of its contents, for the log. */
import type { EventKind, EventPage, SpanPreview } from '#shared/event-log.ts';
import { EVENT_KINDS, PREVIEW_SPANS } from '#shared/event-log.ts';
import type { Reader } from '../../store/database.ts';
import { readEvents, readFailures, readPreview } from '../../store/event-queries.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';

type Entry = {
  readonly spanId: string;
  readonly at: number;
  readonly kind: EventKind;
  readonly name: string;
  readonly text: string;
};

/** All entries of a trace, in order; kept while the trace is open. */
export type WholeEvents = { readonly entries: readonly Entry[]; readonly complete: boolean };

type Loaded = {
  readonly traceKeys: readonly number[];
  readonly originNs: bigint | null;
  readonly spans: readonly StoredSpanFact[];
};

export function eventsIn(reader: Reader, { traceKeys, originNs, spans }: Loaded): WholeEvents {
  const { events, complete } = readEvents(reader, traceKeys);
  const failures = readFailures(reader, traceKeys);
  const wanted = new Set([...failures.keys(), ...events.map(({ spanKey }) => spanKey)]);
  const idOf = new Map<number, string>();
  for (const { spanKey, spanId } of spans) if (wanted.has(spanKey)) idOf.set(spanKey, spanId);
  const entries: Entry[] = [];
  for (const [key, text] of failures) {
    const spanId = idOf.get(key);
    if (spanId !== undefined) entries.push({ spanId, at: NaN, kind: 'failure', name: '', text });
  }
  for (const { spanKey, time, name, text } of events) {
    const spanId = idOf.get(spanKey);
    if (spanId === undefined) continue;
    entries.push({ spanId, at: after(originNs, time), kind: kindOf(name), name: name.slice(0, 200), text });
  }
  // A stable sort: what was recorded together stays in its order.
  entries.sort((a, b) => place(a.at) - place(b.at) || 0);
  return { entries, complete };
}

/** Those without a time first; two infinities would have no difference. */
function place(at: number): number {
  return Number.isNaN(at) ? -Number.MAX_VALUE : at;
}

function after(originNs: bigint | null, time: string | null): number {
  if (originNs === null || time === null || !/^-?\d{1,25}$/.test(time)) return NaN;
  return Number(BigInt(time) - originNs);
}

function kindOf(name: string): EventKind {
  if (name === 'exception') return 'exception';
  return /(?:^|[._])logs?$/.test(name) ? 'log' : 'event';
}

export function eventPage({ entries, complete }: WholeEvents, cursor: number, limit: number): EventPage {
  const part = entries.slice(cursor, cursor + limit);
  const strings = [''];
  const codes = new Map([['', 0]]);
  const spanIds: string[] = [];
  const spanCodes = new Map<string, number>();
  function code(known: Map<string, number>, list: string[], text: string): number {
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, list.length);
    return list.push(text) - 1;
  }
  const end = cursor + part.length;
  return {
    count: part.length,
    span: Uint32Array.from(part, ({ spanId }) => code(spanCodes, spanIds, spanId)),
    spanIds,
    at: Float64Array.from(part, ({ at }) => at),
    kind: Uint8Array.from(part, ({ kind }) => EVENT_KINDS.indexOf(kind)),
    name: Uint32Array.from(part, ({ name }) => code(codes, strings, name)),
    text: Uint32Array.from(part, ({ text }) => code(codes, strings, text)),
    strings,
    nextCursor: end < entries.length ? end : null,
    total: entries.length,
    complete,
  };
}

/** In the order of the question; unknown spans are left out, and so are those over the bound. */
export function previewsIn(
  reader: Reader,
  spanOf: (spanId: string) => StoredSpanFact | undefined,
  spanIds: readonly string[],
): SpanPreview[] {
  return spanIds.slice(0, PREVIEW_SPANS).flatMap((spanId) => {
    const span = spanOf(spanId);
    if (!span) return [];
    const { handoffFrom: from, handoffTo: to } = span;
    const handoff = from === null && to === null ? null : { from, to };
    return [{ spanId, ...readPreview(reader, span.spanKey), handoff }];
  });
}
