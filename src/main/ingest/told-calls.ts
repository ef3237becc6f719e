/**
 * Shows tool calls that have no span of their own: one message of the trace makes the call, another answers it, and no
 * span did it. Part of the derivation: what is made here is a function of the trace, whatever the order of arrival, and
 * goes when the real span comes. The spans say so by the dialect `messages`.
 */
import type { Json } from '#shared/json.ts';
import type { SpanOrigin, SpanRecord } from '#shared/record.ts';
import type { Writer } from '../store/database.ts';
import { removeSpanRow } from '../store/part-store.ts';
import { createSpanWriter } from '../store/span-writer.ts';
import { createContentWriter } from '../store/content-writer.ts';
import type { DoneCall, Generation, ToldCall } from '../store/told-calls.ts';
import {
  answerIn,
  answeredCalls,
  callIn,
  doneCalls,
  generationsOf,
  madeSpans,
  MESSAGES_DIALECT,
  placeOf,
} from '../store/told-calls.ts';

const ORIGIN: SpanOrigin = { dialect: MESSAGES_DIALECT, scopeName: null, scopeVersion: null, resource: null };
/** What SDKs call the tool with which an agent hands over. */
const HANDOFF_TOOL = /^(?:transfer_to_|handoff_to_|handoff$)/;

export function showToldCalls(writer: Writer, traceKey: number, traceId: string): void {
  const made = madeSpans(writer, traceKey);
  const wanted = wantedSpans(writer, traceKey, traceId);
  if (wanted.length > 0) {
    const spans = createSpanWriter(createContentWriter());
    for (const { record, rawKey } of wanted) {
      const place = placeOf(record.parentId, record.start?.toString() ?? null, record.end?.toString() ?? null);
      if (made.get(record.spanId) !== place) spans.replace(writer, record, traceKey, rawKey);
      made.delete(record.spanId);
    }
  }
  for (const spanId of made.keys()) removeSpanRow(writer, traceKey, spanId);
}

type Wanted = { readonly record: SpanRecord; readonly rawKey: number };

function wantedSpans(writer: Writer, traceKey: number, traceId: string): Wanted[] {
  const answered = answeredCalls(writer, traceKey);
  if (answered.length === 0) return [];
  const done = doneCalls(writer, traceKey);
  const doneIds = new Set(done.map((span) => span.callId));
  const unnamed = done.filter((span) => span.callId === null);
  const open = answered.filter((call) => !doneIds.has(call.id));
  if (open.length === 0 || everyCallHasOne(open, unnamed)) return [];
  const generations = generationsOf(writer, traceKey);
  const callers = firstBy(generations, (generation) => generation.output);
  const readers = firstBy(generations, (generation) => generation.input);
  const calls = open.flatMap((call) => {
    // A call that no model of this trace made is history from elsewhere.
    const caller = earliest(call.calledIn, callers);
    return caller ? [{ call, caller }] : [];
  });
  calls.sort((a, b) => compareStarts(a.caller, b.caller) || (a.call.id < b.call.id ? -1 : 1));
  return withoutSpan(calls, unnamed).flatMap(
    ({ call, caller }) => makeSpan(writer, traceId, call, caller, earliest(call.answeredIn, readers)) ?? [],
  );
}

/** Many sources give spans no call id: then a span of the same name may be what the call led to. */
function nameKey(name: string): string {
  return HANDOFF_TOOL.test(name) ? 'handoff' : name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function keysOf(span: DoneCall): string[] {
  return span.handoff ? ['handoff'] : [...new Set(span.names.map(nameKey))];
}

/** The common case, decided without looking at any message. */
function everyCallHasOne(open: readonly ToldCall[], unnamed: readonly DoneCall[]): boolean {
  const available = new Map<string, number>();
  for (const span of unnamed) for (const key of keysOf(span)) available.set(key, (available.get(key) ?? 0) + 1);
  return open.every((call) => {
    const key = nameKey(call.name);
    const left = available.get(key) ?? 0;
    available.set(key, left - 1);
    return left > 0;
  });
}

/** Each call in order of time takes the first free span of its name that starts no earlier; what is left over has none. */
function withoutSpan<T extends { readonly call: ToldCall; readonly caller: Generation }>(
  calls: readonly T[],
  unnamed: readonly DoneCall[],
): T[] {
  const free = new Map<string, DoneCall[]>();
  const sorted = [...unnamed].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  for (const span of sorted) {
    for (const key of keysOf(span)) {
      const list = free.get(key) ?? [];
      list.push(span);
      free.set(key, list);
    }
  }
  const taken = new Set<DoneCall>();
  const cursor = new Map<string, number>();
  return calls.filter(({ call, caller }) => {
    const key = nameKey(call.name);
    const list = free.get(key) ?? [];
    let at = cursor.get(key) ?? 0;
    const from = caller.start === null ? -Infinity : Number(caller.start);
    for (; at < list.length; at++) {
      const span = list[at];
      if (!span || taken.has(span) || (span.start ?? Infinity) < from) continue;
      taken.add(span);
      cursor.set(key, at + 1);
      return false;
    }
    cursor.set(key, at);
    return true;
  });
}

/** For each content key the earliest model call that has it. */
function firstBy(
  generations: readonly Generation[],
  keys: (generation: Generation) => readonly number[],
): ReadonlyMap<number, Generation> {
  const first = new Map<number, Generation>();
  for (const generation of [...generations].sort(compareStarts)) {
    for (const key of keys(generation)) if (!first.has(key)) first.set(key, generation);
  }
  return first;
}

function earliest(keys: readonly number[], first: ReadonlyMap<number, Generation>): Generation | null {
  const found = keys.flatMap((key) => first.get(key) ?? []);
  return found.sort(compareStarts)[0] ?? null;
}

function compareStarts(a: Generation, b: Generation): number {
  if (a.start !== b.start) {
    if (a.start === null || b.start === null) return a.start === null ? 1 : -1;
    return a.start < b.start ? -1 : 1;
  }
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
}

function makeSpan(
  writer: Writer,
  traceId: string,
  told: ToldCall,
  caller: Generation,
  reader: Generation | null,
): Wanted | null {
  const call = told.calledIn[0] === undefined ? null : callIn(writer, told.calledIn[0], told.id);
  const answer = told.answeredIn[0] === undefined ? null : answerIn(writer, told.answeredIn[0], told.id);
  if (!call || !answer) return null;
  const target = HANDOFF_TOOL.exec(call.name);
  const start = caller.end ?? caller.start;
  const end = reader?.start ?? null;
  return {
    rawKey: caller.rawKey,
    record: {
      type: 'span',
      traceId,
      spanId: `told:${told.id}`,
      parentId: caller.parentId,
      kind: target ? 'handoff' : 'tool',
      subtype: 'from messages',
      name: call.name,
      agent: null,
      model: null,
      tool: target ? null : call.name,
      toolCallId: told.id,
      start,
      end: start === null ? null : end !== null && end > start ? end : start,
      status: 'unset',
      error: null,
      usage: null,
      reportedUsage: null,
      cost: null,
      handoff: target ? { from: null, to: call.name.slice(target[0].length) || null } : null,
      input: [{ kind: 'json', value: call.arguments }],
      output: [{ kind: 'json', value: answer.response }],
      attributes: { 'tracewright.call_in': caller.spanId, ...answeredIn(reader) },
      events: [],
      links: [],
      origin: ORIGIN,
    },
  };
}

function answeredIn(reader: Generation | null): Record<string, Json> {
  return reader ? { 'tracewright.answered_in': reader.spanId } : {};
}
