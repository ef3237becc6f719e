/** Which graders go out, and for which tool; what it cannot have is said afterwards. */
import { useState } from 'react';
import type { GraderExport, GraderExportReport } from '#shared/grader-exchange.ts';
import type { AppError } from '#shared/result.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { exportGraders, graders } from './acts.ts';
import { ProblemList } from '../../../widgets/problem-list.tsx';
import styles from './exchange.module.css';

const FORMATS: readonly { readonly id: GraderExport; readonly label: string; readonly about: string }[] = [
  { id: 'openai-graders', label: 'OpenAI graders (JSON)', about: 'Kinds of OpenAI, unchanged.' },
  { id: 'openai-eval', label: 'OpenAI eval (JSON)', about: 'The same as testing criteria of one eval; no formulas.' },
  { id: 'promptfoo', label: 'promptfoo (YAML)', about: 'Assertions for all tests of a configuration.' },
];

export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const list = useEngine('grader.list', {});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [format, setFormat] = useState<GraderExport>('openai-graders');
  const [error, setError] = useState<AppError | null>(null);
  const [report, setReport] = useState<GraderExportReport | null>(null);
  const rows = list.data ?? [];
  const chosen = rows.filter(({ id }) => !left.has(id));
  async function run(): Promise<void> {
    setError(null);
    const done = await exportGraders(
      chosen.map(({ id }) => id),
      format,
    );
    if (done === null) return;
    if (!('report' in done)) setError(done);
    else if (done.report.problems.length === 0) onClose();
    else setReport(done.report);
  }
  function toggle(id: string): void {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  }

  if (report)
    return (
      <Dialog
        open
        onClose={onClose}
        title={`${graders(report.written)} exported`}
        size="large"
        actions={
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        }
      >
        <section aria-label="What could not be written" tabIndex={0} className={styles.region}>
          <ProblemList problems={report.problems} />
        </section>
      </Dialog>
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Export graders"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={chosen.length === 0} onClick={() => void run()}>
            Export {graders(chosen.length)}…
          </Button>
        </>
      }
    >
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={list.refetch} />
      ) : !list.data ? (
        <Spinner label="Loading graders" />
      ) : rows.length === 0 ? (
        <p>There is no grader yet.</p>
      ) : (
        <div className={styles.files}>
          <fieldset className={styles.choices}>
            <legend>As</legend>
            {FORMATS.map(({ id, label, about }) => (
              <label key={id} className={styles.choice}>
                <input type="radio" name="format" checked={format === id} onChange={() => setFormat(id)} />
                <span>
                  {label} <span className={styles.dim}>{about}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <fieldset className={`${styles.choices} ${styles.list}`}>
            <legend>Graders</legend>
            {rows.map(({ id, name, type }) => (
              <label key={id} className={styles.choice}>
                <input type="checkbox" checked={!left.has(id)} onChange={() => toggle(id)} />
                <span className={styles.cut}>
                  {visibleString(name.slice(0, 200))}{' '}
                  <span className={styles.dim}>{visibleString(type.slice(0, 60))}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {error && (
            <p role="alert" className={styles.problem}>
              {error.message} {error.hint}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}
