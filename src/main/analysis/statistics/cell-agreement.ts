/**
 * The figures of `agreement.ts` over items that were counted into cells: what is resampled thousands of times must cost
 * as little as there are different items. A cell is one combination of what the raters said.
 */
import { mulberry32 } from './random.ts';
import { quantile } from './bootstrap.ts';

export type Cells = {
  readonly raters: number;
  /** Labels that could have been given. */
  readonly labels: number;
  /** `codes[cell * raters + r]`: label of rater r, -1 = said nothing. */
  readonly codes: Int32Array;
  /** Item → cell. */
  readonly cellOf: Uint32Array;
};

/** Percent, kappa, AC1, nominal alpha; of more than two raters, kappa and AC1 are the mean over pairs of raters. */
export type Nominal = readonly [percent: number | null, kappa: number | null, ac1: number | null, alpha: number | null];

/** @param items `items[i][r]`: label of rater r, -1 = nothing */
export function cellsOf(items: readonly (readonly number[])[], raters: number, labels: number): Cells {
  const places = new Map<string, number>();
  const codes: number[] = [];
  const cellOf = new Uint32Array(items.length);
  items.forEach((item, index) => {
    const key = item.join(' ');
    let cell = places.get(key);
    if (cell === undefined) {
      cell = places.size;
      places.set(key, cell);
      codes.push(...item);
    }
    cellOf[index] = cell;
  });
  return { raters, labels, codes: Int32Array.from(codes), cellOf };
}

/** The same cells, asked whether a rater gave one label. */
export function oneAgainstRest({ raters, codes, cellOf }: Cells, label: number): Cells {
  return { raters, labels: 2, codes: codes.map((code) => (code < 0 ? -1 : code === label ? 1 : 0)), cellOf };
}

/** How many items are in each cell. */
export function countsOf({ codes, raters, cellOf }: Cells): Float64Array {
  const counts = new Float64Array(codes.length / raters);
  for (const cell of cellOf) counts[cell] = (counts[cell] ?? 0) + 1;
  return counts;
}

export function nominalFigures(cells: Cells, counts: Float64Array): Nominal {
  const { raters, labels, codes } = cells;
  let [agreed, pairs, kappas, kappaPairs, ac1s, ac1Pairs] = [0, 0, 0, 0, 0, 0];
  const rows = new Float64Array(labels);
  const columns = new Float64Array(labels);
  for (let a = 0; a < raters; a++) {
    for (let b = a + 1; b < raters; b++) {
      let [same, total] = [0, 0];
      rows.fill(0);
      columns.fill(0);
      for (let cell = 0; cell < counts.length; cell++) {
        const [i, j, count] = [codes[cell * raters + a] ?? -1, codes[cell * raters + b] ?? -1, counts[cell] ?? 0];
        if (count === 0 || i < 0 || j < 0) continue;
        total += count;
        if (i === j) same += count;
        rows[i] = (rows[i] ?? 0) + count;
        columns[j] = (columns[j] ?? 0) + count;
      }
      if (total === 0) continue;
      agreed += same;
      pairs += total;
      let [chance, spread] = [0, 0];
      for (let label = 0; label < labels; label++) {
        const [row, column] = [rows[label] ?? 0, columns[label] ?? 0];
        chance += row * column;
        const share = (row + column) / (2 * total);
        spread += share * (1 - share);
      }
      chance /= total ** 2;
      if (chance < 1) {
        kappas += (same / total - chance) / (1 - chance);
        kappaPairs++;
      }
      const chanceAc1 = labels > 1 ? spread / (labels - 1) : 1;
      if (chanceAc1 < 1) {
        ac1s += (same / total - chanceAc1) / (1 - chanceAc1);
        ac1Pairs++;
      }
    }
  }
  return [
    pairs === 0 ? null : agreed / pairs,
    kappaPairs === 0 ? null : kappas / kappaPairs,
    ac1Pairs === 0 ? null : ac1s / ac1Pairs,
    nominalAlpha(cells, counts),
  ];
}

function nominalAlpha({ raters, labels, codes }: Cells, counts: Float64Array): number | null {
  const totals = new Float64Array(labels);
  let observed = 0;
  let all = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0;
    if (count === 0) continue;
    let [told, apart] = [0, 0];
    for (let r = 0; r < raters; r++) {
      const code = codes[cell * raters + r] ?? -1;
      if (code < 0) continue;
      told++;
      for (let s = 0; s < raters; s++) {
        const other = codes[cell * raters + s] ?? -1;
        if (other >= 0 && other !== code) apart++;
      }
    }
    if (told < 2) continue;
    for (let r = 0; r < raters; r++) {
      const code = codes[cell * raters + r] ?? -1;
      if (code >= 0) totals[code] = (totals[code] ?? 0) + count;
    }
    all += told * count;
    observed += (apart * count) / (told - 1);
  }
  let expected = all ** 2;
  for (const total of totals) expected -= total ** 2;
  return expected <= 0 ? null : 1 - ((all - 1) * observed) / expected;
}

/**
 * Alpha of numbers, by the squared distance of `values`, one for each label; at the level `ordinal` of their ranks among
 * what was given. Labels stand in ascending order of their values.
 */
export function distanceAlpha(
  { raters, labels, codes }: Cells,
  counts: Float64Array,
  values: readonly number[],
  level: 'ordinal' | 'interval',
): number | null {
  const totals = new Float64Array(labels);
  const told = new Uint16Array(counts.length);
  for (let cell = 0; cell < counts.length; cell++) {
    for (let r = 0; r < raters; r++) if ((codes[cell * raters + r] ?? -1) >= 0) told[cell] = (told[cell] ?? 0) + 1;
    if ((told[cell] ?? 0) < 2) continue;
    for (let r = 0; r < raters; r++) {
      const code = codes[cell * raters + r] ?? -1;
      if (code >= 0) totals[code] = (totals[code] ?? 0) + (counts[cell] ?? 0);
    }
  }
  const places = new Float64Array(labels);
  let below = 0;
  for (let label = 0; label < labels; label++) {
    const total = totals[label] ?? 0;
    // Krippendorff's ordinal distance, all between two ranks and half of each end, is a difference of middle ranks.
    places[label] = level === 'ordinal' ? below + total / 2 : (values[label] ?? 0);
    below += total;
  }
  let [all, sum, squares, observed] = [0, 0, 0, 0];
  for (let label = 0; label < labels; label++) {
    const [total, place] = [totals[label] ?? 0, places[label] ?? 0];
    all += total;
    sum += total * place;
    squares += total * place ** 2;
  }
  for (let cell = 0; cell < counts.length; cell++) {
    const [count, size] = [counts[cell] ?? 0, told[cell] ?? 0];
    if (count === 0 || size < 2) continue;
    let [own, ownSquares] = [0, 0];
    for (let r = 0; r < raters; r++) {
      const code = codes[cell * raters + r] ?? -1;
      if (code < 0) continue;
      own += places[code] ?? 0;
      ownSquares += (places[code] ?? 0) ** 2;
    }
    // Over all ordered pairs, the squared distances add up to this.
    observed += (count * 2 * (size * ownSquares - own ** 2)) / (size - 1);
  }
  const expected = 2 * (all * squares - sum ** 2);
  // What is zero but for rounding is a scale of which only one value was used.
  return expected <= 1e-12 * Math.max(1, all * squares) ? null : 1 - ((all - 1) * observed) / expected;
}

/** Weighted kappa (Cohen 1968) of numbers by their distance; of more than two raters the mean over pairs. */
export function weightedFigure(
  { raters, labels, codes }: Cells,
  counts: Float64Array,
  values: readonly number[],
  power: 1 | 2,
): number | null {
  const rows = new Float64Array(labels);
  const columns = new Float64Array(labels);
  let [sum, pairs] = [0, 0];
  for (let a = 0; a < raters; a++) {
    for (let b = a + 1; b < raters; b++) {
      rows.fill(0);
      columns.fill(0);
      let [observed, total] = [0, 0];
      for (let cell = 0; cell < counts.length; cell++) {
        const [i, j, count] = [codes[cell * raters + a] ?? -1, codes[cell * raters + b] ?? -1, counts[cell] ?? 0];
        if (count === 0 || i < 0 || j < 0) continue;
        total += count;
        observed += count * Math.abs((values[i] ?? 0) - (values[j] ?? 0)) ** power;
        rows[i] = (rows[i] ?? 0) + count;
        columns[j] = (columns[j] ?? 0) + count;
      }
      if (total === 0) continue;
      let expected = 0;
      for (let i = 0; i < labels; i++) {
        for (let j = 0; j < labels; j++)
          expected += (rows[i] ?? 0) * (columns[j] ?? 0) * Math.abs((values[i] ?? 0) - (values[j] ?? 0)) ** power;
      }
      if (expected === 0) continue;
      sum += 1 - (observed * total) / expected;
      pairs++;
    }
  }
  return pairs === 0 ? null : sum / pairs;
}

/** Share of pairs of judgements whose values are at most `tolerance` apart. */
export function withinFigure(
  { raters, codes }: Cells,
  counts: Float64Array,
  values: readonly number[],
  tolerance: number,
): number | null {
  let [near, pairs] = [0, 0];
  for (let cell = 0; cell < counts.length; cell++) {
    for (let a = 0; a < raters; a++) {
      for (let b = a + 1; b < raters; b++) {
        const [i, j, count] = [codes[cell * raters + a] ?? -1, codes[cell * raters + b] ?? -1, counts[cell] ?? 0];
        if (count === 0 || i < 0 || j < 0) continue;
        pairs += count;
        if (Math.abs((values[i] ?? 0) - (values[j] ?? 0)) <= tolerance) near += count;
      }
    }
  }
  return pairs === 0 ? null : near / pairs;
}

const RESAMPLES = 2_000;
const FEWEST_RESAMPLES = 200;
/** Items drawn for one set of figures; and figures' steps through cells. */
const MOST_DRAWS = 20_000_000;
const MOST_STEPS = 60_000_000;

/**
 * Percentile intervals of several figures from the same resamples of items, as `bootstrapInterval` makes them of one:
 * the same seed gives the same intervals. Fewer resamples where there are very many items.
 * @param figures gives null for a figure that is undefined; such resamples leave its distribution
 */
export function intervalsOf(
  { cellOf, codes, raters }: Pick<Cells, 'cellOf' | 'codes' | 'raters'>,
  figures: (counts: Float64Array) => readonly (number | null)[],
  { seed = 42, level = 0.95, work = 1, draws = MOST_DRAWS } = {},
): ([number, number] | null)[] {
  const items = cellOf.length;
  const counts = new Float64Array(codes.length / raters);
  if (items === 0) return figures(counts).map(() => null);
  const affordable = Math.min(draws / items, MOST_STEPS / (counts.length * raters * raters * work));
  const resamples = Math.floor(Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, affordable)));
  const random = mulberry32(seed);
  const seen: number[][] = [];
  for (let round = 0; round < resamples; round++) {
    counts.fill(0);
    for (let k = 0; k < items; k++) {
      const cell = cellOf[Math.floor(random() * items)] ?? 0;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    figures(counts).forEach((value, at) => {
      const list = (seen[at] ??= []);
      if (value !== null && Number.isFinite(value)) list.push(value);
    });
  }
  return seen.map((list) => {
    if (list.length < resamples / 2) return null;
    list.sort((a, b) => a - b);
    return [quantile(list, (1 - level) / 2), quantile(list, (1 + level) / 2)];
  });
}
