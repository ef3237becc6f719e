import { useRef, useState } from 'react';
import type { ExportFormatInfo } from '#shared/rpc/contract.ts';
import { useEngine } from '../data/engine.ts';
import { exportTraces, useExportDialog, type ExportChoice } from '../state/exports.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../widgets/states.tsx';
import styles from './export-dialog.module.css';

/** In which format; where is asked by the desktop's own dialog. */
export function ExportDialog() {
  const { choice } = useExportDialog();
  const close = () => useExportDialog.setState({ choice: null });
  return choice === null ? null : <Open choice={choice} onClose={close} />;
}

function Open({ choice, onClose }: { readonly choice: ExportChoice; readonly onClose: () => void }) {
  const formats = useEngine('export.formats', undefined);
  const [chosen, setChosen] = useState<string | null>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const list = formats.data ?? [];
  const format = list.find(({ id }) => id === chosen) ?? list[0];

  async function choosePlace(): Promise<void> {
    if (format && (await exportTraces(choice, format))) onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={confirm}
      title={`Export ${choice.what}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!format} onClick={() => void choosePlace()} ref={confirm}>
            Choose where…
          </Button>
        </>
      }
    >
      {formats.error ? (
        <ErrorState error={formats.error} />
      ) : list.length === 0 ? (
        <Spinner label="Loading formats" />
      ) : (
        <fieldset className={styles.formats}>
          <legend className="visually-hidden">Format</legend>
          {list.map((each) => (
            <FormatChoice key={each.id} format={each} checked={each === format} onChoose={() => setChosen(each.id)} />
          ))}
        </fieldset>
      )}
    </Dialog>
  );
}

type ChoiceProps = {
  readonly format: ExportFormatInfo;
  readonly checked: boolean;
  readonly onChoose: () => void;
};

function FormatChoice({ format, checked, onChoose }: ChoiceProps) {
  const about = `export-about-${format.id}`;
  return (
    <div className={styles.format}>
      <label className={styles.label}>
        <input
          type="radio"
          name="export-format"
          value={format.id}
          checked={checked}
          onChange={onChoose}
          aria-describedby={about}
        />
        {format.label}
      </label>
      <p id={about} className={styles.about}>
        {format.about}
        {format.layout === 'folder' && ' Writes a folder.'}
      </p>
    </div>
  );
}
