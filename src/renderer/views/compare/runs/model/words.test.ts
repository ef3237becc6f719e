import { expect, test } from 'vitest';
import { criterion, runRow, side } from '../testing/sample-comparison.ts';
import {
  costWords,
  deltaRangeText,
  deltaText,
  durationWords,
  needText,
  pSentence,
  runLabel,
  sideWords,
  summaryWords,
  trialCounts,
  valueText,
} from './words.ts';

test.each([
  [
    ['better', 'worse', 'no difference shown', 'no difference shown'],
    '1 of 4 criteria is better, 1 worse, 2 show no difference.',
  ],
  [['no difference shown'], '1 of 1 criterion shows no difference.'],
  [['worse', 'worse', 'different'], '2 of 3 criteria are worse, 1 different.'],
  [['nothing to compare', 'no difference shown'], '1 of 2 criteria shows no difference, 1 has nothing to compare.'],
  [[], 'The runs have no criterion in common.'],
] as const)('%j is said as %s', (verdicts, said) => {
  expect(summaryWords(verdicts.map((verdict) => ({ verdict })))).toBe(said);
});

test('differences of rates are points, those of means are numbers, with a sign', () => {
  expect(deltaText(0.12, 'pass rate')).toBe('+12 points');
  expect(deltaText(-0.01, 'pass rate')).toBe('−1 point');
  expect(deltaText(0, 'pass rate')).toBe('0 points');
  expect(deltaText(-0.03125, 'mean score')).toBe('−0.031');
  expect(deltaText(null, 'mean score')).toBe('–');
  expect(deltaRangeText({ low: -0.0301, high: 0.21 }, 'pass rate')).toBe('−3 to +21');
  expect(deltaRangeText(null, 'pass rate')).toBe('no interval');
  expect(valueText(0.5833, 'pass rate')).toBe('58.3 %');
  expect(valueText(Number.NaN, 'mean score')).toBe('–');
});

test('p is never 0, and never written to more digits than it has', () => {
  expect([pSentence(0), pSentence(0.0004), pSentence(0.0389), pSentence(0.5), pSentence(null)]).toEqual([
    'p < 0.001',
    'p < 0.001',
    'p = 0.039',
    'p = 0.50',
    'no p',
  ]);
});

test('what more examples would do', () => {
  const of = (moreNeeded: number | null): string => needText({ ...criterion('x'), moreNeeded }).more;
  expect(of(40)).toBe('About 40 more examples would settle it');
  expect(of(0)).toBe('Settled');
  expect(of(null)).toBe('More examples would not settle it');
  expect(needText(criterion('x')).detects).toBe('10 points');
});

test('what has no verdict is told beside what has', () => {
  expect(sideWords(side(0.5, { n: 200, tasks: 50, errored: 2, notApplicable: 1 }))).toBe(
    '200 items · 50 tasks · 2 errored · 1 not applicable',
  );
});

test('k goes as far as any criterion has trials', () => {
  expect(trialCounts([criterion('x'), criterion('y', { b: side(0.5, { passHatK: [0.5, 0.4, null] }) })])).toEqual([
    1, 2, 3,
  ]);
  expect(trialCounts([criterion('x')])).toEqual([]);
});

test('cost and time have a sign and a unit', () => {
  const range = { low: -0.1, high: 0.3 };
  expect(costWords({ a: 1.5, b: 1.7, delta: 0.2, range })).toEqual({
    a: '$1.50',
    b: '$1.70',
    delta: '+$0.20',
    range: '−$0.10 to +$0.30',
  });
  expect(durationWords({ a: 90_000, b: null, delta: null, range: null })).toEqual({
    a: '1 min 30 s',
    b: '–',
    delta: '–',
    range: 'no interval',
  });
});

test('a run that is not done says so', () => {
  expect(runLabel(runRow('a', { name: 'before', status: 'cancelled' }))).toMatch(
    /^before · \d{4}-\d\d-\d\d \d\d:\d\d · 29 of 49 passed · cancelled$/,
  );
});
