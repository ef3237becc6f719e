/**
 * The events of a sample → spans. `span_begin` and `span_end` (before: `step` with an action) make the tree; model
 * calls, tool calls and the like are spans in it; all else is an event of the span around it.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, SpanEvent, SpanKind, SpanRecord } from '#shared/record.ts';
import { idOf, issue, listOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readSpanEvent } from './event-spans.ts';
import type { Header } from './header.ts';
import type { References } from './references.ts';
import { spanRecord } from '../span-record.ts';

export type EventContext = {
  readonly traceId: string;
  /** Id of the span around all of them. */
  readonly root: string;
  readonly references: References;
  readonly header: Header;
};
export type FoundScore = {
  readonly name: string;
  readonly score: Json;
  readonly spanId: string;
  readonly intermediate: boolean;
};
export type ReadEvents = {
  readonly spans: readonly SpanRecord[];
  readonly scores: readonly FoundScore[];
  readonly rootEvents: readonly SpanEvent[];
  /** The first and the last time that an event states. */
  readonly start: bigint | null;
  readonly end: bigint | null;
  readonly issues: readonly IssueRecord[];
};

type Building = { -readonly [K in keyof SpanRecord]: SpanRecord[K] } & { events: SpanEvent[] };
type Run = EventContext & {
  readonly spans: Building[];
  readonly byId: Map<string, Building>;
  readonly ids: Set<string>;
  readonly rootEvents: SpanEvent[];
  readonly scores: FoundScore[];
  readonly issues: IssueRecord[];
  start: bigint | null;
  end: bigint | null;
};

/** What the types of spans that solvers, scorers and agents open are. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map<string, SpanKind>([
  ['agent', 'agent'],
  ['scorer', 'evaluator'],
  ['approval', 'guardrail'],
]);
const FRAME = new Set([
  'event',
  'timestamp',
  'working_start',
  'uuid',
  'span_id',
  'pending',
  'parent_id',
  'id',
  'name',
  'type',
  'action',
  'completed',
  'working_time',
]);

export function readEvents(events: readonly Json[], context: EventContext): ReadEvents {
  const run: Run = {
    ...context,
    spans: [],
    byId: new Map(),
    ids: new Set([context.root]),
    rootEvents: [],
    scores: [],
    issues: [],
    start: null,
    end: null,
  };
  readList(events, context.root, 'e', run);
  joinToolSpans(run);
  const { spans, scores, rootEvents, start, end, issues } = run;
  return { spans, scores, rootEvents, start, end, issues };
}

/** Nested lists stand in tool calls and subtasks; how deep they nest is bounded by the document. */
function readList(events: readonly Json[], around: string, prefix: string, run: Run): void {
  const steps: Building[] = [];
  events.forEach((event, at) => {
    if (!isJsonObject(event) || typeof event.event !== 'string') {
      run.issues.push(
        issue('error', 'invalid_item', `Event ${prefix}${at} has no kind.`, { traceId: run.traceId, item: event }),
      );
      return;
    }
    const time = timeOf(event.timestamp);
    if (time !== null) {
      if (run.start === null || time < run.start) run.start = time;
      const last = timeOf(event.completed) ?? time;
      if (run.end === null || last > run.end) run.end = last;
    }
    const open = steps.at(-1)?.spanId ?? around;
    const parentId = parentOf(event, open, run);
    const path = `${prefix}${at}`;
    if (event.event === 'span_begin') begin(event, idOf(event.id) ?? path, spanParent(event, open, run), time, run);
    else if (event.event === 'span_end') finish(run.byId.get(idOf(event.id) ?? idOf(event.span_id) ?? ''), time);
    else if (event.event === 'step') {
      if (event.action === 'begin') steps.push(begin(event, path, open, time, run));
      else finish(steps.pop(), time);
    } else {
      const found = readSpanEvent(event, run);
      if (found === null) note(event, parentId, time, run);
      else addSpan(event, found, { parentId, path }, run);
    }
  });
}

function parentOf(event: JsonObject, open: string, run: Run): string {
  const id = idOf(event.span_id);
  return id !== null && run.byId.has(id) ? id : open;
}

function spanParent(event: JsonObject, open: string, run: Run): string {
  const id = idOf(event.parent_id);
  return id !== null && run.byId.has(id) ? id : open;
}

function begin(event: JsonObject, id: string, parentId: string, time: bigint | null, run: Run): Building {
  const type = textOf(event.type);
  const name = textOf(event.name) ?? type ?? 'span';
  const kind = (type === null ? undefined : KINDS.get(type)) ?? 'chain';
  const span = add(
    spanRecord({
      traceId: run.traceId,
      spanId: id,
      parentId,
      kind,
      subtype: type === null || kind !== 'chain' ? null : type,
      name,
      agent: kind === 'agent' ? name : null,
      start: time,
      status: 'running',
      attributes: remaining(event, FRAME, 'inspect.'),
      origin: run.header.origin,
    }),
    run,
  );
  run.byId.set(id, span);
  return span;
}

function finish(span: Building | undefined, time: bigint | null): void {
  if (!span) return;
  span.end = time;
  if (span.status === 'running') span.status = 'unset';
}

/** Ids that were given twice get the position that their path says. */
function add(span: SpanRecord, run: Run): Building {
  const id = run.ids.has(span.spanId) ? `${span.spanId}#${run.spans.length}` : span.spanId;
  run.ids.add(id);
  const built: Building = { ...span, spanId: id, events: [...span.events] };
  run.spans.push(built);
  return built;
}

function addSpan(
  event: JsonObject,
  found: Partial<SpanRecord> & Pick<SpanRecord, 'kind' | 'name'>,
  place: { readonly parentId: string; readonly path: string },
  run: Run,
): void {
  const span = add(
    spanRecord({
      traceId: run.traceId,
      spanId: idOf(event.uuid) ?? place.path,
      parentId: place.parentId,
      origin: run.header.origin,
      ...found,
    }),
    run,
  );
  if (event.event === 'score') {
    const around = run.byId.get(place.parentId);
    const name = textOf(event.scorer) ?? (around?.kind === 'evaluator' ? around.name : null) ?? run.header.scorer;
    run.scores.push({
      name,
      score: run.references.resolve(event.score),
      spanId: span.spanId,
      intermediate: event.intermediate === true,
    });
  }
  const nested = listOf(event.events);
  const agent = event.event === 'tool' ? textOf(event.agent) : null;
  if (nested.length === 0) return;
  const inner =
    agent === null
      ? span
      : add(
          spanRecord({
            traceId: run.traceId,
            spanId: `${span.spanId}:agent`,
            parentId: span.spanId,
            kind: 'agent',
            name: agent,
            agent,
            start: span.start,
            end: span.end,
            origin: run.header.origin,
          }),
          run,
        );
  readList(nested, inner.spanId, `${place.path}.`, run);
}

function note(event: JsonObject, parentId: string, time: bigint | null, run: Run): void {
  const attributes = objectOf(run.references.resolve(remaining(event, NOTE_FRAME)));
  const noted: SpanEvent = {
    time: time === null ? null : time.toString(),
    name: textOf(event.event) ?? '',
    attributes,
  };
  const span = run.byId.get(parentId);
  if (span) span.events.push(noted);
  else run.rootEvents.push(noted);
}

const NOTE_FRAME = new Set(['event', 'timestamp', 'working_start', 'uuid', 'span_id', 'pending']);

/** A span of type "tool" is what ran inside a tool call: it belongs under the call's own span, which stands beside it. */
function joinToolSpans(run: Run): void {
  const calls = new Map<string, Building[]>();
  const wrappers = new Map<string, Building[]>();
  for (const span of run.spans) {
    const into = span.kind === 'tool' || span.kind === 'handoff' ? calls : span.subtype === 'tool' ? wrappers : null;
    if (into === null) continue;
    const key = JSON.stringify([span.parentId, span.tool ?? span.name]);
    const list = into.get(key);
    if (list) list.push(span);
    else into.set(key, [span]);
  }
  for (const [key, list] of wrappers) {
    const known = calls.get(key) ?? [];
    if (known.length !== list.length) continue;
    list.forEach((wrapper, at) => {
      const call = known[at];
      if (call) wrapper.parentId = call.spanId;
    });
  }
}
