import { ListChecks } from 'lucide-react';
import { useEngine } from '../../../data/engine.ts';
import { askEval } from '../../../state/evals.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { useDatasets } from '../use-datasets.ts';
import { RunTable } from './run-table.tsx';
import styles from '../evals.module.css';

/** All runs of all evals. */
export function RunsTab({ readOnly, onImport }: { readonly readOnly: boolean; readonly onImport: () => void }) {
  const list = useEngine('run.list', {});
  const { names } = useDatasets();
  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Spinner label="Loading runs" />;
  if (list.data.length === 0)
    return (
      <EmptyState
        icon={<ListChecks size={26} strokeWidth={1.5} aria-hidden />}
        title="No run yet"
        actions={
          <>
            <Button variant="primary" disabled={readOnly} onClick={() => askEval([], '')}>
              Grade all traces…
            </Button>
            <Button disabled={readOnly} onClick={onImport}>
              Import…
            </Button>
          </>
        }
      >
        A run is one execution of an eval: it freezes traces and grader versions, so that it can be repeated and
        compared exactly. Runs of OpenAI evals and of promptfoo can be imported.
      </EmptyState>
    );
  return (
    <div className={styles.scroll}>
      <RunTable runs={list.data} datasets={names} readOnly={readOnly} withEval />
    </div>
  );
}
