/** Eval runs side by side: what improved, what regressed, whether it is more than luck, and in which items it shows. */
import { useMemo } from 'react';
import { FlaskConical } from 'lucide-react';
import type { EvalRunRow } from '#shared/eval.ts';
import { useEngine } from '../../../data/engine.ts';
import { go, usePlace } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { RunPickers } from './run-pickers.tsx';
import { RunsCompared } from './runs-compared.tsx';
import { chooseRuns } from './model/choose.ts';
import styles from './runs.module.css';

const NO_RUNS: readonly EvalRunRow[] = [];

export function CompareRunsTab() {
  const { of } = usePlace();
  const list = useEngine('run.list', {});
  const runs = list.data ?? NO_RUNS;
  const chosen = useMemo(() => chooseRuns(of, runs), [of, runs]);

  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Spinner label="Loading eval runs" />;
  if (runs.length < 2 && of.length < 2) return <TooFew runs={runs.length} />;
  const { baselineId, otherIds } = chosen;
  return (
    <div className={styles.page}>
      <RunPickers runs={runs} baselineId={baselineId} otherIds={otherIds} />
      {baselineId === null || otherIds.length === 0 ? (
        <EmptyState title={baselineId === null ? 'Which runs?' : 'Compared with which run?'}>
          {baselineId === null
            ? 'No eval has two runs yet. Choose a baseline above, and a run to compare with it.'
            : 'This eval has no other run. Choose one above, or run the eval once more.'}
        </EmptyState>
      ) : (
        <RunsCompared runs={runs} baselineId={baselineId} otherIds={otherIds} />
      )}
    </div>
  );
}

function TooFew({ runs }: { readonly runs: number }) {
  return (
    <EmptyState
      icon={<FlaskConical size={26} aria-hidden />}
      title="A comparison needs two eval runs"
      actions={
        <Button variant="primary" onClick={() => go({ view: 'evals' })}>
          Go to Evals
        </Button>
      }
    >
      {runs === 0 ? 'There is no run yet.' : 'There is one run.'} Run an eval on the traces from before a change and on
      those from after it: here you see what improved, what regressed, and whether it is more than luck.
    </EmptyState>
  );
}
