/** Figures of a comparison as people read them. */
import type { CriterionComparison, Paired, Range, SideFigures } from '#shared/comparison.ts';
import type { EvalRunRow } from '#shared/eval.ts';
import { formatDuration } from '#shared/time.ts';
import { formatCost, formatCount } from '../../../../widgets/format.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';

export type Verdict = CriterionComparison['verdict'];
type Measure = CriterionComparison['measure'];

/** A real minus sign, as long as a plus. */
const MINUS = '−';
const NAME = 200;

export function shownName(name: string): string {
  return visibleString(name.slice(0, NAME));
}

/** "1 of 4 criteria is better, 1 worse, 2 show no difference". */
export function summaryWords(criteria: readonly Pick<CriterionComparison, 'verdict'>[]): string {
  const count = (verdict: Verdict): number => criteria.filter((each) => each.verdict === verdict).length;
  const total = criteria.length;
  if (total === 0) return 'The runs have no criterion in common.';
  const of = `of ${formatCount(total)} ${total === 1 ? 'criterion' : 'criteria'}`;
  const said = [
    ['better', (n: number, first: boolean) => (first ? `${n} ${of} ${are(n)} better` : `${n} better`)],
    ['worse', (n: number, first: boolean) => (first ? `${n} ${of} ${are(n)} worse` : `${n} worse`)],
    ['different', (n: number, first: boolean) => (first ? `${n} ${of} ${are(n)} different` : `${n} different`)],
    [
      'no difference shown',
      (n: number, first: boolean) => `${n} ${first ? `${of} ` : ''}${n === 1 ? 'shows' : 'show'} no difference`,
    ],
    [
      'nothing to compare',
      (n: number, first: boolean) => `${n} ${first ? `${of} ` : ''}${n === 1 ? 'has' : 'have'} nothing to compare`,
    ],
  ] as const;
  const parts: string[] = [];
  for (const [verdict, words] of said) {
    const n = count(verdict);
    if (n > 0) parts.push(words(n, parts.length === 0));
  }
  return `${parts.join(', ')}.`;
}

function are(n: number): string {
  return n === 1 ? 'is' : 'are';
}

export function valueText(value: number | null, measure: Measure): string {
  if (value === null || Number.isNaN(value)) return '–';
  return measure === 'pass rate' ? `${trimmed(value * 100, 1)} %` : trimmed(value, 3);
}

/** "+12 points", "−0.03", "0". */
export function deltaText(delta: number | null, measure: Measure): string {
  if (delta === null) return '–';
  if (measure === 'mean score') return signed(delta, 3);
  const points = signed(delta * 100, 1);
  return `${points} ${points === '+1' || points === `${MINUS}1` ? 'point' : 'points'}`;
}

/** "+3 to +21"; the unit stands beside it. */
export function deltaRangeText(range: Range | null, measure: Measure): string {
  if (range === null) return 'no interval';
  const [factor, digits] = measure === 'pass rate' ? [100, 1] : [1, 3];
  return `${signed(range.low * factor, digits)} to ${signed(range.high * factor, digits)}`;
}

export function rangeText(range: Range | null, measure: Measure): string {
  if (range === null) return 'no interval';
  return measure === 'pass rate'
    ? `${trimmed(range.low * 100, 1)} to ${trimmed(range.high * 100, 1)} %`
    : `${trimmed(range.low, 3)} to ${trimmed(range.high, 3)}`;
}

export function pText(p: number | null): string {
  if (p === null) return '–';
  if (p < 0.001) return '< 0.001';
  return p >= 0.1 ? p.toFixed(2) : p.toFixed(3);
}

/** The name of a test as it fits a column; the engine's says how it was done. */
export const TEST_WORDS: Readonly<Record<CriterionComparison['test'], string>> = {
  'mcnemar-exact': 'McNemar, exact',
  'sign-flip-exact': 'Sign flips, exact',
  'sign-flip': 'Sign flips',
  clustered: 'Sign flips by task',
  'fisher-exact': 'Fisher, exact',
  'label-permutation': 'Permutation',
  none: 'none',
};

/** "p = 0.013", "p < 0.001". */
export function pSentence(p: number | null): string {
  const text = pText(p);
  return p === null ? 'no p' : text.startsWith('<') ? `p ${text}` : `p = ${text}`;
}

export function needText({
  minDetectable,
  moreNeeded,
  measure,
}: Pick<CriterionComparison, 'minDetectable' | 'moreNeeded' | 'measure'>): {
  readonly detects: string;
  readonly more: string;
} {
  return {
    detects: minDetectable === null ? 'Cannot be told' : deltaText(minDetectable, measure).replace('+', ''),
    more:
      moreNeeded === null
        ? 'More examples would not settle it'
        : moreNeeded === 0
          ? 'Settled'
          : `About ${formatCount(moreNeeded)} more ${moreNeeded === 1 ? 'example' : 'examples'} would settle it`,
  };
}

/** How many have verdicts, and what has none: "50 items · 2 errored". */
export function sideWords({ n, tasks, errored, notApplicable }: SideFigures): string {
  const parts = [`${formatCount(n)} ${n === 1 ? 'item' : 'items'}`];
  if (tasks !== n) parts.push(`${formatCount(tasks)} ${tasks === 1 ? 'task' : 'tasks'}`);
  if (errored > 0) parts.push(`${formatCount(errored)} errored`);
  if (notApplicable > 0) parts.push(`${formatCount(notApplicable)} not applicable`);
  return parts.join(' · ');
}

/** k for which some criterion has a figure: 1, 2, 3… */
export function trialCounts(criteria: readonly CriterionComparison[]): readonly number[] {
  const most = criteria.reduce(
    (top, { a, b }) => Math.max(top, a.passAtK.length, b.passAtK.length, a.passHatK.length, b.passHatK.length),
    0,
  );
  return Array.from({ length: most }, (_, index) => index + 1);
}

export type PairedWords = { readonly a: string; readonly b: string; readonly delta: string; readonly range: string };

export function costWords({ a, b, delta, range }: Paired): PairedWords {
  return pairedWords(formatCost(a), formatCost(b), delta, range, formatCost);
}

/** Of milliseconds. */
export function durationWords({ a, b, delta, range }: Paired): PairedWords {
  const write = (ms: number | null): string => (ms === 0 ? '0 s' : formatDuration(ms === null ? null : ms * 1e6));
  return pairedWords(write(a), write(b), delta, range, write);
}

function pairedWords(
  a: string,
  b: string,
  delta: number | null,
  range: Range | null,
  write: (value: number) => string,
): PairedWords {
  const sign = (value: number): string =>
    value === 0 ? write(0) : `${value < 0 ? MINUS : '+'}${write(Math.abs(value))}`;
  return {
    a,
    b,
    delta: delta === null ? '–' : sign(delta),
    range: range === null ? 'no interval' : `${sign(range.low)} to ${sign(range.high)}`,
  };
}

/** One line that tells runs apart where their names do not. */
export function runLabel(run: EvalRunRow): string {
  const { passed, failed, total } = run.counts;
  const graded = passed + failed;
  const counts =
    graded > 0
      ? `${formatCount(passed)} of ${formatCount(graded)} passed`
      : `${formatCount(total)} ${total === 1 ? 'item' : 'items'}`;
  return `${shownName(run.name).slice(0, 60)} · ${dayText(run.createdAt)} · ${counts}${run.status === 'done' ? '' : ` · ${run.status}`}`;
}

/** "2026-09-21 14:05", of this computer's clock: runs of one eval sort by it. */
export function dayText(epochMs: number): string {
  const then = new Date(epochMs);
  if (Number.isNaN(then.getTime())) return '–';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${two(then.getHours())}:${two(then.getMinutes())}`;
}

function signed(value: number, digits: number): string {
  const text = trimmed(Math.abs(value), digits);
  return Number(text) === 0 ? '0' : `${value < 0 ? MINUS : '+'}${text}`;
}

/** At most so many digits after the point, and none that say nothing. */
function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
