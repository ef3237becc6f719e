/** Runs side by side, on the published runs of AgentRx and tau-bench: the figures are what the files imply. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ITEM_CHANGES, type ChangeCounts } from '#shared/comparison.ts';
import type { EvalRow, EvalRunRow } from '#shared/eval.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { signFlips } from '../../src/main/analysis/statistics/paired.ts';
import { makeEval, finished } from '../support/eval-runs.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const FORMATS = resolve(import.meta.dirname, '../fixtures/formats');
const REWARD = {
  type: 'string_check',
  name: 'reward',
  input: '{{ item.scores.reward }}',
  reference: '1',
  operation: 'eq',
};
const SIMILAR = {
  type: 'text_similarity',
  name: 'repeats the task',
  input: '{{ sample.output_text }}',
  reference: '{{ item.task }}',
  evaluation_metric: 'fuzzy_match',
  pass_threshold: 0.5,
};

type Row = { readonly task_id: number; readonly trial: number; readonly reward: number };
type Published = { readonly engine: Engine; readonly rows: readonly Row[]; readonly ids: ReadonlyMap<string, string> };

async function published(file: string, options: Parameters<typeof startEngine>[0] = {}): Promise<Published> {
  const engine = await startEngine(options);
  const path = join(temporaryFolder(), file.replace('/', '-'));
  copyFileSync(join(FORMATS, file), path);
  await engine.call('import.run', { jobId: 'published', paths: [path] });
  await engine.settle({ findings: false });
  const rows = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Row[];
  const { rows: traces } = await engine.call('trace.list', { limit: 500 });
  expect(traces).toHaveLength(rows.length);
  const ids = new Map(traces.map(({ id, metadata }) => [JSON.stringify([metadata?.task_id, metadata?.trial]), id]));
  return { engine, rows, ids };
}

async function runOver(
  { engine, rows, ids }: Published,
  { id }: EvalRow,
  which: (row: Row) => boolean,
): Promise<EvalRunRow> {
  const traceIds = rows.filter(which).map(({ task_id: task, trial }) => ids.get(JSON.stringify([task, trial])) ?? '');
  const source = { kind: 'traces', traceIds } as const;
  const run = await finished(engine, await engine.call('run.start', { evalId: id, source }));
  expect(run).toMatchObject({ status: 'done', counts: { total: traceIds.length, errored: 0 } });
  return run;
}

const passes = ({ reward }: Row): boolean => reward >= 1 - 1e-6;

/** The mean over tasks of the chance that all of k trials, drawn without putting back, pass: by counting the draws. */
function hatK(rows: readonly Row[], k: number): number {
  const tasks = [...new Set(rows.map(({ task_id: task }) => task))];
  const shares = tasks.map((task) => {
    const trials = rows.filter((row) => row.task_id === task);
    const draws = subsets(trials, k);
    return draws.filter((draw) => draw.every(passes)).length / draws.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function subsets<T>(of: readonly T[], k: number): T[][] {
  if (k === 0) return [[]];
  return of.flatMap((first, at) => subsets(of.slice(at + 1), k - 1).map((rest) => [first, ...rest]));
}

test.each([false, true])(
  'tau-bench airline: two groups of trials of the same tasks (thread: %s)',
  async (readerThread) => {
    const all = await published('tau-bench/cut-airline.json.gz', { readerThread });
    const { engine, rows } = all;
    const made = await makeEval(engine, [REWARD, SIMILAR]);
    const early = (row: Row): boolean => row.trial < 2;
    const a = await runOver(all, made, early);
    const b = await runOver(all, made, (row) => !early(row));
    const comparison = await engine.call('compare.runs', { baselineId: a.id, otherIds: [b.id] });
    expect(comparison).toMatchObject({ pairedBy: 'task', resamples: 10_000, seed: 42, baseline: { id: a.id } });
    const [other] = comparison.others;
    const [reward, similar] = other!.criteria;
    const [rowsA, rowsB] = [rows.filter(early), rows.filter((row) => !early(row))];
    for (const [side, of] of [
      [reward!.a, rowsA],
      [reward!.b, rowsB],
    ] as const) {
      expect(side).toMatchObject({ n: 20, tasks: 10, passed: of.filter(passes).length });
      expect(side.value).toBeCloseTo(of.filter(passes).length / 20, 12);
      expect(side.passHatK[0]).toBeCloseTo(hatK(of, 1), 12);
      expect(side.passHatK[1]).toBeCloseTo(hatK(of, 2), 12);
      expect(side.passHatK).toHaveLength(2);
    }
    const rate = (of: readonly Row[], task: number): number => {
      const own = of.filter((row) => row.task_id === task);
      return own.filter(passes).length / own.length;
    };
    const tasks = [...new Set(rows.map((row) => row.task_id))];
    const differences = tasks.map((task) => rate(rowsB, task) - rate(rowsA, task));
    expect(reward).toMatchObject({ n: 10, test: 'clustered', measure: 'pass rate', graderChanged: false });
    expect(reward!.delta).toBeCloseTo(differences.reduce((sum, d) => sum + d, 0) / 10, 12);
    expect(reward!.p).toBeCloseTo(signFlips(differences).p, 12);
    expect(similar).toMatchObject({ measure: 'mean score', n: 10 });
    const counts = (rowsOf: Uint8Array): ChangeCounts =>
      Object.fromEntries(
        ITEM_CHANGES.map((change, at) => [change, rowsOf.filter((each) => each === at).length]),
      ) as ChangeCounts;
    const items = await engine.call('compare.items', { baselineId: a.id, otherId: b.id });
    expect(counts(items.change)).toEqual(other!.counts);
    expect(items.keys).toHaveLength(10);
    expect(new Set(items.agents.flat())).toEqual(new Set(['Assistant', 'User']));
    expect(items.tools.some((tools) => tools.length > 0)).toBe(true);
    // The most regressed first.
    expect(items.change[0]).toBe(ITEM_CHANGES.indexOf('regressed'));
    for (let row = 0; row < items.keys.length; row++) {
      const at = items.criteria.indexOf('reward');
      const task = Number(items.keys[row]!.replace('task_id ', ''));
      expect(items.valuesA[row * 2 + at]).toBeCloseTo(rate(rowsA, task), 6);
      expect(items.valuesB[row * 2 + at]).toBeCloseTo(rate(rowsB, task), 6);
    }
  },
);

test('tau-bench airline: all trials, pass^k up to 4', async () => {
  const all = await published('tau-bench/cut-airline.json.gz');
  const made = await makeEval(all.engine, [REWARD]);
  const run = await runOver(all, made, () => true);
  const again = await finished(all.engine, await all.engine.call('run.repeat', { id: run.id }));
  const { pairedBy, others } = await all.engine.call('compare.runs', { baselineId: run.id, otherIds: [again.id] });
  expect(pairedBy).toBe('trace');
  const [criterion] = others[0]!.criteria;
  expect(criterion!.a.value).toBe(5 / 40);
  for (let k = 1; k <= 4; k++) expect(criterion!.a.passHatK[k - 1]).toBeCloseTo(hatK(all.rows, k), 12);
  expect(criterion).toMatchObject({ delta: 0, wins: 0, losses: 0, ties: 10, verdict: 'no difference shown', p: 1 });
  expect(others[0]!.counts).toMatchObject({ same: 10, regressed: 0 });
});

test('AgentRx tau retail: one trial of each task, and two groups of different tasks', async () => {
  const all = await published('agentrx/cut-full.json.gz');
  const { engine, rows } = all;
  const made = await makeEval(engine, [REWARD]);
  const whole = await runOver(all, made, () => true);
  const first = await runOver(all, made, (row) => row.task_id < 50);
  const second = await runOver(all, made, (row) => row.task_id >= 50);
  const compared = await engine.call('compare.runs', { baselineId: first.id, otherIds: [second.id] });
  expect(compared.pairedBy).toBe('none');
  const [criterion] = compared.others[0]!.criteria;
  const passed = (from: number, to: number): number =>
    rows.filter((row) => row.task_id >= from && row.task_id < to && passes(row)).length;
  expect(criterion).toMatchObject({ test: 'fisher-exact', n: 100 });
  expect(criterion!.a.value).toBe(passed(0, 50) / 50);
  expect(criterion!.b.value).toBe(passed(50, 100) / 50);
  expect(criterion!.says).toContain('These are different tasks, so chance plays a larger part.');
  expect(compared.others[0]).toMatchObject({ onlyInBaseline: 50, onlyInThis: 50 });
  const part = await engine.call('compare.runs', { baselineId: whole.id, otherIds: [first.id, second.id] });
  expect(part.pairedBy).toBe('trace');
  expect(part.others.map(({ criteria }) => [criteria[0]!.n, criteria[0]!.a.value, criteria[0]!.test])).toEqual([
    [50, 73 / 100, 'mcnemar-exact'],
    [50, 73 / 100, 'mcnemar-exact'],
  ]);
  expect(part.others[0]).toMatchObject({ onlyInBaseline: 50, onlyInThis: 0 });
});

test('reports: Markdown, JSON and CSV', async () => {
  const all = await published('tau-bench/cut-airline.json.gz');
  const { engine } = all;
  const made = await makeEval(engine, [REWARD, SIMILAR]);
  const a = await runOver(all, made, (row) => row.trial < 2);
  const b = await runOver(all, made, (row) => row.trial >= 2);
  await engine.call('run.rename', { id: b.id, name: '<script>alert(1)</script> | @all "new, prompt"' });
  const ask = { baselineId: a.id, otherIds: [b.id] };
  const folder = temporaryFolder();
  const written = async (format: 'markdown' | 'json' | 'csv'): Promise<string> => {
    await engine.call('compare.export', { ...ask, path: join(folder, format), format });
    return readFileSync(join(folder, format), 'utf8');
  };
  const comparison = await engine.call('compare.runs', ask);
  const markdown = await written('markdown');
  expect(markdown).not.toContain('<script>');
  expect(markdown).toContain('Items are paired by their task.');
  expect(markdown).toMatch(/\| reward \| 15 % \(20\) \| 10 % \(20\) \| −5 points \|/);
  expect(markdown).toContain('<summary>Regressed (');
  const json = JSON.parse(await written('json')) as { others: { items: { key: string; change: string }[] }[] };
  expect(json).toMatchObject({ pairedBy: 'task', others: [{ counts: comparison.others[0]!.counts }] });
  expect(json.others[0]!.items).toHaveLength(10);
  expect(json.others[0]!.items[0]).toMatchObject({ change: 'regressed' });
  const csv = (await written('csv')).split('\r\n');
  expect(csv[0]).toMatch(/^baseline,run,key,title,change,trace_a,.*,reward A,reward B,reward B - A,/);
  expect(csv).toHaveLength(12);
  expect(csv[1]).toContain('"<script>alert(1)</script> | @all ""new, prompt"""');
  await expect(
    engine.call('compare.export', { ...ask, path: engine.info().workspace, format: 'json' }),
  ).rejects.toThrow(/is the open workspace/);
});

test('what cannot be compared is said', async () => {
  const all = await published('tau-bench/cut-airline.json.gz');
  const { engine } = all;
  const made = await makeEval(engine, [REWARD]);
  const { id } = await runOver(all, made, (row) => row.task_id === 0);
  await expect(engine.call('compare.runs', { baselineId: id, otherIds: [] })).rejects.toThrow(/no run to compare/);
  await expect(engine.call('compare.runs', { baselineId: id, otherIds: [id] })).rejects.toThrow(/no run to compare/);
  await expect(engine.call('compare.runs', { baselineId: id, otherIds: ['x'] })).rejects.toThrow(/does not exist/);
  await expect(engine.call('compare.items', { baselineId: id, otherId: 'x' })).rejects.toThrow(/does not exist/);
  const stop = new AbortController();
  stop.abort();
  const again = await engine.call('run.repeat', { id });
  await expect(engine.call('compare.runs', { baselineId: id, otherIds: [again.id] }, stop.signal)).rejects.toThrow();
});
