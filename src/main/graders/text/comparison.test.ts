import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '#shared/json.ts';
import type { GraderDefinition } from '#shared/grader.ts';
import { gradeSubject } from '../grade.ts';
import { noServices } from '../testing/services.ts';
import { levenshteinScore, listContains } from './metrics/comparisons.ts';

type Case = { readonly scorer: string; readonly args: Record<string, Json>; readonly score: number };
const { cases } = JSON.parse(readFileSync('test/fixtures/vectors/scorers_autoevals.json', 'utf8')) as { cases: Case[] };
const METHODS: Record<string, string> = {
  NumericDiff: 'numeric_diff',
  ExactMatch: 'exact_match',
  JSONDiff: 'json_diff',
  ValidJSON: 'valid_json',
  ListContains: 'list_contains',
};

async function grade(fields: JsonObject, item: Json): Promise<{ score: number | null; flags: string[] }> {
  const definition: GraderDefinition = { type: 'comparison', name: 'c', ...fields };
  const { score, errors } = await gradeSubject(
    definition,
    { item, sample: {} },
    noServices,
    new AbortController().signal,
  );
  return { score, flags: errors.map(({ flag }) => flag) };
}

test.each(cases.map((each, at) => [`${at} ${each.scorer}`, each] as const))(
  'vector %s',
  async (_, { scorer, args, score }) => {
    const { output = null, expected = null, schema = null, allowExtraEntities } = args;
    if (scorer === 'Levenshtein') {
      expect(levenshteinScore(output as string, expected as string)).toBeCloseTo(score, 9);
      return;
    }
    const item = { output: JSON.stringify(output), expected: JSON.stringify(expected), text: output };
    const graded = await grade(
      {
        method: METHODS[scorer]!,
        input: scorer === 'ValidJSON' ? '{{ item.text }}' : '{{ item.output }}',
        reference: '{{ item.expected }}',
        schema,
        allow_extra: allowExtraEntities ?? null,
      },
      item,
    );
    expect(graded.flags).toEqual([]);
    expect(graded.score).toBeCloseTo(score, 9);
  },
);

test('best pairs, not the first ones that fit', () => {
  expect(listContains(['ab', 'abc'], ['abc', 'xbc'], false)).toBeCloseTo((1 / 3 + 1) / 2, 9);
  expect(listContains(['a', 'a'], ['a', 'b'], false)).toBe(0.5);
});

test('what cannot be compared: errors where the grader is wrong, 0 where the answer is', async () => {
  const numbers = { method: 'numeric_diff', input: '{{ item.a }}', reference: '{{ item.b }}' };
  expect(await grade(numbers, { a: 'many', b: 3 })).toEqual({ score: 0, flags: [] });
  expect(await grade(numbers, { a: 3, b: 'many' })).toEqual({ score: null, flags: ['other_error'] });
  const list = JSON.stringify(Array.from({ length: 5_000 }, () => 'x'));
  const lists = { method: 'list_contains', input: list, reference: list };
  expect(await grade(lists, {})).toEqual({ score: null, flags: ['truncated_observation_error'] });
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const trees = { method: 'json_diff', input: deep, reference: deep };
  expect(await grade(trees, {})).toEqual({ score: null, flags: ['truncated_observation_error'] });
});
