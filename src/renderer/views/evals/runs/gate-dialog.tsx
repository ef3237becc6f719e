/** Whether a run holds what was asked of it, as `tracewright eval` says it in CI. */
import { useState } from 'react';
import { CircleCheck, CircleX } from 'lucide-react';
import type { EvalRunRow } from '#shared/eval.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { BaselineField } from './run-dialogs.tsx';
import styles from '../evals.module.css';

export function GateDialog({ run, onClose }: { readonly run: EvalRunRow; readonly onClose: () => void }) {
  const [baseline, setBaseline] = useState('');
  const gate = useEngine('run.gate', { id: run.id, ...(baseline === '' ? {} : { baselineId: baseline }) });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Gate"
      size="large"
      actions={
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className={styles.form}>
        <BaselineField run={run} value={baseline} onChange={setBaseline} />
      </div>
      {gate.error && !gate.data ? (
        <ErrorState error={gate.error} onRetry={gate.refetch} />
      ) : !gate.data ? (
        <Spinner label="Checking" />
      ) : (
        <div role="status">
          {gate.data.checks.length > 0 && (
            <p className={styles.verdict} data-holds={gate.data.holds}>
              {gate.data.holds ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
              {gate.data.holds ? 'The gate holds: CI would go on.' : 'The gate does not hold: CI would stop here.'}
            </p>
          )}
          <ul className={styles.checks} aria-label="Checks">
            {gate.data.checks.map(({ criterion, holds, says }, index) => (
              <li key={index} data-holds={holds}>
                {holds ? (
                  <CircleCheck size={14} role="img" aria-label="holds" />
                ) : (
                  <CircleX size={14} role="img" aria-label="does not hold" />
                )}
                <span>
                  {criterion !== '' && <strong>{visibleString(criterion.slice(0, 200))} </strong>}
                  {visibleString(says.slice(0, 1_000))}
                </span>
              </li>
            ))}
          </ul>
          {gate.data.checks.length === 0 && (
            <p className={styles.dim}>
              Nothing is asked: give criteria a threshold in the eval, or choose a baseline. On the command line every
              graded item must then pass.
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}
