import { useRef, useState } from 'react';
import { useEngine } from '../data/engine.ts';
import { startGrading, useGradeDialog, type GradingChoice } from '../state/gradings.ts';
import { go } from '../state/place.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { formatCompact, formatCost, formatCount } from '../widgets/format.ts';
import { Spinner } from '../widgets/states.tsx';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './grade-dialog.module.css';

/** Grades traces that were chosen, with graders that are chosen here; verdicts are stored. */
export function GradeDialog() {
  const { choice } = useGradeDialog();
  const close = () => useGradeDialog.setState({ choice: null });
  return choice === null ? null : <Open choice={choice} onClose={close} />;
}

function Open({ choice, onClose }: { readonly choice: GradingChoice; readonly onClose: () => void }) {
  const graders = useEngine('grader.list', {});
  const kinds = useEngine('grader.kinds', undefined);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(choice.graderIds));
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLFieldSetElement>(null);
  const rows = graders.data ?? [];
  const ids = rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const asks = new Set(kinds.data?.filter(({ runs }) => runs === 'endpoint').map(({ type }) => type));
  const priced = rows.some(({ id, type }) => chosen.has(id) && (asks.has(type) || type === 'multi'));
  const cost = useEngine('grading.cost', { graderIds: ids, ...choice.source }, { enabled: priced, keepPrevious: true });

  async function start(): Promise<void> {
    setBusy(true);
    const names = rows.filter(({ id }) => chosen.has(id)).map(({ name }) => name);
    const what = names.length === 1 ? (names[0] ?? '') : `${names.length} graders`;
    const done = await startGrading(ids, choice.source, `${what.slice(0, 60)} on ${choice.what}`);
    setBusy(false);
    if (done) onClose();
  }
  function toggle(id: string): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Grade ${choice.what}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={busy || ids.length === 0} onClick={() => void start()}>
            {busy ? 'Starting…' : 'Grade'}
          </Button>
        </>
      }
    >
      {graders.data === undefined ? (
        <Spinner label="Loading graders" />
      ) : rows.length === 0 ? (
        <div className={styles.none}>
          <p>There is no grader yet.</p>
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              go({ view: 'graders', tab: null, span: null });
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
            if (!busy && ids.length > 0) void start();
          }}
        >
          <fieldset className={styles.list} ref={list}>
            <legend>With</legend>
            {rows.map((row, index) => (
              <label key={row.id} className={styles.grader}>
                <input
                  type="checkbox"
                  checked={chosen.has(row.id)}
                  // The dialog opens on the first choice.
                  autoFocus={index === 0}
                  onChange={() => toggle(row.id)}
                />
                <span className={styles.name}>{visibleString(row.name.slice(0, 200))}</span>
                <span className={styles.dim}>
                  {kinds.data?.find(({ type }) => type === row.type)?.label ?? row.type} · version {row.current.number}
                </span>
              </label>
            ))}
          </fieldset>
          <p className={styles.cost} role="status">
            {ids.length === 0
              ? 'Choose at least one.'
              : !priced
                ? 'These run on this computer and ask no model.'
                : cost.data
                  ? `About ${formatCount(cost.data.calls)} calls to your models, ${formatCompact(cost.data.promptTokens)} tokens, ${cost.data.cost === null ? 'price unknown' : formatCost(cost.data.cost)}.`
                  : cost.error
                    ? `What this costs is not known: ${cost.error.message}`
                    : 'Counting what this would ask of models…'}
          </p>
          <p className={styles.dim}>
            A verdict names the version that gave it. Traces that have one already get a new one.
          </p>
          <input type="submit" hidden />
        </form>
      )}
    </Dialog>
  );
}
