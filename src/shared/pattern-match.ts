/**
 * Looks for a pattern among crossings in order. All readings of a pattern are followed at once (a state for each step and
 * how often it was seen), so that the time is at most states × crossings, whatever the pattern and the trace.
 */
import type { GraphEdgeKind } from './graph.ts';
import type { Pattern, PatternName, PatternNames, PatternNever, PatternStep } from './pattern.ts';
import { VERB_KINDS } from './pattern.ts';

/** `from` and `to` are ids of nodes of the graph: `agent:Planner`, `tool:search`, `user`. */
export type Crossing = {
  readonly span_id: string;
  readonly kind: GraphEdgeKind;
  readonly from: string;
  readonly to: string;
};

export type PatternMatch = {
  readonly found: boolean;
  /** Of the crossings that make it up, in order; of the longest part of it where it was not found. */
  readonly spanIds: readonly string[];
  /** Nothing that happens later can change the answer. */
  readonly settled: boolean;
  /** How far it came: steps (those of type `step`) that were fulfilled, and how often the one after them was seen. */
  readonly reached: number;
  readonly seen: number;
  /** What ended the longest part: something that must not happen did, or happened too often. */
  readonly broken: { readonly spanId: string; readonly step: PatternStep | PatternNever } | null;
};

/** Evidence of one reading, the last first; readings share what they have in common. */
type Trail = { readonly spanId: string; readonly before: Trail | null } | null;

export function matchPattern(pattern: Pattern, crossings: readonly Crossing[]): PatternMatch {
  return createMatcher(pattern)(crossings);
}

/** For many traces: what can be prepared is prepared once. */
export function createMatcher({ steps: all }: Pattern): (crossings: readonly Crossing[]) => PatternMatch {
  const steps = all.filter((step) => step.type === 'step');
  /** By place among the steps before which they stand; behind the last at `steps.length`. */
  const nevers: PatternNever[][] = Array.from({ length: steps.length + 1 }, () => []);
  let before = 0;
  for (const step of all) {
    if (step.type === 'step') before++;
    else nevers[before]?.push(step);
  }
  const caps = steps.map(({ least, most }) => Math.max(1, most ?? least));
  /** The slot of the first time of each step; slot 0 is the begin. */
  const firsts: number[] = [];
  let slots = 1;
  for (const cap of caps) {
    firsts.push(slots);
    slots += cap;
  }
  const stepOf = new Int32Array(slots).fill(-1);
  firsts.forEach((first, p) => stepOf.fill(p, first, first + (caps[p] ?? 1)));
  const stepTests = steps.map(actionTest);
  const neverTests = nevers.map((group) => group.map(actionTest));
  const subjects = steps.map(({ from }) => namesTest(from));

  return (crossings) => {
    let trails = new Array<Trail | undefined>(slots).fill(undefined);
    let next = new Array<Trail | undefined>(slots).fill(undefined);
    trails[0] = null;
    let top = 0;
    let best = { slot: 0, trail: null as Trail, broken: null as PatternMatch['broken'] };
    const facts = new Map<string, Facts>();
    const put: Put = (slot, trail) => {
      if (next[slot] !== undefined) return;
      next[slot] = trail;
      top = Math.max(top, slot);
      if (slot > best.slot) best = { slot, trail, broken: null };
    };
    for (const crossing of crossings) {
      const fact = factsOf(crossing, facts);
      if (!fact.counts) continue;
      const highest = top;
      top = -1;
      // Those that are furthest first: their evidence is kept where two readings meet.
      for (let slot = highest; slot >= 0; slot--) {
        const trail = trails[slot];
        if (trail === undefined) continue;
        trails[slot] = undefined;
        const step = move(slot, trail, crossing, fact, put);
        if (step && slot === best.slot) best.broken = { spanId: crossing.span_id, step };
      }
      if (next[best.slot] !== undefined) best.broken = null;
      [trails, next] = [next, trails];
      if (top < 0) break;
    }
    const last = trails.findLastIndex((trail, slot) => trail !== undefined && accepts(slot));
    const found = last >= 0;
    return {
      found,
      spanIds: spansOf(found ? (trails[last] ?? null) : best.trail),
      settled: found && isSettled(last),
      ...(found ? { reached: steps.length, seen: 0 } : progress(best.slot)),
      broken: found ? null : best.broken,
    };
  };

  /** Puts where one reading goes with a crossing; answers what ended it, if anything did. */
  function move(
    slot: number,
    trail: Trail,
    crossing: Crossing,
    fact: Facts,
    put: Put,
  ): PatternStep | PatternNever | null {
    const p = stepOf[slot] ?? -1;
    const own = steps[p];
    const seen = own ? slot - (firsts[p] ?? 0) + 1 : 0;
    const longer: Trail = { spanId: crossing.span_id, before: trail };
    const never = fact.never[p + 1] ?? -1;
    let stays = never < 0;
    let ended: PatternStep | PatternNever | null = never < 0 ? null : (nevers[p + 1]?.[never] ?? null);
    if (own && fact.step[p] && never < 0) {
      stays = false;
      if (own.most === null) put(seen < own.least ? slot + 1 : slot, longer);
      else if (seen < own.most) put(slot + 1, longer);
      else ended = own;
    }
    if (!own || seen >= own.least) {
      for (let j = p + 1; j < steps.length; j++) {
        const step = steps[j];
        if (!step) break;
        if (fact.step[j]) {
          put(firsts[j] ?? 0, longer);
          // Where the number of times is bounded, none of them is passed over; what comes at once is the first.
          if (step.most !== null || (step.next && own)) stays = false;
        } else if (step.next && own && fact.by[j] && step.least > 0) {
          if (stays) ended = step;
          stays = false;
        }
        if (step.least > 0) break;
      }
    }
    if (stays) put(slot, trail);
    return ended;
  }

  function accepts(slot: number): boolean {
    const p = stepOf[slot] ?? -1;
    const own = steps[p];
    if (own && slot - (firsts[p] ?? 0) + 1 < own.least) return false;
    return steps.slice(p + 1).every(({ least }) => least === 0);
  }

  function isSettled(slot: number): boolean {
    const last = steps.length - 1;
    return stepOf[slot] === last && last >= 0 && steps[last]?.most === null && nevers[last + 1]?.length === 0;
  }

  function progress(slot: number): { reached: number; seen: number } {
    const p = stepOf[slot] ?? -1;
    const seen = slot - (firsts[p] ?? 0) + 1;
    return seen >= (steps[p]?.least ?? 0) ? { reached: p + 1, seen: 0 } : { reached: p, seen };
  }

  function factsOf({ kind, from, to }: Crossing, known: Map<string, Facts>): Facts {
    const key = `${kind} ${from.length} ${from} ${to}`;
    const before = known.get(key);
    if (before) return before;
    const [subject, object] = [nameOf(from), nameOf(to)];
    const step = stepTests.map((test) => test(kind, subject, object));
    const never = neverTests.map((tests) => tests.findIndex((test) => test(kind, subject, object)));
    const by = subjects.map((test, j) => steps[j]?.next === true && test(subject));
    const counts = step.includes(true) || by.includes(true) || never.some((index) => index >= 0);
    const fact = { step, never, by, counts };
    known.set(key, fact);
    return fact;
  }
}

type Put = (slot: number, trail: Trail) => void;

/** What a crossing is to the pattern. */
type Facts = {
  readonly step: readonly boolean[];
  /** By place: which of the nevers there it is; -1 = none. */
  readonly never: readonly number[];
  /** Done by the subject of a step that must come at once. */
  readonly by: readonly boolean[];
  readonly counts: boolean;
};

type ActionTest = (kind: GraphEdgeKind, from: string, to: string) => boolean;

function actionTest({ from, verb, to }: PatternStep | PatternNever): ActionTest {
  const [subject, object] = [namesTest(from), namesTest(to)];
  const kinds = VERB_KINDS[verb];
  return (kind, one, other) => kinds.includes(kind) && subject(one) && object(other);
}

function namesTest(names: PatternNames): (name: string) => boolean {
  if (names.length === 0) return () => true;
  const tests = names.map(nameTest);
  return (name) => tests.some((test) => test(name));
}

function nameTest({ text, like }: PatternName): (name: string) => boolean {
  const wanted = text.toLowerCase();
  if (!like) return (name) => name === wanted;
  const parts = wanted.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let place = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, place);
      if (found < 0) return false;
      place = found + part.length;
    }
    return place <= name.length - last.length;
  };
}

/** Of the id of a node: `agent:Planner`. */
function nameOf(id: string): string {
  const colon = id.indexOf(':');
  return (colon < 0 ? id : id.slice(colon + 1)).toLowerCase();
}

function spansOf(trail: Trail): string[] {
  const spans: string[] = [];
  for (let one = trail; one; one = one.before) spans.push(one.spanId);
  return spans.reverse();
}
