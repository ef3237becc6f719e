/** Finds for each expected call one of its own among those that were made. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { canonical } from '#shared/schema/schema-values.ts';
import type { ArgumentRule } from './arguments.ts';
import { valueAt } from './arguments.ts';
import type { Call } from './calls.ts';

export type RuleOf = (name: string) => ArgumentRule;

export type Pairs = {
  /** By place in `expected`: the place in `called`, or -1. */
  readonly found: readonly number[];
  /** Places of calls that nobody expected. */
  readonly extra: readonly number[];
  readonly missing: readonly number[];
};

/** Of one tool, more pairs than these are not weighed against each other: the first that fits is taken. */
const MOST_PAIRS = 40_000;

type Places = { readonly called: number[]; readonly expected: number[] };

export function pairCalls(called: readonly Call[], expected: readonly Call[], ruleOf: RuleOf): Pairs {
  const found = new Array<number>(expected.length).fill(-1);
  const byName = new Map<string, Places>();
  const places = (name: string): Places => {
    const known = byName.get(name) ?? { called: [], expected: [] };
    byName.set(name, known);
    return known;
  };
  called.forEach(({ name }, place) => places(name).called.push(place));
  expected.forEach(({ name }, place) => places(name).expected.push(place));
  for (const [name, of] of byName) {
    const rule = ruleOf(name);
    const mine = of.called.map((place) => called[place]?.arguments ?? null);
    const theirs = of.expected.map((place) => expected[place]?.arguments ?? null);
    const pairs = rule === 'subset' || rule === 'superset' ? byParts(rule, mine, theirs) : bySame(rule, mine, theirs);
    pairs.forEach((have, want) => {
      const [place, own] = [of.expected[want], of.called[have]];
      if (place !== undefined && own !== undefined) found[place] = own;
    });
  }
  const used = new Set(found);
  return {
    found,
    extra: called.flatMap((_call, place) => (used.has(place) ? [] : [place])),
    missing: found.flatMap((place, k) => (place < 0 ? [k] : [])),
  };
}

/** What is the same under the rule can be told by its text; it is taken in order. */
function bySame(rule: 'exact' | 'ignore' | readonly string[], called: readonly Json[], expected: readonly Json[]) {
  const text = (value: Json): string =>
    rule === 'ignore'
      ? ''
      : canonical(
          rule === 'exact'
            ? value
            : rule.map((key) => [valueAt(value, key) ?? null, valueAt(value, key) !== undefined]),
        );
  const free = new Map<string, number[]>();
  for (let place = called.length - 1; place >= 0; place--) {
    const key = text(called[place] ?? null);
    const same = free.get(key);
    if (same) same.push(place);
    else free.set(key, [place]);
  }
  return expected.map((value) => free.get(text(value))?.pop() ?? -1);
}

/** As many pairs as there can be: a call that fits several expected ones must not be taken from the one that has no other. */
function byParts(rule: 'subset' | 'superset', called: readonly Json[], expected: readonly Json[]): readonly number[] {
  const [mine, theirs] = [called.map(partsOf), expected.map(partsOf)];
  const fit = (want: number, have: number): boolean => {
    const [own, other] = [mine[have], theirs[want]];
    if (own === undefined || other === undefined) return false;
    return rule === 'subset' ? holds(other, own) : holds(own, other);
  };
  const callOf = new Array<number>(expected.length).fill(-1);
  const ownerOf = new Array<number>(called.length).fill(-1);
  const weighs = called.length * expected.length <= MOST_PAIRS;
  expected.forEach((_value, want) => {
    const seen = new Set<number>();
    const foundBy = new Map<number, number>();
    const queue = [want];
    for (let k = 0; k < queue.length; k++) {
      const asking = queue[k] ?? -1;
      for (let have = 0; have < called.length; have++) {
        const owner = ownerOf[have] ?? -1;
        if (seen.has(have) || (owner >= 0 && !weighs) || !fit(asking, have)) continue;
        seen.add(have);
        foundBy.set(have, asking);
        if (owner >= 0) {
          queue.push(owner);
          continue;
        }
        // Back along the way: each gives on what it had.
        for (let place = have; place >= 0;) {
          const by = foundBy.get(place) ?? want;
          const before = callOf[by] ?? -1;
          callOf[by] = place;
          ownerOf[place] = by;
          place = before;
        }
        return;
      }
    }
  });
  return callOf;
}

/** By key the value's text; of what is no object, one text. */
type Parts = string | ReadonlyMap<string, string>;

function partsOf(value: Json): Parts {
  if (!isJsonObject(value)) return canonical(value);
  return new Map(Object.entries(value).map(([key, one]) => [key, canonical(one)]));
}

function holds(whole: Parts, part: Parts): boolean {
  if (typeof whole === 'string' || typeof part === 'string') return whole === part;
  if (part.size > whole.size) return false;
  for (const [key, text] of part) if (whole.get(key) !== text) return false;
  return true;
}
