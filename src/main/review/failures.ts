/** The labels that name a failure, each with its category, agents, step and time as numbers that counting is quick with. */
import type { OverviewPick, Period } from '#shared/overview.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { counting, folded } from '#shared/taxonomy.ts';
import type { LabelRow, ReviewedTrace } from '../store/insight-queries.ts';
import type { SpanPlace } from '../store/span-places.ts';

export type Facts = {
  /** Trace by trace. */
  readonly labels: readonly LabelRow[];
  readonly reviewed: readonly ReviewedTrace[];
  readonly traceCount: number;
  readonly placeOf: (traceKey: number, spanId: string) => SpanPlace | null;
  readonly taxonomies: readonly Taxonomy[];
};

export type Category = {
  readonly index: number;
  readonly taxonomy: string | null;
  readonly code: string;
  readonly title: string;
  readonly known: boolean;
};

export type Failure = {
  readonly trace: ReviewedTrace;
  /** Null = it blames without naming a category. */
  readonly category: Category | null;
  readonly spelling: string | null;
  readonly blamed: string | null;
  readonly actor: string | null;
  /** Folded; '' = none. */
  readonly blamedKey: string;
  readonly actorKey: string;
  readonly spanId: string | null;
  readonly place: SpanPlace | null;
};

/** Kinds that say that something went wrong there. */
export function isFailure(kind: LabelRow[2]): boolean {
  return kind === 'category' || kind === 'blame';
}

/** `each` gets the same object every time, filled anew: there may be a hundred thousand. */
export function readFailures(facts: Facts, taxonomy: string | undefined, each: (failure: Failure) => void): Category[] {
  const traces = new Map(facts.reviewed.map((trace) => [trace[0], trace]));
  const { resolve, all } = categoryResolver(facts.taxonomies);
  const fold = folding();
  const [first] = facts.reviewed;
  if (!first) return [];
  const one: { -readonly [K in keyof Failure]: Failure[K] } = {
    trace: first,
    category: null,
    spelling: null,
    blamed: null,
    actor: null,
    blamedKey: '',
    actorKey: '',
    spanId: null,
    place: null,
  };
  for (const [, traceKey, kind, of, spelling, agent, spanId, about] of facts.labels) {
    if (!isFailure(kind) || (taxonomy !== undefined && of !== taxonomy)) continue;
    const trace = traces.get(traceKey);
    if (!trace) continue;
    const place = spanId === null ? null : facts.placeOf(traceKey, spanId);
    const blamed = agent ?? about;
    const actor = place?.actor ?? null;
    one.trace = trace;
    one.category = spelling === null ? null : resolve(of, spelling);
    one.spelling = spelling;
    one.blamed = blamed;
    one.actor = actor;
    one.blamedKey = blamed === null ? '' : fold(blamed);
    one.actorKey = actor === null ? '' : fold(actor);
    one.spanId = spanId;
    one.place = place;
    each(one);
  }
  return all;
}

/** Both named, and not the same. */
export function isElsewhere({ blamedKey, actorKey }: Failure): boolean {
  return blamedKey !== '' && actorKey !== '' && blamedKey !== actorKey;
}

export function decileOf({ step, of }: SpanPlace): number {
  return Math.min(9, Math.floor((10 * step) / Math.max(1, of)));
}

const DAY_MS = 86_400_000;

/** First day of the period, as ISO date; null = the trace has no time that a calendar knows. */
export function periodOf(ms: number | null, period: Period): string | null {
  if (ms === null || Math.abs(ms) > 8.64e15) return null;
  const days = Math.floor(ms / DAY_MS);
  // The first day of the epoch was a Thursday.
  const day = period === 'week' ? days - ((((days + 3) % 7) + 7) % 7) : days;
  const iso = new Date(day * DAY_MS).toISOString().slice(0, -14);
  return period === 'month' ? `${iso.slice(0, -2)}01` : iso;
}

export function picks(failure: Failure, pick: OverviewPick, period: Period): boolean {
  const { trace, category, blamedKey, actorKey, place } = failure;
  if (pick.category !== undefined) {
    if (pick.category === null ? category !== null : category?.code !== pick.category.code) return false;
    if (pick.category !== null && category?.taxonomy !== pick.category.taxonomy) return false;
  }
  if (pick.agent !== undefined) {
    const agent = pick.agent === null ? '' : folded(pick.agent);
    // In a cell of the heat map a label counts once; in an agent's bar, for whom it blames and for who acted.
    const own =
      pick.category !== undefined ? (blamedKey || actorKey) === agent : blamedKey === agent || actorKey === agent;
    if (!own) return false;
  }
  if (pick.elsewhere && !isElsewhere(failure)) return false;
  if (pick.step !== undefined && place?.step !== pick.step) return false;
  if (pick.decile !== undefined && (place === null || decileOf(place) !== pick.decile)) return false;
  if (pick.from !== undefined && periodOf(trace[4], period) !== pick.from) return false;
  if (pick.untimed && trace[4] !== null) return false;
  if (pick.workflow !== undefined && trace[3] !== pick.workflow) return false;
  return true;
}

function categoryResolver(taxonomies: readonly Taxonomy[]) {
  const all: Category[] = [];
  const byTaxonomy = new Map<string | null, (spelling: string) => Category>();
  function resolverOf(id: string | null): (spelling: string) => Category {
    const taxonomy = taxonomies.find((each) => each.id === id);
    const count = taxonomy ? counting(taxonomy) : (spelling: string): string => spelling;
    const titles = new Map(taxonomy?.categories.map(({ code, title }) => [code, title]));
    const bySpelling = new Map<string, Category>();
    const byCode = new Map<string, Category>();
    return (spelling) => {
      const before = bySpelling.get(spelling);
      if (before) return before;
      const code = count(spelling);
      let category = byCode.get(code);
      if (!category) {
        const title = titles.get(code);
        category = { index: all.length, taxonomy: id, code, title: title ?? code, known: title !== undefined };
        all.push(category);
        byCode.set(code, category);
      }
      bySpelling.set(spelling, category);
      return category;
    };
  }
  function resolve(id: string | null, spelling: string): Category {
    let of = byTaxonomy.get(id);
    if (!of) byTaxonomy.set(id, (of = resolverOf(id)));
    return of(spelling);
  }
  return { resolve, all };
}

function folding(): (text: string) => string {
  const seen = new Map<string, string>();
  return (text) => {
    let key = seen.get(text);
    if (key === undefined) seen.set(text, (key = folded(text)));
    return key;
  };
}
