/**
 * The conversation of a trace as a person reads it: model calls, tool calls and handoffs in time order. Each model call
 * repeats the whole conversation so far; what an agent's reader has seen already is folded away.
 * Works on the keys of stored content, where equal content has equal keys; the engine resolves them, a page at a time.
 */
import type { ConversationEntry } from '#shared/graph.ts';
import type { EffectiveAgents } from './agents.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';
import { byTime } from './time-order.ts';
import { findWrappers } from './usage.ts';

export type ConversationTurn = {
  /** Index of the span. */
  readonly index: number;
  readonly kind: ConversationEntry['kind'];
  readonly agent: string | null;
  /** How many agent instances are around it, besides its own: 0 = spoken by an outermost agent. */
  readonly depth: number;
};

export type FoldedTurn = {
  /** Keys of the input items that were not shown before for the same agent, in their order. */
  readonly input: readonly number[];
  /** How many input items were left out because they were. */
  readonly repeated: number;
};

/** The spans that make up the conversation, in order of start, then as in the tree. */
export function conversationTurns(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
): ConversationTurn[] {
  const wrapper = findWrappers(spans, tree);
  const nesting = instanceDepths(tree, agents);
  const turns: ConversationTurn[] = [];
  for (const i of byTime(spans, tree)) {
    const kind = turnKind(at(spans, i), wrapper[i] === 1);
    if (kind === null) continue;
    const instance = i32(agents.instance, i);
    turns.push({ index: i, kind, agent: at(agents.names, i), depth: instance < 0 ? 0 : i32(nesting, instance) });
  }
  return turns;
}

/** Folds the next turn of a trace; see createFolder. */
export type Fold = (
  turn: Pick<ConversationTurn, 'kind' | 'agent'>,
  input: readonly number[],
  output: readonly number[],
) => FoldedTurn;

/**
 * Call what this returns with every turn of a trace, in order, also those before the page wanted. Only model calls fold:
 * the arguments of a tool call are always new. Linear in the number of keys. An item that stands twice in one input but
 * was shown once is shown once more.
 */
export function createFolder(): Fold {
  const shownBy = new Map<string | null, Map<number, number>>();
  return ({ kind, agent }, input, output) => {
    if (kind !== 'generation') return { input, repeated: 0 };
    const shown = shownBy.get(agent) ?? new Map<number, number>();
    shownBy.set(agent, shown);
    const met = new Map<number, number>();
    const fresh: number[] = [];
    for (const key of input) {
      const nth = (met.get(key) ?? 0) + 1;
      met.set(key, nth);
      if (nth <= (shown.get(key) ?? 0)) continue;
      fresh.push(key);
      shown.set(key, nth);
    }
    for (const key of output) shown.set(key, (shown.get(key) ?? 0) + 1);
    return { input: fresh, repeated: input.length - fresh.length };
  };
}

const SPOKEN: ReadonlySet<SpanFact['kind']> = new Set<ConversationEntry['kind']>([
  'generation',
  'tool',
  'handoff',
  'guardrail',
]);

function turnKind({ kind }: SpanFact, isWrapper: boolean): ConversationEntry['kind'] | null {
  return isWrapper || !SPOKEN.has(kind) ? null : (kind as ConversationEntry['kind']);
}

function instanceDepths(tree: SpanTree, agents: EffectiveAgents): Int32Array {
  const depths = new Int32Array(agents.instances.length);
  agents.instances.forEach(({ root }, k) => {
    // Instances are in row order, so the one around is done.
    const up = i32(tree.parent, root);
    const around = up < 0 ? -1 : i32(agents.instance, up);
    depths[k] = around < 0 ? 0 : i32(depths, around) + 1;
  });
  return depths;
}
