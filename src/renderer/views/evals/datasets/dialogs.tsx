/** The small questions of datasets: a name, a note, a format. */
import { useRef, useState } from 'react';
import type { DatasetRow } from '#shared/dataset.ts';
import { exportDataset } from '../../../state/datasets.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import styles from './datasets.module.css';

type TextDialogProps = {
  readonly title: string;
  readonly label: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly about?: string;
  readonly action: string;
  readonly required: boolean;
  readonly most: number;
  /** False keeps it open. */
  readonly onDone: (text: string) => Promise<boolean>;
  readonly onClose: () => void;
};

export function TextDialog(props: TextDialogProps) {
  const [text, setText] = useState(props.value ?? '');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const possible = !busy && (!props.required || text.trim() !== '');
  async function done(): Promise<void> {
    if (!possible) return;
    setBusy(true);
    const finished = await props.onDone(text.trim());
    setBusy(false);
    if (finished) props.onClose();
  }
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={props.title}
      initialFocus={field}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button variant="primary" disabled={!possible} onClick={() => void done()}>
            {props.action}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void done();
        }}
      >
        {props.about !== undefined && <p className={styles.dim}>{props.about}</p>}
        <label className={styles.field}>
          <span>{props.label}</span>
          <input
            ref={field}
            value={text}
            maxLength={props.most}
            placeholder={props.placeholder}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

const FORMATS = [
  {
    id: 'jsonl',
    label: 'JSON lines',
    about: 'One example a line, as OpenAI’s evals take them. Nothing is lost; it can be imported again.',
  },
  {
    id: 'csv',
    label: 'CSV',
    about: 'A table for spreadsheets, a column for each field. It can be imported again.',
  },
] as const;

export function ExportDialog({
  dataset,
  version,
  onClose,
}: {
  readonly dataset: DatasetRow;
  readonly version: number;
  readonly onClose: () => void;
}) {
  const [format, setFormat] = useState<'jsonl' | 'csv'>('jsonl');
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Export version ${version}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={() => void exportDataset(dataset, version, format).then((done) => done && onClose())}
          >
            Choose where…
          </Button>
        </>
      }
    >
      <fieldset className={styles.choices}>
        <legend>Format</legend>
        {FORMATS.map(({ id, label, about }) => (
          <label key={id} className={styles.choice}>
            <input
              type="radio"
              name="dataset-format"
              autoFocus={id === format}
              checked={format === id}
              onChange={() => setFormat(id)}
            />
            <span>
              <strong>{label}</strong>
              <small>{about}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
