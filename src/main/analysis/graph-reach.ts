/**
 * How each stay of an agent was reached, from evidence in this order: a handoff to it, a link to it, its place inside
 * another agent, and only then the order of siblings.
 */
import type { Handoff } from './graph-handoffs.ts';
import type { Scene, Stay } from './graph-stays.ts';
import { isTask } from './agents-sdk.ts';
import { at, i32 } from './at.ts';
import { ROOT_SCOPE, compareStays } from './graph-stays.ts';
import { wholeMs } from './tree.ts';

export type Reach =
  /** By the user or the program: nothing in the trace called it. */
  | { readonly by: 'start' }
  | { readonly by: 'call' }
  | { readonly by: 'handoff' }
  /** No span says so: it began after this sibling had ended, or stands behind it where nothing has a time. */
  | { readonly by: 'order'; readonly after: number }
  | { readonly by: 'message' }
  /** Its parents are not here. */
  | { readonly by: 'unknown' };

/** Stays that passed control on: who began, and who gave the result. */
export type Chain = { readonly first: Stay; readonly last: Stay; readonly by: 'start' | 'call' };

export type Message = { readonly span: number; readonly linked: number; readonly from: number; readonly to: number };

export function findReach(
  scene: Scene,
  handoffs: readonly Handoff[],
  messages: readonly Message[],
): { reach: readonly Reach[]; chains: readonly Chain[] } {
  const { stays } = scene;
  const handedTo = new Int32Array(stays.length).fill(-1);
  const isTarget = new Uint8Array(stays.length);
  for (const { from, to } of handoffs) {
    if (to < 0) continue;
    isTarget[to] = 1;
    handedTo[to] = from;
  }
  const isAddressed = new Uint8Array(stays.length);
  for (const { to } of messages) isAddressed[to] = 1;
  const before = findPredecessors(scene);

  const reach = stays.map((stay): Reach => {
    const k = stay.index;
    if (isTarget[k] === 1) return { by: 'handoff' };
    if (stay.caller >= 0 && !runsInTask(scene, stay)) return { by: 'call' };
    if (stay.caller < 0 && isAddressed[k] === 1) return { by: 'message' };
    if (i32(before, k) >= 0) return { by: 'order', after: i32(before, k) };
    return stay.caller >= 0 ? { by: 'call' } : stay.orphan ? { by: 'unknown' } : { by: 'start' };
  });
  return { reach, chains: findChains(stays, reach, handedTo) };
}

/**
 * Links from where an agent begins to a span of another agent: the other one's message started it. A link to the agent
 * that handed off to it or called it says the same once more.
 */
export function findMessages(scene: Scene, handoffs: readonly Handoff[]): Message[] {
  const { spans, tree, agents, stays } = scene;
  const known = new Set(handoffs.map(({ from, to }) => `${from} ${to}`));
  const messages: Message[] = [];
  const byId = new Map<string, number>();
  for (const i of scene.order) {
    if (at(spans, i).links.length === 0) continue;
    const to = i32(agents.instance, i);
    const up = i32(tree.parent, i);
    if (to < 0 || (up >= 0 && i32(agents.instance, up) === to && at(spans, i).kind !== 'agent')) continue;
    if (byId.size === 0) spans.forEach((span, index) => byId.set(span.spanId, index));
    for (const id of new Set(at(spans, i).links)) {
      const linked = byId.get(id);
      const from = linked === undefined ? -1 : i32(agents.instance, linked);
      if (linked === undefined || from < 0 || from === to) continue;
      if (from !== at(stays, to).caller && !known.has(`${from} ${to}`)) messages.push({ span: i, linked, from, to });
    }
  }
  return messages;
}

/** A run that a tool call started may pass through several agents; each is a sibling in the run's task. */
function runsInTask({ spans }: Scene, { scope }: Stay): boolean {
  return scope >= 0 && isTask(at(spans, scope));
}

/**
 * For each stay the sibling that ended last before it began; -1 = none. Overlapping siblings run side by side and are
 * no predecessors of each other. In a chat, whose messages have neither times nor parents, the order of the rows is all
 * that is known: each speaker follows the one before.
 */
function findPredecessors({ stays }: Scene): Int32Array {
  const before = new Int32Array(stays.length).fill(-1);
  const roots = stays.filter((stay) => stay.scope === ROOT_SCOPE);
  if (roots.every((stay) => !Number.isFinite(stay.start) && !Number.isFinite(stay.end) && !stay.running)) {
    roots.forEach((stay, place) => {
      if (place > 0) before[stay.index] = at(roots, place - 1).index;
    });
  }
  const groups = new Map<number, Stay[]>();
  for (const stay of stays) {
    if (stay.scope <= ROOT_SCOPE) continue;
    const group = groups.get(stay.scope);
    if (group) group.push(stay);
    else groups.set(stay.scope, [stay]);
  }
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const begun = [...group].sort(compareStays);
    const place = new Map(begun.map((stay, index) => [stay.index, index]));
    const ended = group
      .filter((stay) => Number.isFinite(stay.end) && !stay.running)
      .sort((a, b) => a.end - b.end || compareStays(a, b));
    let next = 0;
    let latest = -1;
    begun.forEach((stay, index) => {
      if (!Number.isFinite(stay.start)) return;
      for (; next < ended.length; next++) {
        const other = at(ended, next);
        if (
          (cutToMs(stay.start) ? (wholeMs(other.end) ?? 0) : other.end) > stay.start ||
          (place.get(other.index) ?? index) >= index
        )
          break;
        latest = other.index;
      }
      before[stay.index] = latest;
    });
  }
  return before;
}

function cutToMs(start: number): boolean {
  return start % 1e6 === 0;
}

function findChains(stays: readonly Stay[], reach: readonly Reach[], handedTo: Int32Array): Chain[] {
  const head = Int32Array.from(stays.keys());
  function findHead(k: number): number {
    let top = k;
    while (i32(head, top) !== top) top = i32(head, top);
    for (let i = k; i !== top;) {
      const up = i32(head, i);
      head[i] = top;
      i = up;
    }
    return top;
  }
  // The earlier part of a chain absorbs the later one, so that its head is where it began.
  for (const { index } of stays) {
    const how = at(reach, index);
    const from = how.by === 'handoff' ? i32(handedTo, index) : how.by === 'order' ? how.after : -1;
    if (from >= 0 && findHead(index) !== findHead(from)) head[findHead(index)] = findHead(from);
  }
  const last = new Map<number, Stay>();
  for (const stay of stays) {
    const top = findHead(stay.index);
    const known = last.get(top);
    if (!known || compareStays(known, stay) < 0) last.set(top, stay);
  }
  const chains: Chain[] = [];
  for (const stay of stays) {
    const { by } = at(reach, stay.index);
    if (by !== 'start' && by !== 'call') continue;
    chains.push({ first: stay, last: last.get(findHead(stay.index)) ?? stay, by });
  }
  return chains;
}
