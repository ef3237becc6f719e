/** An engine that is killed while it grades goes on where it was: nothing that was finished is graded again. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sendItems } from '../support/agents-items.ts';
import { random } from '../support/make-trace.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const TRACES = 600;
const KILLS = 4;
const script = fileURLToPath(new URL('../support/grade-engine.ts', import.meta.url));

type Kept = { readonly trace_key: number; readonly grade_key: number };

test(`after ${KILLS} kills each trace has one verdict, and finished ones stayed`, { timeout: 240_000 }, async () => {
  const workspace = join(temporaryFolder(), 'killed.tracewright');
  const engine = await startEngine({ workspace });
  for (let from = 0; from < TRACES; from += 100)
    await sendItems(
      engine,
      Array.from({ length: 100 }, (_, k) => supportRun({ id: `t${from + k}`, minute: from + k })).flat(),
    );
  await engine.settle();
  const grader = await engine.call('grader.save', {
    definition: {
      type: 'string_check',
      name: 'shipped',
      input: '{{ sample.output_text }}',
      reference: 'on its way',
      operation: 'like',
    },
  });
  // Nothing of it is done before the engine stops.
  const { id } = await engine.call('grading.start', { graderIds: [grader.id] });
  await engine.close();

  const moment = random(20_261_123);
  let before = new Map<number, number>();
  let killedMidway = 0;
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(process.execPath, [script, workspace], { stdio: ['ignore', 'pipe', 'pipe'] });
    const extraMs = moment() * 30;
    let errors = '';
    let armed = false;
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', () => {
      if (armed) return;
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), extraMs);
    });
    const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
    expect({ signal, errors: errors.replace(/.*ExperimentalWarning.*\n.*\n/g, '') }).toEqual({
      signal: 'SIGKILL',
      errors: '',
    });
    const db = new Database(workspace, { readonly: true });
    const rows = db.prepare('SELECT trace_key, grade_key FROM grade').all() as Kept[];
    const left = db.prepare('SELECT count(*) FROM grading_item').pluck().get() as number;
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    // What is done and what is left are one: no verdict is lost, and none is made twice.
    expect(rows.length + left).toBe(TRACES);
    if (left > 0) killedMidway++;
    const now = new Map(rows.map(({ trace_key: trace, grade_key: grade }) => [trace, grade]));
    for (const [trace, grade] of before) expect(now.get(trace)).toBe(grade);
    before = now;
    if (left === 0) break;
  }
  expect(killedMidway).toBeGreaterThan(0);

  const again = await startEngine({ workspace, readerThread: true });
  await again.settle({ findings: false });
  const [grading] = await again.call('grading.list', undefined);
  expect(grading).toMatchObject({ id, status: 'done', total: TRACES, done: TRACES, passed: TRACES });
  const rows = (await again.call('sql.query', {
    sql: 'SELECT trace_key, grade_key FROM grade',
    limit: TRACES + 1,
  })) as unknown as Kept[];
  expect(rows).toHaveLength(TRACES);
  const after = new Map(rows.map(({ trace_key: trace, grade_key: grade }) => [trace, grade]));
  for (const [trace, grade] of before) expect(after.get(trace)).toBe(grade);
});
