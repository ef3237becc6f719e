/** Where people say different things of the same thing. Pure: annotations in, disagreements out. */
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';

export type Disagreement = {
  readonly traceId: string;
  /** The annotations of all sides, sorted. */
  readonly ids: readonly string[];
  readonly authors: readonly string[];
  /** From 0, exclusive, to 1: nothing in common. */
  readonly amount: number;
  /** For people: "Ann and Ben differ on the verdict". Without names where these are to be hidden. */
  readonly what: string;
};

/** What came without an annotator's name. */
const SOURCE = 'the source';

type Group = {
  readonly what: string;
  readonly kind: AnnotationRow['kind'];
  readonly byAuthor: Map<string, AnnotationRow[]>;
};

/** Those of one trace or of many, the greatest first; what was adjudicated since is none any more. */
export function disagreements(rows: readonly AnnotationRow[]): Disagreement[] {
  const settled = new Set(rows.flatMap(adjudicated));
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const about = aboutOf(row);
    if (about === null || adjudicated(row).length > 0 || settled.has(settledKey(row.traceId, row.id))) continue;
    const key = JSON.stringify([row.traceId, about.key]);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { what: about.what, kind: row.kind, byAuthor: new Map() }));
    const author = row.author ?? SOURCE;
    const own = group.byAuthor.get(author);
    if (own) own.push(row);
    else group.byAuthor.set(author, [row]);
  }
  const found: Disagreement[] = [];
  for (const { what, byAuthor, kind } of groups.values()) {
    if (byAuthor.size < 2) continue;
    const sides = [...byAuthor.values()];
    const amount = amountOf(kind, sides);
    if (amount === 0) continue;
    const all = sides.flat();
    found.push({
      traceId: all[0]?.traceId ?? '',
      ids: all.map(({ id }) => id).sort(),
      authors: [...byAuthor.keys()].sort(),
      amount,
      what,
    });
  }
  return found.sort((a, b) => b.amount - a.amount || compare(a.traceId, b.traceId) || compare(a.ids[0], b.ids[0]));
}

/** Annotations whose dispute this one decides. */
function adjudicated({ traceId, extra }: AnnotationRow): string[] {
  const { adjudicates } = extra;
  return Array.isArray(adjudicates)
    ? adjudicates.flatMap((id) => (typeof id === 'string' ? settledKey(traceId, id) : []))
    : [];
}

function settledKey(traceId: string, id: string): string {
  return JSON.stringify([traceId, id]);
}

function aboutOf({
  kind,
  place,
  taxonomy,
}: AnnotationRow): { readonly key: readonly unknown[]; readonly what: string } | null {
  const at = placeKey(place);
  switch (kind) {
    case 'verdict':
      return { key: [kind, at], what: 'the verdict' };
    case 'category':
      return { key: [kind, taxonomy, at], what: 'the category' };
    case 'score':
      return { key: [kind, taxonomy, at], what: 'the score' };
    case 'preference':
      return { key: [kind, at], what: 'which is better' };
    // Who is to blame, and where: the places are what they differ in.
    case 'blame':
      return { key: [kind], what: 'who is to blame' };
    case 'note':
    case 'correction':
      return null;
  }
}

/** The mean over all pairs of people. */
function amountOf(kind: AnnotationRow['kind'], sides: readonly (readonly AnnotationRow[])[]): number {
  const spread = kind === 'score' ? rangeOf(sides.flat()) : 0;
  let [sum, pairs] = [0, 0];
  sides.forEach((one, at) => {
    for (const other of sides.slice(at + 1)) {
      sum += kind === 'score' ? scoreDistance(one, other, spread) : setDistance(wordsOf(one), wordsOf(other));
      pairs++;
    }
  });
  return pairs === 0 ? 0 : sum / pairs;
}

/** Jaccard distance: 0 = the same words, 1 = none in common. */
function setDistance(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((word) => other.has(word)).length;
  const all = one.size + other.size - both;
  return all === 0 ? 0 : 1 - both / all;
}

function wordsOf(rows: readonly AnnotationRow[]): Set<string> {
  return new Set(rows.flatMap(words));
}

function words({ kind, passed, category, preference, agent, place }: AnnotationRow): string[] {
  switch (kind) {
    case 'verdict':
      return [String(passed)];
    case 'preference':
      return [String(preference)];
    case 'category':
      return [(category ?? '').trim().toLowerCase()];
    case 'blame': {
      const span = place.kind === 'span' ? [`at ${place.spanId}`] : [];
      return [...(agent === null ? [] : [`agent ${agent}`]), ...span];
    }
    case 'score':
    case 'note':
    case 'correction':
      return [];
  }
}

/** Of scores without a common scale: the widest distance that anybody has put between two of them, at least 1. */
function rangeOf(rows: readonly AnnotationRow[]): number {
  const values = rows.flatMap(({ score }) => (score === null ? [] : [score]));
  return Math.max(1, Math.max(...values) - Math.min(...values));
}

function scoreDistance(one: readonly AnnotationRow[], other: readonly AnnotationRow[], range: number): number {
  const [a, b] = [valueOf(one), valueOf(other)];
  return a === null || b === null ? 0 : Math.abs(a - b) / range;
}

function valueOf(rows: readonly AnnotationRow[]): number | null {
  const row = rows.at(-1);
  return row ? (row.score ?? (row.passed === null ? null : Number(row.passed))) : null;
}

function placeKey(place: AnnotationPlace): string {
  return JSON.stringify(Object.entries(place).sort(([a], [b]) => compare(a, b)));
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
