/** Evals over support runs, for tests of runs. */
import { expect } from 'vitest';
import type { EvalCriterion, EvalRow, EvalRunRow, EvalSource, RunItemRow } from '#shared/eval.ts';
import type { Engine, EngineOptions } from '../../src/main/engine/create-engine.ts';
import { sendItems } from './agents-items.ts';
import { supportRun, type SupportRun } from './support-run.ts';
import { startEngine } from './workspace.ts';

export const SHIPPED = {
  type: 'string_check',
  name: 'on its way',
  input: '{{ sample.output_text }}',
  reference: 'on its way',
  operation: 'ilike',
};
export const LOOKED_UP = {
  type: 'trajectory_match',
  name: 'looks the order up',
  mode: 'subset',
  reference: [{ name: 'get_order' }],
};

export async function engineWithRuns(
  runs: readonly SupportRun[],
  options: Partial<EngineOptions> = {},
): Promise<Engine> {
  const engine = await startEngine(options);
  for (let from = 0; from < runs.length; from += 100)
    expect(await sendItems(engine, runs.slice(from, from + 100).flatMap(supportRun))).toBe(204);
  await engine.settle({ findings: false });
  return engine;
}

export async function makeEval(
  engine: Engine,
  definitions: readonly object[],
  source: EvalSource = { kind: 'filter', query: '' },
  more: Partial<EvalCriterion> = {},
): Promise<EvalRow> {
  const criteria: EvalCriterion[] = [];
  for (const definition of definitions) {
    const { id } = await engine.call('grader.save', { definition: definition as never });
    criteria.push({ graderId: id, versionHash: null, threshold: null, weight: 1, ...more });
  }
  return engine.call('eval.save', { definition: { name: 'Support', criteria, source, metadata: {} } });
}

export async function finished(engine: Engine, { id }: Pick<EvalRunRow, 'id'>): Promise<EvalRunRow> {
  await engine.settle({ findings: false });
  return engine.call('run.get', { id });
}

export async function allItems(engine: Engine, { id }: Pick<EvalRunRow, 'id'>): Promise<RunItemRow[]> {
  const rows: RunItemRow[] = [];
  for (let cursor: number | null = -1; cursor !== null;) {
    const page: { rows: readonly RunItemRow[]; nextCursor: number | null } = await engine.call('run.items', {
      id,
      limit: 1_000,
      ...(cursor < 0 ? {} : { cursor }),
    });
    rows.push(...page.rows);
    cursor = page.nextCursor;
  }
  return rows;
}
