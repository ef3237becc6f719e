/** The whole comparison as a report. */
import { useRef, useState } from 'react';
import type { RunComparison } from '#shared/comparison.ts';
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../../../data/bridge.ts';
import { engine } from '../../../data/engine.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import styles from './runs.module.css';

const FORMATS = [
  { id: 'markdown', label: 'Markdown', extension: 'md', what: 'A report to read, or to paste into a pull request.' },
  { id: 'json', label: 'JSON', extension: 'json', what: 'All figures and all items, for a program.' },
  { id: 'csv', label: 'CSV', extension: 'csv', what: 'A row for each item, for a spreadsheet.' },
] as const;
type Format = (typeof FORMATS)[number]['id'];

type Props = { readonly open: boolean; readonly comparison: RunComparison; readonly onClose: () => void };

export function ExportDialog({ open, comparison, onClose }: Props) {
  const [format, setFormat] = useState<Format>('markdown');
  const [busy, setBusy] = useState(false);
  const chosen = useRef<HTMLInputElement>(null);

  async function save(): Promise<void> {
    const { extension } = FORMATS.find(({ id }) => id === format) ?? FORMATS[0];
    const path = await bridge.chooseSavePath(`comparison.${extension}`);
    if (path === null) return;
    setBusy(true);
    const saved = await attempt(
      engine.call('compare.export', {
        baselineId: comparison.baseline.id,
        otherIds: comparison.others.map(({ run }) => run.id),
        path,
        format,
      }),
    );
    setBusy(false);
    if (!saved.ok) {
      notifyError('Export failed', saved.error);
      return;
    }
    onClose();
    notify({
      tone: 'ok',
      title: 'Comparison exported',
      detail: path.split(/[\\/]/).at(-1) ?? path,
      action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      initialFocus={chosen}
      title="Export this comparison"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={busy} onClick={() => void save()}>
            {busy ? 'Writing…' : 'Choose where…'}
          </Button>
        </>
      }
    >
      <form
        className={styles.formats}
        role="radiogroup"
        aria-label="Format"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void save();
        }}
      >
        {FORMATS.map(({ id, label, what }) => (
          <label key={id} className={styles.format}>
            <input
              ref={format === id ? chosen : undefined}
              type="radio"
              name="comparison-format"
              checked={format === id}
              onChange={() => setFormat(id)}
            />
            <span>
              <strong>{label}</strong>
              <span className={styles.under}>{what}</span>
            </span>
          </label>
        ))}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
