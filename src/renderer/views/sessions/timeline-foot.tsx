/** Everything about the trace under the pointer, or else under the keyboard. */
import type { SessionTrace } from '#shared/session.ts';
import { formatDuration, nsToIso } from '#shared/time.ts';
import { StatusIcon } from '../../theme/kind-icon.tsx';
import { AgentChip } from '../../widgets/chip.tsx';
import { formatCompact, formatCount, nsTextToMs } from '../../widgets/format.ts';
import { Kbd } from '../../widgets/kbd.tsx';
import { Money } from '../../widgets/money.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './sessions.module.css';

const MOST_AGENTS = 3;

type Props = { readonly row: SessionTrace; readonly position: number; readonly total: number };

export function TimelineFoot({ row, position, total }: Props) {
  const tokens =
    row.inputTokens === null && row.outputTokens === null ? null : (row.inputTokens ?? 0) + (row.outputTokens ?? 0);
  return (
    <footer className={styles.foot}>
      <StatusIcon status={row.status} />
      <span className={styles.footName}>{visibleString(row.name.slice(0, 300))}</span>
      <span className={styles.metrics}>
        <span>
          {formatCount(position)} of {formatCount(total)}
        </span>
        {row.startNs !== null && (
          <span title={nsToIso(BigInt(row.startNs))}>{exactStart(nsTextToMs(row.startNs))}</span>
        )}
        <span>{formatDuration(row.start === null || row.end === null ? null : row.end - row.start)}</span>
        <span>
          {formatCompact(row.spans)} {row.spans === 1 ? 'span' : 'spans'}
        </span>
        {row.errors > 0 && (
          <span className={styles.errors}>
            {formatCompact(row.errors)} {row.errors === 1 ? 'error' : 'errors'}
          </span>
        )}
        {tokens !== null && <span>{formatCompact(tokens)} tokens</span>}
        {row.cost !== null && (
          <span>
            <Money usd={row.cost} basis={row.costBasis} />
          </span>
        )}
      </span>
      <span className={styles.agents}>
        {row.agents.slice(0, MOST_AGENTS).map((name) => (
          <AgentChip key={name} name={name} className={styles.agent ?? ''} />
        ))}
      </span>
      <span className={styles.footHint}>
        <Kbd keys="enter" /> opens it
      </span>
    </footer>
  );
}

/** "2026-11-21 21:31:30.553": the time of the clock here, as on the axis above. */
function exactStart(ms: number | null): string {
  if (ms === null) return '–';
  const time = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${day} ${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
