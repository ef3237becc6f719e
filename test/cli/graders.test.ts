/** Every example grader of OpenAI's specification, through the command line as people run it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { GRADER_ERROR_FLAGS } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { ask, cli, fixture, makePlace, spawnCli, type Answer } from '../support/cli.ts';
import { startJudgeServer } from '../support/judge-server.ts';
import { allText, says } from '../support/scripted-judge.ts';
import * as schema from './schemas.ts';

type Example = {
  readonly name: string;
  readonly grader: JsonObject;
  readonly item?: Json;
  readonly sample?: Json;
  readonly judge?: Json;
  readonly expected: {
    readonly reward: number;
    readonly passed?: boolean;
    readonly label?: string;
    readonly sub_rewards?: Record<string, number>;
    readonly errors?: readonly string[];
    readonly message?: string;
    readonly asked?: readonly string[];
  };
};

const examples = JSON.parse(readFileSync(fixture('graders/openai.json'), 'utf8')) as readonly Example[];
const place = makePlace();
mkdirSync(place.folder, { recursive: true });
afterAll(place.remove);

let files = 0;
function file(content: Json, ending = 'json'): string {
  const path = join(place.folder, `${++files}.${ending}`);
  writeFileSync(path, typeof content === 'string' && ending !== 'json' ? content : JSON.stringify(content));
  return path;
}

function argumentsOf({ grader, item, sample }: Example, baseUrl: string | null): string[] {
  return [
    ...['graders', 'test', file(grader)],
    ...(item === undefined ? [] : ['--item', file(item)]),
    ...(sample === undefined ? [] : ['--sample', file(sample)]),
    ...(baseUrl === null ? [] : ['--judge-url', baseUrl]),
    '--json',
  ];
}

function check({ name, grader, expected }: Example, { code, stdout, stderr }: Answer): void {
  const result = schema.graderResult.parse(JSON.parse(stdout));
  const raised = GRADER_ERROR_FLAGS.filter((flag) => result.metadata.errors[flag]);
  const isPython = grader.type === 'python';
  if (isPython && raised.includes('python_grader_server_error')) {
    // Where no sandbox can be had, it says so, and what to do; it never runs outside of one.
    expect(result.metadata.error_messages.join(' '), name).toMatch(/sandbox|Electron/i);
    expect({ code, reward: result.reward }).toEqual({ code: 1, reward: 0 });
    return;
  }
  expect(raised, `${name} ${stdout} ${stderr}`).toEqual(expected.errors ?? []);
  expect(code).toBe(raised.length === 0 ? 0 : 1);
  expect(result.reward, name).toBeCloseTo(expected.reward, 9);
  expect(result.sub_rewards).toMatchObject(expected.sub_rewards ?? {});
  expect(result.subRewards).toEqual(result.sub_rewards);
  if (expected.passed !== undefined) expect(result.metadata.passed).toBe(expected.passed);
  if (expected.label !== undefined) expect(result.metadata.label).toBe(expected.label);
  if (expected.message !== undefined) expect(result.metadata.error_messages.join(' ')).toContain(expected.message);
}

test.each(examples.map((example) => [example.name, example] as const))(
  'bin/tracewright graders test: %s',
  { timeout: 120_000 },
  async (_, example) => {
    const server = example.judge === undefined ? null : await startJudgeServer(says(example.judge));
    check(example, await spawnCli(argumentsOf(example, server?.baseUrl ?? null)).done);
    for (const text of example.expected.asked ?? []) expect(allText(server!.asked[0]!)).toContain(text);
    if (server) expect(server.asked).toHaveLength(1);
  },
);

test('tokens of judges are counted by model', async () => {
  const example = examples.find(({ name }) => name.startsWith('score_model as'))!;
  const server = await startJudgeServer(says(example.judge!));
  const { metadata, model_grader_token_usage_per_model: usage } = schema.graderResult.parse(
    await ask(argumentsOf(example, server.baseUrl).slice(0, -1)),
  );
  expect(metadata.token_usage).toBe(120);
  expect(Object.values(usage)).toEqual([
    { prompt_tokens: 100, completion_tokens: 20, cached_tokens: 0, total_tokens: 120 },
  ]);
  expect(metadata.sampled_model_name).toBe(Object.keys(usage)[0]);
});

test('cosine asks the endpoint for embeddings', async () => {
  const embeddings = [
    [1, 0],
    [3, 4],
  ].map((embedding, index) => ({ object: 'embedding', index, embedding }));
  const server = await startJudgeServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        object: 'list',
        model: 'embed-1',
        data: embeddings,
        usage: { prompt_tokens: 4, total_tokens: 4 },
      }),
    );
  });
  const grader = file({ type: 'text_similarity', name: 'c', input: 'a', reference: 'b', evaluation_metric: 'cosine' });
  const asked = ['graders', 'test', grader, '--judge-url', server.baseUrl, '--judge-embedding-model', 'embed-1'];
  const result = schema.graderResult.parse(await ask(asked));
  expect(result.reward).toBeCloseTo(0.6, 6);
  expect(result.metadata.notes).toMatchObject({ metric: 'cosine', model: 'embed-1', dimensions: 2 });
});

test('a sample as plain text, and text for people', async () => {
  const grader = file({
    type: 'string_check',
    name: 'city',
    input: '{{ sample.output_text }}',
    reference: 'Paris',
    operation: 'like',
  });
  const { code, stdout } = await cli(['graders', 'test', grader, '--sample', file('It is Paris.\n', 'txt')]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'city (string_check): passed, score 1\nThe input contains "Paris".\n',
  });
  const failed = await cli(['graders', 'test', grader, '--sample', file('Rome', 'txt')]);
  expect(failed.code).toBe(0);
  expect(failed.stdout).toContain('failed, score 0');
});

test('what cannot be read or used is told, with what to do', async () => {
  const refused = async (...args: readonly string[]): Promise<[number, string, string]> => {
    const { code, stdout } = await cli(['graders', ...args, '--json']);
    const { error } = schema.failure.parse(JSON.parse(stdout));
    expect(error.hint).not.toBeNull();
    return [code, error.code, error.message];
  };
  expect(await refused('test', join(place.folder, 'none.json'))).toMatchObject([
    1,
    'unreadable_file',
    expect.any(String),
  ]);
  expect(await refused('test', file('{"type"', 'txt'))).toMatchObject([
    1,
    'unreadable_file',
    expect.stringContaining('JSON'),
  ]);
  expect(await refused('test', file({ type: 'nonsense', name: 'n' }))).toMatchObject([
    1,
    'bad_request',
    expect.stringContaining('string_check'),
  ]);
  expect(await refused('test', file({ type: 'string_check', name: 'n', operation: 'eq', input: 'a' }))).toMatchObject([
    1,
    'bad_request',
    expect.stringContaining('reference'),
  ]);
  const good = file({ type: 'string_check', name: 'n', operation: 'eq', input: 'a', reference: 'a' });
  expect(await refused('test', good, '--judge-model', 'm')).toMatchObject([2, 'bad_request', expect.any(String)]);
  expect(await refused('test', good, '--judge-url', 'nowhere')).toMatchObject([2, 'bad_request', expect.any(String)]);
});

test('another host gets nothing without leave', async () => {
  const grader = file({ type: 'score_model', name: 's', model: 'm', input: [{ role: 'user', content: 'x' }] });
  const { code, stdout } = await cli(['graders', 'test', grader, '--judge-url', 'http://192.0.2.1/v1', '--json']);
  const { metadata } = schema.graderResult.parse(JSON.parse(stdout));
  expect({ code, error: metadata.errors.model_grader_server_error }).toEqual({ code: 1, error: true });
  expect(metadata.error_messages.join(' ')).toContain('--judge-allow-host');
});

test('check: the definition as it is kept, and what is wrong', async () => {
  const neq = {
    type: 'string_check',
    name: 'n',
    operation: 'neq',
    input: 'a',
    reference: '{{ nothing.x }}',
    id: 'kept',
  };
  const checked = schema.graderCheck.parse(await ask(['graders', 'check', file(neq)]));
  expect(checked.definition).toEqual({ ...neq, operation: 'ne' });
  expect(checked.problems).toMatchObject([{ severity: 'warning', path: '/reference' }]);
  const bad = await cli(['graders', 'check', file({ type: 'string_check', name: 'n' })]);
  expect(bad.code).toBe(1);
  expect(bad.stdout).toContain('error:');
});

test('kinds: all of OpenAI are there; each example can be used', async () => {
  const kinds = schema.graderKinds.parse(await ask(['graders', 'kinds']));
  expect(kinds.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['string_check', 'text_similarity', 'score_model', 'label_model', 'python', 'multi']),
  );
  for (const { example } of kinds)
    expect((await cli(['graders', 'check', file(example as JsonObject)])).code, JSON.stringify(example)).toBe(0);
  expect((await cli(['graders', 'kinds', '--group', 'text'])).stdout).toMatch(/^KIND +GROUP +ABOUT\n/);
});
