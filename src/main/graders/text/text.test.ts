import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Grade, GraderDefinition, Subject } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { checkDefinition, needsOf } from '../definition.ts';
import { gradeSubject } from '../grade.ts';
import { GRADER_KINDS } from '../registry.ts';
import { toRunResult } from '../run-result.ts';
import { completeSample } from '../sample.ts';
import { noServices } from '../testing/services.ts';
import type { GraderKind, GradeServices } from '../types.ts';
import { notApplicable } from '../verdict.ts';
import { stringCheck } from './string-check.ts';
import { MOST_COMPARED, OPENAI_METRICS } from './text-similarity.ts';

const subject: Subject = { item: { label: 'Paris' }, sample: completeSample('{"city":"Paris"}') };

function grade(definition: JsonObject, on = subject, services: GradeServices = noServices): Promise<Grade> {
  return gradeSubject(definition as GraderDefinition, on, services, new AbortController().signal);
}

describe('string_check', () => {
  type Case = { readonly input: string; readonly reference: string; readonly expected: Record<string, number> };
  const { cases } = JSON.parse(readFileSync('test/fixtures/vectors/string_check.json', 'utf8')) as { cases: Case[] };
  test.each(cases)('$input against $reference', async ({ expected, ...item }) => {
    for (const [operation, score] of Object.entries(expected)) {
      const fields = { input: '{{ item.input }}', reference: '{{ item.reference }}', operation };
      const graded = await grade({ type: 'string_check', name: 's', ...fields }, { item, sample: {} });
      expect(graded, operation).toMatchObject({ status: 'graded', score, passed: score === 1 });
    }
  });

  test('neq is kept as ne, and fields that are not ours stay', () => {
    const given = { id: 'g-1', type: 'string_check', name: 's', input: '', reference: '', operation: 'neq', weight: 2 };
    expect(checkDefinition(given).definition).toEqual({ ...given, operation: 'ne' });
    const multi = { type: 'multi', name: 'm', graders: { a: given }, calculate_output: 'a' };
    expect(checkDefinition(multi).definition).toEqual({ ...multi, graders: { a: { ...given, operation: 'ne' } } });
    expect(checkDefinition({ ...given, operation: 'is' }).problems).toMatchObject([{ path: '/operation' }]);
  });

  test('one without a name, as in guides of OpenAI, goes by its kind, and one too deep in others is refused', async () => {
    const given = { type: 'string_check', input: 'a', reference: 'a', operation: 'eq' };
    const checked = checkDefinition(given);
    expect(checked.definition).toEqual({ ...given, name: 'string_check' });
    expect(checked.problems).toMatchObject([{ severity: 'warning', path: '/name' }]);
    expect(checkDefinition({ ...given, name: ' ' }).definition).toBeNull();
    const multi = { type: 'multi', graders: { first: given }, calculate_output: 'first' };
    expect(checkDefinition(multi).definition).toMatchObject({ name: 'multi', graders: { first: { name: 'first' } } });
    expect(await grade({ ...multi, name: 'm' })).toMatchObject({ score: 1, subRewards: { first: 1 } });

    let deep: JsonObject = given;
    for (let at = 0; at < 20_000; at++)
      deep = { type: at % 2 ? 'multi' : 'pass_k', graders: [deep], grader: deep, k: 1 };
    expect(checkDefinition(deep).definition).toBeNull();
  });

  test('the final sigma and the dotless i', async () => {
    const ilike = { type: 'string_check', name: 's', operation: 'ilike' };
    expect((await grade({ ...ilike, input: 'ΟΔΟΣ', reference: 'οδοσ' })).score).toBe(1);
    expect((await grade({ ...ilike, input: 'ısı', reference: 'isi' })).score).toBe(0);
  });

  test('evidence is the span that gave the answer, with the words', async () => {
    const trace = {
      output_text: 'It is Paris.',
      tool_calls: [],
      spans: [
        { id: 'agent', kind: 'agent', input: '', output: 'It is Paris.' },
        { id: 'call', kind: 'generation', input: '', output: 'It is Paris.' },
        { id: 'later', kind: 'tool', input: '', output: 'saved' },
      ],
    } as unknown as NonNullable<Subject['trace']>;
    const on = { item: {}, sample: completeSample('It is Paris.'), trace };
    const check = { type: 'string_check', name: 's', input: '{{ sample.output_text }}', operation: 'like' };
    const found = await grade({ ...check, reference: 'Paris' }, on);
    expect(found.evidence).toEqual([{ spanId: 'call', quote: 'Paris', note: null }]);
    const missed = await grade({ ...check, reference: 'Rome' }, on);
    expect(missed.evidence).toMatchObject([{ spanId: 'call', quote: null }]);
    const third = await grade({ ...check, input: '{{ trace.spans[2].output }}', reference: 'saved' }, on);
    expect(third.evidence).toEqual([{ spanId: 'later', quote: 'saved', note: null }]);
  });
});

describe('text_similarity', () => {
  const similarity = (fields: JsonObject): JsonObject => ({
    type: 'text_similarity',
    name: 't',
    input: '{{ item.a }}',
    reference: '{{ item.b }}',
    ...fields,
  });

  test.each(OPENAI_METRICS)('%s: OpenAI allows it, and it answers for alike texts', async (evaluation_metric) => {
    const services: GradeServices = {
      ...noServices,
      embed: () =>
        Promise.resolve({
          ok: true,
          value: { model: 'm', vectors: [Float32Array.of(1, 0), Float32Array.of(1, 0)], usage: [] },
        }),
    };
    const text = 'the cat sat on the mat today';
    const graded = await grade(
      similarity({ evaluation_metric, pass_threshold: 0.9 }),
      { item: { a: text, b: text }, sample: {} },
      services,
    );
    expect(graded).toMatchObject({ status: 'graded', passed: true, notes: { metric: evaluation_metric } });
    expect(graded.score).toBeGreaterThan(0.99);
  });

  test('cosine: without an endpoint it is an error and no zero; below zero counts 0', async () => {
    const item = { a: 'x', b: 'y' };
    const none = await grade(similarity({ evaluation_metric: 'cosine' }), { item, sample: {} });
    expect(none).toMatchObject({ status: 'errored', score: null, passed: null });
    expect(none.explanation.toLowerCase()).toContain('embedding endpoint not set');
    const embed = (...vectors: Float32Array[]): GradeServices => ({
      ...noServices,
      embed: () => Promise.resolve({ ok: true, value: { model: 'm', vectors, usage: [] } }),
    });
    const opposite = embed(Float32Array.of(1, 0), Float32Array.of(-1, 0));
    expect(await grade(similarity({ evaluation_metric: 'cosine' }), { item, sample: {} }, opposite)).toMatchObject({
      score: 0,
      notes: { model: 'm', dimensions: 2, below_zero: -1 },
    });
    const uneven = embed(Float32Array.of(1, 0), Float32Array.of(1));
    expect(await grade(similarity({ evaluation_metric: 'cosine' }), { item, sample: {} }, uneven)).toMatchObject({
      errors: [{ flag: 'model_grader_parse_error' }],
    });
  });

  test('options, and what was used stands in the notes', async () => {
    const item = { a: 'Paris 巴黎很美', b: '巴黎很美 Paris' };
    const notesOf = async (fields: JsonObject): Promise<[number | null, JsonObject]> => {
      const { score, notes } = await grade(similarity(fields), { item, sample: {} });
      return [score, notes];
    };
    expect(await notesOf({ evaluation_metric: 'rouge_1', unicode: true })).toMatchObject([1, { unicode: true }]);
    expect(await notesOf({ evaluation_metric: 'fuzzy_match', scorer: 'token_sort_ratio' })).toMatchObject([
      1,
      { scorer: 'token_sort_ratio', process: true },
    ]);
    expect(await notesOf({ evaluation_metric: 'bleu', tokenizer: 'whitespace', smoothing: 'method1' })).toMatchObject([
      expect.any(Number),
      { tokenizer: 'whitespace', smoothing: 'method1' },
    ]);
    expect(await notesOf({ evaluation_metric: 'meteor' })).toMatchObject([
      1 - 0.5,
      { synonyms: false, tokenizer: '13a' },
    ]);
    expect(await notesOf({ evaluation_metric: 'lexical_cosine' })).toMatchObject([
      expect.any(Number),
      { metric: 'lexical_cosine' },
    ]);
    expect(checkDefinition(similarity({ evaluation_metric: 'bleu', tokenizer: 'other' })).definition).toBeNull();
  });

  test('hostile lengths: bounded, or an error that says so', async () => {
    const random = (length: number, seed: number): string => {
      let state = seed;
      return Array.from({ length }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return 'abcdefgh '[state % 9] ?? 'a';
      }).join('');
    };
    const item = { a: random(40_000, 1), b: random(40_000, 2) };
    const started = performance.now();
    for (const evaluation_metric of [
      'fuzzy_match',
      'bleu',
      'gleu',
      'meteor',
      'rouge_5',
      'rouge_l',
      'levenshtein',
      'lexical_cosine',
    ])
      expect((await grade(similarity({ evaluation_metric }), { item, sample: {} })).status).toBe('graded');
    const partial = similarity({ evaluation_metric: 'fuzzy_match', scorer: 'partial_ratio' });
    const long = { item: { a: item.a.slice(0, 20_000), b: item.b }, sample: {} };
    expect((await grade(partial, long)).notes.at_most_too_low).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(30_000);
    const tooLong = { item: { a: 'x'.repeat(MOST_COMPARED + 1), b: 'x' }, sample: {} };
    expect(await grade(similarity({ evaluation_metric: 'fuzzy_match' }), tooLong)).toMatchObject({
      errors: [{ flag: 'truncated_observation_error' }],
    });
  }, 60_000);
});

describe('multi', () => {
  const check = (name: string, reference: string): JsonObject => ({
    type: 'string_check',
    name,
    input: '{{ item.label }}',
    reference,
    operation: 'eq',
  });
  const multi = (graders: Json, calculate_output: string): JsonObject => ({
    type: 'multi',
    name: 'm',
    graders,
    calculate_output,
  });

  test.each<[string, Json, string, Record<string, number>]>([
    ['keyed by variable', { a: check('x', 'Paris'), b: check('y', 'Rome') }, '0.75 * a + 0.25 * b', { a: 1, b: 0 }],
    [
      'a list',
      [check('Exact (v2)', 'Paris'), check('Exact (v2)', 'Rome')],
      '(3 * Exact_v2 + Exact_v2_2) / 4',
      { Exact_v2: 1, Exact_v2_2: 0 },
    ],
    ['one alone', check('city', 'Paris'), 'city * 0.75', { city: 1 }],
    ['by its kind', [check('city', 'Paris')], 'string_check_score * 0.75', { city: 1 }],
  ])('%s', async (_, graders, formula, subRewards) => {
    expect(await grade(multi(graders, formula))).toMatchObject({
      status: 'graded',
      score: 0.75,
      passed: true,
      subRewards,
    });
  });

  test('scores go in as they are, and come out unclamped', async () => {
    expect((await grade(multi({ a: check('a', 'Paris') }, 'a * 3 - 5'))).score).toBe(-2);
  });

  test.each([
    ['none inside of another', multi({ a: multi({ b: check('b', 'x') }, 'b') }, 'a'), 'other_error'],
    ['an unknown name', multi({ a: check('a', 'x') }, 'a + b'), 'invalid_variable_error'],
    ['a formula that breaks', multi({ a: check('a', 'x') }, '0.5 * a)'), 'formula_parse_error'],
    ['a division by 0', multi({ a: check('a', 'x') }, '1 / a'), 'unresponsive_reward_error'],
    ['an error in a part', multi({ a: { ...check('a', 'x'), input: '{{ item.no }}' } }, 'a'), 'invalid_variable_error'],
  ])('%s is an error', async (_, definition, flag) => {
    const graded = await grade(definition);
    expect(graded).toMatchObject({ status: 'errored', score: null, errors: [{ flag }] });
    expect(toRunResult(definition as GraderDefinition, graded)).toMatchObject({
      reward: 0,
      metadata: { errors: { [flag]: true } },
    });
  });

  test('an errored part leaves the others their rewards; needs are those of the parts', async () => {
    const parts = { good: check('a', 'Paris'), bad: { ...check('b', 'x'), input: '{{ trace.transcript }}' } };
    expect((await grade(multi(parts, 'good + bad'))).subRewards).toEqual({ good: 1, bad: null });
    expect(needsOf(multi(parts, 'good + bad'))).toEqual({ findings: false, transcript: true });
  });

  test('one that does not apply: the whole does not, where the formula uses it', async () => {
    const silent: GraderKind = {
      ...stringCheck,
      type: 'silent',
      schema: {},
      check: () => [],
      grade: () => notApplicable('There is nothing to judge.'),
    };
    const kinds = [...GRADER_KINDS, silent];
    const parts = { good: check('a', 'Paris'), other: { type: 'silent', name: 's' } };
    const graded = (formula: string): Promise<Grade> =>
      gradeSubject(multi(parts, formula) as GraderDefinition, subject, noServices, new AbortController().signal, kinds);
    expect(await graded('good + other')).toMatchObject({
      status: 'not_applicable',
      score: null,
      explanation: 'other does not apply: There is nothing to judge.',
    });
    expect(await graded('good')).toMatchObject({ status: 'graded', score: 1, subRewards: { good: 1, other: null } });
  });
});

test("the sample: a text, a chat completion, or OpenAI's object", () => {
  expect(completeSample('{"a":1}')).toEqual({ output_text: '{"a":1}', output_json: { a: 1 } });
  expect(completeSample('12')).toEqual({ output_text: '12' });
  const choices = [{ message: { content: 'Hi', tool_calls: [{ id: 'c1' }] } }];
  expect(completeSample({ choices })).toEqual({ choices, output_text: 'Hi', output_tools: [{ id: 'c1' }] });
  const given = { output_text: '[1]', output_json: 'kept', extra: 1 };
  expect(completeSample(given)).toEqual(given);
});

test('every kind: its example can be used, and its schema names its fields', () => {
  for (const { type, example, schema } of GRADER_KINDS) {
    expect(
      checkDefinition(example).problems.filter(({ severity }) => severity === 'error'),
      type,
    ).toEqual([]);
    // Those of every kind need not be in its schema.
    const named = ['scope', 'direction', 'pass_threshold', ...Object.keys(schema.properties as JsonObject)];
    expect(named, type).toEqual(expect.arrayContaining(Object.keys(example)));
  }
});

test('what is said of the threshold follows the direction', async () => {
  const near = {
    type: 'text_similarity',
    name: 't',
    input: 'a b',
    reference: 'a b',
    evaluation_metric: 'rouge_1',
    pass_threshold: 0.3,
  };
  const said = async (direction: string): Promise<string> => (await grade({ ...near, direction })).explanation;
  expect(await said('maximise')).toBe('rouge_1 is 1; it passes from 0.3.');
  expect(await said('minimise')).toBe('rouge_1 is 1; it passes up to 0.3.');
  expect(await said('neutral')).toBe('rouge_1 is 1.');
});
