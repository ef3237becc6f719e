/** Starts a run of an eval: what it takes now, and what that asks of models. */
import { useRef, useState } from 'react';
import type { EvalDefinition } from '#shared/eval.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { RunEstimate } from '../../../widgets/run-estimate.tsx';
import { useDatasets } from '../use-datasets.ts';
import { sourceWords } from '../words.ts';
import { useSettled } from '../../../widgets/use-settled.ts';
import styles from '../evals.module.css';

export type RunOrder = { readonly name: string; readonly limit: number | null; readonly seed: number };

type Props = {
  readonly definition: EvalDefinition;
  readonly unsaved: boolean;
  /** Null = it failed; the notice says why. */
  readonly onRun: (order: RunOrder) => Promise<boolean>;
  readonly onClose: () => void;
};

export function RunDialog({ definition, unsaved, onRun, onClose }: Props) {
  const { names } = useDatasets();
  const [name, setName] = useState('');
  const [limit, setLimit] = useState(definition.sample ? String(definition.sample.limit) : '');
  const [seed, setSeed] = useState(String(definition.sample?.seed ?? 1));
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const most = wholeNumber(limit, 1);
  const drawn = wholeNumber(seed, 0);
  const bad = (limit.trim() !== '' && most === null) || drawn === null;
  const settled = useSettled(most, 200);
  async function run(): Promise<void> {
    if (bad || busy) return;
    setBusy(true);
    const done = await onRun({ name: name.trim(), limit: most, seed: drawn });
    setBusy(false);
    if (done) onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={first}
      title="Run the eval"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={bad || busy} onClick={() => void run()}>
            {busy ? 'Starting…' : unsaved ? 'Save and run' : 'Run'}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label className={styles.field}>
          <span>Name</span>
          <input
            ref={first}
            value={name}
            maxLength={200}
            placeholder="such as “new prompt”; empty = numbered"
            onChange={(event) => setName(event.target.value)}
          />
          <small>{sourceWords(definition.source, names)}</small>
        </label>
        <div className={styles.pair}>
          <label className={styles.field}>
            <span>At most</span>
            <input
              inputMode="numeric"
              value={limit}
              placeholder="all"
              aria-invalid={(limit.trim() !== '' && most === null) || undefined}
              onChange={(event) => setLimit(event.target.value)}
            />
            <small>A sample of so many traces.</small>
          </label>
          <label className={styles.field}>
            <span>Seed</span>
            <input
              inputMode="numeric"
              value={seed}
              aria-invalid={drawn === null || undefined}
              onChange={(event) => setSeed(event.target.value)}
            />
            <small>The same seed draws the same.</small>
          </label>
        </div>
        <RunEstimate source={definition.source} criteria={definition.criteria} limit={settled} seed={drawn ?? 1} />
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function wholeNumber(text: string, least: number): number | null {
  const number = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
  return number !== null && number >= least ? number : null;
}
