import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { passAtK, passHatK } from '#shared/pass-k.ts';
import { gradeOf } from '../testing/subjects.ts';
import { convergenceOf } from './runs.ts';
import { measureNames } from './tool-metrics.ts';

function vectors<Case>(name: string): readonly Case[] {
  const file = readFileSync(`test/fixtures/vectors/${name}.json`, 'utf8');
  return (JSON.parse(file) as { readonly cases: readonly Case[] }).cases;
}

type Names = { name: string; actual: string[]; expected_calls: string[]; expected: Record<string, number | boolean> };

test.each(vectors<Names>('trajectory_names'))('names: $name', async ({ actual, expected_calls: wanted, expected }) => {
  const measured = measureNames(actual, wanted) as unknown as Record<string, number | boolean>;
  for (const [key, value] of Object.entries(expected)) {
    if (typeof value === 'boolean') expect(measured[key], key).toBe(value);
    else expect(measured[key], key).toBeCloseTo(value, 9);
  }
  const definition = { type: 'tool_use', name: 'g', metric: 'set_f1', expected: wanted, actual };
  expect((await gradeOf(definition, { item: {}, sample: {} })).score).toBeCloseTo(Number(expected.set_f1), 9);
});

type Args = { name: string; called: Json; reference: Json; expected: Record<string, number> };

test.each(vectors<Args>('trajectory_args'))('arguments: $name', async ({ called, reference, expected }) => {
  const { subRewards } = await gradeOf(
    { type: 'tool_use', name: 'g', metric: 'tool_correctness', expected: reference, actual: called },
    { item: {}, sample: {} },
  );
  expect(subRewards.argument_accuracy).toBeCloseTo(expected.ragas_strict!, 9);
  expect(subRewards.argument_accuracy_any_order).toBeCloseTo(expected.ragas_flexible!, 9);
  expect(subRewards.tool_correctness).toBeCloseTo(expected.deepeval_unordered!, 9);
  expect(subRewards.tool_correctness_in_order).toBeCloseTo(expected.deepeval_ordered!, 9);
});

test.each(vectors<{ lengths: number[]; expected: number }>('trajectory_convergence'))(
  'convergence of $lengths',
  ({ lengths, expected }) => {
    expect(convergenceOf(lengths)).toBeCloseTo(expected, 9);
  },
);

type PassK = { n: number; c: number; k: number; pass_at_k: number | null; pass_hat_k: number | null };

test.each(vectors<PassK>('stat_pass_k'))('pass@$k and pass^$k of $c in $n', ({ n, c, k, ...expected }) => {
  const close = (value: number | null, wanted: number | null) =>
    wanted === null ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted, 9);
  close(passAtK(n, c, k), expected.pass_at_k);
  close(passHatK(n, c, k), expected.pass_hat_k);
});

test('pass@k and pass^k of fewer runs than k are not known', () => {
  expect([passAtK(2, 2, 3), passHatK(2, 2, 3)]).toEqual([null, null]);
});
