/** Judges from end to end in the engine: queued work, the bench, what is asked and what it was said to cost. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { GradingRow } from '#shared/grader.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems } from '../support/agents-items.ts';
import { startJudgeServer } from '../support/judge-server.ts';
import type { JudgeServer } from '../support/scripted-judge.ts';
import { held, json, lastText, says } from '../support/scripted-judge.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const JUDGE = {
  type: 'score_model',
  name: 'Helpful',
  model: 'default',
  input: [{ role: 'user', content: 'Is this of use? {{ sample.output_text }} {{ trace.id }}' }],
  range: [0, 1],
  pass_threshold: 0.5,
};
const GOOD = says({ steps: [{ description: 'Read it', conclusion: 'It helps' }], result: 0.9 });
const ENDPOINT = {
  label: 'Local',
  style: 'openai',
  apiVersion: null,
  model: 'judge-1',
  alwaysOwnModel: true,
  embeddingModel: null,
  concurrency: 4,
  timeoutMs: 5_000,
  apiKeyEnv: null,
  isDefault: true,
} as const;

async function send(engine: Engine, count: number): Promise<void> {
  const runs = Array.from({ length: count }, (_, k) => supportRun({ id: `t${k}`, minute: k }));
  for (let from = 0; from < count; from += 100)
    expect(await sendItems(engine, runs.slice(from, from + 100).flat())).toBe(204);
  await engine.settle({ findings: false });
}

async function listed(engine: Engine, id: string): Promise<GradingRow | undefined> {
  return (await engine.call('grading.list', undefined)).find((each) => each.id === id);
}

function chats({ asked }: JudgeServer): string[] {
  return asked.filter(({ path }) => path.endsWith('/chat/completions')).map(lastText);
}

test.each([false, true])('a filter is graded by a judge, and it costs what was said (threads: %s)', async (threads) => {
  const server = await startJudgeServer(GOOD);
  const engine = await startEngine({ readerThread: threads });
  await send(engine, 6);
  await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, baseUrl: server.baseUrl } });
  const grader = await engine.call('grader.save', { definition: { ...JUDGE, judges: 3, combine: 'mean' } });
  const cost = await engine.call('grading.cost', { graderIds: [grader.id], query: 'Support' });
  expect(cost).toMatchObject({ traces: 6, calls: 18 });
  expect(server.asked).toEqual([]);
  const { id } = await engine.call('grading.start', { graderIds: [grader.id], query: 'Support' });
  await engine.settle({ findings: false });
  expect(await listed(engine, id)).toMatchObject({ status: 'done', total: 6, done: 6, passed: 6 });
  expect(chats(server)).toHaveLength(cost.calls);
  const [verdict] = await engine.call('grade.list', { traceId: 't0' });
  expect(verdict).toMatchObject({ status: 'graded', score: 0.9, passed: true, evidence: [{ spanId: 'g3-t0' }] });
  expect(verdict?.usage).toMatchObject([{ calls: 3, promptTokens: 300, completionTokens: 60 }]);
  // Estimated without the model's tokenizer; of the same size, though, since the messages are rendered.
  const sent = chats(server).reduce((sum, text) => sum + text.length, 0) / 4;
  expect(cost.promptTokens).toBeGreaterThan(sent);
  expect(cost.promptTokens).toBeLessThan(sent + 400 * cost.calls);
  // What was asked once is not asked again, neither by the bench nor by another grading.
  const [trial] = await engine.call('grade.try', {
    definition: { ...JUDGE, judges: 3, combine: 'mean' },
    traceIds: ['t0'],
  });
  expect(trial?.grade).toMatchObject({ status: 'graded', score: 0.9, usage: [{ cached: true, cost: 0 }] });
  await engine.call('grading.start', { graderIds: [grader.id] });
  await engine.settle({ findings: false });
  expect(chats(server)).toHaveLength(cost.calls);
});

test('a judge of each span asks as often as was said, and one without a trace to judge asks nobody', async () => {
  const server = await startJudgeServer(GOOD);
  const engine = await startEngine({ readerThread: true });
  await send(engine, 3);
  await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, baseUrl: server.baseUrl } });
  const definition = {
    ...JUDGE,
    input: [{ role: 'user', content: '{{ span.id }}' }],
    scope: { on: 'span', filter: { kind: 'generation' } },
  };
  const traceIds = ['t0', 't1', 't2'];
  expect(await engine.call('grading.cost', { definition, traceIds })).toMatchObject({ traces: 3, calls: 9 });
  const trials = await engine.call('grade.try', { definition, traceIds });
  expect(trials.map(({ grade, grades }) => [grade.passed, grades.length])).toEqual(Array(3).fill([true, 3]));
  expect(chats(server)).toHaveLength(9);
  expect(new Set(chats(server)).size).toBe(9);
});

test('embeddings for cosine are part of what it costs', async () => {
  const server = await startJudgeServer((asked, response) => {
    const input = asked.body?.input as readonly string[];
    const data = input.map((_, index) => ({ index, embedding: [1, index] }));
    return json({ data, model: 'embed-1', usage: { prompt_tokens: 9 } })(asked, response);
  });
  const engine = await startEngine();
  await send(engine, 3);
  await engine.call('endpoint.save', {
    endpoint: { ...ENDPOINT, embeddingModel: 'embed-1', baseUrl: server.baseUrl },
  });
  const cosine = {
    type: 'text_similarity',
    name: 'close',
    input: '{{ sample.output_text }} {{ trace.id }}',
    reference: 'It is on its way.',
    evaluation_metric: 'cosine',
    pass_threshold: 0.5,
  };
  const definition = {
    type: 'multi',
    name: 'both',
    graders: { close: cosine, helpful: JUDGE },
    calculate_output: 'close + helpful',
  };
  const traceIds = ['t0', 't1', 't2'];
  const alone = await engine.call('grading.cost', { definition: cosine, traceIds });
  expect(alone).toMatchObject({ traces: 3, calls: 3 });
  expect(alone.promptTokens).toBeLessThan(100);
  expect(await engine.call('grading.cost', { definition, traceIds })).toMatchObject({ traces: 3, calls: 6 });
  const trials = await engine.call('grade.try', { definition: cosine, traceIds });
  expect(trials.map(({ grade }) => grade.status)).toEqual(Array(3).fill('graded'));
  expect(server.asked).toHaveLength(alone.calls);
});

test('an engine that is killed while a judge is asked asks nothing twice', { timeout: 120_000 }, async () => {
  const total = 120;
  const answers = held(GOOD, 10);
  const server = await startJudgeServer(answers.reply);
  const workspace = join(temporaryFolder(), 'killed.tracewright');
  const engine = await startEngine({ workspace });
  await send(engine, total);
  await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, baseUrl: server.baseUrl } });
  const grader = await engine.call('grader.save', { definition: JUDGE });
  // Begun and stopped: the rest of it is in the workspace.
  const { id } = await engine.call('grading.start', { graderIds: [grader.id] });
  await engine.close();
  const answered = chats(server).length;
  expect(answered).toBeLessThan(total);
  answers.release(30);

  const script = fileURLToPath(new URL('../support/grade-engine.ts', import.meta.url));
  const child = spawn(process.execPath, [script, workspace], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  await expect.poll(() => chats(server).length, { timeout: 30_000 }).toBeGreaterThan(answered + 20);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const before = chats(server).length;
  expect(before).toBeGreaterThan(answered);
  expect(before).toBeLessThan(total);

  answers.release(Infinity);
  const again = await startEngine({ workspace, readerThread: true });
  await again.settle({ findings: false });
  expect(await listed(again, id)).toMatchObject({ status: 'done', total, done: total, passed: total });
  const texts = chats(server);
  expect(new Set(texts).size).toBe(total);
  // Only what was on its way at the moments of the stop and of the kill.
  expect(texts.length).toBeLessThanOrEqual(total + 2 * ENDPOINT.concurrency);
  const finished = texts.slice(0, before - ENDPOINT.concurrency).filter((text) => texts.slice(before).includes(text));
  expect(finished.length).toBeLessThanOrEqual(ENDPOINT.concurrency);
});

test('cancelled work asks nothing more and keeps what was said', async () => {
  const answers = held(GOOD, 10);
  const server = await startJudgeServer(answers.reply);
  const engine = await startEngine({ readerThread: true });
  await send(engine, 60);
  await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, baseUrl: server.baseUrl } });
  const grader = await engine.call('grader.save', { definition: JUDGE });
  const { id } = await engine.call('grading.start', { graderIds: [grader.id] });
  await expect.poll(async () => (await listed(engine, id))?.done ?? 0, { timeout: 10_000 }).toBeGreaterThan(4);
  expect(await engine.call('grading.cancel', { id })).toMatchObject({ status: 'cancelled' });
  const asked = chats(server).length;
  await engine.settle({ findings: false });
  const row = await listed(engine, id);
  expect(row).toMatchObject({ status: 'cancelled', total: 60 });
  expect(row?.done).toBeLessThan(60);
  expect(await engine.call('grade.page', { graderId: grader.id, limit: 100 })).toHaveProperty('rows.length', row?.done);
  expect(server.busy().now).toBe(0);
  answers.release(Infinity);
  // A cancelled one is not gone on with; another grading does the rest.
  expect(chats(server).length).toBeLessThanOrEqual(asked + ENDPOINT.concurrency);
  expect(await engine.call('grading.cancel', { id })).toMatchObject({ status: 'cancelled' });
  const second = await engine.call('grading.start', { graderIds: [grader.id] });
  await engine.settle({ findings: false });
  expect(await listed(engine, second.id)).toMatchObject({ status: 'done', passed: 60 });
});

test('an endpoint that is down costs a few tries and not one for each trace', { timeout: 60_000 }, async () => {
  const server = await startJudgeServer(GOOD);
  const engine = await startEngine({ readerThread: true });
  await send(engine, 200);
  await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, baseUrl: server.baseUrl } });
  await server.close();
  const grader = await engine.call('grader.save', { definition: JUDGE });
  const { id } = await engine.call('grading.start', { graderIds: [grader.id] });
  await engine.settle({ findings: false });
  expect(await listed(engine, id)).toMatchObject({ status: 'done', total: 200, errored: 200, failed: 0 });
  const { requests } = await engine.call('outbound.list', {});
  expect(requests).toBeLessThan(40);
  const { rows } = await engine.call('grade.page', { graderId: grader.id, limit: 200 });
  expect(new Set(rows.map(({ errors }) => errors[0]?.flag))).toEqual(new Set(['model_grader_server_error']));
  expect(rows.filter(({ explanation }) => explanation.includes('Nothing answers at this address'))).toHaveLength(200);
});
