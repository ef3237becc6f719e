import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ADJUDICATION, type Agreement } from '#shared/agreement.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { agreementOf } from './agreement.ts';
import type { Judgement } from './judgements.ts';

const QUESTION = { taxonomies: [], tolerance: 1, seed: 42 };

type Value = string | number;
const vectors = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/statistics/stat_agreement.json', import.meta.url), 'utf8'),
) as {
  two_raters: { name: string; rater1: Value[]; rater2: Value[]; expected: Record<string, number> }[];
  krippendorff_missing: { raters: (number | null)[][]; expected: Record<string, number> };
};

function judgement(annotator: string, traceId: string, change: Partial<Judgement> = {}): Judgement {
  return {
    annotator,
    traceId,
    place: '',
    step: null,
    kind: 'category',
    taxonomy: 'mast',
    category: null,
    score: null,
    passed: null,
    agent: null,
    isRootCause: false,
    ...change,
  };
}

function subject(found: Agreement, about: string) {
  return found.subjects.find((each) => each.about === about)!;
}

describe.each(vectors.two_raters)('two annotators: $name', ({ rater1, rater2, expected }) => {
  const said = (value: Value): Partial<Judgement>[] => [
    { kind: 'category', category: String(value) },
    ...(typeof value === 'number' ? [{ kind: 'score' as const, taxonomy: 'quality', score: value }] : []),
    ...(value === 'P' || value === 'F' ? [{ kind: 'verdict' as const, taxonomy: null, passed: value === 'P' }] : []),
  ];
  const judgements = rater1.flatMap((value, k) => [
    ...said(value).map((each) => judgement('ann', `t${k}`, each)),
    ...said(rater2[k]!).map((each) => judgement('ben', `t${k}`, each)),
  ]);
  const found = agreementOf(judgements, QUESTION);
  test('the published figures, as categories, as verdicts and as scores', () => {
    expect(found.items).toBe(rater1.length);
    expect(found.annotators).toEqual(['ann', 'ben']);
    for (const each of found.subjects) {
      expect(each.items).toBe(rater1.length);
      expect(each.percent).toBeCloseTo(expected.percent_agreement!, 9);
      expect(each.kappa).toBeCloseTo(expected.cohen_kappa!, 9);
      expect(each.ac1).toBeCloseTo(expected.gwet_ac1!, 9);
      expect(each.alpha).toBeCloseTo(expected.krippendorff_alpha_nominal!, 9);
      for (const interval of Object.values(each.ci)) if (interval) expect(interval[0]).toBeLessThanOrEqual(interval[1]);
    }
    expect(found.subjects.length).toBe(new Set(said(rater1[0]!).map(({ kind }) => kind)).size);
    const { weighted } = subject(found, 'score') ?? {};
    if (expected.krippendorff_alpha_interval !== undefined) {
      expect(weighted?.linear).toBeCloseTo(expected.kappa_linear!, 9);
      expect(weighted?.quadratic).toBeCloseTo(expected.kappa_quadratic!, 9);
      expect(weighted?.alphaInterval).toBeCloseTo(expected.krippendorff_alpha_interval, 9);
      expect(weighted?.alphaOrdinal).toBeCloseTo(expected.krippendorff_alpha_ordinal!, 9);
    }
  });
});

test('four annotators who left items out', () => {
  const { raters, expected } = vectors.krippendorff_missing;
  const judgements = raters.flatMap((values, r) =>
    values.flatMap((score, k) =>
      score === null ? [] : [judgement(`rater ${r}`, `t${k}`, { kind: 'score', taxonomy: 'quality', score })],
    ),
  );
  const score = subject(agreementOf(judgements, QUESTION), 'score');
  expect(score.alpha).toBeCloseTo(expected.nominal!, 9);
  expect(score.weighted?.alphaInterval).toBeCloseTo(expected.interval!, 9);
  expect(score.weighted?.alphaOrdinal).toBeCloseTo(expected.ordinal!, 9);
  expect(score.alone).toBe(1);
});

test('where one label fills everything a sentence says which figure misleads, and why', () => {
  const paradox = vectors.two_raters.find(({ name }) => name === 'high_prevalence_paradox')!;
  const judgements = paradox.rater1.flatMap((value, k) => [
    judgement('ann', `t${k}`, { kind: 'verdict', passed: value === 'P' }),
    judgement('ben', `t${k}`, { kind: 'verdict', passed: paradox.rater2[k] === 'P' }),
  ]);
  const verdict = subject(agreementOf(judgements, QUESTION), 'verdict');
  expect(verdict.warning).toMatch(/^98 % of all labels are "pass".*kappa \(-0\.02\)/);
  expect(verdict.matrix).toMatchObject({ labels: ['pass', 'fail'] });
  const cell = verdict.matrix.cells.find(({ row, column }) => row === 1 && column === 0)!;
  expect(cell).toEqual({ row: 1, column: 0, count: 2, traces: 2, traceIds: ['t96', 't97'] });
});

test('aliases count together, and raw spellings stay apart without a taxonomy', () => {
  const mast = {
    id: 'mast',
    title: 'MAST',
    about: '',
    version: 1,
    preset: true,
    categories: [
      { code: '1.1', title: 'Disobeys', definition: '', parent: null, aliases: ['task ignored'], retired: false },
    ],
  } satisfies Taxonomy;
  const judgements = [judgement('ann', 't', { category: '1.1' }), judgement('ben', 't', { category: 'Task ignored' })];
  expect(subject(agreementOf(judgements, { ...QUESTION, taxonomies: [mast] }), 'category').percent).toBe(1);
  expect(subject(agreementOf(judgements, QUESTION), 'category').percent).toBe(0);
});

test('places that both judged are items; where they marked different ones, the trace is', () => {
  const at = (annotator: string, trace: string, place: string, category: string) =>
    judgement(annotator, trace, { place, category });
  const { items, subjects } = agreementOf(
    [
      at('ann', 'same', 'span a', 'x'),
      at('ben', 'same', 'span a', 'x'),
      at('ann', 'same', 'span b', 'y'),
      at('ann', 'apart', 'span a', 'x'),
      at('ben', 'apart', 'span c', 'z'),
      at('ben', 'only ben', '', 'x'),
    ],
    QUESTION,
  );
  expect(items).toBe(2);
  expect(subjects[0]).toMatchObject({ about: 'category', items: 2, percent: 0.5, alone: 2 });
});

test('several categories of one place are one label together, and each of them is asked on its own', () => {
  const both = ['x', 'y'].map((category) => judgement('ann', 't', { category }));
  const category = subject(agreementOf([...both, judgement('ben', 't', { category: 'x' })], QUESTION), 'category');
  expect(category.percent).toBe(0);
  expect(category.labels.map(({ label, percent, given }) => [label, percent, given])).toEqual([
    ['x', 1, 2],
    ['y', 0, 1],
  ]);
});

test('blame: the root cause before the earliest, letter case does not matter, steps within the tolerance', () => {
  const blame = (annotator: string, trace: string, agent: string, step: number, isRootCause = false) =>
    judgement(annotator, trace, { kind: 'blame', place: `span ${step}`, agent, step, isRootCause });
  const judgements = [
    blame('ann', 't1', 'WebSurfer', 9),
    blame('ann', 't1', 'WebSurfer', 4, true),
    blame('ann', 't1', 'Coder', 2),
    blame('ben', 't1', 'Websurfer', 5),
    blame('ben', 't1', 'Coder', 8),
    blame('ann', 't2', 'Coder', 3),
    blame('ben', 't2', 'Planner', 3),
  ];
  const found = agreementOf(judgements, QUESTION);
  expect(found.items).toBe(2);
  expect(subject(found, 'agent')).toMatchObject({ items: 2, percent: 0.5 });
  expect(subject(found, 'agent').matrix.labels).toContain('WebSurfer');
  expect(subject(found, 'step')).toMatchObject({ items: 2, percent: 0.5, within: { tolerance: 1, percent: 1 } });
  expect(found.attribution).toEqual({ items: 2, agent: 0.5, step: 0.5, stepWithin: 1, both: 0 });
});

test('decisions of conflicts are compared when they are asked for, and the seed decides the intervals', () => {
  const judgements = Array.from({ length: 53 }, (_, k) => [
    judgement('ann', `t${k}`, { category: k % 2 ? 'x' : 'y' }),
    judgement('ben', `t${k}`, { category: k % 3 ? 'x' : 'y' }),
    judgement(ADJUDICATION, `t${k}`, { category: 'x' }),
  ]).flat();
  expect(agreementOf(judgements, QUESTION).annotators).toEqual(['ann', 'ben']);
  const decided = agreementOf(judgements, { ...QUESTION, annotators: [ADJUDICATION, 'ann'] });
  expect(decided.annotators).toEqual([ADJUDICATION, 'ann']);
  const again = agreementOf(judgements, QUESTION);
  expect(again).toEqual(agreementOf(judgements, QUESTION));
  expect(agreementOf(judgements, { ...QUESTION, seed: 1 }).subjects[0]!.ci).not.toEqual(again.subjects[0]!.ci);
});

test('nobody to compare with is no agreement', () => {
  expect(agreementOf([], QUESTION)).toMatchObject({ items: 0, annotators: [], subjects: [], attribution: null });
  const alone = agreementOf([judgement('ann', 't', { category: 'x' })], QUESTION);
  expect(alone).toMatchObject({ items: 0, known: [{ name: 'ann', judgements: 1 }], subjects: [] });
});

test('fifty thousand items of two annotators take seconds, not minutes', () => {
  const judgements = Array.from({ length: 50_000 }, (_, k) => [
    judgement('ann', `t${k}`, { category: `c${k % 14}`, agent: `a${k % 9}`, step: k % 500 }),
    judgement('ben', `t${k}`, { category: `c${k % 13}`, agent: `a${k % 8}`, step: k % 490 }),
  ]).flat();
  const started = performance.now();
  expect(agreementOf(judgements, QUESTION).items).toBe(50_000);
  expect(performance.now() - started).toBeLessThan(20_000);
}, 30_000);
