/** How many faults the detectors found: a count that opens the list. */
import { useState } from 'react';
import { Popover } from '@base-ui/react/popover';
import { Bug } from 'lucide-react';
import { useSelection } from '../../../state/selection.ts';
import { formatCount } from '../../../widgets/format.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { FaultList } from './fault-list.tsx';
import { useFaultMarks } from './fault-marks.ts';
import styles from './faults.module.css';

const FIRST = 8;

export function FaultChip() {
  const [open, setOpen] = useState(false);
  const detection = useFaultMarks((state) => state.detection);
  const selectSpan = useSelection((state) => state.selectSpan);
  const [worst] = detection?.findings ?? [];
  if (!detection || !worst) return null;
  const count = detection.findings.length;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.chip} data-severity={worst.severity}>
        <Bug size={12} aria-hidden />
        {formatCount(count)} {count === 1 ? 'finding' : 'findings'}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.title}>
              Where it went wrong
              <span className={styles.keys}>
                <Kbd keys="f8" /> next
              </span>
            </Popover.Title>
            <FaultList
              detection={detection}
              first={FIRST}
              onGo={(spanId) => {
                selectSpan(spanId);
                setOpen(false);
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
