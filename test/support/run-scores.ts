/** Runs for comparisons, written short. */
import type { Direction } from '#shared/grader.ts';
import type { Resampling } from '../../src/main/analysis/comparison/resampling.ts';
import type { RunScores } from '../../src/main/analysis/comparison/run-scores.ts';

/** true and false pass and fail, a number is a score alone; 'error', 'n/a', or null = not graded yet. */
export type Said = boolean | number | 'error' | 'n/a' | null;

export type MadeItem = {
  readonly task: string;
  readonly trace?: string | null;
  readonly says: readonly Said[];
  readonly cost?: number;
  readonly durationMs?: number;
};

export type MadeCriterion = { readonly name: string; readonly direction?: Direction; readonly hash?: string };

export function makeScores(criteria: readonly MadeCriterion[], items: readonly MadeItem[], firstId = 1): RunScores {
  const said = items.flatMap(({ says }) => says);
  return {
    criteria: criteria.map(({ name, direction = 'maximise', hash = `hash of ${name}` }) => ({
      name,
      hash,
      direction,
      weight: 1,
    })),
    ids: Float64Array.from(items, (_, at) => firstId + at),
    tasks: items.map(({ task }) => task),
    traceIds: items.map(({ trace }) => trace ?? null),
    titles: items.map(({ task }) => `Title of ${task}`),
    cost: Float64Array.from(items, ({ cost }) => cost ?? NaN),
    durationMs: Float64Array.from(items, ({ durationMs }) => durationMs ?? NaN),
    states: Uint8Array.from(said, (each) => (each === null ? 0 : each === 'error' ? 2 : each === 'n/a' ? 3 : 1)),
    scores: Float64Array.from(said, (each) =>
      typeof each === 'number' ? each : typeof each === 'boolean' ? Number(each) : NaN,
    ),
    passed: Int8Array.from(said, (each) => (typeof each === 'boolean' ? Number(each) : -1)),
  };
}

/** One criterion, one trial of each task. */
export function oneCriterion(says: readonly Said[], criterion: MadeCriterion = { name: 'c' }): RunScores {
  return makeScores(
    [criterion],
    says.map((each, at) => ({ task: `task ${at}`, says: [each] })),
  );
}

export const HOW: Resampling = { resamples: 2_000, seed: 42, pause: () => undefined };
