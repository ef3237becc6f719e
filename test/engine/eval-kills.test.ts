/** A run that is killed, cancelled or resumed ends with one verdict for each item and criterion, and asks judges once. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { EvalRunRow } from '#shared/eval.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { allItems, engineWithRuns, finished, LOOKED_UP, makeEval, SHIPPED } from '../support/eval-runs.ts';
import { startJudgeServer } from '../support/judge-server.ts';
import { random } from '../support/make-trace.ts';
import type { JudgeServer } from '../support/scripted-judge.ts';
import { held, lastText, says, status } from '../support/scripted-judge.ts';
import type { SupportRun } from '../support/support-run.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const script = fileURLToPath(new URL('../support/grade-engine.ts', import.meta.url));
const JUDGE = {
  type: 'score_model',
  name: 'Helpful',
  model: 'default',
  input: [{ role: 'user', content: 'Is this of use? {{ sample.output_text }} {{ trace.id }}' }],
  range: [0, 1],
  pass_threshold: 0.5,
  sampling_params: { temperature: 0 },
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

function runs(count: number): SupportRun[] {
  return Array.from({ length: count }, (_, k) => ({ id: `t${k}`, minute: k }));
}

function chats({ asked }: JudgeServer): string[] {
  return asked.filter(({ path }) => path.endsWith('/chat/completions')).map(lastText);
}

async function withJudge(engine: Engine, server: JudgeServer): Promise<string> {
  return (await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, baseUrl: server.baseUrl } })).id;
}

type Kept = { readonly item_key: number; readonly criterion: number; readonly rowid: string };

const ITEMS = 500;
const KILLS = 4;

test(`after ${KILLS} kills each item has one verdict of each criterion`, { timeout: 240_000 }, async () => {
  const workspace = join(temporaryFolder(), 'killed.tracewright');
  const engine = await engineWithRuns(runs(ITEMS), { workspace });
  const made = await makeEval(engine, [SHIPPED, LOOKED_UP]);
  const { id } = await engine.call('run.start', { evalId: made.id });
  await engine.close();

  const moment = random(7);
  let killedMidway = 0;
  let before = new Map<number, string>();
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(process.execPath, [script, workspace], { stdio: ['ignore', 'pipe', 'pipe'] });
    const extraMs = moment() * 30;
    let armed = false;
    child.stdout.on('data', () => {
      if (armed) return;
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), extraMs);
    });
    expect(await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)))).toBe('SIGKILL');
    const db = new Database(workspace, { readonly: true });
    const results = db.prepare('SELECT item_key, criterion, body FROM eval_result').all() as (Kept & {
      body: string;
    })[];
    const items = db.prepare('SELECT status, count(*) AS n FROM eval_item GROUP BY status').all() as {
      readonly status: string;
      readonly n: number;
    }[];
    const [counts] = db.prepare('SELECT total, done, passed FROM eval_run').all();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    const due = items.find((each) => each.status === 'due')?.n ?? 0;
    // What is done, what is counted and what is left are one.
    expect(results).toHaveLength(2 * (ITEMS - due));
    expect(counts).toEqual({ total: ITEMS, done: ITEMS - due, passed: ITEMS - due });
    const now = new Map(results.map((each) => [each.item_key * 2 + each.criterion, each.body]));
    for (const [key, body] of before) expect(now.get(key)).toBe(body);
    before = now;
    if (due > 0) killedMidway++;
    else break;
  }
  expect(killedMidway).toBeGreaterThan(0);

  const again = await startEngine({ workspace, readerThread: true });
  const run = await finished(again, { id });
  expect(run).toMatchObject({ status: 'done', counts: { total: ITEMS, done: ITEMS, passed: ITEMS, errored: 0 } });
  expect(run.criteria).toMatchObject([{ passed: ITEMS }, { passed: ITEMS }]);
});

test('a run that is killed while judges are asked asks none twice', { timeout: 120_000 }, async () => {
  const total = 100;
  const answers = held(GOOD, 10);
  const server = await startJudgeServer(answers.reply);
  const workspace = join(temporaryFolder(), 'killed.tracewright');
  const engine = await engineWithRuns(runs(total), { workspace });
  const endpointId = await withJudge(engine, server);
  const made = await makeEval(engine, [SHIPPED, JUDGE]);
  const { id } = await engine.call('run.start', { evalId: made.id });
  await engine.close();
  const answered = chats(server).length;
  expect(answered).toBeLessThan(total);
  answers.release(30);
  const child = spawn(process.execPath, [script, workspace], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  await expect.poll(() => chats(server).length, { timeout: 30_000 }).toBeGreaterThan(answered + 20);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');

  answers.release(Infinity);
  const again = await startEngine({ workspace, readerThread: true });
  const run = await finished(again, { id });
  expect(run).toMatchObject({ status: 'done', counts: { total, done: total, passed: total } });
  const texts = chats(server);
  expect(new Set(texts).size).toBe(total);
  // Only what was on its way at the moments of the stop and of the kill.
  expect(texts.length).toBeLessThanOrEqual(total + 2 * ENDPOINT.concurrency);
  expect(run.judges).toMatchObject([
    {
      grader: 'Helpful',
      endpoint: { id: endpointId, label: 'Local' },
      models: ['judge-1'],
      parameters: { temperature: 0 },
    },
  ]);
  expect(run.modelUse).toHaveLength(1);
  expect(run.modelUse[0]?.calls).toBeGreaterThan(total / 2);
  expect(run.modelUse[0]?.calls).toBeLessThanOrEqual(total);
});

test('a cancelled run keeps what was said, and goes on when it is resumed', async () => {
  const answers = held(GOOD, 10);
  const server = await startJudgeServer(answers.reply);
  const engine = await engineWithRuns(runs(60), { readerThread: true });
  await withJudge(engine, server);
  const made = await makeEval(engine, [JUDGE, SHIPPED]);
  const { id } = await engine.call('run.start', { evalId: made.id });
  const get = (): Promise<EvalRunRow> => engine.call('run.get', { id });
  await expect.poll(async () => (await get()).counts.done, { timeout: 10_000 }).toBeGreaterThan(4);
  expect(await engine.call('run.cancel', { id })).toMatchObject({ status: 'cancelled' });
  await engine.settle({ findings: false });
  const row = await get();
  expect(row.status).toBe('cancelled');
  expect(row.finishedAt).not.toBeNull();
  expect(row.counts.done).toBeLessThan(60);
  const due = await engine.call('run.items', { id, filter: { status: 'due' }, limit: 1_000 });
  expect(due.rows).toHaveLength(60 - row.counts.done);
  answers.release(Infinity);
  await engine.call('run.resume', { id });
  expect(await finished(engine, { id })).toMatchObject({
    status: 'done',
    counts: { done: 60, passed: 60 },
    error: null,
  });
  expect(new Set(chats(server)).size).toBe(60);
  expect(await engine.call('run.cancel', { id })).toMatchObject({ status: 'done' });
});

test('what errored is graded again when a run is resumed, and only that', async () => {
  const server = await startJudgeServer(status(404, 'no such model'));
  const engine = await engineWithRuns(runs(5));
  const made = await makeEval(engine, [SHIPPED, JUDGE]);
  const { id } = await engine.call('run.start', { evalId: made.id });
  // There was no endpoint: each item errored, with what to do.
  const first = await finished(engine, { id });
  expect(first).toMatchObject({
    status: 'done',
    counts: { errored: 5, passed: 0 },
    judges: [{ endpoint: null, models: [] }],
  });
  expect(first.criteria).toMatchObject([{ passed: 5 }, { errored: 5 }]);
  await withJudge(engine, server);
  server.script(GOOD);
  const shipped = await engine.call('sql.query', { sql: 'SELECT * FROM eval_result WHERE criterion = 0' });
  await engine.call('run.resume', { id });
  const second = await finished(engine, { id });
  expect(second).toMatchObject({ counts: { done: 5, errored: 0, passed: 5 }, judges: [{ models: ['judge-1'] }] });
  expect(second.criteria).toMatchObject([{ passed: 5 }, { passed: 5, errored: 0, mean: 0.9 }]);
  expect(await engine.call('sql.query', { sql: 'SELECT * FROM eval_result WHERE criterion = 0' })).toEqual(shipped);
  expect((await allItems(engine, second)).map(({ score }) => score)).toEqual(Array(5).fill(0.95));
});

test('a run that is repeated asks the model that it asked, whatever the endpoint says by then', async () => {
  const server = await startJudgeServer(GOOD);
  const engine = await engineWithRuns(runs(3));
  const endpointId = await withJudge(engine, server);
  const made = await makeEval(engine, [JUDGE]);
  const first = await finished(engine, await engine.call('run.start', { evalId: made.id }));
  expect(first.modelUse).toMatchObject([{ model: 'judge-1', calls: 3, promptTokens: 300, completionTokens: 60 }]);
  await engine.call('endpoint.save', {
    endpoint: { ...ENDPOINT, id: endpointId, model: 'judge-2', baseUrl: server.baseUrl },
  });
  const other = await startJudgeServer(status(500));
  await engine.call('endpoint.save', { endpoint: { ...ENDPOINT, label: 'Other', baseUrl: other.baseUrl } });
  // What was answered is known: the same question of the same model is not asked again.
  const again = await finished(engine, await engine.call('run.repeat', { id: first.id }));
  expect(again).toMatchObject({ counts: first.counts, judges: first.judges });
  expect(chats(server)).toHaveLength(3);
  expect(other.asked).toEqual([]);
  const fresh = await finished(engine, await engine.call('run.start', { evalId: made.id }));
  expect(fresh).toMatchObject({ counts: { errored: 3 }, judges: [{ endpoint: { label: 'Other' } }] });
});
