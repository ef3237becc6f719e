import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wilson } from './wilson.ts';

test('the published intervals; of nothing, everything is possible', () => {
  const { cases } = JSON.parse(
    readFileSync(new URL('../../test/fixtures/statistics/stat_proportion_ci.json', import.meta.url), 'utf8'),
  ) as { cases: { successes: number; n: number; expected: { wilson: [number, number] | null } }[] };
  for (const { successes, n, expected } of cases) {
    if (!expected.wilson) continue;
    const { low, high } = wilson(successes, n);
    expect(low).toBeCloseTo(expected.wilson[0], 9);
    expect(high).toBeCloseTo(expected.wilson[1], 9);
  }
  // Exactly, for every number: rounding made 6e-18 of some.
  for (let n = 1; n < 200; n++) expect([wilson(0, n).low, wilson(n, n).high]).toEqual([0, 1]);
  expect(wilson(0, 0)).toEqual({ count: 0, of: 0, low: 0, high: 1 });
});
