/** Marks a span in the tree at which detectors found a fault; the reason is its tooltip. */
import { Bug } from 'lucide-react';
import { useFaultMarks } from './fault-marks.ts';
import styles from './faults.module.css';

export function FaultBadge({ spanId }: { readonly spanId: string }) {
  const findings = useFaultMarks(({ marks }) => marks.get(spanId));
  const [first] = findings ?? [];
  if (!findings || !first) return null;
  return (
    <span
      className={styles.badge}
      data-severity={first.severity}
      title={findings
        .slice(0, 5)
        .map(({ reason }) => reason.slice(0, 300))
        .join('\n')}
    >
      <Bug size={11} aria-hidden />
      {findings.length > 1 ? findings.length : null}
    </span>
  );
}
