import { expect, test } from 'vitest';
import { estimateText, flipWords, percent, shareText } from './words.ts';

test('shares and estimates with their intervals; what is not known is a dash', () => {
  expect(percent(0.8333)).toBe('83.3 %');
  expect([percent(0), percent(1)]).toEqual(['0 %', '100 %']);
  expect(shareText({ count: 5, of: 6, low: 0.436, high: 0.97 })).toEqual({
    value: '83.3 %',
    interval: '5 of 6 · 43.6 to 97.0 %',
  });
  expect(estimateText({ value: 0.4, interval: { low: 0.1, high: 0.7 } })).toEqual({
    value: '0.40',
    interval: '0.10 to 0.70',
  });
  expect(estimateText({ value: 0.4, interval: null }).interval).toBe('no interval');
  expect([shareText(null).value, estimateText(null).value]).toEqual(['–', '–']);
});

test('flips in words, only those that there are', () => {
  const none = {
    compared: 9,
    same: 9,
    passToFail: 0,
    failToPass: 0,
    toErrored: 0,
    toNotApplicable: 0,
    toVerdict: 0,
    scoreOnly: 0,
  };
  expect(flipWords(none)).toBe('');
  expect(flipWords({ ...none, passToFail: 6, toErrored: 1 })).toBe('6 pass → fail, 1 → error');
});
