/** Finds the spans that belong to a span: the generation before, the one that asked for a tool call, the call's execution. */
import { contentText, type ContentItem } from '#shared/message.ts';
import type { Json } from '#shared/json.ts';
import type { SpanDetail } from '#shared/trace.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import { asJson } from './readable.ts';
import type { SpanTable } from '../model/span-table.ts';

const GENERATION = SPAN_KINDS.indexOf('generation');
const TOOL = SPAN_KINDS.indexOf('tool');
const HANDOFF = SPAN_KINDS.indexOf('handoff');
const AGENT = SPAN_KINDS.indexOf('agent');
/** Spans looked at, at most, to find the one with a call id: columns do not hold it. */
const MOST_LOOKS = 24;

/** The last generation of the same agent that started before this row; -1 = none. */
export function generationBefore({ columns }: SpanTable, row: number): number {
  const agent = columns.agent[row];
  const start = columns.start[row] ?? NaN;
  for (let at = row - 1; at >= 0; at--) {
    if (columns.kind[at] !== GENERATION || columns.agent[at] !== agent) continue;
    const before = columns.start[at] ?? NaN;
    if (Number.isNaN(before) || Number.isNaN(start) || before <= start) return at;
  }
  return -1;
}

/** How many of the first input items were in the span before, in its input or output. A lone one is not worth a fold. */
export function knownHistory(detail: SpanDetail, before: SpanDetail | undefined): number {
  if (!before) return 0;
  const seen = new Set([...before.input, ...before.output].map((view) => view.key));
  let known = 0;
  while (known < detail.input.length && seen.has(detail.input[known]?.key ?? NaN)) known++;
  // What is new comes last; when nothing is new, the last item stays in sight.
  known = Math.min(known, detail.input.length - 1);
  return known >= 2 ? known : 0;
}

/** A tool call in a message, or the response to one. */
export type MentionedCall = {
  readonly id: string;
  readonly tool: string | null;
  readonly type: 'tool_call' | 'tool_call_response';
  readonly value: Json;
};

/**
 * Tool and handoff spans that may have executed a call which the span at `row` mentions, the likeliest first: the same
 * tool, then any; those after the row, near ones first, then those before it.
 */
export function callCandidates({ columns }: SpanTable, row: number, tool: string | null): readonly number[] {
  const named: number[] = [];
  const others: number[] = [];
  const name = tool === null ? '' : tool.toLowerCase();
  for (const step of [1, -1]) {
    for (let at = row + step; at >= 0 && at < columns.count && named.length < MOST_LOOKS; at += step) {
      if (columns.kind[at] !== TOOL && columns.kind[at] !== HANDOFF) continue;
      const same = [columns.tool[at], columns.name[at]].some(
        (index) => (columns.strings[index ?? 0] ?? '').toLowerCase() === name,
      );
      if (same) named.push(at);
      else if (others.length < MOST_LOOKS) others.push(at);
    }
  }
  return [...named, ...others].slice(0, MOST_LOOKS);
}

/**
 * How sure it is that a span executed a call: 2 = it states the call's id; 1 = it states no id, but the same tool with
 * the same arguments or result, or the handoff that the tool's name spells; 0 = no evidence.
 */
export function executes(span: SpanDetail, call: MentionedCall): 0 | 1 | 2 {
  if (span.toolCallId !== null && span.toolCallId !== '') return span.toolCallId === call.id ? 2 : 0;
  const to = span.handoff?.to ?? null;
  if (to !== null) return call.tool !== null && plain(call.tool).endsWith(`_${plain(to)}`) ? 1 : 0;
  if (span.kind !== 'tool' || (call.tool !== null && call.tool !== span.tool && call.tool !== span.name)) return 0;
  const items = call.type === 'tool_call' ? span.input : span.output;
  return items.some((view) => view.item && sameValue(valueOf(view.item), call.value)) ? 1 : 0;
}

function valueOf(item: ContentItem): Json {
  return item.kind === 'json' ? item.value : item.kind === 'text' ? item.text : contentText(item);
}

/** Equal as JSON; text that spells JSON equals what it spells. */
function sameValue(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const spelt = asJson(value);
  return spelt === null ? value.trim() : JSON.stringify(spelt);
}

/** Generations that may have asked for the tool call at `row`: before it, of the same agent first. */
export function requestCandidates({ columns }: SpanTable, row: number): readonly number[] {
  const same: number[] = [];
  const others: number[] = [];
  for (let at = row - 1; at >= 0 && same.length < 4; at--) {
    if (columns.kind[at] !== GENERATION) continue;
    if (columns.agent[at] === columns.agent[row]) same.push(at);
    else if (others.length < 8) others.push(at);
  }
  return [...same, ...others];
}

export function asksFor(detail: SpanDetail, callId: string): boolean {
  return detail.output.some(
    (view) =>
      view.item?.kind === 'message' && view.item.parts.some((part) => part.type === 'tool_call' && part.id === callId),
  );
}

/** The candidate that scores best, looked at one by one until one is certain (2); -1 = none scores. */
export async function bestOf(
  candidates: readonly number[],
  score: (row: number) => Promise<0 | 1 | 2>,
): Promise<number> {
  let best = -1;
  for (const row of candidates) {
    const points = await score(row);
    if (points === 2) return row;
    if (points === 1 && best < 0) best = row;
  }
  return best;
}

/** The agent span by this name nearest to a row, looking after it first (`direction` 1) or before it (-1); -1 = none. */
export function agentSpanNear({ columns }: SpanTable, row: number, name: string, direction: 1 | -1): number {
  const wanted = plain(name);
  for (const step of [direction, -direction]) {
    for (let at = row + step; at >= 0 && at < columns.count; at += step) {
      if (columns.kind[at] === AGENT && plain(columns.strings[columns.agent[at] ?? 0] ?? '') === wanted) return at;
    }
  }
  return -1;
}

/** Tool names spell agents in their own way: "Billing Agent" is handed to by `transfer_to_billing_agent`. */
function plain(name: string): string {
  return name
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_');
}
