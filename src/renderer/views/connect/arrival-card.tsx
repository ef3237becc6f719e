import { ArrowRight } from 'lucide-react';
import { formatDuration } from '#shared/time.ts';
import type { TraceRow } from '#shared/trace.ts';
import { useSelection } from '../../state/selection.ts';
import { StatusIcon } from '../../theme/kind-icon.tsx';
import { AgentChip } from '../../widgets/chip.tsx';
import { formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './connect-view.module.css';

const MAX_AGENTS = 4;

type Props = {
  readonly collecting: boolean;
  /** Of an empty workspace. */
  readonly first: boolean;
  /** What arrived last, if anything. */
  readonly row: TraceRow | null;
};

/** Waits for a span and becomes the way to its trace. */
export function ArrivalCard({ collecting, first, row }: Props) {
  if (!collecting) {
    return (
      <div className={styles.arrival} role="status">
        <span className={styles.text}>
          The collector is not running: no port was free. Files can still be imported.
        </span>
      </div>
    );
  }
  if (!row) {
    return (
      <div className={styles.arrival} role="status">
        <span className={styles.radar} aria-hidden />
        <span className={styles.text}>{first ? 'Waiting for the first span…' : 'Waiting for the next span…'}</span>
        <span className={styles.hint}>It shows here as it arrives.</span>
      </div>
    );
  }
  return (
    <button
      type="button"
      className={`${styles.arrival} ${styles.arrived}`}
      onClick={() => useSelection.getState().openTrace(row.id)}
    >
      <StatusIcon status={row.status} size={16} />
      <span className={styles.arrivedName}>{visibleString(row.name === '' ? row.id : row.name)}</span>
      <span className={styles.arrivedAgents}>
        {row.agents.slice(0, MAX_AGENTS).map((agent) => (
          <AgentChip key={agent} name={agent} />
        ))}
      </span>
      <span className={styles.hint} role="status">
        {row.spans === 0 ? 'no span has ended yet' : `${formatCount(row.spans)} ${row.spans === 1 ? 'span' : 'spans'}`}
        {row.durationNs !== null && ` · ${formatDuration(row.durationNs)}`}
      </span>
      <span className={styles.open}>
        Open the trace <ArrowRight size={14} aria-hidden />
      </span>
    </button>
  );
}
