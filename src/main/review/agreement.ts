/** Agreement of annotators, subject by subject, from what they said; pure. */
import type {
  Agreement,
  AgreementFigures,
  AgreementLabel,
  AgreementSubject,
  WeightedAgreement,
} from '#shared/agreement.ts';
import { ADJUDICATION, MOST_ANNOTATORS } from '#shared/agreement.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { counting } from '#shared/taxonomy.ts';
import type { Confusion } from '../analysis/statistics/agreement.ts';
import { prevalenceWarning } from '../analysis/statistics/agreement.ts';
import { attributionAccuracy } from '../analysis/statistics/attribution.ts';
import type { Cells } from '../analysis/statistics/cell-agreement.ts';
import {
  cellsOf,
  countsOf,
  distanceAlpha,
  intervalsOf,
  nominalFigures,
  oneAgainstRest,
  weightedFigure,
  withinFigure,
} from '../analysis/statistics/cell-agreement.ts';
import { byFrequency, countGiven, matrixOf } from './agreement-matrix.ts';
import type { Judgement, Unit } from './judgements.ts';
import { agentSpellings, AND, blamePairs, blames, categories, scores, verdicts } from './judgements.ts';

export type AgreementQuestion = {
  readonly annotators?: readonly string[] | undefined;
  readonly taxonomy?: string | undefined;
  readonly taxonomies: readonly Taxonomy[];
  readonly tolerance: number;
  readonly seed: number;
};

/** Labels that get figures of their own. */
const MOST_LABELS = 40;
/** There are many labels: of very many items, each gets fewer resamples. */
const LABEL_DRAWS = 4_000_000;
/** A scale with more values than this is no scale of steps: weights over all pairs of values say little. */
const MOST_WEIGHTED = 100;

/** @param judgements in the order in which they were made */
export function agreementOf(judgements: readonly Judgement[], question: AgreementQuestion): Agreement {
  const { tolerance, seed, taxonomies } = question;
  const known = knownAnnotators(judgements);
  const annotators = chosen(known, question.annotators);
  const names = new Set(annotators);
  const compared = judgements.filter(({ annotator }) => names.has(annotator));
  const ask = { annotators, seed };
  const subjects: AgreementSubject[] = [];
  const seenItems = new Set<string>();
  const seenTraces = new Set<string>();
  function note(units: readonly Unit<unknown>[]): void {
    for (const { traceId, place } of units) {
      seenItems.add(`${traceId}\n${place}`);
      seenTraces.add(traceId);
    }
  }

  const verdict = verdicts(compared);
  note(verdict.units);
  if (verdict.units.length > 0)
    subjects.push(nominalSubject(ask, { about: 'verdict', ...verdict, order: ['pass', 'fail'] }));
  for (const name of namesOf(compared, 'category')) {
    if (question.taxonomy !== undefined && name !== question.taxonomy) continue;
    const taxonomy = taxonomies.find(({ id }) => id === name);
    const found = categories(compared, name, taxonomy ? counting(taxonomy) : (spelling) => spelling);
    note(found.units);
    if (found.units.length > 0) subjects.push(categorySubject(ask, name, taxonomy, found));
  }
  for (const name of namesOf(compared, 'score')) {
    const found = scores(compared, name);
    note(found.units);
    if (found.units.length > 0) subjects.push(scoreSubject(ask, name, found));
  }
  const { agents, steps } = blames(compared);
  const spellings = agentSpellings(compared.flatMap(({ agent }) => agent ?? []));
  const named = agents.units.map((unit) => ({
    ...unit,
    said: new Map([...unit.said].map(([who, agent]) => [who, spellings.get(agent) ?? agent])),
  }));
  const blamed = new Set([...agents.units, ...steps.units].map(({ traceId }) => traceId));
  subjects.unshift(
    ...(named.length > 0 ? [nominalSubject(ask, { about: 'agent', units: named, alone: agents.alone })] : []),
    ...(steps.units.length > 0 ? [stepSubject(ask, steps, tolerance)] : []),
  );
  const [first, second] = annotators;
  const pairs =
    annotators.length === 2 && first !== undefined && second !== undefined ? blamePairs(compared, first, second) : null;
  return {
    annotators,
    known,
    items: seenItems.size + [...blamed].filter((traceId) => !seenTraces.has(traceId)).length,
    subjects,
    attribution: pairs && pairs.truth.length > 0 ? attributionAccuracy(pairs.told, pairs.truth, tolerance) : null,
    seed,
    tolerance,
  };
}

function knownAnnotators(judgements: readonly Judgement[]): Agreement['known'] {
  const counts = new Map<string, number>();
  for (const { annotator } of judgements) counts.set(annotator, (counts.get(annotator) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, judgements: count }))
    .sort((a, b) => b.judgements - a.judgements || (a.name < b.name ? -1 : 1));
}

/** In the order in which they were named, else by name, so that rows and columns stay where they are. */
function chosen(known: Agreement['known'], annotators: readonly string[] | undefined): string[] {
  if (annotators) return [...new Set(annotators)].slice(0, MOST_ANNOTATORS);
  return known
    .map(({ name }) => name)
    .filter((name) => name !== ADJUDICATION)
    .slice(0, MOST_ANNOTATORS)
    .sort();
}

/** Taxonomies or schemas, by how often they were used. */
function namesOf(judgements: readonly Judgement[], kind: 'category' | 'score'): (string | null)[] {
  const counts = new Map<string | null, number>();
  for (const judgement of judgements) {
    const is =
      kind === 'score' ? judgement.kind === 'score' : judgement.kind !== 'score' && judgement.category !== null;
    if (is) counts.set(judgement.taxonomy, (counts.get(judgement.taxonomy) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || ((a ?? '') < (b ?? '') ? -1 : 1)).map(([name]) => name);
}

type Ask = { readonly annotators: readonly string[]; readonly seed: number };

type Nominal = {
  readonly about: AgreementSubject['about'];
  readonly name?: string | null;
  readonly title?: string | null;
  readonly units: readonly Unit<string>[];
  readonly alone: number;
  /** Labels that stand first, and count as choices that everybody had. */
  readonly order?: readonly string[];
  readonly titleOf?: (label: string) => string | null;
};

function nominalSubject(ask: Ask, about: Nominal): AgreementSubject {
  const { units, order = [], titleOf = () => null } = about;
  const given = countGiven(units);
  const labels = [...order, ...byFrequency(given).filter((label) => !order.includes(label))];
  const cells = codesOf(ask, units, labels);
  const counts = countsOf(cells);
  const figures = withIntervals(ask, cells, counts);
  return {
    about: about.about,
    name: about.name ?? null,
    title: about.title ?? null,
    alone: about.alone,
    ...figures,
    warning: warningOf(ask, units, labels, figures),
    labels: labels.slice(0, MOST_LABELS).map((label, at) => labelFigures(ask, cells, { label, at, titleOf, given })),
    matrix: matrixOf(ask.annotators, units, labels),
    weighted: null,
    within: null,
  };
}

/** Of one category, things count by whether it is among those given. */
function categorySubject(
  ask: Ask,
  name: string | null,
  taxonomy: Taxonomy | undefined,
  { units, alone }: { readonly units: readonly Unit<readonly string[]>[]; readonly alone: number },
): AgreementSubject {
  const joined = units.map((unit) => ({
    ...unit,
    said: new Map([...unit.said].map(([who, labels]) => [who, labels.join(AND)])),
  }));
  const titles = new Map(taxonomy?.categories.map(({ code, title }) => [code, title]));
  const titleOf = (label: string): string | null => titles.get(label) ?? null;
  const whole = nominalSubject(ask, {
    about: 'category',
    name,
    title: taxonomy?.title ?? null,
    units: joined,
    alone,
    titleOf,
  });
  if (units.every(({ said }) => [...said.values()].every((labels) => labels.length === 1))) return whole;
  const given = new Map<string, number>();
  for (const { said } of units)
    for (const labels of said.values()) for (const label of labels) given.set(label, (given.get(label) ?? 0) + 1);
  const labels = byFrequency(given)
    .slice(0, MOST_LABELS)
    .map((label) => {
      const cells = cellsOf(
        units.map(({ said }) =>
          ask.annotators.map((who) => (said.has(who) ? Number(said.get(who)?.includes(label)) : -1)),
        ),
        ask.annotators.length,
        2,
      );
      return labelFigures(ask, cells, { label, at: 1, titleOf, given });
    });
  return { ...whole, labels };
}

function scoreSubject(
  ask: Ask,
  name: string | null,
  { units, alone }: { readonly units: readonly Unit<number>[]; readonly alone: number },
): AgreementSubject {
  const { values, cells, counts, texts, labels } = numbered(ask, units);
  const figures = withIntervals(ask, cells, counts);
  const given = countGiven(texts);
  return {
    about: 'score',
    name,
    title: null,
    alone,
    ...figures,
    warning: warningOf(ask, texts, labels, figures),
    labels:
      labels.length > MOST_LABELS
        ? []
        : labels.map((label, at) => labelFigures(ask, cells, { label, at, titleOf: () => null, given })),
    matrix: matrixOf(ask.annotators, texts, labels),
    weighted: weightedOf(ask, cells, counts, values),
    within: null,
  };
}

function stepSubject(
  ask: Ask,
  { units, alone }: { readonly units: readonly Unit<number>[]; readonly alone: number },
  tolerance: number,
): AgreementSubject {
  const { values, cells, counts, texts, labels } = numbered(ask, units);
  const figures = withIntervals(ask, cells, counts);
  const near = (resample: Float64Array): readonly (number | null)[] => [
    withinFigure(cells, resample, values, tolerance),
  ];
  return {
    about: 'step',
    name: null,
    title: null,
    alone,
    ...figures,
    warning: warningOf(ask, texts, labels, figures),
    labels: [],
    matrix: matrixOf(ask.annotators, texts, labels),
    weighted: null,
    within: {
      tolerance,
      percent: near(counts)[0] ?? null,
      ci: intervalsOf(cells, near, { seed: ask.seed })[0] ?? null,
    },
  };
}

function numbered(ask: Ask, units: readonly Unit<number>[]) {
  const values = [...new Set(units.flatMap(({ said }) => [...said.values()]))].sort((a, b) => a - b);
  const labels = values.map(String);
  const texts = units.map((unit) => ({
    ...unit,
    said: new Map([...unit.said].map(([who, value]) => [who, String(value)])),
  }));
  const cells = codesOf(ask, texts, labels);
  return { values, labels, texts, cells, counts: countsOf(cells) };
}

function weightedOf(
  { seed }: Ask,
  cells: Cells,
  counts: Float64Array,
  values: readonly number[],
): WeightedAgreement | null {
  if (values.length > MOST_WEIGHTED) return null;
  const figures = (of: Float64Array): (number | null)[] => [
    weightedFigure(cells, of, values, 1),
    weightedFigure(cells, of, values, 2),
    distanceAlpha(cells, of, values, 'ordinal'),
    distanceAlpha(cells, of, values, 'interval'),
  ];
  const [linear = null, quadratic = null, alphaOrdinal = null, alphaInterval = null] = figures(counts);
  const intervals = intervalsOf(cells, figures, { seed, work: 1 + values.length ** 2 / counts.length });
  const [l = null, q = null, o = null, i = null] = intervals;
  return {
    linear,
    quadratic,
    alphaOrdinal,
    alphaInterval,
    ci: { linear: l, quadratic: q, alphaOrdinal: o, alphaInterval: i },
  };
}

function withIntervals({ seed }: Ask, cells: Cells, counts: Float64Array, draws?: number): AgreementFigures {
  const [percent, kappa, ac1, alpha] = nominalFigures(cells, counts);
  const work = 1 + cells.labels / counts.length;
  const [p = null, k = null, a = null, t = null] = intervalsOf(cells, (of) => nominalFigures(cells, of), {
    seed,
    work,
    ...(draws === undefined ? {} : { draws }),
  });
  return { items: cells.cellOf.length, percent, kappa, ac1, alpha, ci: { percent: p, kappa: k, ac1: a, alpha: t } };
}

type LabelQuestion = {
  readonly label: string;
  /** Its code. */
  readonly at: number;
  readonly titleOf: (label: string) => string | null;
  readonly given: ReadonlyMap<string, number>;
};

function labelFigures(ask: Ask, cells: Cells, { label, at, titleOf, given }: LabelQuestion): AgreementLabel {
  const own = merged(oneAgainstRest(cells, at));
  const counts = countsOf(own);
  const figures = withIntervals(ask, own, counts, LABEL_DRAWS);
  const title = titleOf(label);
  const warning =
    ask.annotators.length === 2 ? prevalenceWarning(binaryConfusion(own, counts, title ?? label), figures) : null;
  return { label, title, given: given.get(label) ?? 0, ...figures, warning };
}

/** Two labels make few cells, whatever there were before. */
function merged(cells: Cells): Cells {
  const places = new Map<string, number>();
  const codes: number[] = [];
  const count = cells.codes.length / cells.raters;
  const target = Array.from({ length: count }, (_, cell) => {
    const own = [...cells.codes.subarray(cell * cells.raters, (cell + 1) * cells.raters)];
    const key = own.join(' ');
    let place = places.get(key);
    if (place === undefined) {
      place = places.size;
      places.set(key, place);
      codes.push(...own);
    }
    return place;
  });
  return { ...cells, codes: Int32Array.from(codes), cellOf: cells.cellOf.map((cell) => target[cell] ?? 0) };
}

function binaryConfusion({ codes }: Cells, counts: Float64Array, label: string): Confusion {
  const table = [
    [0, 0],
    [0, 0],
  ];
  counts.forEach((count, cell) => {
    const row = table[codes[cell * 2] ?? -1];
    const column = codes[cell * 2 + 1] ?? -1;
    if (row && column >= 0) row[column] = (row[column] ?? 0) + count;
  });
  return { labels: [`not ${label}`, label], counts: table };
}

/** The sentence is about two raters and one table; of more, or of a table that no one could read, it says nothing. */
function warningOf(
  { annotators }: Ask,
  units: readonly Unit<string>[],
  labels: readonly string[],
  figures: AgreementFigures,
): string | null {
  if (annotators.length !== 2 || labels.length > 200) return null;
  const place = new Map(labels.map((label, at) => [label, at]));
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  for (const { said } of units) {
    const [first, second] = annotators.map((who) => place.get(said.get(who) ?? '') ?? -1);
    const row = counts[first ?? -1];
    if (row && second !== undefined && second >= 0) row[second] = (row[second] ?? 0) + 1;
  }
  return prevalenceWarning({ labels, counts }, figures);
}

function codesOf({ annotators }: Ask, units: readonly Unit<string>[], labels: readonly string[]): Cells {
  const place = new Map(labels.map((label, at) => [label, at]));
  const items = units.map(({ said }) =>
    annotators.map((who) => {
      const label = said.get(who);
      return label === undefined ? -1 : (place.get(label) ?? -1);
    }),
  );
  return cellsOf(items, annotators.length, labels.length);
}
