import { memo } from 'react';
import { formatDuration } from '#shared/time.ts';
import type { SessionRow } from '#shared/session.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { StatusIcon } from '../../theme/kind-icon.tsx';
import { formatCompact, formatCount, formatRelative, nsTextToMs } from '../../widgets/format.ts';
import { Highlighted } from '../../widgets/highlighted.tsx';
import { Money } from '../../widgets/money.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { SessionStrip } from './session-strip.tsx';
import styles from './sessions.module.css';

const MOST_DOTS = 5;

type Props = {
  readonly row: SessionRow;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly now: number;
  readonly words: readonly string[];
  readonly onPick: (id: string, open: boolean) => void;
};

export const SessionRowView = memo(function SessionRowView({ row, index, top, selected, now, words, onPick }: Props) {
  const ended = nsTextToMs(row.endNs ?? row.startNs);
  const tokens = (row.inputTokens ?? 0) + (row.outputTokens ?? 0);
  return (
    <div
      role="option"
      id={sessionRowId(index)}
      aria-selected={selected}
      aria-posinset={index + 1}
      data-session={row.id}
      className={`${styles.row} ${selected ? styles.selected : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onPick(row.id, false)}
      onDoubleClick={() => onPick(row.id, true)}
    >
      <div className={styles.rowHead}>
        <StatusIcon status={row.status} />
        <span className={styles.rowTitle} title={row.title.slice(0, 1_000)}>
          <Highlighted text={visibleString(row.title)} words={words} />
        </span>
        <span className={styles.rowTime}>{ended === null ? '–' : formatRelative(ended, now)}</span>
      </div>
      <div className={styles.rowLine}>
        <span className={styles.rowId} title={row.id.slice(0, 1_000)}>
          <Highlighted text={visibleString(row.id.slice(0, 200))} words={words} />
        </span>
        <SessionStrip bars={row.bars} />
      </div>
      <div className={styles.rowFacts}>
        <Dots names={row.agents} />
        <span className={styles.rowMetrics}>
          <span>
            {formatCompact(row.traces)} {row.traces === 1 ? 'trace' : 'traces'}
          </span>
          <span>
            {formatCompact(row.spans)} {row.spans === 1 ? 'span' : 'spans'}
          </span>
          {row.errors > 0 && (
            <span className={styles.errors}>
              {formatCompact(row.errors)} {row.errors === 1 ? 'error' : 'errors'}
            </span>
          )}
          {tokens > 0 && <span title={`${formatCount(tokens)} tokens`}>{formatCompact(tokens)} tok</span>}
          {row.cost !== null && (
            <span>
              <Money usd={row.cost} basis={row.costBasis} />
            </span>
          )}
        </span>
        <span className={styles.rowLasted}>{lasted(row)}</span>
      </div>
    </div>
  );
});

function Dots({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <span
      className={styles.dots}
      title={names.slice(0, 50).join(', ')}
      role="img"
      aria-label={`${names.length} agents`}
    >
      {names.slice(0, MOST_DOTS).map((name) => (
        <span key={name} className={styles.dot} style={{ background: agentColour(name).solid }} />
      ))}
    </span>
  );
}

/** From the first start to the last end. */
export function lasted(row: Pick<SessionRow, 'startNs' | 'endNs'>): string {
  return row.startNs === null || row.endNs === null
    ? ''
    : formatDuration(Number(BigInt(row.endNs) - BigInt(row.startNs)));
}

export function sessionRowId(index: number): string {
  return `session-row-${index}`;
}
