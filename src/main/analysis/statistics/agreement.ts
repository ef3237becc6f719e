/**
 * How far people agree beyond chance.
 *
 * Two raters: percent, Cohen's kappa (Cohen 1960), weighted kappa (Cohen 1968), Gwet's AC1 (Gwet 2008). Any number of
 * raters, some of whom left items out: Krippendorff's alpha (Krippendorff 2011). A figure is null where its definition
 * divides by zero, such as a kappa where both raters only ever gave one label.
 */

/** `counts[i][j]`: items to which the first rater gave label i and the second label j. */
export type Confusion = { readonly labels: readonly string[]; readonly counts: readonly (readonly number[])[] };

export type PairAgreement = {
  readonly items: number;
  readonly percent: number | null;
  readonly kappa: number | null;
  readonly ac1: number | null;
};

/** Labels in the order given, then others as they appear. */
export function confusionOf(
  pairs: Iterable<readonly [first: string, second: string]>,
  labels: readonly string[] = [],
): Confusion {
  const places = new Map(labels.map((label, index) => [label, index]));
  const counts: number[][] = labels.map(() => labels.map(() => 0));
  function placeOf(label: string): number {
    let place = places.get(label);
    if (place === undefined) {
      place = places.size;
      places.set(label, place);
      for (const row of counts) row.push(0);
      counts.push(new Array<number>(place + 1).fill(0));
    }
    return place;
  }
  for (const [first, second] of pairs) {
    const [i, j] = [placeOf(first), placeOf(second)];
    const row = counts[i];
    if (row) row[j] = (row[j] ?? 0) + 1;
  }
  return { labels: [...places.keys()], counts };
}

export function pairAgreement(confusion: Confusion): PairAgreement {
  const { counts, total, rows, columns } = marginsOf(confusion);
  if (total === 0) return { items: 0, percent: null, kappa: null, ac1: null };
  const agreed = counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / total;
  const byChance = rows.reduce((sum, row, i) => sum + row * (columns[i] ?? 0), 0) / total ** 2;
  // Labels that nobody gave are no choice that anybody had, but those of a fixed set are.
  const labels = counts.length;
  const spread = rows.reduce((sum, row, i) => {
    const share = (row + (columns[i] ?? 0)) / (2 * total);
    return sum + share * (1 - share);
  }, 0);
  const byChanceAc1 = labels > 1 ? spread / (labels - 1) : 0;
  return {
    items: total,
    percent: agreed,
    kappa: beyond(agreed, byChance),
    ac1: labels > 1 ? beyond(agreed, byChanceAc1) : null,
  };
}

/** Labels in their order: a near miss counts less than a far one, by distance or by its square. */
export function weightedKappa(confusion: Confusion, weights: 'linear' | 'quadratic'): number | null {
  const { counts, total, rows, columns } = marginsOf(confusion);
  const last = counts.length - 1;
  if (total === 0 || last < 1) return null;
  let observed = 0;
  let expected = 0;
  for (let i = 0; i <= last; i++) {
    for (let j = 0; j <= last; j++) {
      const distance = Math.abs(i - j) / last;
      const weight = weights === 'linear' ? distance : distance ** 2;
      observed += (weight * (counts[i]?.[j] ?? 0)) / total;
      expected += (weight * (rows[i] ?? 0) * (columns[j] ?? 0)) / total ** 2;
    }
  }
  return expected === 0 ? null : 1 - observed / expected;
}

export type Level = 'nominal' | 'ordinal' | 'interval' | 'ratio';

/**
 * `units[u][r]`: what rater r said of unit u; null = nothing. Units with fewer than two values say nothing about agreement.
 * Values are numbers except at the level `nominal`.
 */
export function krippendorffAlpha(
  units: readonly (readonly (string | number | null)[])[],
  level: Level,
): number | null {
  const values = new Map<string | number, number>();
  const paired = units.map((unit) => unit.filter((value) => value !== null)).filter((unit) => unit.length > 1);
  const seen = new Set(paired.flat());
  const ordered = [...seen].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1));
  ordered.forEach((value, index) => values.set(value, index));
  const size = ordered.length;
  const coincidences = Array.from({ length: size }, () => new Float64Array(size));
  for (const unit of paired) {
    const counts = new Float64Array(size);
    for (const value of unit) {
      const at = values.get(value) ?? 0;
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const pairs = (counts[i] ?? 0) * ((counts[j] ?? 0) - (i === j ? 1 : 0));
        const row = coincidences[i];
        if (row) row[j] = (row[j] ?? 0) + pairs / (unit.length - 1);
      }
    }
  }
  const totals = coincidences.map((row) => row.reduce((sum, count) => sum + count, 0));
  const all = totals.reduce((sum, count) => sum + count, 0);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (i === j) continue;
      const distance = distanceOf(level, ordered, totals, i, j);
      observed += (coincidences[i]?.[j] ?? 0) * distance;
      expected += (totals[i] ?? 0) * (totals[j] ?? 0) * distance;
    }
  }
  return expected === 0 ? null : 1 - ((all - 1) * observed) / expected;
}

function distanceOf(
  level: Level,
  ordered: readonly (string | number)[],
  totals: readonly number[],
  i: number,
  j: number,
): number {
  if (level === 'nominal') return 1;
  if (level === 'ordinal') {
    const [low, high] = i < j ? [i, j] : [j, i];
    let between = 0;
    for (let at = low; at <= high; at++) between += totals[at] ?? 0;
    return (between - ((totals[low] ?? 0) + (totals[high] ?? 0)) / 2) ** 2;
  }
  const [a, b] = [Number(ordered[i]), Number(ordered[j])];
  if (level === 'interval') return (a - b) ** 2;
  return a + b === 0 ? 0 : ((a - b) / (a + b)) ** 2;
}

/** When the two disagree about how good the agreement is, a person needs to know why; null when they do not. */
export function prevalenceWarning(confusion: Confusion, { kappa, ac1, percent }: PairAgreement): string | null {
  if (kappa === null || ac1 === null || percent === null || Math.abs(kappa - ac1) < 0.2) return null;
  const { rows, columns, total } = marginsOf(confusion);
  const shares = rows.map((row, i) => (row + (columns[i] ?? 0)) / (2 * total));
  const most = shares.indexOf(Math.max(...shares));
  const share = Math.round((shares[most] ?? 0) * 100);
  return (
    `${share} % of all labels are "${confusion.labels[most] ?? ''}", so that most agreement is expected by chance: ` +
    `kappa (${kappa.toFixed(2)}) is low although the raters agree on ${Math.round(percent * 100)} % of the items, ` +
    `and AC1 (${ac1.toFixed(2)}) hardly sees the rare label. Look at the confusion matrix before you trust either.`
  );
}

function beyond(agreed: number, byChance: number): number | null {
  return byChance === 1 ? null : (agreed - byChance) / (1 - byChance);
}

function marginsOf({ counts }: Confusion) {
  const rows = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = counts.map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  return { counts, rows, columns, total: rows.reduce((sum, count) => sum + count, 0) };
}
