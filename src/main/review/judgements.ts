/** Annotations as judgements that can be compared: who said what of which thing. */
import type { AnnotationKind } from '#shared/annotation.ts';
import { folded } from '#shared/taxonomy.ts';

/** What one annotator said in one annotation. */
export type Judgement = {
  readonly annotator: string;
  readonly traceId: string;
  /** Names the place in its trace; equal for equal places. '' = the trace itself. */
  readonly place: string;
  /** Position in the order of the trace of the span that it marks; null = it marks none. */
  readonly step: number | null;
  readonly kind: AnnotationKind;
  readonly taxonomy: string | null;
  readonly category: string | null;
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly agent: string | null;
  readonly isRootCause: boolean;
};

/** One thing that annotators judged; `said` by annotator. */
export type Unit<T> = { readonly traceId: string; readonly place: string; readonly said: ReadonlyMap<string, T> };

type Rest<T> = { readonly units: readonly Unit<T>[]; readonly alone: number };

/** Of several things one annotator said of one unit, the last one counts. */
function collect<T>(
  judgements: readonly Judgement[],
  valueOf: (judgement: Judgement) => T | null,
  placeOf: (judgement: Judgement) => string = ({ place }) => place,
): Rest<T> {
  const units = new Map<string, { traceId: string; place: string; said: Map<string, T> }>();
  for (const judgement of judgements) {
    const value = valueOf(judgement);
    if (value === null) continue;
    const place = placeOf(judgement);
    const key = `${judgement.traceId}\n${place}`;
    let unit = units.get(key);
    if (!unit) units.set(key, (unit = { traceId: judgement.traceId, place, said: new Map() }));
    unit.said.set(judgement.annotator, value);
  }
  return split([...units.values()]);
}

function split<T>(all: readonly Unit<T>[]): Rest<T> {
  const units = all.filter(({ said }) => said.size > 1);
  return { units, alone: all.length - units.length };
}

export function verdicts(judgements: readonly Judgement[]): Rest<string> {
  return collect(judgements, ({ kind, passed }) =>
    kind !== 'verdict' || passed === null ? null : passed ? 'pass' : 'fail',
  );
}

/** Scores of one schema; yes and no are 1 and 0. */
export function scores(judgements: readonly Judgement[], schema: string | null): Rest<number> {
  return collect(judgements, ({ kind, taxonomy, score, passed }) =>
    kind !== 'score' || taxonomy !== schema ? null : (score ?? (passed === null ? null : Number(passed))),
  );
}

/** Between categories that one annotator gave to one thing. */
export const AND = ' + ';

/**
 * Categories of one taxonomy. A unit is a place that two or more judged; of a trace in which they all marked different
 * places the whole trace is one. Several categories that one annotator gave to one unit are one label together.
 */
export function categories(
  judgements: readonly Judgement[],
  taxonomy: string | null,
  countedAs: (spelling: string) => string,
): Rest<readonly string[]> {
  const traces = new Map<string, Map<string, Map<string, Set<string>>>>();
  for (const { annotator, traceId, place, kind, taxonomy: of, category } of judgements) {
    if (category === null || of !== taxonomy || kind === 'score') continue;
    const places = entry(traces, traceId, () => new Map<string, Map<string, Set<string>>>());
    const said = entry(places, place, () => new Map<string, Set<string>>());
    entry(said, annotator, () => new Set<string>()).add(countedAs(category));
  }
  const units: Unit<readonly string[]>[] = [];
  let alone = 0;
  for (const [traceId, places] of traces) {
    const shared = [...places].filter(([, said]) => said.size > 1);
    if (shared.length > 0) {
      for (const [place, said] of shared) units.push({ traceId, place, said: sorted(said) });
      alone += places.size - shared.length;
      continue;
    }
    const whole = new Map<string, Set<string>>();
    for (const said of places.values()) {
      for (const [annotator, labels] of said)
        for (const label of labels) entry(whole, annotator, () => new Set<string>()).add(label);
    }
    if (whole.size > 1) units.push({ traceId, place: '', said: sorted(whole) });
    else alone += places.size;
  }
  return { units, alone };
}

function sorted(said: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> {
  return new Map([...said].map(([annotator, labels]) => [annotator, [...labels].sort()]));
}

type Blame = { readonly agent: string | null; readonly step: number | null };

/**
 * Whom each annotator blames for a trace and which step decided it, in whatever annotations they say so: the root cause
 * goes first, then what stands earlier in the trace.
 */
export function blames(judgements: readonly Judgement[]): {
  readonly agents: Rest<string>;
  readonly steps: Rest<number>;
} {
  const naming = judgements.filter(({ kind, agent, isRootCause }) => kind === 'blame' || isRootCause || agent !== null);
  const ordered = naming.toSorted(
    (a, b) => Number(a.isRootCause) - Number(b.isRootCause) || (b.step ?? Infinity) - (a.step ?? Infinity) || 0,
  );
  // The last one counts: the root cause, and the earliest of equals.
  const whole = (): string => '';
  const agents = collect(ordered, ({ agent }) => (agent === null ? null : folded(agent)), whole);
  return { agents, steps: collect(ordered, ({ step }) => step, whole) };
}

/** Agent and step of the traces of which both annotators named one, told and truth in the same order. */
export function blamePairs(
  judgements: readonly Judgement[],
  truth: string,
  told: string,
): { readonly told: readonly Blame[]; readonly truth: readonly Blame[] } {
  const { agents, steps } = blames(judgements.filter(({ annotator }) => annotator === truth || annotator === told));
  const traces = new Set([...agents.units, ...steps.units].map(({ traceId }) => traceId));
  const agentOf = new Map(agents.units.map(({ traceId, said }) => [traceId, said]));
  const stepOf = new Map(steps.units.map(({ traceId, said }) => [traceId, said]));
  const of = (annotator: string): Blame[] =>
    [...traces].map((traceId) => ({
      agent: agentOf.get(traceId)?.get(annotator) ?? null,
      step: stepOf.get(traceId)?.get(annotator) ?? null,
    }));
  return { told: of(told), truth: of(truth) };
}

/** Spellings that differ in letter case only count as one agent; people read the most frequent. */
export function agentSpellings(names: Iterable<string>): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const name of names) {
    const spellings = entry(counts, folded(name), () => new Map<string, number>());
    spellings.set(name, (spellings.get(name) ?? 0) + 1);
  }
  return new Map(
    [...counts].map(([key, spellings]) => {
      const [most] = [...spellings].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
      return [key, most?.[0] ?? key];
    }),
  );
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}
