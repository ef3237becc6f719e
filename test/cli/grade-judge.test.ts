/** `grade` with judges and code: the endpoint told with options, one that is down, and a command that is stopped midway. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, makePlace, start } from '../support/cli.ts';
import { startJudgeServer } from '../support/judge-server.ts';
import { held, says } from '../support/scripted-judge.ts';
import { supportRun } from '../support/support-run.ts';
import * as schema from './schemas.ts';

const TRACES = 30;
const place = makePlace();
const at = ['--workspace', place.workspace];
const GOOD = says({ steps: [{ description: 'Read it', conclusion: 'It helps' }], result: 0.75 });

function judge(name: string): string {
  const path = join(place.folder, `${name}.json`);
  const input = [{ role: 'user', content: `${name} {{ trace.id }} {{ sample.output_text }}` }];
  writeFileSync(path, JSON.stringify({ type: 'score_model', name, model: 'any', input, range: [0, 1] }));
  return path;
}

beforeAll(async () => {
  const items = Array.from({ length: TRACES }, (_, k) => supportRun({ id: `t${k}`, minute: k })).flat();
  const file = join(place.folder, 'runs.json');
  writeFileSync(file, JSON.stringify({ data: items }));
  await ask(['import', file, ...at]);
});
afterAll(place.remove);

test('a judge is told with options, asked once for each trace, and not again', async () => {
  const server = await startJudgeServer(GOOD);
  const options = ['--judge-url', server.baseUrl, '--judge-model', 'judge-1'];
  const args = ['grade', '--grader', judge('first'), ...options, ...at];
  const { summary, results } = schema.grade.parse(await ask(args));
  expect(summary).toMatchObject([{ passed: TRACES, errored: 0, mean: 0.75 }]);
  expect(results[0]?.evidence[0]?.spanId).toMatch(/^g3-t/);
  expect(server.asked).toHaveLength(TRACES);
  expect(new Set(server.asked.map(({ body }) => body?.model))).toEqual(new Set(['judge-1']));
  await ask(args);
  expect(server.asked).toHaveLength(TRACES);
  const dry = schema.grade.parse(
    await ask([...args.slice(0, 2), judge('dry'), ...options, '--dry-run', 't0', 't1', ...at]),
  );
  expect(dry.summary).toMatchObject([{ grader: 'dry', passed: 2 }]);
  expect(server.asked).toHaveLength(TRACES + 2);
});

test('an endpoint that is down makes errors with the reason, and exit 1', { timeout: 60_000 }, async () => {
  const server = await startJudgeServer(GOOD);
  await server.close();
  const { code, stdout } = await cli([
    'grade',
    '--grader',
    judge('down'),
    '--judge-url',
    server.baseUrl,
    '--json',
    ...at,
  ]);
  const { summary, results } = schema.grade.parse(JSON.parse(stdout));
  expect([code, summary[0]?.errored, summary[0]?.failed, summary[0]?.mean]).toEqual([1, TRACES, 0, null]);
  expect(results.every(({ error }) => error?.message.includes('Nothing answers at this address'))).toBe(true);
});

test('a command that is stopped keeps what was said, and the next one does the rest', async () => {
  const answers = held(GOOD, 10);
  const server = await startJudgeServer(answers.reply);
  const args = ['grade', '--grader', judge('stopped'), '--judge-url', server.baseUrl, '--json', ...at];
  const running = start(args);
  await expect.poll(() => server.asked.length, { timeout: 10_000 }).toBeGreaterThan(8);
  running.stop();
  const { code, stdout } = await running.done;
  expect(code).toBe(1);
  expect(schema.failure.parse(JSON.parse(stdout)).error).toMatchObject({
    code: 'cancelled',
    message: expect.stringMatching(/^Cancelled: \d+ of 30 verdicts were kept\.$/) as string,
  });
  expect(server.asked.length).toBeLessThan(TRACES);
  const asked = server.asked.length;
  answers.release(Infinity);
  const { summary } = schema.grade.parse(await ask(args.filter((each) => each !== '--json')));
  expect(summary).toMatchObject([{ passed: TRACES }]);
  expect(server.asked.length).toBeLessThanOrEqual(TRACES + 4);
  expect(server.asked.length).toBeGreaterThan(asked);
});
