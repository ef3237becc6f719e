import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { criterion, item, run } from '../testing/runs.ts';
import { readEvalFile } from './eval-file.ts';
import { findOpenAiRuns } from './openai-read.ts';
import { openAiLosses } from './openai-write.ts';
import { findPromptfooRuns } from './promptfoo-read.ts';
import { writePromptfooRun } from './promptfoo-write.ts';

const fixtures = join(import.meta.dirname, '../../../../../test/fixtures/evals');
const read = (name: string): Json => JSON.parse(readFileSync(join(fixtures, name), 'utf8')) as Json;

test('OpenAI: eval, run and output items find each other, whatever their order', () => {
  const found = findOpenAiRuns(read('openai.json'));
  expect(found?.format).toBe('OpenAI eval run');
  const [one] = found?.evals ?? [];
  expect([one?.id, one?.name, one?.metadata]).toEqual(['eval_1', 'Plans', { team: 'support' }]);
  const [first] = one?.runs ?? [];
  expect(first).toMatchObject({
    id: 'evalrun_1',
    name: 'before the change',
    status: 'done',
    metadata: { commit: '1a2b3c' },
    createdAt: 1743092069000,
    modelUse: [{ model: 'gpt-4o-mini', calls: 3, promptTokens: 100, completionTokens: 20, cachedTokens: 8 }],
  });
  expect(first?.criteria.map(({ name, definition }) => [name, definition.type])).toEqual([
    ['Names the plan', 'string_check'],
    ['Helpful', 'score_model'],
  ]);
  expect(
    first?.items.map(({ status, title, grades }) => [
      status,
      title,
      grades.map((grade) => [grade?.status, grade?.score, grade?.passed]),
    ]),
  ).toEqual([
    [
      'failed',
      'Which plan has priority support?',
      [
        ['graded', 0, false],
        ['graded', 0.8, true],
      ],
    ],
    [
      'passed',
      'What does silver cost?',
      [
        ['graded', 1, true],
        ['graded', 0.9, true],
      ],
    ],
    [
      'errored',
      'What is bronze?',
      [
        ['errored', null, null],
        ['errored', null, null],
      ],
    ],
  ]);
  // The judge's own words, and what it was asked, are kept.
  expect(first?.items[0]?.grades[1]?.explanation).toBe("It helps, without the plan's name.");
  expect(first?.items[0]?.grades[1]?.notes).toMatchObject({ imported: { sample: { model: 'gpt-4.1-2025-04-14' } } });
  expect(first?.items[2]?.grades[0]?.errors[0]?.message).toBe('The model was asked too often.');
  expect(found?.problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
    '/output_items/has_more This is one page of a list: the others are not in the file.',
  ]);
});

test('OpenAI: output items alone make a run and name its criteria', () => {
  const whole = read('openai.json') as { readonly output_items: { readonly data: readonly Json[] } };
  const found = findOpenAiRuns(whole.output_items.data);
  const [one] = found?.evals ?? [];
  expect([one?.id, one?.file]).toEqual(['eval_1', null]);
  expect(one?.runs[0]?.criteria.map(({ name, definition }) => [name, definition.type])).toEqual([
    ['Names the plan', 'string_check'],
    ['Helpful', 'score_model'],
  ]);
  expect(one?.runs[0]?.items).toHaveLength(3);
});

test('OpenAI: what counts say otherwise, what is there twice and what was still running is told', () => {
  const whole = read('openai.json') as Record<string, Record<string, Json>>;
  const runs = { ...whole.run, status: 'in_progress', result_counts: { total: 3, passed: 2, failed: 1, errored: 0 } };
  const found = findOpenAiRuns([{ ...whole, run: runs }, whole.output_items as Json]);
  expect(found?.evals[0]?.runs[0]?.status).toBe('cancelled');
  const said = (found?.problems ?? []).map(({ message }) => message).join('\n');
  expect(said).toContain('3 output items are in it twice');
  expect(said).toContain('was in_progress when it was listed');
  expect(said).toContain('say 2 passed, and its items are 1');
});

test('OpenAI: two criteria of one name, and results that name them by id', () => {
  const same = { type: 'string_check', name: 'same', input: 'a', reference: 'b', operation: 'eq' };
  const ids = ['same-11111111-1111-4111-8111-111111111111', 'same-22222222-2222-4222-8222-222222222222'];
  const found = findOpenAiRuns({
    eval: { object: 'eval', id: 'e', name: 'e', testing_criteria: ids.map((id) => ({ ...same, id })) },
    output_items: [
      {
        object: 'eval.run.output_item',
        id: 'o',
        eval_id: 'e',
        run_id: 'r',
        datasource_item: {},
        status: 'fail',
        results: [
          { name: ids[1] ?? '', passed: false, score: 0 },
          { name: ids[0] ?? '', passed: true, score: 1 },
        ],
      },
    ],
  });
  const [own] = found?.evals[0]?.runs ?? [];
  expect(own?.criteria.map(({ name }) => name)).toEqual(['same', 'same (2)']);
  expect(own?.items[0]?.grades.map((grade) => grade?.passed)).toEqual([true, false]);
});

test.each([
  ['text', 'x'],
  ['null', null],
  ['a number', 3],
  ['graders', [{ type: 'string_check' }]],
  ['an empty list', []],
  ['a promptfoo configuration', { prompts: ['x'], tests: [] }],
])('what is no run is not taken for one: %s', (_, value) => {
  expect(findOpenAiRuns(value as Json)).toBeNull();
  expect(findPromptfooRuns(value as Json)).toBeNull();
});

test('members of any kind in wrong places do no harm', () => {
  const odd: readonly Json[] = [null, 1, 'x', [], {}, [null], { name: 3 }];
  for (const value of odd)
    for (const key of [
      'results',
      'sample',
      'datasource_item',
      'status',
      'metadata',
      'id',
      'run_id',
      'datasource_item_id',
    ]) {
      const broken = { object: 'eval.run.output_item', id: 'o', results: [], [key]: value };
      expect(
        findOpenAiRuns({
          run: {
            object: 'eval.run',
            id: value,
            result_counts: value,
            per_model_usage: value,
            per_testing_criteria_results: value,
            data_source: value,
            error: value,
            created_at: value,
          },
          items: [broken],
        })?.kind,
      ).toBe('openai');
    }
  for (const value of odd)
    for (const key of [
      'gradingResult',
      'vars',
      'testCase',
      'provider',
      'prompt',
      'response',
      'promptIdx',
      'testIdx',
      'error',
      'metadata',
    ])
      expect(findPromptfooRuns([{ success: true, vars: {}, [key]: value }])?.kind ?? 'promptfoo').toBe('promptfoo');
});

test('promptfoo: a run for each provider; tests are tasks, assertions criteria', () => {
  const found = findPromptfooRuns(read('promptfoo.json'));
  const [one] = found?.evals ?? [];
  expect([one?.name, one?.runs.map(({ name }) => name)]).toEqual(['Capitals', ['openai:gpt-4o-mini', 'small']]);
  const [big, small] = one?.runs ?? [];
  expect(big?.criteria.map(({ name, weight }) => [name, weight])).toEqual([
    ['contains', 1],
    ['politeness', 2],
    ['contains (2)', 1],
  ]);
  expect(
    big?.items.map(({ task, title, status, score, durationMs, cost }) => [
      task,
      title,
      status,
      score,
      durationMs,
      cost,
    ]),
  ).toEqual([
    ['test 1', 'What is the capital of France?', 'passed', 1, 420, 0.0001],
    // Passed by the threshold of the test, although one assertion failed.
    ['test 2', 'Spain', 'passed', 0.5, 300, null],
  ]);
  expect(big?.items[1]?.grades.map((grade) => grade?.passed ?? null)).toEqual([true, null, false]);
  expect(small?.items.map(({ task, status }) => [task, status])).toEqual([
    ['test 1', 'errored'],
    ['test 2', 'errored'],
  ]);
  expect(small?.items[0]?.grades.map((grade) => grade?.status)).toEqual(['graded', 'errored']);
  expect(small?.items[1]?.sample).toMatchObject({ error: { message: 'connect ECONNREFUSED 127.0.0.1:11434' } });
});

test('OpenAI: an item without an answer errored, also where the API says "fail" and no criterion is known', () => {
  const found = findOpenAiRuns([
    {
      object: 'eval.run.output_item',
      id: 'o1',
      run_id: 'r',
      status: 'fail',
      datasource_item_id: 0,
      datasource_item: { q: 1 },
      results: [{ name: 'c', passed: false, score: 0 }],
      sample: { output: [], error: { code: 'server_error', message: 'It broke.' } },
    },
  ]);
  expect(found?.evals[0]?.runs[0]?.items[0]?.status).toBe('errored');
});

test('promptfoo: version 4 is known, and a later one is told', () => {
  const of = (version: number) =>
    findPromptfooRuns({
      results: { version, results: [{ success: true, score: 1, vars: { q: 'a' }, gradingResult: null }] },
    });
  expect(of(4)?.problems).toEqual([]);
  expect(of(5)?.problems).toMatchObject([{ path: '/results/version' }]);
});

test('promptfoo: the summary alone, its lines, version 2, and results without assertions', () => {
  const { results } = read('promptfoo.json') as { readonly results: { readonly results: readonly Json[] } };
  expect(findPromptfooRuns(results)?.evals[0]?.runs).toHaveLength(2);
  expect(findPromptfooRuns(results.results)?.evals[0]?.runs).toHaveLength(2);
  const old = {
    version: 2,
    results: [
      { success: false, score: 0.2, vars: { q: 'a' }, provider: 'p', prompt: { raw: 'x' }, response: { output: 'b' } },
    ],
    stats: {},
    table: { head: {}, body: [] },
  };
  const [own] = findPromptfooRuns(old)?.evals[0]?.runs ?? [];
  expect(own?.criteria.map(({ name }) => name)).toEqual(['success']);
  expect(own?.items[0]?.grades[0]).toMatchObject({ status: 'graded', passed: false, score: 0.2 });
});

test('promptfoo: a test that is repeated has trials', () => {
  const same = {
    success: true,
    score: 1,
    vars: { q: 'a' },
    provider: 'p',
    prompt: { raw: 'x' },
    response: { output: 'b' },
  };
  const [own] =
    findPromptfooRuns([
      { ...same, testIdx: 0 },
      { ...same, testIdx: 1 },
      { ...same, vars: { q: 'b' }, testIdx: 2 },
    ])?.evals[0]?.runs ?? [];
  expect(own?.items.map(({ task }) => task)).toEqual(['test 1', 'test 1', 'test 3']);
});

test('promptfoo: what goes out comes back', async () => {
  const criteria = [criterion('close', { passed: 1, failed: 1, weight: 2 }), criterion('fits', { passed: 2 })];
  const items = [
    {
      ...item({ id: 1, task: 'question_id 7', title: 'Why?', score: 0.5, results: [false, true] }),
      sample: { output_text: 'So.', output: [] },
    },
    {
      ...item({ id: 2, task: 'question_id 8', title: 'How?', score: 1, results: [true, true] }),
      sample: { output_text: 'Thus.', output: [] },
    },
  ];
  async function* all() {
    yield* items;
  }
  let text = '';
  for await (const piece of writePromptfooRun(run(criteria, 2), all())) text += piece;
  const [own] = findPromptfooRuns(JSON.parse(text) as Json)?.evals[0]?.runs ?? [];
  expect(own?.criteria.map(({ name, weight }) => [name, weight])).toEqual([
    ['close', 2],
    ['fits', 1],
  ]);
  expect(
    own?.items.map(({ task, status, score, traceId, grades }) => [
      task,
      status,
      score,
      traceId,
      grades.map((grade) => grade?.passed),
    ]),
  ).toEqual([
    ['question_id 7', 'failed', 0.5, 'trace-1', [false, true]],
    ['question_id 8', 'passed', 1, 'trace-1', [true, true]],
  ]);
});

test('what OpenAI has no place for is said by criterion', () => {
  const own = criterion('order', { definition: { type: 'tool_rules', name: 'order', required: ['a'] } });
  expect(openAiLosses(run([criterion('plain'), own], 1))).toMatchObject([{ severity: 'warning', path: 'order' }]);
});

const GRADER = {
  type: 'string_check',
  name: 'g',
  input: '{{ sample.output_text }}',
  reference: 'x',
  operation: 'like',
};

test('an eval file: OpenAI’s unchanged, with fields of ours', () => {
  const file = readEvalFile({
    name: 'Answers',
    data_source_config: { type: 'custom', item_schema: {} },
    testing_criteria: [{ ...GRADER, threshold: 0.9, weight: 2, id: 'x' }],
    query: 'agent:Triage',
    limit: 5,
    seed: 7,
    baseline: 'last',
    metadata: { team: 'a' },
  });
  expect(file).toMatchObject({
    ok: true,
    value: {
      name: 'Answers',
      criteria: [{ definition: GRADER, threshold: 0.9, weight: 2 }],
      source: { kind: 'filter', query: 'agent:Triage' },
      limit: 5,
      seed: 7,
      baseline: 'last',
      rows: null,
    },
  });
  // The threshold of the gate is none of the grader's: with another one it is the same grader.
  expect(file.ok && Object.keys(file.value.criteria[0]?.definition ?? {})).not.toContain('threshold');
});

test('an eval file: a run beside it, rows to grade, logs by metadata', () => {
  const rows: Json = {
    type: 'jsonl',
    source: { type: 'file_content', content: [{ item: { q: 1 }, sample: { output_text: 'x' } }, { q: 2 }] },
  };
  const both = readEvalFile({ eval: { name: 'e', testing_criteria: [GRADER] }, run: { data_source: rows } });
  expect(both.ok && both.value.rows).toEqual([
    { item: { q: 1 }, sample: { output_text: 'x' } },
    { item: { q: 2 }, sample: null },
  ]);
  const logs = readEvalFile({
    name: 'e',
    testing_criteria: [GRADER],
    data_source_config: { type: 'logs', metadata: { use: 'a "b"' } },
  });
  expect(logs.ok && logs.value.source).toEqual({ kind: 'filter', query: 'meta:"use=a \\"b\\""' });
});

test.each<[string, Json, RegExp]>([
  ['a grader', GRADER, /one grader/],
  ['a list of graders', [GRADER], /list of graders/],
  ['nothing', {}, /no "testing_criteria"/],
  ['no criteria', { name: 'e', testing_criteria: [] }, /no criteria/],
  ['an unknown kind', { testing_criteria: [{ type: 'vibes', name: 'v' }] }, /\/testing_criteria\/0\/type/],
  ['a threshold in percent', { testing_criteria: [{ ...GRADER, threshold: 90 }] }, /share from 0 to 1/],
  ['a weight below 0', { testing_criteria: [{ ...GRADER, weight: -1 }] }, /weight/],
  ['a source of no kind', { testing_criteria: [GRADER], source: { kind: 'all' } }, /\/source/],
  ['half a limit', { testing_criteria: [GRADER], limit: 1.5 }, /\/limit/],
])('an eval file that is none says why: %s', (_, value, why) => {
  const file = readEvalFile(value);
  expect(file.ok ? '' : file.error.message).toMatch(why);
});
