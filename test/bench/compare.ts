/** Two eval runs of ten thousand items side by side. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createEngine, type Engine } from '../../src/main/engine/create-engine.ts';
import { mulberry32 } from '../../src/main/analysis/statistics/random.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';

const ITEMS = 10_000;
const CRITERIA = 5;
const RESAMPLES = 10_000;
const ROUNDS = 3;

type Kind = 'score' | 'pass';
type Made = { readonly id: string; readonly kinds: readonly Kind[]; readonly trials: number; readonly apart?: true };

const SCORES: Made = { id: 'scores', kinds: ['score', 'score', 'score', 'score', 'score'], trials: 1 };
const MIXED: Made = { id: 'mixed', kinds: ['pass', 'pass', 'pass', 'score', 'score'], trials: 1 };
const TRIALS: Made = { id: 'trials', kinds: ['pass', 'pass', 'pass', 'pass', 'pass'], trials: 4 };
const APART: Made = { ...SCORES, id: 'apart', apart: true };

export const compare: Benchmark = {
  id: 'compare',
  method: `Pairs of eval runs of ${ITEMS.toLocaleString('en-US')} items with ${CRITERIA} criteria each, compared with ${RESAMPLES.toLocaleString('en-US')} resamples as the view asks for them: stored rows to sentences, in the reading thread, the slowest of ${ROUNDS} times. Scores are all different numbers, so that each criterion takes ${RESAMPLES.toLocaleString('en-US')} sums for its interval and as many for its permutation test. Baseline: reading the same results in SQL.`,
  async run({ folder }) {
    const path = join(folder, 'compare.tracewright');
    await makeWorkspace(path);
    const created = await createEngine({
      workspace: path,
      httpPort: null,
      appVersion: 'bench',
      readOnly: true,
      readerThread: true,
    });
    if (!created.ok) throw new Error(created.error.message);
    const engine = created.value;
    try {
      const baseline = { name: 'reading the results in SQL', value: readInSql(path), unit: 'ms' } as const;
      const of = `two runs of ${ITEMS.toLocaleString('en-US')} items`;
      const figures: Figure[] = [];
      for (const [made, name, target] of [
        [SCORES, `comparing ${of}, five criteria of scores`, { below: 4_000 }],
        [MIXED, `comparing ${of}, three pass or fail, two scores`, { below: 4_000 }],
        [TRIALS, `comparing ${of}, four trials of each task`, { below: 4_000 }],
        [APART, `comparing ${of} that share none, five criteria of scores`, null],
      ] as const)
        figures.push(figure(name, await slowest(() => compareRuns(engine, made)), 'ms', target, baseline));
      const items = await slowest(() =>
        engine.call('compare.items', { baselineId: `${SCORES.id} A`, otherId: `${SCORES.id} B` }),
      );
      figures.push(figure(`item table of ${of}`, items, 'ms', { atMost: 300 }, baseline));
      return figures;
    } finally {
      await engine.close();
    }
  },
};

async function compareRuns(engine: Engine, { id }: Made): Promise<void> {
  const { others } = await engine.call('compare.runs', {
    baselineId: `${id} A`,
    otherIds: [`${id} B`],
    resamples: RESAMPLES,
  });
  const told = others[0]?.criteria.filter(({ p, range }) => p !== null && range !== null) ?? [];
  if (told.length !== CRITERIA) throw new Error(`${told.length} criteria were compared.`);
}

async function slowest(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return Math.max(...times);
}

async function makeWorkspace(path: string): Promise<void> {
  const created = await createEngine({ workspace: path, httpPort: null, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  await created.value.close();
  const db = new Database(path);
  db.exec("INSERT INTO eval (eval_id, name, body, created_at, updated_at) VALUES ('eval', 'Eval', '{}', 0, 0)");
  db.transaction(() => {
    for (const made of [SCORES, MIXED, TRIALS, APART]) for (const side of ['A', 'B'] as const) writeRun(db, made, side);
  })();
  db.close();
}

/** As a finished run leaves its rows. */
function writeRun(db: Database.Database, { id, kinds, trials, apart }: Made, side: 'A' | 'B'): void {
  const criteria = kinds.map((kind, at) => ({
    name: `${kind} ${at}`,
    graderId: null,
    versionHash: `hash ${at}`,
    versionNumber: 1,
    definition: { type: 'bench', name: `${kind} ${at}` },
    scope: 'trace',
    threshold: null,
    weight: 1,
  }));
  const frozen = {
    criteria,
    source: { kind: 'traces', traceIds: [] },
    limit: null,
    seed: 1,
    missing: 0,
    judges: [],
    metadata: {},
  };
  const run = db
    .prepare(
      `INSERT INTO eval_run (run_id, eval_key, name, status, body, total, done, created_at)
       VALUES (?, (SELECT eval_key FROM eval), ?, 'done', ?, ?, ?, 0)`,
    )
    .run(`${id} ${side}`, `${id} ${side}`, JSON.stringify(frozen), ITEMS, ITEMS).lastInsertRowid;
  const item = db.prepare(
    `INSERT INTO eval_item (run_key, position, task, trial, title, trace_id, status, cost, duration_ms)
     VALUES (?, ?, ?, ?, ?, ?, 'passed', ?, ?)`,
  );
  const result = db.prepare(
    'INSERT INTO eval_result (item_key, criterion, status, score, passed, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const random = mulberry32(side === 'A' ? 1 : 2);
  const body = JSON.stringify({
    explanation: 'It looked the order up, and told the customer what came of it.',
    evidence: [],
  });
  for (let at = 0; at < ITEMS; at++) {
    const task = `${apart ? side : 'task'} ${Math.floor(at / trials)}`;
    const key = item.run(
      run,
      at,
      task,
      (at % trials) + 1,
      `Title of ${task}`,
      null,
      random(),
      random() * 1e4,
    ).lastInsertRowid;
    kinds.forEach((kind, criterion) => {
      const score = kind === 'score' ? random() : Number(random() < 0.7);
      result.run(key, criterion, 'graded', score, kind === 'score' ? null : score, body);
    });
  }
}

function readInSql(path: string): number {
  const db = new Database(path, { readonly: true });
  const ask = db
    .prepare(
      `SELECT i.item_key, criterion, r.status, r.score, passed FROM eval_item i JOIN eval_result r USING (item_key)
       WHERE run_key IN (SELECT run_key FROM eval_run WHERE run_id IN ('scores A', 'scores B'))`,
    )
    .raw();
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    ask.all();
    return performance.now() - started;
  });
  db.close();
  return percentile(times, 0.5);
}
