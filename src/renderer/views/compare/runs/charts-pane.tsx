/** The comparison as pictures: criteria with their intervals, both spreads, what became of each item, and what it costs. */
import { useMemo, useState } from 'react';
import type { CriterionComparison, RunComparison } from '#shared/comparison.ts';
import { formatDuration } from '#shared/time.ts';
import { DistributionChart } from '../../../charts/statistics/distribution-chart.tsx';
import { FrontierChart } from '../../../charts/statistics/frontier-chart.tsx';
import { IntervalChart } from '../../../charts/statistics/interval-chart.tsx';
import { SlopeChart } from '../../../charts/statistics/slope-chart.tsx';
import { useEngine } from '../../../data/engine.ts';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCost, formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { letterOf, shownOther } from './model/choose.ts';
import { chartRuns, columnsOf, costPoints, criteriaNames, intervalGroups, type CostBasis } from './model/charts.ts';
import { deltaText, shownName } from './model/words.ts';
import { useCompareRuns } from './use-compare-runs.ts';
import styles from './runs.module.css';

export function ChartsPane({ comparison }: { readonly comparison: RunComparison }) {
  const names = useMemo(() => criteriaNames(comparison), [comparison]);
  const [wanted, setWanted] = useState<string | null>(null);
  const name = names.find((each) => each === wanted) ?? names[0];
  const runs = useMemo(() => chartRuns(comparison), [comparison]);
  const groups = useMemo(() => intervalGroups(comparison), [comparison]);
  if (name === undefined) return <EmptyState title="Nothing to draw">The runs have no criterion in common.</EmptyState>;
  return (
    // A panel that scrolls must be reachable by keyboard.
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Charts">
      <div className={styles.chartControls}>
        <label className={styles.chartControl}>
          Criterion
          <select className={styles.select} value={name} onChange={(event) => setWanted(event.target.value)}>
            {names.map((each) => (
              <option key={each} value={each}>
                {shownName(each).slice(0, 80)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={styles.charts}>
        <IntervalChart
          title="Criteria of each run"
          description="Pass rates, and means of scores, with the interval that holds the true value 95 of 100 times. Intervals that overlap may still differ: items are paired, see Criteria."
          name="criteria"
          runs={runs}
          groups={groups}
        />
        <CostChart comparison={comparison} name={name} />
        <ItemCharts comparison={comparison} name={name} />
      </div>
    </div>
  );
}

type Props = { readonly comparison: RunComparison; readonly name: string };

function criterionOf(comparison: RunComparison, at: number, name: string): CriterionComparison | undefined {
  return comparison.others[at]?.criteria.find((each) => each.name === name);
}

function CostChart({ comparison, name }: Props) {
  const [basis, setBasis] = useState<CostBasis>(() =>
    costPoints(comparison, name, 'cost').length > 0 ? 'cost' : 'time',
  );
  const points = costPoints(comparison, name, basis);
  const criterion = comparison.others.map((_, at) => criterionOf(comparison, at, name)).find((each) => each);
  const controls = (
    <Choice<CostBasis>
      label="Cost in"
      choices={[
        { id: 'cost', label: 'Cost' },
        { id: 'time', label: 'Time' },
      ]}
      value={basis}
      onChange={setBasis}
    />
  );
  const title = basis === 'cost' ? 'Cost against quality' : 'Time against quality';
  if (points.length === 0)
    return (
      <section className={styles.noChart} aria-label={title}>
        <h3>{title}</h3>
        {controls}
        <p className={styles.dim}>
          {basis === 'cost'
            ? 'What the traces of these runs cost is not known: set prices in Settings, or look at time instead.'
            : 'How long the traces of these runs took is not known.'}
        </p>
      </section>
    );
  const missing = 1 + comparison.others.length - points.length;
  return (
    <FrontierChart
      title={title}
      description={`Each run by what one trace ${basis === 'cost' ? 'costs' : 'takes'} and by “${shownName(name).slice(0, 60)}”. Upright whiskers: 95 % interval of the quality; level ones: of the paired difference to A. The broken line joins the runs that none beats in both.${missing > 0 ? ` ${formatCount(missing)} left out: not known.` : ''}`}
      name={basis === 'cost' ? 'cost-against-quality' : 'time-against-quality'}
      points={points}
      costLabel={basis === 'cost' ? 'Cost of one trace' : 'Time of one trace'}
      qualityLabel={criterion?.measure === 'mean score' ? 'Mean score' : 'Pass rate'}
      writeCost={basis === 'cost' ? dollars : duration}
      rate={criterion?.measure !== 'mean score'}
      lessIsBetter={criterion?.direction === 'minimise' && criterion.measure === 'mean score'}
      controls={controls}
    />
  );
}

/** To the digit that tells neighbours on an axis apart: one trace may cost a hundredth of a cent. */
function dollars(value: number): string {
  return Math.abs(value) >= 1 ? formatCost(value) : `$${Number(value.toPrecision(3))}`;
}

function duration(ms: number): string {
  return ms === 0 ? '0 s' : formatDuration(ms * 1e6);
}

function ItemCharts({ comparison, name }: Props) {
  const at = shownOther(
    comparison,
    useCompareRuns((state) => state.otherId),
  );
  const other = comparison.others[at];
  const items = useEngine('compare.items', {
    baselineId: comparison.baseline.id,
    otherId: other?.run.id ?? '',
  });
  const columns = useMemo(() => (items.data ? columnsOf(items.data, name) : null), [items.data, name]);
  const criterion = criterionOf(comparison, at, name);
  if (items.error && !items.data) return <ErrorState error={items.error} onRetry={items.refetch} />;
  if (!items.data) return <Spinner label="Pairing items" />;
  const letter = letterOf(at + 1);
  if (!columns || !criterion)
    return (
      <section className={styles.noChart} aria-label="Items">
        <h3>Items</h3>
        <p className={styles.dim}>
          Run {letter} and A do not share “{shownName(name).slice(0, 60)}”.
        </p>
      </section>
    );
  const runs = chartRuns(comparison);
  const [a, b] = [runs[0], runs[at + 1]];
  if (!a || !b) return null;
  const rate = criterion.measure === 'pass rate';
  const short = shownName(name).slice(0, 60);
  return (
    <>
      <DistributionChart
        title="Spread of the scores"
        description={`Shares of the items of each run by ${rate ? 'how often they pass' : 'their score'} under “${short}”, and below each the mean over all with its 95 % interval.`}
        name="spread"
        sides={[
          { run: a, index: 0, values: columns.a, mean: criterion.a },
          { run: b, index: at + 1, values: columns.b, mean: criterion.b },
        ]}
        rate={rate}
      />
      {comparison.pairedBy !== 'none' && (
        <SlopeChart
          title="Each item from A to the other"
          description={`${formatCount(criterion.wins)} better (full), ${formatCount(criterion.losses)} worse (broken), ${formatCount(criterion.ties)} the same (grey) under “${short}”. Lines that go the same way are one, the thicker the more items. In all ${deltaText(criterion.delta, criterion.measure)}.`}
          name="items"
          a={a}
          b={b}
          valuesA={columns.a}
          valuesB={columns.b}
          keys={items.data.keys}
          rate={rate}
          lessIsBetter={!rate && criterion.direction === 'minimise'}
        />
      )}
    </>
  );
}
