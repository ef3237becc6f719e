/** Compares runs of the workspace: what the calls, the gate and reports share. */
import type { ComparedItems, RunComparison } from '#shared/comparison.ts';
import type { EvalRunRow } from '#shared/eval.ts';
import { AppFailure } from '#shared/result.ts';
import { compareRuns } from '../../analysis/comparison/compare-runs.ts';
import { comparedItems } from '../../analysis/comparison/compared-items.ts';
import type { RunScores } from '../../analysis/comparison/run-scores.ts';
import { namesOfTraces, runScores } from '../../store/comparison-queries.ts';
import type { Reader } from '../../store/database.ts';
import { runRow } from '../../store/eval-store.ts';
import { resting } from './rest.ts';

const RESAMPLES = 10_000;
const MOST_RESAMPLES = 100_000;
const FEWEST_RESAMPLES = 200;
const SEED = 42;
/** A table of more columns is not read, and each other run costs a second. */
export const MOST_OTHERS = 8;

export type Asked = {
  readonly baselineId: string;
  readonly otherIds: readonly string[];
  readonly resamples?: number;
  readonly seed?: number;
};

export async function compareStored(reader: Reader, asked: Asked, signal: AbortSignal): Promise<RunComparison> {
  const otherIds = [...new Set(asked.otherIds)].filter((id) => id !== asked.baselineId);
  if (otherIds.length === 0)
    throw new AppFailure({
      code: 'bad_request',
      message: 'There is no run to compare with the baseline.',
      hint: 'Choose a second run.',
    });
  if (otherIds.length > MOST_OTHERS)
    throw new AppFailure({
      code: 'bad_request',
      message: `${otherIds.length} runs are too many to compare at once.`,
      hint: `Choose at most ${MOST_OTHERS} beside the baseline.`,
    });
  const resamples = Math.max(FEWEST_RESAMPLES, Math.min(asked.resamples ?? RESAMPLES, MOST_RESAMPLES));
  const seed = asked.seed ?? SEED;
  const pause = resting(signal);
  await pause();
  const baseline = existing(reader, asked.baselineId);
  const others = otherIds.map((id) => existing(reader, id));
  const { pairedBy, others: compared } = await compareRuns(
    baseline.scores,
    others.map(({ scores }) => scores),
    { resamples, seed, pause },
  );
  return {
    baseline: baseline.row,
    others: compared.flatMap((each, index) => {
      const run = others[index]?.row;
      return run ? [{ run, ...each }] : [];
    }),
    pairedBy,
    resamples,
    seed,
  };
}

export function comparedItemsStored(reader: Reader, baselineId: string, otherId: string): ComparedItems {
  const [baseline, other] = [existing(reader, baselineId), existing(reader, otherId)];
  return comparedItems(baseline.scores, other.scores, (traceIds) => namesOfTraces(reader, traceIds));
}

function existing(reader: Reader, runId: string): { readonly row: EvalRunRow; readonly scores: RunScores } {
  const row = runRow(reader, runId);
  const scores = row && runScores(reader, runId);
  if (!row || !scores)
    throw new AppFailure({
      code: 'not_found',
      message: 'This eval run does not exist, or was deleted.',
      hint: 'Choose another run.',
    });
  return { row, scores };
}
