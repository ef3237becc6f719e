/**
 * The agent instances of a trace as actors of its graph ("stays"): when each was there, what holds it, and who may have
 * called it. Facts only; `graph-reach.ts` concludes how each was reached.
 */
import type { EffectiveAgents } from './agents.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { isTask } from './agents-sdk.ts';
import { at, i32, u8 } from './at.ts';
import { findEchoes } from './echoes.ts';
import { byTime } from './time-order.ts';
import { knownTime } from './tree.ts';
import { findWrappers } from './usage.ts';

export type Scene = {
  readonly spans: readonly SpanFact[];
  readonly tree: SpanTree;
  readonly agents: EffectiveAgents;
  /** Span indices by time, and the place of each span among them. */
  readonly order: Int32Array;
  readonly place: Int32Array;
  /** 1 where a model call only wraps other model calls. */
  readonly wrapper: Uint8Array;
  /** 1 where a tool span says again what one around it says. */
  readonly echo: Uint8Array;
  /** Like `agents.instances`. */
  readonly stays: readonly Stay[];
};

export type Stay = {
  readonly index: number;
  readonly name: string;
  readonly root: number;
  /** Nanoseconds after the trace's start; Infinity = unknown. */
  readonly start: number;
  /** Infinity = unknown or running. */
  readonly end: number;
  readonly running: boolean;
  readonly failed: boolean;
  /** Index of the stay that this one is nested in, -1 = none. */
  readonly caller: number;
  /** The tool call of the caller that holds it, -1 = none. */
  readonly tool: number;
  /**
   * What it was started in: the span index of the nearest task, tool call, agent or root around it; ROOT_SCOPE when it
   * has no parent, less when its parent never came (one number for each such parent).
   */
  readonly scope: number;
  /** True when nothing is known of what is around its outermost span. */
  readonly orphan: boolean;
  /** First and last model call and last act (model call, tool call or handoff) of its own; -1 = none. */
  readonly firstCall: number;
  readonly lastCall: number;
  readonly lastAct: number;
};

export const ROOT_SCOPE = -1;

export function setScene(spans: readonly SpanFact[], tree: SpanTree, agents: EffectiveAgents): Scene {
  const order = byTime(spans, tree);
  const place = new Int32Array(spans.length);
  order.forEach((i, k) => (place[i] = k));
  const wrapper = findWrappers(spans, tree);
  const acts = findActs(spans, agents, order, wrapper);
  const { scopeOf, orphan } = findScopes(spans, tree, agents);
  const missingScopes = new Map<string, number>();

  function scopeOfRoot(root: number): number {
    const up = i32(tree.parent, root);
    if (up >= 0) return i32(scopeOf, up);
    const { parentId } = at(spans, root);
    if (parentId === null) return ROOT_SCOPE;
    const scope = missingScopes.get(parentId) ?? ROOT_SCOPE - 1 - missingScopes.size;
    missingScopes.set(parentId, scope);
    return scope;
  }

  const stays = agents.instances.map((instance, index): Stay => {
    const { root, name, more } = instance;
    const up = i32(tree.parent, root);
    const members = [root, ...more].map((i) => at(spans, i));
    const start = knownTime(at(spans, root).start) ?? Infinity;
    return {
      index,
      name,
      root,
      start,
      end: members.reduce((latest, span) => Math.max(latest, knownTime(span.end) ?? Infinity), -Infinity),
      running: members.some((span) => span.status === 'running'),
      failed: members.at(-1)?.status === 'error',
      caller: up < 0 ? -1 : i32(agents.instance, up),
      tool: up < 0 ? -1 : i32(agents.tool, up),
      scope: scopeOfRoot(root),
      orphan: u8(orphan, root) === 1,
      firstCall: i32(acts.firstCall, index),
      lastCall: i32(acts.lastCall, index),
      lastAct: i32(acts.lastAct, index),
    };
  });
  return { spans, tree, agents, order, place, wrapper, echo: findEchoes(spans, tree), stays };
}

/** For what is right below each span: the span that counts as its scope. */
function findScopes(spans: readonly SpanFact[], tree: SpanTree, agents: EffectiveAgents) {
  const scopeOf = new Int32Array(spans.length);
  const orphan = new Uint8Array(spans.length);
  for (let row = 0; row < spans.length; row++) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const up = i32(tree.parent, i);
    orphan[i] = up >= 0 ? u8(orphan, up) : span.parentId === null ? 0 : 1;
    const isScope =
      up < 0 || span.kind === 'tool' || isTask(span) || i32(agents.instance, i) !== i32(agents.instance, up);
    scopeOf[i] = isScope ? i : i32(scopeOf, up);
  }
  return { scopeOf, orphan };
}

function findActs(spans: readonly SpanFact[], agents: EffectiveAgents, order: Int32Array, wrapper: Uint8Array) {
  const firstCall = new Int32Array(agents.instances.length).fill(-1);
  const lastCall = new Int32Array(agents.instances.length).fill(-1);
  const lastAct = new Int32Array(agents.instances.length).fill(-1);
  for (const i of order) {
    const { kind } = at(spans, i);
    const stay = i32(agents.instance, i);
    if (stay < 0 || (kind !== 'generation' && kind !== 'tool' && kind !== 'handoff')) continue;
    if (kind === 'generation') {
      if (u8(wrapper, i) === 1) continue;
      if (i32(firstCall, stay) < 0) firstCall[stay] = i;
      lastCall[stay] = i;
    }
    lastAct[stay] = i;
  }
  return { firstCall, lastCall, lastAct };
}

/** Order of stays: by start, unknown last, then as in the tree. */
export function compareStays(a: Stay, b: Stay): number {
  return a.start - b.start || a.index - b.index;
}
