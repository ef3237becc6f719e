/** Which runs are compared when the place does not say. */
import type { RunComparison } from '#shared/comparison.ts';
import type { EvalRunRow } from '#shared/eval.ts';

export type Chosen = {
  readonly baselineId: string | null;
  readonly otherIds: readonly string[];
};

/** Beside the baseline; more is a list to read, not a comparison. */
export const MOST_OTHERS = 8;

/**
 * Those of the place; what is missing there is filled up: the newest run of the same eval as the other, and without any
 * choice the two newest that finished of the eval that has two, the older one as the baseline. `runs`: the newest first.
 */
export function chooseRuns(of: readonly string[], runs: readonly EvalRunRow[]): Chosen {
  const [baselineId, ...rest] = of;
  if (baselineId === undefined) {
    const pair = newestPair(runs.filter(({ status }) => status === 'done')) ?? newestPair(runs);
    return pair ? { baselineId: pair[1].id, otherIds: [pair[0].id] } : { baselineId: null, otherIds: [] };
  }
  const others = [...new Set(rest)].filter((id) => id !== baselineId).slice(0, MOST_OTHERS);
  if (others.length > 0) return { baselineId, otherIds: others };
  const baseline = runs.find(({ id }) => id === baselineId);
  const sibling = runs.find(({ id, evalId }) => id !== baselineId && evalId === baseline?.evalId);
  return { baselineId, otherIds: sibling ? [sibling.id] : [] };
}

function newestPair(runs: readonly EvalRunRow[]): readonly [newer: EvalRunRow, older: EvalRunRow] | null {
  const newest = new Map<string, EvalRunRow>();
  for (const run of runs) {
    const newer = newest.get(run.evalId);
    if (newer) return [newer, run];
    newest.set(run.evalId, run);
  }
  return null;
}

/** 'A' is the baseline, 'B', 'C'… the others. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Of the other runs, the one that is looked at. */
export function shownOther(comparison: RunComparison, otherId: string | null): number {
  return Math.max(
    0,
    comparison.others.findIndex(({ run }) => run.id === otherId),
  );
}
