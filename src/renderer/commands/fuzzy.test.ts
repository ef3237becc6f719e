import { expect, test } from 'vitest';
import { fuzzyFit } from './fuzzy.ts';

function best(typed: string, ...titles: string[]): string | undefined {
  return titles
    .map((title) => ({ title, fit: fuzzyFit(typed, title) }))
    .filter(({ fit }) => fit !== null)
    .toSorted((a, b) => b.fit!.score - a.fit!.score)[0]?.title;
}

test('letters must occur in order', () => {
  expect(fuzzyFit('imf', 'Import files…')).not.toBeNull();
  expect(fuzzyFit('fmi', 'Import files…')).toBeNull();
  expect(fuzzyFit('', 'Anything')).toEqual({ score: 0, at: [] });
});

test('word starts win', () => {
  expect(best('gs', 'Go to Settings', 'Regressions')).toBe('Go to Settings');
  expect(best('trace', 'Retrace', 'Search traces')).toBe('Search traces');
});

test('marks what matched', () => {
  expect(fuzzyFit('gts', 'Go to Settings')?.at).toEqual([0, 3, 6]);
  expect(fuzzyFit('sett', 'Go to Settings')?.at).toEqual([6, 7, 8, 9]);
});

test('a long title and a long input take no time', () => {
  const started = performance.now();
  fuzzyFit('ab'.repeat(500), 'a b'.repeat(5_000));
  expect(performance.now() - started).toBeLessThan(500);
});
