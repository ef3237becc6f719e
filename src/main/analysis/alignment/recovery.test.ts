/** Edits of known place in made traces: the first divergence is where the edit is. The benchmark does the same on recorded traces. */
import { expect, test } from 'vitest';
import { edit, EDITS, isWhere, makeSteps } from '../../../../test/support/step-edits.ts';
import { alignSteps } from './align-steps.ts';

test.each(EDITS)('%s: found exactly in 98 of 100, whatever the later steps say', (what) => {
  let [made, found] = [0, 0];
  for (const echo of [0, 0.5]) {
    for (let seed = 1; seed <= 60; seed++) {
      const edited = edit(makeSteps(seed, [20, 60, 150][seed % 3]!), what, seed * 13, echo);
      if (!edited) continue;
      made++;
      const { steps, firstDivergence } = alignSteps(edited.a, edited.b);
      if (isWhere(steps[firstDivergence], edited)) found++;
    }
  }
  expect(made).toBeGreaterThan(80);
  expect(found / made).toBeGreaterThanOrEqual(0.98);
});

test('both directions part at the same step', () => {
  for (const [k, what] of EDITS.entries()) {
    const edited = edit(makeSteps(k + 5, 80), what, k, 0.3)!;
    const there = alignSteps(edited.a, edited.b);
    const back = alignSteps(edited.b, edited.a);
    const [one, other] = [there.steps[there.firstDivergence]!, back.steps[back.firstDivergence]!];
    expect([what, one.a, one.b]).toEqual([what, other.b, other.a]);
  }
});
