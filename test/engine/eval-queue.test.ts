/** The queue of eval runs by itself: criteria that do not grade together, traces that go, disks that fill. */
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Grade, GraderDefinition } from '#shared/grader.ts';
import { createEvents } from '../../src/main/engine/changes.ts';
import { createRunQueue, type RunQueue } from '../../src/main/engine/evals/run-queue.ts';
import type { Grader, GradeRequest } from '../../src/main/engine/grading/grader.ts';
import { INTERPRETERS } from '../../src/main/sandbox/python/runner.ts';
import type { Connection } from '../../src/main/store/database.ts';
import { itemPage } from '../../src/main/store/eval-items.ts';
import { putEval, putItems, putRun, recountRun } from '../../src/main/store/eval-run-writer.ts';
import { runRow } from '../../src/main/store/eval-store.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { temporaryFolder } from '../support/workspace.ts';

const PASSED: Grade = {
  status: 'graded',
  score: 1,
  label: null,
  passed: true,
  explanation: '',
  evidence: [],
  errors: [],
  subRewards: {},
  usage: [],
  notes: {},
  durationMs: 1,
};

async function connectionWith(definitions: readonly GraderDefinition[], items: number): Promise<Connection> {
  const opened = await openWorkspace(join(temporaryFolder(), 'queue.tracewright'), {
    readOnly: false,
    nativeBinding: null,
  });
  if (!opened.ok || !opened.value.connection) throw new Error('the workspace opens');
  const { connection } = opened.value;
  onTestFinished(() => opened.value.close());
  connection.transaction((writer) => {
    const source = { kind: 'filter', query: '' } as const;
    putEval(writer, 'e', { name: 'E', criteria: [], source, metadata: {} }, 1);
    const criteria = definitions.map((definition) => ({
      name: definition.name,
      graderId: definition.name,
      versionHash: definition.name,
      versionNumber: 1,
      definition,
      scope: 'trace' as const,
      threshold: null,
      weight: 1,
    }));
    const frozen = { criteria, source, limit: null, seed: 0, missing: 0, judges: [], metadata: {} };
    const key = putRun(writer, { id: 'r', evalId: 'e', name: 'R', frozen, status: 'queued', createdAt: 1 });
    const made = Array.from({ length: items }, (_, k) => ({
      task: `task ${k}`,
      trial: 1,
      title: '',
      traceId: `t${k}`,
      cost: null,
      durationMs: null,
      item: null,
      sample: null,
    }));
    putItems(
      writer,
      key,
      criteria.map(() => 1),
      made,
    );
    recountRun(writer, key);
  });
  return connection;
}

function queueOf(connection: Connection, grade: Grader['grade']): RunQueue {
  const queue = createRunQueue(connection, {
    grader: { grade, close: () => Promise.resolve() },
    judges: () => undefined,
    choice: { endpoints: () => [], only: null },
    events: createEvents(),
    changed: () => undefined,
    now: () => 2,
  });
  onTestFinished(() => queue.stop());
  return queue;
}

/** All pass; a trace that is called so is not found. */
function passes(asked: GradeRequest[], gone = ''): Grader['grade'] {
  return (request, graded) => {
    asked.push(request);
    for (const [index, id] of request.traceIds.entries())
      graded(
        index,
        id === gone
          ? { ok: false, error: { code: 'not_found', message: 'no' } }
          : {
              ok: true,
              value: {
                revision: 1,
                input: `asked ${id}`,
                results: request.definitions.map(() => ({ grade: PASSED, parts: [] })),
              },
            },
      );
    return Promise.resolve();
  };
}

test('code that needs an interpreter of its own comes in turns; an item is done when all have graded it', async () => {
  const definitions = Array.from({ length: 2 * INTERPRETERS }, (_, k) => ({
    type: 'python',
    name: `p${k}`,
    source: `def grade(sample, item):\n  return ${k}`,
  }));
  const connection = await connectionWith([...definitions, { type: 'string_check', name: 'plain' }], 450);
  const asked: GradeRequest[] = [];
  const queue = queueOf(connection, passes(asked, 't7'));
  queue.wake();
  await queue.idle();
  for (const request of asked)
    expect(request.definitions.filter(({ type }) => type === 'python').length).toBeLessThan(INTERPRETERS);
  expect(runRow(connection, 'r')).toMatchObject({
    status: 'done',
    counts: { total: 450, done: 450, passed: 449, errored: 1 },
    startedAt: 2,
    finishedAt: 2,
  });
  for (const { passed, errored } of runRow(connection, 'r')?.criteria ?? [])
    expect([passed, errored]).toEqual([449, 1]);
  const asks = asked.flatMap(({ traceIds, definitions: some }) =>
    traceIds.flatMap((id) => some.map(({ name }) => id + name)),
  );
  expect(new Set(asks).size).toBe(asks.length);
  expect(asks).toHaveLength(450 * (definitions.length + 1));
  const { rows } = itemPage(connection, 'r', { status: 'errored' }, undefined, 10);
  expect(rows).toMatchObject([{ traceId: 't7', title: '' }]);
  expect(itemPage(connection, 'r', {}, undefined, 1).rows).toMatchObject([{ title: 'asked t0', score: 1 }]);
});

test('a grader that breaks fails the run after some tries, and says so', { timeout: 20_000 }, async () => {
  const connection = await connectionWith([{ type: 'string_check', name: 'plain' }], 3);
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => {
    said.mockRestore();
  });
  let tries = 0;
  const queue = queueOf(connection, () => Promise.reject(new Error(`broken ${++tries}`)));
  queue.wake();
  await queue.idle();
  expect(tries).toBeGreaterThan(1);
  expect(runRow(connection, 'r')).toMatchObject({ status: 'failed', error: `broken ${tries}`, counts: { done: 0 } });
});
