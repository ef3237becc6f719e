import { useRef, useState } from 'react';
import type { EvalDefinition } from '#shared/eval.ts';
import type { GraderKindInfo, GraderRow } from '#shared/grader.ts';
import { useEngine } from '../data/engine.ts';
import { openNewEval } from '../state/eval-drafts.ts';
import { saveEval, startRun, useEvalDialog, type EvalChoice } from '../state/evals.ts';
import { askGrading } from '../state/gradings.ts';
import { notifyError } from '../state/notices.ts';
import { go } from '../state/place.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { RunEstimate } from '../widgets/run-estimate.tsx';
import { Spinner } from '../widgets/states.tsx';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './eval-dialog.module.css';

/** From traces to an eval and its first run: all is filled in, so that one more click starts it. */
export function EvalDialog() {
  const { choice } = useEvalDialog();
  const close = () => useEvalDialog.setState({ choice: null });
  return choice === null ? null : <Open choice={choice} onClose={close} />;
}

/** With more graders than this there is a field to find them by. */
const FEW = 8;

function Open({ choice, onClose }: { readonly choice: EvalChoice; readonly onClose: () => void }) {
  const graders = useEngine('grader.list', {});
  const kinds = useEngine('grader.kinds', undefined);
  const evals = useEngine('eval.list', {});
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null);
  const [busy, setBusy] = useState(false);
  const run = useRef<HTMLButtonElement>(null);
  // Nothing is ticked before it is known what was used last.
  const known =
    graders.data !== undefined && kinds.data !== undefined && (evals.data !== undefined || evals.error !== null);
  const rows = graders.data ?? [];
  const usual = known ? usualGraders(rows, kinds.data ?? [], evals.data ?? []) : new Set<string>();
  const chosen = ticked ?? usual;
  const criteria = rows
    .filter(({ id }) => chosen.has(id))
    .map(({ id }) => ({ graderId: id, versionHash: null, threshold: null, weight: 1 }));
  const found = rows.filter((row) => row.name.toLowerCase().includes(text.trim().toLowerCase()));
  const definition: EvalDefinition = {
    name: name.trim() === '' ? proposedName(choice) : name.trim(),
    criteria,
    source: choice.source,
    sample: null,
    metadata: {},
  };

  function toggle(id: string): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setTicked(next);
  }

  async function start(): Promise<void> {
    if (busy || criteria.length === 0) return;
    setBusy(true);
    const saved = await saveEval(null, definition);
    if (!saved.ok) {
      setBusy(false);
      notifyError('No eval was made', saved.error);
      return;
    }
    // From here on the eval is there: one whose run could not start is opened, to be mended and run again.
    const started = await startRun({ evalId: saved.value.id });
    if (!started) go({ view: 'evals', tab: 'evals', span: saved.value.id, of: [], q: '' });
    onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={run}
      title={`Grade ${choice.what.length > 80 ? `${choice.what.slice(0, 80)}…` : choice.what}`}
      actions={
        <>
          <Button
            title="Thresholds, weights, versions and samples are set there"
            disabled={rows.length === 0}
            onClick={() => {
              onClose();
              openNewEval(definition);
            }}
          >
            Set up first…
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button ref={run} variant="primary" disabled={busy || criteria.length === 0} onClick={() => void start()}>
            {busy ? 'Starting…' : 'Run'}
          </Button>
        </>
      }
    >
      {graders.error && !graders.data ? (
        <p role="alert">
          {graders.error.message} {graders.error.hint}
        </p>
      ) : !known ? (
        <Spinner label="Loading graders" />
      ) : rows.length === 0 ? (
        <div className={styles.none}>
          <p>There is no grader yet: a grader says what passes and what fails.</p>
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              go({ view: 'graders', tab: null, span: null, q: '' });
            }}
          >
            Make one
          </Button>
        </div>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void start();
          }}
        >
          <label className={styles.field}>
            Name of the eval
            <input
              className={styles.input}
              value={name}
              maxLength={200}
              placeholder={proposedName(choice)}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          {rows.length > FEW && (
            <input
              className={styles.input}
              type="search"
              aria-label="Find a grader"
              placeholder="Find a grader"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
          <fieldset className={styles.list}>
            <legend>With</legend>
            {found.map((row) => (
              <label key={row.id} className={styles.grader}>
                <input type="checkbox" checked={chosen.has(row.id)} onChange={() => toggle(row.id)} />
                <span className={styles.name}>{visibleString(row.name.slice(0, 200))}</span>
                <span className={styles.dim}>
                  {visibleString((kinds.data?.find(({ type }) => type === row.type)?.label ?? row.type).slice(0, 60))} ·
                  version {row.current.number}
                </span>
              </label>
            ))}
            {found.length === 0 && <p className={styles.dim}>No grader fits these words.</p>}
          </fieldset>
          <RunEstimate source={choice.source} criteria={criteria} limit={null} seed={1} />
          <p className={styles.dim}>
            Makes an eval and its first run, to repeat and compare later. To only put verdicts on traces,{' '}
            <button
              type="button"
              className={styles.link}
              onClick={() => {
                onClose();
                gradeOnly(choice, [...chosen]);
              }}
            >
              grade without an eval
            </button>
            .
          </p>
          <input type="submit" hidden />
        </form>
      )}
    </Dialog>
  );
}

/** Those of the eval that was edited last and still has one; at first all that ask no model. */
function usualGraders(
  rows: readonly GraderRow[],
  kinds: readonly GraderKindInfo[],
  evals: readonly (EvalDefinition & { readonly updatedAt: number })[],
): ReadonlySet<string> {
  const there = new Set(rows.map(({ id }) => id));
  const [last] = [...evals]
    .sort((a, b) => b.updatedAt - a.updatedAt)
    .map(({ criteria }) => criteria.map(({ graderId }) => graderId).filter((id) => there.has(id)))
    .filter((ids) => ids.length > 0);
  if (last) return new Set(last);
  const free = rows.filter(({ type }) => kinds.some((kind) => kind.type === type && kind.runs !== 'endpoint'));
  // What is made of others may hold a judge.
  const plain = free.filter(({ type }) => type !== 'multi');
  return new Set((plain.length > 0 ? plain : rows.slice(0, 1)).map(({ id }) => id));
}

function proposedName({ what }: EvalChoice): string {
  const [first = '', ...rest] = Array.from(what);
  return `${first.toUpperCase()}${rest.join('')}`.slice(0, 200);
}

function gradeOnly({ source }: EvalChoice, graderIds: readonly string[]): void {
  if (source.kind === 'traces') askGrading(source.traceIds, '', null, graderIds);
  else if (source.kind === 'filter') askGrading([], source.query, null, graderIds);
}
