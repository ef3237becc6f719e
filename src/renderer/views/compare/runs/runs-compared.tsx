/** What the comparison says in words, then its criteria, items or charts. */
import { useMemo, useState } from 'react';
import { FileOutput, TriangleAlert } from 'lucide-react';
import type { RunComparison } from '#shared/comparison.ts';
import type { EvalRunRow } from '#shared/eval.ts';
import type { Command } from '../../../commands/registry.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { ChartsPane } from './charts-pane.tsx';
import { CriteriaPane } from './criteria-pane.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ItemsPane } from './items-pane.tsx';
import { letterOf, shownOther } from './model/choose.ts';
import { shownName, summaryWords } from './model/words.ts';
import { swapRuns } from './run-pickers.tsx';
import { forgetChosen, useCompareRuns, type Pane } from './use-compare-runs.ts';
import styles from './runs.module.css';

type Props = {
  readonly runs: readonly EvalRunRow[];
  readonly baselineId: string;
  readonly otherIds: readonly string[];
};

const PANES: readonly { readonly id: Pane; readonly label: string }[] = [
  { id: 'criteria', label: 'Criteria' },
  { id: 'items', label: 'Items' },
  { id: 'charts', label: 'Charts' },
];

export function RunsCompared({ baselineId, otherIds }: Props) {
  const args = useMemo(() => ({ baselineId, otherIds }), [baselineId, otherIds]);
  const { data, error, refetch } = useEngine('compare.runs', args, { keepPrevious: true });
  const [exporting, setExporting] = useState(false);
  const pane = useCompareRuns((state) => state.pane);
  const commands = useMemo<readonly Command[]>(
    () => [
      ...PANES.map(({ id, label }, index) => ({
        id: `compare-runs.${id}`,
        title: `Show ${label.toLowerCase()}`,
        group: 'Compare eval runs',
        keys: `alt+${index + 1}`,
        run: () => useCompareRuns.setState({ pane: id }),
      })),
      {
        id: 'compare-runs.swap',
        title: 'Swap the baseline and the other run',
        group: 'Compare eval runs',
        keys: 'x',
        run: () => swapRuns(baselineId, otherIds),
      },
      {
        id: 'compare-runs.export',
        title: 'Export this comparison…',
        group: 'Compare eval runs',
        keys: 'mod+e',
        menu: 'File',
        run: () => setExporting(true),
      },
    ],
    [baselineId, otherIds],
  );
  useRegisterCommands(commands);

  if (error && !isOf(data, baselineId, otherIds)) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <Spinner label="Comparing" />;
  const stale = !isOf(data, baselineId, otherIds);
  return (
    <div className={styles.compared} aria-busy={stale} data-stale={stale}>
      <Summary comparison={data} onExport={() => setExporting(true)} />
      <div className={styles.pane}>
        {pane === 'criteria' ? (
          <CriteriaPane comparison={data} />
        ) : pane === 'items' ? (
          <ItemsPane comparison={data} />
        ) : (
          <ChartsPane comparison={data} />
        )}
      </div>
      <ExportDialog open={exporting} comparison={data} onClose={() => setExporting(false)} />
    </div>
  );
}

/** The answer to the question before stays on the screen until the new one is there. */
function isOf(data: RunComparison | undefined, baselineId: string, otherIds: readonly string[]): boolean {
  return (
    data?.baseline.id === baselineId &&
    data.others.length === otherIds.length &&
    data.others.every(({ run }, index) => run.id === otherIds[index])
  );
}

function Summary({ comparison, onExport }: { readonly comparison: RunComparison; readonly onExport: () => void }) {
  const pane = useCompareRuns((state) => state.pane);
  const at = shownOther(
    comparison,
    useCompareRuns((state) => state.otherId),
  );
  const other = comparison.others[at];
  if (!other) return null;
  const several = comparison.others.length > 1;
  const items = Object.values(other.counts).reduce((sum, count) => sum + count, 0);
  const unfinished = [comparison.baseline, other.run].filter(({ status }) => status !== 'done');
  return (
    <header className={styles.summary}>
      {several && (
        <div className={styles.others} role="radiogroup" aria-label="Compared with A">
          {comparison.others.map(({ run, criteria }, index) => (
            <button
              key={run.id}
              type="button"
              role="radio"
              aria-checked={index === at}
              className={styles.other}
              onClick={() => {
                forgetChosen();
                useCompareRuns.setState({ otherId: run.id });
              }}
            >
              <span className={styles.letter} data-letter={letterOf(index + 1)}>
                {letterOf(index + 1)}
              </span>
              <span className={styles.otherName}>{shownName(run.name)}</span>
              <span className={styles.dim}>{digest(criteria)}</span>
            </button>
          ))}
        </div>
      )}
      <div className={styles.said}>
        <p className={`${styles.sentence} selectable`} role="status">
          {summaryWords(other.criteria)}
        </p>
        <p className={styles.dim}>
          {PAIRED_WORDS[comparison.pairedBy]}
          {comparison.pairedBy !== 'none' && changeWords(other.counts.fixed, other.counts.regressed)}
          {onlyWords(other.onlyInBaseline, 'A')}
          {onlyWords(other.onlyInThis, letterOf(at + 1))}
        </p>
        {unfinished.map(({ id, name, status, counts }) => (
          <p key={id} className={styles.warning}>
            <TriangleAlert size={13} aria-hidden /> “{shownName(name).slice(0, 60)}” is {status}:{' '}
            {formatCount(counts.done)} of {formatCount(counts.total)} items are graded. Figures change until it is done.
          </p>
        ))}
      </div>
      <div className={styles.actions}>
        <Choice
          label="What is shown"
          choices={PANES.map(({ id, label }) =>
            id === 'items' ? { id, label: `${label} ${formatCount(items)}` } : { id, label },
          )}
          value={pane}
          onChange={(id) => useCompareRuns.setState({ pane: id })}
        />
        <Button icon={<FileOutput size={13} aria-hidden />} onClick={onExport}>
          Export…
        </Button>
      </div>
    </header>
  );
}

const PAIRED_WORDS: Readonly<Record<RunComparison['pairedBy'], string>> = {
  trace: 'The same traces, judged twice. ',
  task: 'Paired by task. ',
  none: 'These are different tasks: nothing is paired, so chance plays a larger part.',
};

function changeWords(fixed: number, regressed: number): string {
  if (fixed === 0 && regressed === 0) return 'No item changed its verdict.';
  return `${formatCount(fixed)} ${fixed === 1 ? 'item' : 'items'} fixed, ${formatCount(regressed)} regressed.`;
}

function onlyWords(count: number, letter: string): string {
  return count === 0 ? '' : ` · ${formatCount(count)} only in ${letter}`;
}

function digest(criteria: RunComparison['others'][number]['criteria']): string {
  const better = criteria.filter(({ verdict }) => verdict === 'better').length;
  const worse = criteria.filter(({ verdict }) => verdict === 'worse').length;
  if (better + worse === 0) return 'no difference';
  return [better > 0 ? `${better} better` : '', worse > 0 ? `${worse} worse` : ''].filter(Boolean).join(', ');
}
