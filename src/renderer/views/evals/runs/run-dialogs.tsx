/** What is asked before a run is renamed, deleted or written to a file, and which other run it stands against. */
import { useRef, useState } from 'react';
import type { EvalRunRow, RunExport } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { AppError } from '#shared/result.ts';
import { useEngine } from '../../../data/engine.ts';
import { compareRuns, deleteRun, renameRun } from '../../../state/evals.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ProblemList } from '../../../widgets/problem-list.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { EXPORTS, exportRun } from './acts.ts';
import styles from '../evals.module.css';

type Props = { readonly run: EvalRunRow; readonly onClose: () => void };

export function RenameDialog({ run, onClose }: Props) {
  const [name, setName] = useState(run.name);
  const field = useRef<HTMLInputElement>(null);
  const wanted = name.trim();
  async function save(): Promise<void> {
    if (wanted === '') return;
    if (wanted === run.name || (await renameRun(run.id, wanted))) onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename the run"
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={wanted === ''} onClick={() => void save()}>
            Rename
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label className={styles.field}>
          <span>Name</span>
          <input ref={field} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </label>
      </form>
    </Dialog>
  );
}

export function DeleteRunDialog({ run, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const confirm = useRef<HTMLButtonElement>(null);
  async function remove(): Promise<void> {
    setBusy(true);
    await deleteRun(run);
    setBusy(false);
    onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={confirm}
      title="Delete this run?"
      actions={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button variant="danger" disabled={busy} onClick={() => void remove()} ref={confirm}>
            {busy ? 'Deleting…' : 'Delete'}
          </Button>
        </>
      }
    >
      <p className="selectable">
        <strong>{visibleString(run.name.slice(0, 200))}</strong>: the verdicts of{' '}
        {run.counts.total === 1 ? 'its one item' : `its ${formatCount(run.counts.total)} items`} go. Traces, graders and
        the eval stay. This cannot be undone.
      </p>
    </Dialog>
  );
}

export function ExportRunDialog({ run, onClose }: Props) {
  const [format, setFormat] = useState<RunExport>('markdown');
  const first = useRef<HTMLInputElement>(null);
  const [baseline, setBaseline] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [problems, setProblems] = useState<readonly ExchangeProblem[] | null>(null);
  const compares = EXPORTS.find(({ id }) => id === format)?.compares ?? false;
  async function write(): Promise<void> {
    setError(null);
    const done = await exportRun(run, format, compares && baseline !== '' ? baseline : null);
    if (done === null) return;
    if ('code' in done) setError(done);
    else if (done.problems.length === 0) onClose();
    else setProblems(done.problems);
  }
  if (problems)
    return (
      <Dialog
        open
        onClose={onClose}
        title="Run exported"
        size="large"
        actions={
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        }
      >
        <section aria-label="What could not be written as it is" tabIndex={0} className={styles.region}>
          <ProblemList problems={problems} />
        </section>
      </Dialog>
    );
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={first}
      title="Export the run"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={() => void write()}>
            Export…
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void write();
        }}
      >
        <fieldset className={styles.choices}>
          <legend>As</legend>
          {EXPORTS.map(({ id, label, about }) => (
            <label key={id} className={styles.choice}>
              <input
                ref={id === 'markdown' ? first : undefined}
                type="radio"
                name="format"
                checked={format === id}
                onChange={() => setFormat(id)}
              />
              <span>
                {label} <span className={styles.dim}>{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {compares && <BaselineField run={run} value={baseline} onChange={setBaseline} />}
        {error && (
          <p role="alert" className={styles.problem}>
            {error.message} {error.hint}
          </p>
        )}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

/** Other runs, those of the same eval first. */
export function useOtherRuns(run: EvalRunRow): readonly EvalRunRow[] {
  const list = useEngine('run.list', {});
  const others = (list.data ?? []).filter(({ id }) => id !== run.id);
  return [
    ...others.filter(({ evalId }) => evalId === run.evalId),
    ...others.filter(({ evalId }) => evalId !== run.evalId),
  ];
}

const MOST = 200;

export function BaselineField(props: {
  readonly run: EvalRunRow;
  readonly value: string;
  readonly onChange: (id: string) => void;
}) {
  const others = useOtherRuns(props.run);
  return (
    <label className={styles.field}>
      <span>Baseline</span>
      <select value={props.value} onChange={(event) => props.onChange(event.target.value)}>
        <option value="">none</option>
        {others.slice(0, MOST).map((other) => (
          <option key={other.id} value={other.id}>
            {runWords(other, props.run)}
          </option>
        ))}
      </select>
      <small>With one, no criterion may be significantly worse than there.</small>
    </label>
  );
}

function runWords(other: EvalRunRow, run: EvalRunRow): string {
  const name = visibleString(other.name.slice(0, 100));
  return other.evalId === run.evalId ? name : `${name} (${visibleString(other.evalName.slice(0, 60))})`;
}

/** The other one is the baseline: what is looked at is what changed. */
export function CompareDialog({ run, onClose }: Props) {
  const others = useOtherRuns(run);
  const [chosen, setChosen] = useState('');
  // What was there before is what it is measured against.
  const earlier = others.find(({ evalId, createdAt }) => evalId === run.evalId && createdAt < run.createdAt);
  const id = chosen === '' ? ((earlier ?? others[0])?.id ?? '') : chosen;
  function compare(): void {
    if (id === '') return;
    onClose();
    compareRuns([id, run.id]);
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Compare with another run"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={id === ''} onClick={compare}>
            Compare
          </Button>
        </>
      }
    >
      {others.length === 0 ? (
        <p>There is no other run yet. Repeat this one, or run the eval on other traces.</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            compare();
          }}
        >
          <fieldset className={styles.choices}>
            <legend>Baseline</legend>
            {others.slice(0, MOST).map((other) => (
              <label key={other.id} className={styles.choice}>
                <input
                  // The list may come after the dialog.
                  autoFocus={other.id === id}
                  type="radio"
                  name="baseline"
                  checked={other.id === id}
                  onChange={() => setChosen(other.id)}
                />
                <span className={styles.cut}>{visibleString(other.name.slice(0, 200))}</span>
                <span className={`${styles.dim} ${styles.cut}`}>
                  {other.evalId === run.evalId ? 'same eval' : visibleString(other.evalName.slice(0, 40))}
                </span>
              </label>
            ))}
          </fieldset>
          <input type="submit" hidden />
        </form>
      )}
    </Dialog>
  );
}
