/** Which model calls of one agent follow each other. */
import { at, i32 } from './at.ts';
import type { EffectiveAgents } from './agents.ts';
import { byTime } from './time-order.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { findWrappers } from './usage.ts';

export type GenerationOrder = {
  /** Span index of the same agent's model call before; -1 = none. */
  readonly before: Int32Array;
  readonly after: Int32Array;
};

/**
 * The one before is the last of the same stay that began earlier, else the last of that agent's earlier stays. Model
 * calls that only wrap other model calls are compared among themselves. Linear but for the order by time.
 */
export function orderGenerations(spans: readonly SpanFact[], tree: SpanTree, agents: EffectiveAgents): GenerationOrder {
  const before = new Int32Array(spans.length).fill(-1);
  const after = new Int32Array(spans.length).fill(-1);
  const wrapper = findWrappers(spans, tree);
  const order = byTime(spans, tree).filter((i) => at(spans, i).kind === 'generation');
  link(order, before);
  link(order.reverse(), after);
  return { before, after };

  function link(rows: Int32Array, into: Int32Array): void {
    const lastOfStay = new Map<string, number>();
    const lastOfAgent = new Map<string, number>();
    for (const i of rows) {
      const level = wrapper[i] === 1 ? 'outer' : 'inner';
      const stay = `${level} ${i32(agents.instance, i)}`;
      const agent = `${level} ${at(agents.names, i) ?? ''}`;
      into[i] = lastOfStay.get(stay) ?? lastOfAgent.get(agent) ?? -1;
      lastOfStay.set(stay, i);
      lastOfAgent.set(agent, i);
    }
  }
}
