/**
 * Does a run hold what was promised? Each promise is one check with its numbers, so that whoever reads a red build sees why.
 * A run that shows nothing (no item, nothing graded, broken off) never holds.
 */
import type { RunComparison } from '#shared/comparison.ts';
import type { EvalRunRow, GateCheck, GateVerdict, RunCriterion } from '#shared/eval.ts';
import type { CriterionFigures } from './report/figures.ts';
import { inPercent } from './report/figures.ts';

/** More errors than this share of what was asked say more of the grader than of the agent. */
const MOST_ERRORS = 0.5;
/** Shares are quotients: 0.7 of 10 must not fail for its last binary digit. */
const TINY = 1e-9;

/**
 * @param figures one for each criterion of the run
 * @param comparison of this run with a baseline; null = only thresholds are asked for
 * @param fallback threshold (0…1) of criteria that have none of their own; null = nothing is asked of them. What has neither
 *   pass nor fail is not held to it.
 */
export function gateOf(
  run: EvalRunRow,
  figures: readonly CriterionFigures[],
  comparison: RunComparison | null,
  fallback: number | null = null,
): GateVerdict {
  const checks: GateCheck[] = [];
  const { counts, criteria } = run;
  if (run.status !== 'done')
    checks.push(
      check('', 'unfinished', false, `The run is ${run.status}: ${counts.done} of ${counts.total} items are graded.`),
    );
  if (counts.total === 0) checks.push(check('', 'empty', false, 'The run has no items.'));
  else if (!criteria.some(hasVerdict))
    checks.push(check('', 'empty', false, `None of ${items(counts.total)} was graded.`));
  criteria.forEach((criterion, at) => {
    const errors = errorCheck(criterion);
    if (errors) checks.push(errors);
    const threshold = thresholdCheck(criterion, figures[at], fallback);
    if (threshold) checks.push(threshold);
  });
  if (comparison) checks.push(...baselineChecks(run, comparison));
  return { holds: checks.every(({ holds }) => holds), checks };
}

function hasVerdict({ passed, failed, mean }: RunCriterion): boolean {
  return passed + failed > 0 || mean !== null;
}

function errorCheck({ name, passed, failed, errored, mean, notApplicable }: RunCriterion): GateCheck | null {
  if (errored === 0) return null;
  const graded = passed + failed > 0 || mean !== null;
  const asked = passed + failed + errored;
  // Of a neutral criterion only the errors are counted, and its mean says that there was more.
  const holds = graded && (passed + failed === 0 || errored / asked <= MOST_ERRORS);
  const rest = notApplicable > 0 ? ` It does not apply to ${notApplicable}.` : '';
  return check(
    name,
    'errors',
    holds,
    holds
      ? `${items(errored)} errored and ${errored === 1 ? 'is' : 'are'} in no rate.${rest}`
      : graded
        ? `${errored} of ${items(asked)} errored: too few are left to go by.${rest}`
        : `All ${items(errored)} to which it applies errored.${rest}`,
  );
}

function thresholdCheck(
  { name, threshold: own, passed, failed, mean }: RunCriterion,
  figures: CriterionFigures | undefined,
  fallback: number | null,
): GateCheck | null {
  const graded = passed + failed;
  const threshold = own ?? (graded > 0 ? fallback : null);
  if (threshold === null) return null;
  const wanted = inPercent(threshold);
  if (graded === 0)
    return check(
      name,
      'threshold',
      false,
      mean === null
        ? `No item has a verdict; ${wanted} must pass.`
        : `It has neither pass nor fail, so that no share can reach ${wanted}.`,
    );
  const rate = passed / graded;
  const range = figures?.range
    ? `, 95 % between ${inPercent(figures.range.low)} and ${inPercent(figures.range.high)}`
    : '';
  return check(
    name,
    'threshold',
    rate >= threshold - TINY,
    `${passed} of ${items(graded)} passed (${inPercent(rate)}${range}); ${wanted} must pass${own === null ? ', as it has no threshold of its own' : ''}.`,
  );
}

function baselineChecks(run: EvalRunRow, { baseline, others }: RunComparison): GateCheck[] {
  const other = others.find((each) => each.run.id === run.id) ?? others[0];
  if (!other || other.criteria.length === 0)
    return [check('', 'baseline', false, `It has no criterion in common with the baseline “${baseline.name}”.`)];
  const checks = other.criteria.map(({ name, verdict, says }) =>
    check(name, 'baseline', verdict !== 'worse', verdict === 'worse' ? `Significantly worse: ${says}` : says),
  );
  // What cannot be compared is no proof that nothing got worse.
  if (other.criteria.every(({ verdict }) => verdict === 'nothing to compare'))
    checks.push(check('', 'baseline', false, `No item can be compared with the baseline “${baseline.name}”.`));
  const compared = new Set(other.criteria.map(({ name }) => name));
  for (const { name } of baseline.criteria)
    if (!compared.has(name)) checks.push(check(name, 'baseline', true, 'The baseline has it and this run does not.'));
  return checks;
}

function check(criterion: string, kind: GateCheck['kind'], holds: boolean, says: string): GateCheck {
  return { criterion, kind, holds, says };
}

function items(count: number): string {
  return `${count} item${count === 1 ? '' : 's'}`;
}
