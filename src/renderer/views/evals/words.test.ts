import { expect, test } from 'vitest';
import { lengthWords, passRate, percent, rateWords, remainingWords, sourceWords } from './words.ts';

const names = new Map([['d', 'Flights']]);

test.each([
  [{ kind: 'traces', traceIds: ['a'] } as const, '1 chosen trace'],
  [{ kind: 'filter', query: ' ' } as const, 'all traces'],
  [{ kind: 'filter', query: 'agent:Planner' } as const, 'traces for agent:Planner'],
  [
    { kind: 'dataset', datasetId: 'd', version: 3, query: 'since:2026-01-01', link: { by: 'any' } } as const,
    'examples of “Flights”, version 3, traces for since:2026-01-01',
  ],
  [
    { kind: 'dataset', datasetId: 'x', version: null, query: '', link: { by: 'input' } } as const,
    'examples of a dataset, newest version',
  ],
  [{ kind: 'imported', format: 'promptfoo', path: '/a/b.json' } as const, 'imported: promptfoo, b.json'],
])('%o is %s', (source, words) => {
  expect(sourceWords(source, names)).toBe(words);
});

test('a long query is cut, between characters', () => {
  const words = sourceWords({ kind: 'filter', query: '🛫'.repeat(400) }, names);
  expect(words).toBe(`traces for ${'🛫'.repeat(120)}…`);
});

test('a share is never rounded to what it is not', () => {
  expect([0, 0.0001, 0.125, 0.5, 0.9999, 1].map(percent)).toEqual([
    '0 %',
    '<0.1 %',
    '12.5 %',
    '50 %',
    '>99.9 %',
    '100 %',
  ]);
});

test('a pass rate comes with its interval, and leaves errors out', () => {
  // Wilson 1927 at 8 of 10: 0.490…0.943.
  expect(rateWords(passRate({ passed: 8, failed: 2 }))).toBe('80 % (49–94.3 %)');
  expect(passRate({ passed: 0, failed: 0 })).toBeNull();
  expect(rateWords(null)).toBe('–');
});

test('what is left follows the pace, and is not told before there is one', () => {
  const counts = { total: 100, done: 25, passed: 25, failed: 0, errored: 0, neither: 0 };
  expect(remainingWords({ status: 'running', startedAt: 0, counts }, 60_000)).toBe('about 3 min left');
  expect(remainingWords({ status: 'running', startedAt: 0, counts: { ...counts, done: 0 } }, 60_000)).toBeNull();
  expect(remainingWords({ status: 'cancelled', startedAt: 0, counts }, 60_000)).toBeNull();
});

test.each([
  [4, '4 ms'],
  [1_250, '1.3 s'],
  [89_000, '89 s'],
  [240_000, '4 min'],
  [3 * 3_600_000, '3 h'],
  [72 * 3_600_000, '3 days'],
])('%i ms is %s', (ms, words) => {
  expect(lengthWords(ms)).toBe(words);
});
