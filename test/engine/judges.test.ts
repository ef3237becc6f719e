/** Judges over HTTP: what an endpoint may do wrong, and that nothing goes where it should not. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { EndpointInUse } from '../../src/main/engine/judge/endpoint-in-use.ts';
import { createKeyRing } from '../../src/main/engine/judge/key-ring.ts';
import type { JudgeMemory } from '../../src/main/engine/judge/memory.ts';
import { passingMemory } from '../../src/main/engine/judge/memory.ts';
import type { JudgeServicesOptions } from '../../src/main/engine/judge/services.ts';
import { createJudgeServices } from '../../src/main/engine/judge/services.ts';
import type { JudgeAnswer, JudgeRequest } from '../../src/main/graders/types.ts';
import { createPriceBook } from '../../src/shared/estimate.ts';
import { startJudgeServer } from '../support/judge-server.ts';
import type { JudgeServer, Reply } from '../support/scripted-judge.ts';
import {
  breaksOff,
  completion,
  floods,
  json,
  lastText,
  redirects,
  says,
  silent,
  status,
} from '../support/scripted-judge.ts';

const SCHEMA = {
  type: 'object',
  properties: { steps: { type: 'array' }, result: { type: 'number' } },
  required: ['steps', 'result'],
  additionalProperties: false,
};
const REQUEST: JudgeRequest = {
  model: 'judge-1',
  messages: [{ role: 'user', content: 'How good is it?' }],
  parameters: { temperature: 0, seed: null },
  schema: SCHEMA,
  graderHash: 'abc',
};
const VERDICT = { steps: [{ description: 'a', conclusion: 'b' }], result: 0.75 };

function endpointAt(baseUrl: string, changes: Partial<EndpointInUse> = {}): EndpointInUse {
  return {
    id: 'e1',
    label: 'Local',
    baseUrl,
    style: 'openai',
    apiVersion: null,
    model: 'judge-1',
    alwaysOwnModel: false,
    embeddingModel: 'embed-1',
    concurrency: 2,
    timeoutMs: 2_000,
    apiKeyEnv: null,
    isDefault: true,
    confirmed: true,
    ...changes,
  };
}

/** Of a port that was free a moment ago. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/v1`;
}

type Bench = {
  readonly server: JudgeServer;
  readonly memory: JudgeMemory;
  readonly waits: number[];
  readonly judge: (changes?: Partial<JudgeRequest>, signal?: AbortSignal) => Promise<JudgeAnswer>;
  readonly services: ReturnType<typeof createJudgeServices>;
};

async function bench(
  replies: readonly Reply[],
  changes: Partial<EndpointInUse> = {},
  options: Partial<JudgeServicesOptions> = {},
): Promise<Bench> {
  const server = await startJudgeServer(...replies);
  const memory = passingMemory();
  const waits: number[] = [];
  const services = createJudgeServices({
    memory,
    endpoints: () => [endpointAt(server.baseUrl, changes)],
    keys: createKeyRing({}),
    prices: () => null,
    random: () => 0,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
  const judge: Bench['judge'] = (more = {}, signal = new AbortController().signal) =>
    services.judge({ ...REQUEST, ...more }, signal);
  return { server, memory, waits, judge, services };
}

test('a verdict by schema; the same question is not asked again, another one is', async () => {
  const { server, memory, judge } = await bench([says(VERDICT)]);
  const first = await judge();
  expect(first).toMatchObject({
    ok: true,
    value: VERDICT,
    usage: [{ model: 'judge-1', calls: 1, promptTokens: 100, completionTokens: 20, cost: null, cached: false }],
  });
  expect(server.asked[0]).toMatchObject({
    path: '/v1/chat/completions',
    body: {
      model: 'judge-1',
      temperature: 0,
      messages: [{ role: 'user', content: 'How good is it?' }],
      response_format: { type: 'json_schema', json_schema: { strict: true, schema: SCHEMA } },
    },
  });
  expect(server.asked[0]?.body).not.toHaveProperty('seed');
  // A server that writes members in the order of the schema reasons first.
  expect(JSON.stringify(server.asked[0]?.body)).toMatch(/"steps".*"result"/);
  expect(await judge()).toMatchObject({ ok: true, value: VERDICT, usage: [{ calls: 0, cached: true, cost: 0 }] });
  expect(server.asked).toHaveLength(1);
  for (const changes of [
    { graderHash: 'other' },
    { model: 'judge-2' },
    { parameters: { temperature: 1 } },
    { attempt: 1 },
    { messages: [{ role: 'user', content: 'How bad is it?' }] },
  ] satisfies Partial<JudgeRequest>[])
    await judge(changes);
  expect(server.asked).toHaveLength(6);
  expect(memory.outbound(10)).toMatchObject({
    requests: 6,
    rows: Array.from({ length: 6 }, () => ({ purpose: 'judge', status: 200, error: null })),
  });
  expect(memory.outbound(1).rows[0]?.bytesSent).toBe(JSON.stringify(server.asked[5]?.body).length);
});

test.each([
  ['a fence', '```json\n{"steps":[],"result":1}\n```'],
  ['a fence after talk', 'Let me think.\n\n```\n{"steps":[],"result":1}\n```\nThat is all.'],
  ['talk around it', 'The verdict is {"steps": [], "result": 1} as {you} can see.'],
  ['thoughts before it', '<think>{"steps":[],"result":0}</think>\n{"steps":[],"result":1}'],
  ['a quoted verdict before it', 'The trace says {"steps":[],"result":0}. I say {"steps":["}"],"result":1}'],
  ['braces that lead nowhere', '{{{ "{" {"steps":[],"result":1}'],
])('JSON in %s is found', async (_name, content) => {
  const { judge } = await bench([says(content)]);
  expect(await judge()).toMatchObject({ ok: true, value: { result: 1 } });
});

test('an endpoint that cannot do schemas is asked for an object, then in words, and that is remembered', async () => {
  const { server, judge } = await bench([
    status(400, "'response_format' of type json_schema is not supported"),
    status(400, 'response_format is not supported'),
    says(VERDICT),
  ]);
  expect(await judge()).toMatchObject({ ok: true, value: VERDICT });
  expect(server.asked.map(({ body }) => body?.response_format)).toMatchObject([
    { type: 'json_schema' },
    { type: 'json_object' },
    undefined,
  ]);
  expect(lastText(server.asked[2]!)).toMatch(
    /^How good is it\?\n\nAnswer with one JSON object .*"required":\["steps"/s,
  );
  await judge({ graderHash: 'other' });
  expect(server.asked).toHaveLength(4);
  expect(server.asked[3]?.body).not.toHaveProperty('response_format');
});

test('an endpoint that lies about JSON is asked more plainly; one that goes on is a parse error, not a zero', async () => {
  const lied = await bench([says('About seven out of ten.'), says(VERDICT)]);
  expect(await lied.judge()).toMatchObject({ ok: true, value: VERDICT, usage: [{ calls: 2, promptTokens: 200 }] });
  const lies = await bench([says('About seven out of ten.')]);
  expect(await lies.judge()).toMatchObject({
    ok: false,
    error: { flag: 'model_grader_parse_error', message: expect.stringContaining('steps and result') as string },
    text: 'About seven out of ten.',
    usage: [{ calls: 3 }],
  });
  expect(lies.server.asked).toHaveLength(3);
  const empty = await bench([json({ choices: [] })]);
  expect(await empty.judge()).toMatchObject({ ok: false, error: { flag: 'model_grader_parse_error' } });
  const html = await bench([(_asked, response) => void response.end('<html>')]);
  expect(await html.judge()).toMatchObject({ ok: false, error: { flag: 'model_grader_parse_error' } });
});

test.each<[string, Reply]>([
  ['a refusal', says('', { choices: [{ message: { content: null, refusal: 'I will not.' } }] })],
  ['a refusal in words', says("I'm sorry, but I can't help with that.")],
  ['a content filter', says('', { choices: [{ finish_reason: 'content_filter', message: { content: '' } }] })],
  ['a filter of Azure', json({ error: { code: 'content_filter', message: 'filtered' } }, 400)],
])('%s is an error of its own', async (_name, reply) => {
  const { server, judge } = await bench([reply]);
  expect(await judge()).toMatchObject({ ok: false, error: { flag: 'model_grader_refusal_error' } });
  expect(server.asked).toHaveLength(1);
});

test('429, 500 and lost connections are tried again after growing waits, or as long as the endpoint says', async () => {
  const busy = await bench([status(429, '', { 'retry-after': '7' }), status(500), breaksOff, says(VERDICT)]);
  expect(await busy.judge()).toMatchObject({ ok: true });
  expect(busy.waits).toEqual([7_000, 500, 1_000]);
  expect(busy.memory.outbound(10).rows.map((row) => [row.status, row.error])).toEqual([
    [200, null],
    [200, 'The connection was closed before the answer was whole.'],
    [500, 'HTTP 500'],
    [429, 'HTTP 429'],
  ]);
  const down = await bench([status(503, 'overloaded')]);
  expect(await down.judge()).toMatchObject({
    ok: false,
    error: { flag: 'model_grader_server_error', message: expect.stringContaining('503. overloaded') as string },
  });
  expect(down.server.asked).toHaveLength(4);
});

test('what will not pass is not tried again', async () => {
  const broke = await bench([json({ error: { code: 'insufficient_quota', message: 'No credit.' } }, 429)]);
  expect(await broke.judge()).toMatchObject({ ok: false, error: { flag: 'model_grader_server_error' } });
  expect(broke.server.asked).toHaveLength(1);
  const wrong = await bench(
    [status(401, 'Incorrect API key provided: sk-abc12345****wxyz.')],
    {},
    {
      keys: createKeyRing({ JUDGE_API_KEY: 'sk-abc12345secretwxyz' }),
    },
  );
  expect(JSON.stringify(await wrong.judge())).toMatch(/401\. .*\[key\]\. Check the key/);
  const silent = await bench([status(404, '')]);
  expect(JSON.stringify(await silent.judge())).toMatch(/answered 404\. Check its address/);
  const long = await bench([status(400, "This model's maximum context length is 8192 tokens.")]);
  expect(await long.judge()).toMatchObject({ ok: false });
  expect(long.server.asked).toHaveLength(1);
});

test('nothing there, too slow, too much, and a redirect elsewhere are errors with their reason', async () => {
  const elsewhere = await startJudgeServer(says(VERDICT));
  const away = await bench([redirects(`${elsewhere.baseUrl}/chat/completions`)]);
  expect(await away.judge()).toMatchObject({
    ok: false,
    error: { flag: 'model_grader_server_error', message: expect.stringContaining('not followed') as string },
  });
  expect(elsewhere.asked).toHaveLength(0);
  expect(away.server.asked).toHaveLength(1);

  const slow = await bench([silent], { timeoutMs: 60 });
  expect(await slow.judge()).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('within 0.06 seconds') as string },
  });

  const flood = await bench([floods]);
  expect(await flood.judge()).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('larger than 16 MB') as string },
  });
  expect(flood.memory.outbound(1).rows[0]?.bytesReceived).toBeLessThan(18 * 1024 * 1024);

  const closed = await closedAddress();
  const gone = await bench([], {}, { endpoints: () => [endpointAt(closed)] });
  expect(await gone.judge()).toMatchObject({
    ok: false,
    error: { flag: 'model_grader_server_error', message: expect.stringContaining('Is the server running') as string },
  });
});

test('a host that nobody confirmed gets no byte', async () => {
  const { server, memory, judge, services } = await bench([says(VERDICT)], { confirmed: false });
  expect(await judge()).toMatchObject({
    ok: false,
    error: { flag: 'model_grader_server_error', message: expect.stringContaining('Nothing was sent') as string },
  });
  const embedded = await services.embed({ model: null, texts: ['a'] }, new AbortController().signal);
  expect(embedded.ok).toBe(false);
  const tested = await services.test(endpointAt(server.baseUrl, { confirmed: false }), new AbortController().signal);
  expect(tested.ok).toBe(false);
  expect(server.asked).toHaveLength(0);
  expect(memory.outbound(10).requests).toBe(0);
});

test('at most so many at once; a cancelled call ends at once and leaves its place', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { server, judge } = await bench([
    async (_asked, response) => {
      await held;
      response.end(JSON.stringify(completion(VERDICT)));
    },
  ]);
  const cancel = new AbortController();
  const calls = [0, 1, 2, 3, 4].map((attempt) => judge({ attempt }));
  const unwanted = judge({ attempt: 9 }, cancel.signal);
  await expect.poll(() => server.asked.length).toBe(2);
  cancel.abort(new Error('enough'));
  await expect(unwanted).rejects.toThrow('enough');
  release();
  expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
  expect(server.busy().most).toBe(2);
  expect(server.asked).toHaveLength(5);

  const hanging = await bench([silent]);
  const stop = new AbortController();
  const asked = hanging.judge({}, stop.signal);
  await expect.poll(() => hanging.server.asked.length).toBe(1);
  stop.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  await expect.poll(() => hanging.server.busy().now).toBe(0);
  expect(hanging.memory.outbound(1).rows[0]?.error).toBe('Cancelled.');
});

test('keys go in the header of the style, to the origin that they were given for', async () => {
  const server = await startJudgeServer(says(VERDICT));
  const keys = createKeyRing({ SOME_API_KEY: 'from-environment' });
  const origin = new URL(server.baseUrl).origin;
  keys.set({ endpointId: 'e1', origin, key: 'from-keychain', place: 'keychain' });
  keys.set({ endpointId: 'e2', origin: 'https://api.example.com', key: 'of-another-host', place: 'keychain' });
  const azure = { style: 'azure', apiVersion: '2024-10-21', baseUrl: origin } as const;
  for (const changes of [{}, azure, { id: 'e2' }, { id: 'e2', apiKeyEnv: 'SOME_API_KEY' }]) {
    const services = createJudgeServices({
      memory: passingMemory(),
      endpoints: () => [endpointAt(server.baseUrl, changes)],
      keys,
      prices: () => null,
    });
    expect(await services.judge(REQUEST, new AbortController().signal)).toMatchObject({ ok: true });
  }
  expect(server.asked.map(({ headers }) => [headers.authorization, headers['api-key']])).toEqual([
    ['Bearer from-keychain', undefined],
    [undefined, 'from-keychain'],
    [undefined, undefined],
    ['Bearer from-environment', undefined],
  ]);
  expect(server.asked[1]).toMatchObject({
    path: '/openai/deployments/judge-1/chat/completions?api-version=2024-10-21',
    headers: { 'api-version': '2024-10-21' },
  });
});

test('which model is asked', async () => {
  const { server, judge } = await bench([says(VERDICT)], { model: 'own', alwaysOwnModel: true });
  await judge({ model: 'gpt-4o' });
  await judge({ model: 'gpt-4o', exactModel: true });
  expect(server.asked.map(({ body }) => body?.model)).toEqual(['own', 'gpt-4o']);
  const open = await bench([says(VERDICT)], { model: 'own' });
  await open.judge({ model: 'gpt-4o' });
  await open.judge({ model: 'default' });
  expect(open.server.asked.map(({ body }) => body?.model)).toEqual(['gpt-4o', 'own']);
  const none = await bench([says(VERDICT)], { model: '' });
  expect(await none.judge({ model: '' })).toMatchObject({ ok: false });
  expect(none.server.asked).toHaveLength(0);
});

test('a server that knows only the older limit of tokens is asked with that', async () => {
  const { server, judge } = await bench([status(400, 'Unknown parameter: max_completion_tokens'), says(VERDICT)]);
  expect(await judge({ parameters: { max_completion_tokens: 500 } })).toMatchObject({ ok: true });
  expect(server.asked.map(({ body }) => [body?.max_completion_tokens, body?.max_tokens])).toEqual([
    [500, undefined],
    [undefined, 500],
  ]);
});

test('cost by the price table', async () => {
  const rates = { input: 1, output: 2, cacheRead: null, cacheWrite: null };
  const row = { model: 'judge-1', provider: '', above: null, source: null, asOf: null, ...rates };
  const book = createPriceBook({ asOf: '2026-01-01', rows: [row] });
  const { judge } = await bench([says(VERDICT)], {}, { prices: () => book });
  expect((await judge()).usage).toMatchObject([{ cost: 0.00014 }]);
});

function embeddings(asked: { readonly body: unknown }): number[][] {
  const { input } = asked.body as { readonly input: readonly string[] };
  return input.map((text) => [text.length, 1, 0]);
}

test('embeddings are asked 64 at a time, kept, and put in their order', async () => {
  const { server, services } = await bench([
    (asked, response) => {
      const data = embeddings(asked).map((embedding, index) => ({ index, embedding }));
      response.end(JSON.stringify({ data: data.reverse(), usage: { prompt_tokens: 5, total_tokens: 5 } }));
    },
  ]);
  const texts = Array.from({ length: 150 }, (_, index) => 'x'.repeat(index));
  const { signal } = new AbortController();
  const first = await services.embed({ model: null, texts: [...texts, 'xx'] }, signal);
  if (!first.ok) throw new Error(first.error.message);
  expect(server.asked.map(({ body }) => (body?.input as readonly string[]).length)).toEqual([64, 64, 21]);
  expect(first.value.model).toBe('embed-1');
  expect(first.value.vectors.map(([length]) => length)).toEqual([...texts.map(({ length }) => length), 2]);
  expect(first.value.vectors[0]).toEqual(new Float32Array([0, 0, 0]));
  expect(first.value.usage).toMatchObject([{ calls: 3, promptTokens: 15 }]);
  const again = await services.embed({ model: null, texts: ['xxx'] }, signal);
  expect(again).toMatchObject({ ok: true, value: { usage: [{ calls: 0, cached: true }] } });
  expect(server.asked).toHaveLength(3);
});

test.each<[string, Reply]>([
  ['too few', json({ data: [] })],
  ['of different lengths', json({ data: [{ embedding: [1] }, { embedding: [1, 2] }] })],
  ['no numbers', json({ data: [{ embedding: ['a'] }, { embedding: ['b'] }] })],
  [
    'one twice',
    json({
      data: [
        { index: 0, embedding: [1] },
        { index: 0, embedding: [2] },
      ],
    }),
  ],
  ['an error', status(404, 'no such model')],
])('embeddings that are %s are an error', async (_name, reply) => {
  const { services } = await bench([reply]);
  const answered = await services.embed({ model: null, texts: ['a', 'b'] }, new AbortController().signal);
  expect(answered).toMatchObject({ ok: false, error: { flag: 'model_grader_server_error' } });
});

test('without an endpoint it is said what is missing', async () => {
  const { services, judge } = await bench([], {}, { endpoints: () => [] });
  expect(await judge()).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('--judge-url') as string },
  });
  const embedded = await services.embed({ model: null, texts: ['a'] }, new AbortController().signal);
  expect(embedded).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('Embedding endpoint not set') as string },
  });
});

test('testing an endpoint lists its models', async () => {
  const { server, services } = await bench([json({ data: [{ id: 'a' }, { id: 'b' }, 7] })]);
  const { signal } = new AbortController();
  expect(await services.test(endpointAt(server.baseUrl), signal)).toEqual({
    ok: true,
    message: 'It answers, and has 2 models.',
    models: ['a', 'b'],
  });
  expect(server.asked[0]).toMatchObject({ path: '/v1/models', body: null });
  server.script(status(401, 'no key'));
  expect(await services.test(endpointAt(server.baseUrl), signal)).toMatchObject({ ok: false, models: [] });
  server.script(status(404));
  expect((await services.test(endpointAt(server.baseUrl), signal)).message).toContain('/v1');
});
