/** Settings, Detectors: each rule with its definition, on or off, its severity and its parameters. */
import { useState } from 'react';
import { RotateCcw } from 'lucide-react';
import type { DetectorEdits, DetectorSheet } from '#shared/detect.ts';
import { toAppError } from '#shared/result.ts';
import { assumeAnswer, engine, useEngine } from '../../../data/engine.ts';
import { notifyError } from '../../../state/notices.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { DetectorRow } from './detector-row.tsx';
import { isChanged, withEdits } from './edits.ts';
import styles from './detectors.module.css';

export function DetectorSection({ readOnly }: { readonly readOnly: boolean }) {
  const sheet = useEngine('detectors.get', undefined);
  if (!sheet.data) return null;
  return <Detectors sheet={sheet.data} readOnly={readOnly} />;
}

function Detectors({ sheet, readOnly }: { readonly sheet: DetectorSheet; readonly readOnly: boolean }) {
  const [open, setOpen] = useState<string | null>(null);
  const changed = sheet.detectors.filter(isChanged).length;
  const off = sheet.detectors.filter(({ enabled }) => !enabled).length;

  async function save(edits: DetectorEdits): Promise<void> {
    assumeAnswer('detectors.get', undefined, { edits, detectors: withEdits(sheet.detectors, edits) });
    try {
      assumeAnswer('detectors.get', undefined, await engine.call('detectors.set', { edits }));
    } catch (cause) {
      assumeAnswer('detectors.get', undefined, sheet);
      notifyError('Detectors', toAppError(cause));
    }
  }

  return (
    <section className={styles.section} aria-label="Detectors">
      <div className={styles.head}>
        <h2>Detectors</h2>
        <Button
          icon={<RotateCcw size={13} aria-hidden />}
          disabled={readOnly || changed === 0}
          onClick={() => void save({})}
        >
          Reset all
        </Button>
      </div>
      <p className={styles.explain}>
        Rules that mark faults in traces, without a model. A finding is a reason to look, not a verdict. Changes are
        kept in this workspace; traces are looked at again in the background.
      </p>
      <ul className={styles.list}>
        {sheet.detectors.map((detector) => (
          <DetectorRow
            key={detector.id}
            detector={detector}
            edits={sheet.edits}
            open={open === detector.id}
            readOnly={readOnly}
            onOpen={() => setOpen(open === detector.id ? null : detector.id)}
            onSave={(edits) => void save(edits)}
          />
        ))}
      </ul>
      <p className={styles.count} role="status">
        {formatCount(sheet.detectors.length - off)} of {formatCount(sheet.detectors.length)} on
        {changed > 0 && `, ${formatCount(changed)} changed`}
      </p>
    </section>
  );
}
