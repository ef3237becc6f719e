import { useRef, useState } from 'react';
import { useEngine } from '../data/engine.ts';
import { addToDataset, useDatasetDialog, type DatasetChoice } from '../state/datasets.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { formatCount } from '../widgets/format.ts';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './queue-dialog.module.css';

/** Makes examples of traces that were chosen, in a new dataset or in one that is there. */
export function DatasetDialog() {
  const { choice } = useDatasetDialog();
  const close = () => useDatasetDialog.setState({ choice: null });
  return choice === null ? null : <Open choice={choice} onClose={close} />;
}

function Open({ choice, onClose }: { readonly choice: DatasetChoice; readonly onClose: () => void }) {
  const datasets = useEngine('dataset.list', {});
  const [into, setInto] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLSelectElement>(null);
  const rows = datasets.data ?? [];
  // Until one is chosen: the one that was changed last, else a new one.
  const latest = rows.reduce<(typeof rows)[number] | null>(
    (best, row) => (best === null || row.updatedAt > best.updatedAt ? row : best),
    null,
  );
  const target = into ?? latest?.id ?? '';
  const fresh = target === '';

  async function add(): Promise<void> {
    if (busy || datasets.data === undefined) return;
    setBusy(true);
    const wanted = name.trim() === '' ? proposed(choice) : name.trim();
    const done = await addToDataset(fresh ? { name: wanted } : { id: target }, choice.source);
    setBusy(false);
    if (done) onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={first}
      title={`Add ${choice.what} to a dataset`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={busy || datasets.data === undefined} onClick={() => void add()}>
            {busy ? 'Adding…' : fresh ? 'Make the dataset' : 'Add'}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label className={styles.field}>
          <span>Dataset</span>
          <select ref={first} value={target} onChange={(event) => setInto(event.target.value)}>
            <option value="">a new one</option>
            {rows.map((row) => (
              <option key={row.id} value={row.id}>
                {visibleString(row.name.slice(0, 100))}: {formatCount(row.examples)}{' '}
                {row.examples === 1 ? 'example' : 'examples'}
              </option>
            ))}
          </select>
        </label>
        {fresh && (
          <label className={styles.field}>
            <span>Name</span>
            <input
              value={name}
              maxLength={200}
              placeholder={proposed(choice)}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
        )}
        <p className={styles.field}>
          <small>
            Each trace becomes one example: what the user asked first, the final answer, and the tool calls with their
            arguments. Of several trials of one task the first in time is taken. What is in the dataset already is made
            again only by its own trace.
          </small>
        </p>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function proposed({ what }: DatasetChoice): string {
  return `Examples of ${what}`.slice(0, 200);
}
