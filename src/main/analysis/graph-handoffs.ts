/** Who handed off to whom: each handoff span with the stay that it led to. */
import type { Scene, Stay } from './graph-stays.ts';
import { at, i32 } from './at.ts';
import { compareStays } from './graph-stays.ts';
import { knownTime, wholeMs } from './tree.ts';
import type { SpanFact } from './types.ts';

export type Handoff = {
  readonly span: number;
  /** Index of a stay, -1 when the agent named has none. */
  readonly from: number;
  readonly fromName: string;
  readonly to: number;
  readonly toName: string;
  /** The last model call of `from` before it, which asked for it; -1 = none. */
  readonly askedBy: number;
  /** The span does not say where to, or who hands off to itself: concluded from the agent that came next, or from where the span stands. */
  readonly inferred: boolean;
};

export function findHandoffs(scene: Scene): Handoff[] {
  const { spans, agents, stays } = scene;
  if (!spans.some((span) => span.kind === 'handoff' || handsOnAtEnd(span))) return [];
  const resolve = nameResolver(stays);
  const lists = listStays(stays);
  const claimed = new Uint8Array(stays.length);
  const lastClaim = new Map<string, number>();
  const askedBy = new Int32Array(stays.length).fill(-1);
  const found: Handoff[] = [];
  const open: { span: number; from: Stay; askedBy: number }[] = [];

  for (const i of scene.order) {
    const span = at(spans, i);
    const own = i32(agents.instance, i);
    if (span.kind === 'generation' && own >= 0 && scene.wrapper[i] !== 1) askedBy[own] = i;
    const atEnd = handsOnAtEnd(span);
    if (span.kind !== 'handoff' && !atEnd) continue;
    const ownName = at(agents.names, i);
    const fromName = span.handoffFrom ? resolve(span.handoffFrom) : ownName;
    if (fromName === null) continue;
    const time = knownTime(atEnd ? wholeMs(span.end) : span.start) ?? (own >= 0 ? at(stays, own).start : -Infinity);
    const from = own >= 0 && fromName === ownName ? own : lists.latestBefore(fromName, time);
    const asker = from < 0 ? -1 : i32(askedBy, from);
    if (span.handoffTo) {
      const toName = resolve(span.handoffTo);
      const to = claim(from, toName, time) ?? lastClaim.get(`${from}\0${toName}`) ?? -1;
      lastClaim.set(`${from}\0${toName}`, to);
      // Told by nobody, who hands off is concluded from where the span stands: an agent that would hand off to itself is a doubt.
      const inferred = !span.handoffFrom && span.agent === null && !atEnd && fromName === toName;
      found.push({ span: i, from, fromName, to, toName, askedBy: asker, inferred });
    } else if (from >= 0 && span.status !== 'error') {
      // A failed handoff without a target transferred nothing.
      open.push({ span: i, from: at(stays, from), askedBy: asker });
    }
  }
  for (const { span, from, askedBy: asker } of open) {
    const time = knownTime(at(spans, span).start) ?? from.start;
    const to = take(lists.keyed.get(scopeKey(from.scope)), from.index, time);
    if (to === null) continue;
    const target = at(stays, to);
    found.push({
      span,
      from: from.index,
      fromName: from.name,
      to,
      toName: target.name,
      askedBy: asker,
      inferred: true,
    });
  }
  return found;

  /** The next stay of that name: a sibling, else one nested in the agent that hands off. */
  function claim(from: number, name: string, time: number): number | null {
    if (from < 0) return null;
    const inScope = take(lists.keyed.get(scopeKey(at(stays, from).scope, name)), from, time);
    return inScope ?? take(lists.keyed.get(callerKey(from, name)), from, time);
  }

  /** Handoffs come in time order, so what a list has passed is no target of later ones: each list is read once. */
  function take(list: StayList | undefined, from: number, time: number): number | null {
    if (!list) return null;
    for (; list.next < list.stays.length; list.next++) {
      const stay = at(list.stays, list.next);
      if (claimed[stay.index] === 1 || stay.index === from || stay.start < time) continue;
      claimed[stay.index] = 1;
      list.next++;
      return stay.index;
    }
    return null;
  }
}

/** An agent whose result names who goes on (LangGraph's `Command`): the span of the agent is the evidence. */
export function handsOnAtEnd(span: SpanFact): boolean {
  return span.kind === 'agent' && span.handoffTo !== null;
}

type StayList = { readonly stays: Stay[]; next: number };

function scopeKey(scope: number, name?: string): string {
  return name === undefined ? `scope ${scope}` : `scope ${scope}\0${name}`;
}

function callerKey(caller: number, name: string): string {
  return `caller ${caller}\0${name}`;
}

function listStays(stays: readonly Stay[]) {
  const keyed = new Map<string, StayList>();
  const named = new Map<string, Stay[]>();
  for (const stay of [...stays].sort(compareStays)) {
    for (const key of [scopeKey(stay.scope), scopeKey(stay.scope, stay.name), callerKey(stay.caller, stay.name)]) {
      const list = keyed.get(key);
      if (list) list.stays.push(stay);
      else keyed.set(key, { stays: [stay], next: 0 });
    }
    const same = named.get(stay.name);
    if (same) same.push(stay);
    else named.set(stay.name, [stay]);
  }

  /** The stay of that name that began last, at `time` at the latest; else the first; -1 = no such agent. */
  function latestBefore(name: string, time: number): number {
    const list = named.get(name);
    if (!list) return -1;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(list, middle).start <= time) low = middle + 1;
      else high = middle;
    }
    return at(list, Math.max(0, low - 1)).index;
  }
  return { keyed, latestBefore };
}

/** Sources name a target by its tool ("transfer_to_billing_agent") or its key: matched without case and separators. */
function nameResolver(stays: readonly Stay[]): (name: string) => string {
  const exact = new Set<string>();
  const loose = new Map<string, string>();
  for (const { name } of [...stays].sort(compareStays)) {
    exact.add(name);
    const key = looseKey(name);
    if (!loose.has(key)) loose.set(key, name);
  }
  return (name) => {
    if (exact.has(name)) return name;
    const key = looseKey(name);
    const bare = key.replace(/^(?:transferto|handoffto|delegateto)/, '');
    return (
      loose.get(key) ?? loose.get(bare) ?? loose.get(`${bare}agent`) ?? loose.get(bare.replace(/agent$/, '')) ?? name
    );
  };
}

function looseKey(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}
