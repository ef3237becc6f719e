import { expect, test } from 'vitest';
import type { CriterionComparison, RunComparison } from '#shared/comparison.ts';
import { gateOf } from './gate.ts';
import { figuresOf } from './report/figures.ts';
import { criterion, item, run } from './testing/runs.ts';

const ten = (name: string, passed: number, threshold: number | null, more = {}) =>
  criterion(name, { passed, failed: 10 - passed, mean: passed / 10, threshold, ...more });

function kinds(verdict: ReturnType<typeof gateOf>): string[] {
  return verdict.checks.map(({ criterion: name, kind, holds }) => `${name}/${kind}/${holds ? 'holds' : 'fails'}`);
}

test('a threshold is met inclusively, also where the quotient has no exact binary form', () => {
  const of = (passed: number, threshold: number) => gateOf(run([ten('a', passed, threshold)], 10), [], null);
  expect(kinds(of(7, 0.7))).toEqual(['a/threshold/holds']);
  expect(of(7, 0.7).holds).toBe(true);
  expect(kinds(of(6, 0.7))).toEqual(['a/threshold/fails']);
  expect(of(6, 0.7).checks[0]?.says).toBe('6 of 10 items passed (60 %); 70 % must pass.');
});

test('the interval in the sentence is that of the figures: of trials it is clustered by task', () => {
  const criteria = [ten('a', 5, 0.5)];
  const rows = Array.from({ length: 10 }, (_, at) => item({ task: `t${at % 5}`, results: [at < 5] }).row);
  const [figures] = figuresOf({ criteria }, rows);
  expect([figures?.n, figures?.tasks]).toEqual([10, 5]);
  expect(gateOf(run(criteria, 10), figures ? [figures] : [], null).checks[0]?.says).toMatch(
    /^5 of 10 items passed \(50 %, 95 % between /,
  );
});

test('a run that shows nothing never holds', () => {
  expect(kinds(gateOf(run([ten('a', 10, null)], 0), [], null))).toEqual(['/empty/fails']);
  const errored = criterion('a', { errored: 10 });
  expect(kinds(gateOf(run([errored], 10), [], null))).toEqual(['/empty/fails', 'a/errors/fails']);
  const nowhere = criterion('a', { notApplicable: 10, threshold: 0.5 });
  expect(kinds(gateOf(run([nowhere], 10), [], null))).toEqual(['/empty/fails', 'a/threshold/fails']);
  expect(kinds(gateOf({ ...run([ten('a', 10, 0.5)], 10), status: 'cancelled' }, [], null))[0]).toBe(
    '/unfinished/fails',
  );
});

test('errors are told apart from failures, and fail when more than half errored', () => {
  const of = (passed: number, errored: number) =>
    gateOf(run([criterion('a', { passed, errored, mean: 1, threshold: 0.9 })], 10), [], null);
  expect(kinds(of(6, 4))).toEqual(['a/errors/holds', 'a/threshold/holds']);
  expect(kinds(of(5, 5))).toEqual(['a/errors/holds', 'a/threshold/holds']);
  expect(kinds(of(4, 6))).toEqual(['a/errors/fails', 'a/threshold/holds']);
  expect(of(4, 6).checks[0]?.says).toBe('6 of 10 items errored: too few are left to go by.');
});

test('the threshold of those that have none is not asked of what has neither pass nor fail', () => {
  const criteria = [ten('a', 9, null), ten('b', 5, 0.5), criterion('c', { mean: 0.9 })];
  const verdict = gateOf(run(criteria, 10), [], null, 1);
  expect(kinds(verdict)).toEqual(['a/threshold/fails', 'b/threshold/holds']);
  expect(verdict.checks[0]?.says).toBe(
    '9 of 10 items passed (90 %); 100 % must pass, as it has no threshold of its own.',
  );
  expect(kinds(gateOf(run(criteria, 10), [], null))).toEqual(['b/threshold/holds']);
});

test('a threshold on what has neither pass nor fail cannot hold', () => {
  const verdict = gateOf(run([criterion('a', { mean: 0.9, threshold: 0.5 })], 10), [], null);
  expect(verdict.holds).toBe(false);
  expect(verdict.checks[0]?.says).toContain('neither pass nor fail');
});

function against(...verdicts: readonly CriterionComparison['verdict'][]): RunComparison {
  const own = run(
    verdicts.map((_, at) => ten(`c${at}`, 9, null)),
    10,
  );
  const criteria = verdicts.map((verdict, at) => ({
    name: `c${at}`,
    verdict,
    says: 'Numbers.',
  })) as unknown as CriterionComparison[];
  return {
    baseline: { ...own, id: 'base', name: 'base' },
    others: [{ run: own, criteria }],
  } as unknown as RunComparison;
}

test('against a baseline no criterion may be significantly worse; what cannot be compared is no proof', () => {
  const of = (comparison: RunComparison) => gateOf(run([ten('c0', 9, null), ten('c1', 9, null)], 10), [], comparison);
  expect(of(against('no difference shown', 'better')).holds).toBe(true);
  expect(of(against('different', 'nothing to compare')).holds).toBe(true);
  expect(kinds(of(against('worse', 'better')))).toEqual(['c0/baseline/fails', 'c1/baseline/holds']);
  expect(of(against('worse', 'better')).checks[0]?.says).toBe('Significantly worse: Numbers.');
  expect(kinds(of(against('nothing to compare', 'nothing to compare'))).at(-1)).toBe('/baseline/fails');
  expect(of(against()).holds).toBe(false);
});
