/** What a comparison found, as one plain sentence with its numbers. */
import type { CriterionComparison } from '#shared/comparison.ts';
import { amountText, counted, decimal, points, pText, short } from './figures-text.ts';

export type Told = Omit<CriterionComparison, 'says'> & {
  /** Means over the units that both have: the sides of `delta`. */
  readonly pairedA: number;
  readonly pairedB: number;
  /** What is paired: "tasks" or "traces". */
  readonly of: string;
  /** The runs share no item. */
  readonly isGroups: boolean;
};

export function says(told: Told): string {
  return [
    sentence(told),
    told.isGroups && told.delta !== null ? 'These are different tasks, so chance plays a larger part.' : '',
    errors(told),
    told.graderChanged ? 'The grader differs between the runs.' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function sentence(told: Told): string {
  const { delta, range, p, pAdjusted, verdict, moreNeeded } = told;
  if (verdict === 'nothing to compare' || delta === null) return nothing(told);
  const figures = [
    sides(told),
    range === null
      ? told.ties > 0 && told.ties === told.n
        ? 'each the same in both'
        : 'no interval of so few'
      : `95 % between ${span(told, range.low, range.high)}`,
    ...(p === null ? [] : [`${shortTest(told)} p ${equals(pText(p))}${afterHolm(p, pAdjusted)}`]),
  ].join('; ');
  const claim = `${direction(told, delta)} (${figures})`;
  if (verdict === 'better' || verdict === 'worse' || verdict === 'different') return `${claim}.`;
  const more =
    moreNeeded === null
      ? 'no number of examples would show a difference of 0'
      : `about ${counted(roughly(moreNeeded))} more ${moreNeeded === 1 ? 'example' : 'examples'}${told.isGroups ? ' in each' : ''} would settle it`;
  return `No difference is shown: ${claim.charAt(0).toLowerCase()}${claim.slice(1)}; ${more}.`;
}

/** "58 % → 70 % of 50 tasks" */
function sides(told: Told): string {
  const { pairedA, pairedB, n, a, b, measure, isGroups } = told;
  const word = measure === 'pass rate' ? 'of' : 'over';
  const of = (count: number): string => `${word} ${counted(count)} ${count === 1 ? told.of.slice(0, -1) : told.of}`;
  return isGroups
    ? `${amountText(told, pairedA)} ${of(a.tasks)} → ${amountText(told, pairedB)} ${of(b.tasks)}`
    : `${amountText(told, pairedA)} → ${amountText(told, pairedB)} ${of(n)}`;
}

function nothing({ a, b, of }: Told): string {
  const silent = a.n === 0 && b.n === 0 ? 'neither run' : a.n === 0 ? 'A' : b.n === 0 ? 'B' : null;
  return silent === null
    ? `Nothing to compare: the runs have no ${of} with a score in common.`
    : `Nothing to compare: ${silent === 'neither run' ? 'neither run has a score' : `${silent} has no score`} under this criterion.`;
}

function direction({ measure, direction: wanted, verdict }: Told, delta: number): string {
  const size = Math.abs(delta);
  if (measure === 'pass rate')
    return delta === 0 ? 'Passes equally often' : `Passes ${points(size)} ${delta > 0 ? 'more' : 'less'} often`;
  if (delta === 0) return 'Scores the same on average';
  const claimed = verdict === 'better' || verdict === 'worse';
  const which = wanted === 'minimise' && claimed ? `, which is ${verdict}` : '';
  return `Scores ${decimal(size)} ${delta > 0 ? 'higher' : 'lower'} on average${which}`;
}

function errors({ a, b }: Told): string {
  if (a.errored === 0 && b.errored === 0) return '';
  return `Errored, and not counted: ${counted(a.errored)} in A, ${counted(b.errored)} in B.`;
}

/** Two digits: what is estimated from so little is not known better. */
function roughly(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / step) * step;
}

/** "= 0.013", "< 0.001" */
function equals(text: string): string {
  return text.startsWith('<') ? text : `= ${text}`;
}

function shortTest({ test, testName }: Told): string {
  return test === 'mcnemar-exact' ? 'McNemar' : test === 'fisher-exact' ? 'Fisher' : testName;
}

function afterHolm(p: number, adjusted: number | null): string {
  return adjusted === null || pText(adjusted) === pText(p) ? '' : `, ${pText(adjusted)} after Holm`;
}

function span({ measure }: Told, low: number, high: number): string {
  return measure === 'pass rate' ? `${short(low * 100)} and ${points(high)}` : `${decimal(low)} and ${decimal(high)}`;
}
