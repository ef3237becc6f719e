/**
 * A stored trace as alignment sees it. What differs in every run and means nothing is left out here: times, ids, the order
 * of calls that ran side by side, and, of a model call, the history that its agent had sent before.
 */
import type { EffectiveAgents } from '../agents.ts';
import { at, i32 } from '../at.ts';
import type { SpanTree } from '../tree.ts';
import { knownTime } from '../tree.ts';
import type { SpanFact } from '../types.ts';
import { SPAN_STATUSES } from '#shared/record.ts';
import type { StepFacts } from './align-steps.ts';
import type { Symbols } from './symbols.ts';

/** Symbols of what a span was given and what it gave; 0 = nothing recorded. */
export type SpanWords = { readonly input: number; readonly output: number };

export type TraceSteps = {
  readonly facts: StepFacts;
  /** Row of the facts → row of the tree: they differ where calls ran side by side. */
  readonly rows: Int32Array;
};

/** @param words by index of the span */
export function stepFacts(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
  symbols: Symbols,
  words: (index: number) => SpanWords,
): TraceSteps {
  const count = spans.length;
  const key = new Int32Array(count);
  const given = new Int32Array(count);
  const gave = new Int32Array(count);
  // In tree order, so that the same trace gives the same symbols however its spans arrived.
  for (let row = 0; row < count; row++) {
    const i = i32(tree.order, row);
    key[i] = symbols(keyOf(at(spans, i), at(agents.names, i)));
    const { input, output } = words(i);
    given[i] = input;
    gave[i] = output;
  }
  const order = canonicalOrder(spans, tree, key, given);
  const rows = Int32Array.from(order, (i) => i32(tree.row, i));
  const place = new Int32Array(count);
  order.forEach((i, row) => (place[i] = row));
  const of = (number: (index: number) => number): Int32Array => Int32Array.from(order, number);
  const facts: StepFacts = {
    count,
    parent: of((i) => (i32(tree.parent, i) < 0 ? -1 : i32(place, i32(tree.parent, i)))),
    end: of((i) => i32(place, i) + i32(tree.subtreeEnd, i) - i32(tree.row, i)),
    key: of((i) => i32(key, i)),
    kind: of((i) => symbols(at(spans, i).kind)),
    input: of((i) => i32(given, i)),
    output: of((i) => i32(gave, i)),
    name: of((i) => symbols(nameOf(at(spans, i)))),
    status: Uint8Array.from(order, (i) => outcomeOf(at(spans, i))),
    agent: of((i) => symbols(`agent ${at(agents.names, i) ?? ''}`)),
    duration: Float64Array.from(order, (i) => durationOf(at(spans, i))),
    tokens: Float64Array.from(order, (i) => tokensOf(at(spans, i))),
  };
  return { facts, rows };
}

/** Who acts and what is done: what makes two steps the same one, whatever was said in them. */
function keyOf(span: SpanFact, agent: string | null): string {
  switch (span.kind) {
    case 'generation':
      // A model call is named by its model or by its client; in a group chat, its speaker is what tells it apart.
      return `generation ${agent ?? ''}`;
    case 'tool':
      return `tool ${span.tool || span.name}`;
    case 'agent':
      return `agent ${span.agent || span.name}`;
    case 'handoff':
      return `handoff ${span.handoffTo || span.name}`;
    case 'retrieval':
    case 'guardrail':
    case 'evaluator':
    case 'chain':
    case 'custom':
      return `${span.kind} ${plainName(span.name)}`;
  }
}

function nameOf(span: SpanFact): string {
  if (span.kind === 'generation') return `model ${span.model || plainName(span.name)}`;
  return keyOf(span, null);
}

const LONGEST_NAME = 400;

/** Without the numbers, hashes and ids that a name may end in: "step 3" and "step 4" are of one name. */
function plainName(name: string): string {
  return name.slice(0, LONGEST_NAME).replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b|\d+/gi, '#');
}

const [OK, FAILED, OPEN] = [0, 1, 2];

/** Most sources say nothing where all went well. */
function outcomeOf({ status }: SpanFact): number {
  return status === SPAN_STATUSES[2] ? FAILED : status === SPAN_STATUSES[3] ? OPEN : OK;
}

function durationOf({ start, end }: SpanFact): number {
  const [from, to] = [knownTime(start), knownTime(end)];
  return from === null || to === null ? NaN : Math.max(0, to - from);
}

function tokensOf({ usage }: SpanFact): number {
  if (!usage || (usage.input === null && usage.output === null)) return NaN;
  return (usage.input ?? 0) + (usage.output ?? 0);
}

/** Span indices, depth first; siblings that all ran at the same time stand in an order that no clock decides. */
function canonicalOrder(
  spans: readonly SpanFact[],
  { order, parent, row, subtreeEnd }: SpanTree,
  key: Int32Array,
  given: Int32Array,
): Int32Array {
  const count = spans.length;
  const children: number[][] = Array.from({ length: count + 1 }, () => []);
  for (let place = 0; place < count; place++) {
    const i = i32(order, place);
    const up = i32(parent, i);
    children[up < 0 ? count : up]?.push(i);
  }
  let turned = false;
  const size = (i: number): number => i32(subtreeEnd, i) - i32(row, i);
  for (const list of children) {
    for (let from = 0; from < list.length;) {
      const to = togetherUntil(spans, list, from);
      if (to - from > 1) {
        const group = list.slice(from, to);
        const sorted = [...group].sort(
          (a, b) => i32(key, a) - i32(key, b) || i32(given, a) - i32(given, b) || size(a) - size(b) || 0,
        );
        for (const [k, i] of sorted.entries()) {
          if (i !== group[k]) turned = true;
          list[from + k] = i;
        }
      }
      from = to;
    }
  }
  if (!turned) return order;
  const result = new Int32Array(count);
  const stack = [...(children[count] ?? [])].reverse();
  let next = 0;
  for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
    result[next++] = i;
    const below = children[i] ?? [];
    for (let k = below.length - 1; k >= 0; k--) stack.push(at(below, k));
  }
  return result;
}

/** Where the run of siblings ends, all of which are under way at one moment. Model calls never are such: they decide the order. */
function togetherUntil(spans: readonly SpanFact[], list: readonly number[], from: number): number {
  let end = Infinity;
  let to = from;
  for (; to < list.length; to++) {
    const span = at(spans, at(list, to));
    const [begun, ended] = [knownTime(span.start), knownTime(span.end)];
    if (begun === null || ended === null || span.kind === 'generation' || span.kind === 'handoff') break;
    if (to > from && begun >= end) break;
    end = Math.min(end, ended);
  }
  return Math.max(to, from + 1);
}
