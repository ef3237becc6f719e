/** One row for each criterion: both sides, the difference with its interval, the test, and what it means. */
import { Fragment } from 'react';
import { ChevronRight } from 'lucide-react';
import type { CriterionComparison, RunComparison, SideFigures } from '#shared/comparison.ts';
import { DeltaBar } from '../../../charts/statistics/delta-bar.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState } from '../../../widgets/states.tsx';
import { CriterionDetail } from './criterion-detail.tsx';
import { letterOf, shownOther } from './model/choose.ts';
import {
  costWords,
  deltaRangeText,
  deltaText,
  durationWords,
  needText,
  pSentence,
  rangeText,
  shownName,
  sideWords,
  TEST_WORDS,
  trialCounts,
  valueText,
  type PairedWords,
} from './model/words.ts';
import { useCompareRuns } from './use-compare-runs.ts';
import { toneOf, VerdictWord } from './verdict-word.tsx';
import styles from './runs.module.css';

export function CriteriaPane({ comparison }: { readonly comparison: RunComparison }) {
  const at = shownOther(
    comparison,
    useCompareRuns((state) => state.otherId),
  );
  const other = comparison.others[at];
  if (!other) return null;
  const letter = letterOf(at + 1);
  return (
    // A panel that scrolls must be reachable by keyboard.
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Criteria">
      {other.criteria.length === 0 ? (
        <EmptyState title="No criterion in common">
          Criteria of two runs are paired by their names. Give them the same names in both evals, or run one eval on
          both sets of traces.
        </EmptyState>
      ) : (
        <CriteriaTable criteria={other.criteria} letter={letter} comparison={comparison} />
      )}
      <PairedTable letter={letter} cost={costWords(other.cost)} duration={durationWords(other.durationMs)} />
      <p className={styles.foot}>
        Intervals hold 95 of 100 times. p is corrected by Holm over {formatCount(countClaims(comparison))}{' '}
        {countClaims(comparison) === 1 ? 'claim' : 'claims'} of this comparison; resampling is{' '}
        {formatCount(comparison.resamples)} times from seed {comparison.seed}, so that it repeats exactly.
      </p>
    </div>
  );
}

function countClaims({ others }: RunComparison): number {
  return others.reduce((sum, { criteria }) => sum + criteria.filter(({ p }) => p !== null).length, 0);
}

const DIRECTION_WORDS: Readonly<Record<CriterionComparison['direction'], string>> = {
  maximise: '',
  minimise: ', less is better',
  neutral: ', neither is better',
};

type TableProps = {
  readonly criteria: readonly CriterionComparison[];
  readonly letter: string;
  readonly comparison: RunComparison;
};

function CriteriaTable({ criteria, letter, comparison }: TableProps) {
  const open = useCompareRuns((state) => state.open);
  const chosenK = useCompareRuns((state) => state.k);
  const ks = trialCounts(criteria);
  const k = Math.min(chosenK, ks.length);
  const reach = reachOf(criteria);
  const columns = ks.length > 0 ? 9 : 8;

  function toggle(name: string): void {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    useCompareRuns.setState({ open: next });
  }

  return (
    <table className={styles.criteria}>
      <caption className="visually-hidden">
        Criteria of {shownName(comparison.baseline.name)} (A) and run {letter}
      </caption>
      <thead>
        <tr>
          <th scope="col">Criterion</th>
          <th scope="col">Verdict</th>
          <th scope="col" data-number>
            A
          </th>
          <th scope="col" data-number>
            {letter}
          </th>
          <th scope="col">Difference, 95 %</th>
          <th scope="col">Test</th>
          <th scope="col">
            <span title={`Items that are better, worse and the same in ${letter}`}>Won, lost, tied</span>
          </th>
          <th scope="col" data-wide>
            Smallest to be seen
          </th>
          {ks.length > 0 && (
            <th scope="col" data-wide>
              <span className={styles.kHead}>
                Trials, k =
                <select
                  className={styles.kSelect}
                  aria-label="k of pass@k and pass^k"
                  value={k}
                  onChange={(event) => useCompareRuns.setState({ k: Number(event.target.value) })}
                >
                  {ks.map((each) => (
                    <option key={each} value={each}>
                      {each}
                    </option>
                  ))}
                </select>
              </span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {criteria.map((each) => {
          const isOpen = open.has(each.name);
          return (
            <Fragment key={each.name}>
              <tr data-open={isOpen}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.criterionName}
                    aria-expanded={isOpen}
                    title={shownName(each.name)}
                    onClick={() => toggle(each.name)}
                  >
                    <ChevronRight size={13} aria-hidden className={isOpen ? styles.turned : ''} />
                    <span className={styles.twoLines}>{shownName(each.name)}</span>
                  </button>
                  <span className={styles.under}>
                    {each.measure}
                    {each.measure === 'mean score' && DIRECTION_WORDS[each.direction]}
                    {each.graderChanged && <strong className={styles.changed}> · grader changed</strong>}
                  </span>
                </th>
                <td>
                  <VerdictWord verdict={each.verdict} />
                </td>
                <Side figures={each.a} measure={each.measure} />
                <Side figures={each.b} measure={each.measure} />
                <td>
                  <span className={styles.difference}>
                    <DeltaBar
                      delta={each.delta}
                      range={each.range}
                      reach={reach[each.measure]}
                      width={84}
                      tone={toneOf(each.verdict)}
                    />
                    <span>
                      <strong>{deltaText(each.delta, each.measure)}</strong>
                      <span className={styles.under}>{deltaRangeText(each.range, each.measure)}</span>
                    </span>
                  </span>
                </td>
                <td>
                  <span className={`${styles.nowrap} ${each.test === 'none' ? styles.dim : ''}`} title={each.testName}>
                    {TEST_WORDS[each.test]}
                  </span>
                  <span className={styles.under} title={`Before the correction: ${pSentence(each.p)}`}>
                    {each.pAdjusted === null ? 'no p' : `${pSentence(each.pAdjusted)} (Holm)`}
                  </span>
                </td>
                <td>
                  {comparison.pairedBy === 'none' ? (
                    <span className={styles.dim}>not paired</span>
                  ) : (
                    <span className={styles.tally}>
                      <span title="Better">+{formatCount(each.wins)}</span>
                      <span title="Worse">−{formatCount(each.losses)}</span>
                      <span title="The same" className={styles.dim}>
                        ={formatCount(each.ties)}
                      </span>
                    </span>
                  )}
                  <span className={styles.under}>of {formatCount(each.n)}</span>
                </td>
                <Need each={each} />
                {ks.length > 0 && <Trials each={each} k={k} />}
              </tr>
              {isOpen && (
                <tr className={styles.detailRow}>
                  <td colSpan={columns}>
                    <CriterionDetail criterion={each} letter={letter} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function Side({
  figures,
  measure,
}: {
  readonly figures: SideFigures;
  readonly measure: CriterionComparison['measure'];
}) {
  const whole = valueText(figures.value, measure);
  const shared = valueText(figures.shared, measure);
  return (
    <td data-number title={sideWords(figures)}>
      {whole}
      <span className={styles.under}>{rangeText(figures.range, measure)}</span>
      {figures.shared !== null && shared !== whole && (
        // The difference is of these.
        <span className={styles.under}>{shared} of those in both</span>
      )}
    </td>
  );
}

function Need({ each }: { readonly each: CriterionComparison }) {
  const { detects, more } = needText(each);
  return (
    <td data-wide className={styles.need}>
      {detects}
      <span className={styles.under}>{more}</span>
    </td>
  );
}

function Trials({ each: { a, b }, k }: { readonly each: CriterionComparison; readonly k: number }) {
  const of = (figures: readonly (number | null)[]): string => valueText(figures[k - 1] ?? null, 'pass rate');
  return (
    <td data-wide>
      <span className={styles.nowrap}>
        pass@{k} {of(a.passAtK)} → {of(b.passAtK)}
      </span>
      <span className={styles.under}>
        pass^{k} {of(a.passHatK)} → {of(b.passHatK)}
        <br />
        flaky {formatCount(a.flaky)} → {formatCount(b.flaky)}
      </span>
    </td>
  );
}

/** Bars of rates share one scale, and bars of means another: units do not mix. */
function reachOf(criteria: readonly CriterionComparison[]): Readonly<Record<CriterionComparison['measure'], number>> {
  const reach = { 'pass rate': 0, 'mean score': 0 };
  for (const { measure, delta, range } of criteria)
    for (const value of [delta, range?.low, range?.high])
      reach[measure] = Math.max(reach[measure], Math.abs(value ?? 0));
  return { 'pass rate': Math.max(0.05, reach['pass rate']), 'mean score': reach['mean score'] || 1 };
}

type PairedProps = { readonly letter: string; readonly cost: PairedWords; readonly duration: PairedWords };

/** Not claims, so not corrected: what the change costs. */
function PairedTable({ letter, cost, duration }: PairedProps) {
  if ([cost, duration].every(({ a, b, delta }) => a === '–' && b === '–' && delta === '–'))
    return <p className={`${styles.foot} ${styles.unknown}`}>No cost and no time is known of the traces.</p>;
  return (
    <table className={styles.paired}>
      <caption>Cost and time of the traces in both, paired</caption>
      <thead>
        <tr>
          <td />
          <th scope="col" data-number>
            A
          </th>
          <th scope="col" data-number>
            {letter}
          </th>
          <th scope="col" data-number>
            Difference
          </th>
          <th scope="col">95 %</th>
        </tr>
      </thead>
      <tbody>
        {(
          [
            ['Cost', cost],
            ['Time', duration],
          ] as const
        ).map(([name, words]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td data-number>{words.a}</td>
            <td data-number>{words.b}</td>
            <td data-number>
              <strong>{words.delta}</strong>
            </td>
            <td>{words.range}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
