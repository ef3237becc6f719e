import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { GraderDefinition } from '#shared/grader.ts';
import { JUDGE_PRESETS } from '#shared/judge-presets.ts';
import { canonicalJson } from '#shared/canonical-json.ts';
import { gradeOf, ofTrace } from '../testing/subjects.ts';
import { GRADER_KINDS } from '../registry.ts';
import { readGraders } from './read-graders.ts';
import type { ReadGraders } from './types.ts';
import { writeGraders } from './write-graders.ts';

function file(name: string): string {
  return readFileSync(`test/fixtures/graders/exchange/${name}`, 'utf8');
}

function read(text: string): ReadGraders {
  const result = readGraders(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function said({ problems }: ReadGraders, path: string): string[] {
  return problems.filter((problem) => problem.path === path).map(({ severity, message }) => `${severity}: ${message}`);
}

function found({ definitions }: ReadGraders, path: string): GraderDefinition {
  const one = definitions.find((each) => each.path === path)?.definition;
  if (!one) throw new Error(`nothing came of ${path}`);
  return one;
}

test('a page of GET /evals: all criteria, unchanged but for neq, and what is unknown is said', () => {
  const all = read(file('evals.json'));
  expect(all.format).toBe('OpenAI eval');
  expect(all.definitions.map(({ definition }) => definition.name)).toEqual([
    'Names the plan',
    'Close to the reference',
    'Tone',
    'Helpful',
    'Length',
    'No apology',
    'No threshold',
  ]);
  const given = JSON.parse(file('evals.json')) as { data: { testing_criteria: object[] }[] };
  expect(all.definitions.slice(0, 5).map(({ definition }) => definition)).toEqual(given.data[0]!.testing_criteria);
  expect(found(all, '/data/1/testing_criteria/0').operation).toBe('ne');
  expect(said(all, '/data/1/testing_criteria/0/operation')[0]).toMatch(/^info: "neq"/);
  expect(said(all, '/data/1/testing_criteria/1/pass_threshold')[0]).toMatch(/0\.5/);
  expect(said(all, '/data/1/testing_criteria/2/type')[0]).toMatch(/^error: There is no kind "vibes"/);
  expect(said(all, '/has_more')[0]).toMatch(/one page/);
});

test.each([
  ['a grader alone', { type: 'error_spans', name: 'a' }, 1, 'grader'],
  [
    'a list',
    [
      { type: 'error_spans', name: 'a' },
      { type: 'loop', name: 'b' },
    ],
    2,
    'list of graders',
  ],
  [
    'a request of the run endpoint',
    { grader: { type: 'error_spans', name: 'a' }, model_sample: 'x' },
    1,
    'request of OpenAI’s grader endpoint',
  ],
  [
    'rows of graders list --json',
    [{ id: 'x', type: 'loop', name: 'a', current: { definition: { type: 'loop', name: 'a' } } }],
    1,
    'list of graders',
  ],
  ['an eval without names', { name: 'E', testing_criteria: [{ type: 'error_spans' }] }, 1, 'OpenAI eval'],
])('%s', (_, value, count, format) => {
  const all = read(JSON.stringify(value));
  expect([all.definitions.length, all.format]).toEqual([count, format]);
});

test('a reinforcement job holds its grader', () => {
  const all = read(file('reinforcement-job.json'));
  expect(all.definitions).toMatchObject([{ definition: { type: 'multi', name: 'Order extraction' } }]);
});

test('every assertion of a promptfoo configuration is a grader, or is said to be none', async () => {
  const all = read(file('promptfooconfig.yaml'));
  expect(all.format).toBe('promptfoo configuration');
  const refused = all.problems.filter(({ severity }) => severity === 'error');
  expect(refused.map(({ path, message }) => `${path} ${message}`)).toEqual([
    expect.stringMatching(/^\/tests\/0\/assert\/17 "moderation" has no counterpart/),
    expect.stringMatching(/^\/tests\/0\/assert\/18 "context-recall" has no counterpart/),
    expect.stringMatching(/^\/tests\/0\/assert\/19 .*file:\/\/expected\.txt/),
    expect.stringMatching(/^\/tests\/0\/assert\/20 .*filters/),
    expect.stringMatching(/^\/tests\/1\/assert\/2 "perplexity" has no counterpart/),
    expect.stringMatching(/^\/tests\/3\/assert\/11 "made-up" is not known/),
  ]);
  const t0 = (at: number): GraderDefinition => found(all, `/tests/0/assert/${at}`);
  expect(found(all, '/defaultTest/assert/1')).toMatchObject({ type: 'budget', max: { duration_ms: 8000 } });
  expect(found(all, '/defaultTest/assert/2')).toMatchObject({ type: 'budget', max: { cost: 0.02 } });
  expect(found(all, '/defaultTest/assert/3')).toMatchObject({ check: 'contains_none', ignore_case: true });
  expect(t0(0)).toMatchObject({ type: 'string_check', reference: '{{ item.order }}', operation: 'like' });
  expect(t0(1)).toMatchObject({ check: 'contains', reference: ['shipped', '{{ item.city }}'], ignore_case: true });
  expect(t0(2)).toMatchObject({ check: 'contains_any', reference: ['Monday', 'Tuesday'] });
  expect(t0(4)).toMatchObject({ type: 'multi', calculate_output: '1 - it' });
  expect(t0(6)).toMatchObject({ type: 'label_model', model: 'gpt-4.1', passing_labels: ['pass'] });
  expect(t0(7)).toMatchObject({ type: 'score_model', pass_threshold: 0.8 });
  expect(t0(8)).toMatchObject({ evaluation_metric: 'cosine', pass_threshold: 0.85 });
  expect(t0(10)).toMatchObject({ evaluation_metric: 'bleu', direction: 'minimise', pass_threshold: 0.3 });
  expect(t0(14)).toMatchObject({ type: 'python', name: 'Names the order' });
  expect(found(all, '/tests/1')).toMatchObject({
    name: 'Mostly right',
    calculate_output: '(2 * a1 + a2) / 3',
    pass_threshold: 0.6,
  });
  expect(said(all, '/tests/1')[0]).toMatch(/2 of 3 assertions/);
  expect(found(all, '/tests/2/assert/0')).toMatchObject({ name: 'Tools', calculate_output: '(a1 + 3 * a2) / 4' });
  expect(said(all, '/tests/2/assert/1')).toEqual(['info: The same is there already: it was taken once.']);
  expect(found(all, '/tests/2/assert/2')).toMatchObject({ direction: 'neutral' });
  expect(found(all, '/tests/3/assert/0')).toMatchObject({
    reference: [{ name: 'get_order', arguments: { order_id: 'W1' } }],
    mode: 'superset',
    arguments: 'exact',
  });
  const names = all.definitions.map(({ definition }) => definition.name);
  expect(new Set(names).size).toBe(names.length);
  // They do what the assertions did.
  const answer = ofTrace(
    { output_text: 'Dear Ann, W1 shipped on Monday to Oslo.' },
    { item: { order: 'W1', city: 'Oslo' } },
  );
  for (const [at, passed] of [
    [0, true],
    [1, true],
    [2, true],
    [3, true],
    [4, true],
    [5, true],
    [10, true],
    [12, false],
  ] as const)
    expect([at, (await gradeOf(t0(at), answer)).passed]).toEqual([at, passed]);
  expect(await gradeOf(found(all, '/tests/1'), ofTrace({ output_text: 'It is ON ITS WAY, sorry.' }))).toMatchObject({
    score: 2 / 3,
    passed: true,
  });
});

test('tests alone, JSON, and results that hold their configuration are promptfoo, too', () => {
  const tests = [{ vars: { a: 1 }, assert: [{ type: 'equals', value: 'x' }] }];
  expect(read(JSON.stringify(tests))).toMatchObject({
    format: 'promptfoo tests',
    definitions: [{ definition: { operation: 'eq' } }],
  });
  expect(read(JSON.stringify({ evalId: 'e', config: { tests } })).definitions).toHaveLength(1);
  const spread = read('tests: file://tests.csv\ndefaultTest: { assert: [{ type: is-json }] }');
  expect(spread.definitions).toHaveLength(1);
  expect(said(spread, '/tests')[0]).toMatch(/file:\/\/tests\.csv/);
});

test.each([
  ['', 'empty'],
  ['{"a": ', 'JSON'],
  ['a: [1', 'YAML'],
  ['just words', 'no graders'],
  ['42', 'no graders'],
  ['&a [*a]', 'YAML'],
  ['a: &a [x]\n' + 'b: '.padEnd(2) + '[*a, *a]', 'no graders'],
  [`${'['.repeat(500)}${']'.repeat(500)}`, 'deep'],
  [JSON.stringify({ __proto__: null, tests: 5 }), null],
])('what holds no grader is refused or empty: %s', (text, why) => {
  const result = readGraders(text);
  if (why === null) expect(result).toMatchObject({ ok: true, value: { definitions: [] } });
  else expect(result.ok ? '' : result.error.message).toContain(why);
});

test('hostile files do no harm', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'
      .split('')
      .map((key, at) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[at]}`).join(',')}]`),
  ];
  expect(readGraders(bomb.join('\n')).ok).toBe(false);
  const polluted = read(
    '{"tests":[{"assert":[{"type":"__proto__","value":"x"},{"type":"constructor"},{"type":"not-toString"},null,7,"file://a"]}]}',
  );
  expect(polluted.definitions).toEqual([]);
  expect(polluted.problems.filter(({ severity }) => severity === 'error')).toHaveLength(6);
  const many = read(
    JSON.stringify([{ assert: Array.from({ length: 3_000 }, (_, at) => ({ type: 'equals', value: `v${at}` })) }]),
  );
  expect(many.definitions).toHaveLength(1_000);
});

test('what goes out to OpenAI comes back the same; ours is left out, and fields of ours are said', () => {
  const openAi = read(file('evals.json')).definitions.map(({ definition }) => definition);
  const out = writeGraders(openAi, 'openai-graders');
  expect([out.written, out.problems.map(({ severity }) => severity)]).toEqual([7, ['warning']]);
  expect(read(out.text).definitions.map(({ definition }) => definition)).toEqual(openAi);
  const [multi] = read(file('reinforcement-job.json')).definitions.map(({ definition }) => definition);
  const others: GraderDefinition[] = [
    { type: 'loop', name: 'Loop' },
    {
      type: 'string_check',
      name: 'Spans',
      input: '{{ span.output }}',
      reference: 'x',
      operation: 'like',
      scope: { on: 'span' },
    },
    { type: 'text_similarity', name: 'Ours', input: 'a', reference: 'b', evaluation_metric: 'lexical_cosine' },
    multi!,
  ];
  const asEval = writeGraders([...openAi, ...others], 'openai-eval');
  expect(asEval.problems.filter(({ severity }) => severity === 'error').map(({ path }) => path)).toEqual([
    'Loop',
    'Ours',
    'Order extraction',
  ]);
  const spans = asEval.problems.filter(({ path }) => path === 'Spans').map(({ message }) => message);
  expect(spans.join(' ')).toMatch(/"scope".*\{\{ trace/);
  const value = JSON.parse(asEval.text) as { testing_criteria: { name: string; pass_threshold?: number }[] };
  expect(value.testing_criteria.find(({ name }) => name === 'No threshold')?.pass_threshold).toBe(0.5);
  expect(writeGraders([multi!], 'openai-graders').written).toBe(1);
});

test('what promptfoo can say comes back as it was', () => {
  const portable: GraderDefinition[] = [
    {
      type: 'string_check',
      name: 'a',
      input: '{{ sample.output_text }}',
      reference: '{{ item.order }}',
      operation: 'ilike',
    },
    { type: 'string_check', name: 'b', input: '{{ sample.output_text }}', reference: 'no', operation: 'ne' },
    {
      type: 'text_similarity',
      name: 'c',
      input: '{{ sample.output_text }}',
      reference: 'x',
      evaluation_metric: 'meteor',
      pass_threshold: 0.5,
    },
    { type: 'final_answer', name: 'd', check: 'contains', reference: ['x', 'y'] },
    { type: 'final_answer', name: 'e', check: 'contains_none', reference: ['x'], ignore_case: true },
    { type: 'final_answer', name: 'f', check: 'regex', pattern: '^a+$' },
    { type: 'final_answer', name: 'g', check: 'json_schema', schema: { type: 'object' } },
    { type: 'budget', name: 'h', max: { cost: 0.5 } },
    { type: 'error_spans', name: 'i', max: 1 },
    { type: 'tool_use', name: 'j', expected: ['search'], metric: 'set_f1', pass_threshold: 1 },
    { type: 'tool_rules', name: 'k', required: ['search', 'book'] },
    { type: 'tool_rules', name: 'l', forbidden: ['drop'] },
    { type: 'trajectory_match', name: 'm', reference: ['a', 'b'], mode: 'in_order', arguments: 'ignore' },
    { type: 'tool_schema', name: 'n' },
  ];
  const out = writeGraders(portable, 'promptfoo');
  expect(out.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const back = read(out.text).definitions.map(({ definition }) => definition);
  expect(back.map(canonicalJson)).toEqual(portable.map(canonicalJson));
});

test('every kind and preset goes out or is said not to', () => {
  const all = [...GRADER_KINDS.map(({ example }) => example), ...JUDGE_PRESETS.map(({ definition }) => definition)];
  for (const format of ['openai-graders', 'promptfoo'] as const) {
    const out = writeGraders(all, format);
    const refused = out.problems.filter(({ severity }) => severity === 'error').length;
    expect(out.written + refused).toBe(all.length);
    expect(read(out.text).definitions).toHaveLength(out.written);
  }
});

test('comments and last commas in JSON are read over, and said', () => {
  const all = read('// ours\n[{"type":"string_check","name":"a","input":"x","reference":"x","operation":"eq",},]');
  expect(all.definitions.map(({ definition }) => definition.name)).toEqual(['a']);
  expect(said(all, '')).toEqual([
    'warning: Line 1: A comment is no JSON: it is read over, and not kept.',
    'warning: Line 2: A comma after the last value is no JSON: it is read over.',
    'warning: Line 2: A comma after the last value is no JSON: it is read over.',
  ]);
  expect(readGraders('// only a comment')).toMatchObject({ ok: false });
});
