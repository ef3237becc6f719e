/** Joins what several records say about one span. Pure, and independent of the order in which the parts arrived. */
import type { JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanEvent, SpanLink, SpanRecord, SpanStatus, Usage } from '#shared/record.ts';
import { WHOLE_SPAN_RANK } from '#shared/record.ts';

/** Ascending rank, then id: what a later one says replaces what earlier ones said. */
export function compareParts(a: SpanRecord, b: SpanRecord): number {
  const byRank = rankOf(a) - rankOf(b);
  if (byRank !== 0) return byRank;
  const idA = a.part?.id ?? '';
  const idB = b.part?.id ?? '';
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}

export function rankOf(span: SpanRecord): number {
  return span.part?.rank ?? WHOLE_SPAN_RANK;
}

/** The span that the parts describe together, under the given id; at least one part. See `SpanPart` for the rules. */
export function mergeParts(spanId: string, parts: readonly SpanRecord[]): SpanRecord {
  const sorted = [...parts].sort(compareParts);
  const last = sorted.at(-1);
  if (!last) throw new Error('a span without a part');
  const end = latest(sorted, (part) => part.end);
  return {
    type: 'span',
    traceId: last.traceId,
    spanId,
    parentId: latest(sorted, (part) => part.parentId),
    kind: latest(sorted, (part) => (part.kind === 'custom' ? null : part.kind)) ?? 'custom',
    subtype: latest(sorted, (part) => part.subtype),
    name: latest(sorted, (part) => (part.name === '' ? null : part.name)) ?? '',
    agent: latest(sorted, (part) => part.agent),
    model: latest(sorted, (part) => part.model),
    tool: latest(sorted, (part) => part.tool),
    toolCallId: latest(sorted, (part) => part.toolCallId),
    start: latest(sorted, (part) => part.start),
    end,
    status: joinStatus(sorted, end !== null),
    error: latest(sorted, (part) => part.error),
    usage: joinUsage(sorted.map((part) => part.usage)),
    reportedUsage: joinUsage(sorted.map((part) => part.reportedUsage)),
    cost: latest(sorted, (part) => part.cost),
    handoff: latest(sorted, (part) => part.handoff),
    input: joinContents(sorted, (part) => part.input),
    output: joinContents(sorted, (part) => part.output),
    attributes: joinAttributes(sorted),
    events: joinEvents(sorted),
    links: unique<SpanLink>(sorted.flatMap((part) => part.links)),
    origin: last.origin,
  };
}

function latest<T>(parts: readonly SpanRecord[], field: (part: SpanRecord) => T | null): T | null {
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index];
    const value = part ? field(part) : null;
    if (value !== null) return value;
  }
  return null;
}

/** An error stays an error whatever is said later; a part that was told at the start cannot keep an ended span running. */
function joinStatus(parts: readonly SpanRecord[], ended: boolean): SpanStatus {
  if (parts.some((part) => part.status === 'error')) return 'error';
  if (parts.some((part) => part.status === 'ok')) return 'ok';
  return !ended && parts.some((part) => part.status === 'running') ? 'running' : 'unset';
}

function joinUsage(usages: readonly (Usage | null)[]): Usage | null {
  const said = usages.filter((usage) => usage !== null);
  if (said.length === 0) return null;
  const pick = (key: keyof Usage): number | null => said.findLast((usage) => usage[key] !== null)?.[key] ?? null;
  return {
    input: pick('input'),
    output: pick('output'),
    cacheRead: pick('cacheRead'),
    cacheWrite: pick('cacheWrite'),
    reasoning: pick('reasoning'),
  };
}

/** The contents of the highest rank that has any, its parts one after the other. */
function joinContents(
  parts: readonly SpanRecord[],
  field: (part: SpanRecord) => readonly ContentItem[],
): readonly ContentItem[] {
  const last = parts.findLast((part) => field(part).length > 0);
  return last ? parts.filter((part) => rankOf(part) === rankOf(last)).flatMap(field) : [];
}

function joinAttributes(parts: readonly SpanRecord[]): JsonObject {
  const joined = new Map<string, JsonObject[string]>();
  for (const part of parts) {
    for (const [key, value] of Object.entries(part.attributes))
      if (value !== null || !joined.has(key)) joined.set(key, value);
  }
  // By key, because the parts' own orders would depend on which of them are there already.
  return Object.fromEntries([...joined].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function joinEvents(parts: readonly SpanRecord[]): readonly SpanEvent[] {
  const timed = unique(parts.flatMap((part) => part.events)).map((event, index) => ({ event, index }));
  timed.sort((a, b) => compareTimes(a.event.time, b.event.time) || a.index - b.index);
  return timed.map(({ event }) => event);
}

/** Times are decimal nanoseconds: of those with the same length the text order is the order in time. */
function compareTimes(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a.length - b.length || (a < b ? -1 : 1);
}

function unique<T>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
