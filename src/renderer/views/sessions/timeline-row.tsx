import { memo } from 'react';
import type { SessionTrace } from '#shared/session.ts';
import { formatDuration } from '#shared/time.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { STATUS_LABELS, StatusIcon } from '../../theme/kind-icon.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { placeOf, type TimeLine } from './model/time-line.ts';
import styles from './sessions.module.css';

const LEAST = 3;

type Props = {
  readonly row: SessionTrace;
  readonly index: number;
  readonly top: number;
  readonly line: TimeLine;
  /** Where running traces end: now. */
  readonly until: number;
  readonly active: boolean;
  readonly onHover: (index: number) => void;
  readonly onOpen: () => void;
};

export const TimelineRow = memo(function TimelineRow(props: Props) {
  const { row, index, top, line, active } = props;
  const name = visibleString(row.name.slice(0, 300));
  // Many clients give all traces one name: what each used tells them apart.
  const about = visibleString((row.tools.length > 0 ? row.tools : row.models).join(', ').slice(0, 200));
  const duration = row.start === null || row.end === null ? null : row.end - row.start;
  return (
    <div
      role="option"
      id={timelineRowId(index)}
      aria-selected={active}
      aria-label={`${index + 1}, ${name}, ${STATUS_LABELS[row.status]}, ${formatDuration(duration)}`}
      data-trace={row.id}
      className={`${styles.trace} ${active ? styles.activeTrace : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onPointerEnter={() => props.onHover(index)}
      onClick={props.onOpen}
    >
      <span className={styles.traceName}>
        <span className={styles.ordinal}>{index + 1}</span>
        <StatusIcon status={row.status} size={13} />
        <span className={styles.cut}>{name}</span>
        {about !== '' && <span className={styles.about}>{about}</span>}
      </span>
      <span className={styles.traceTrack}>
        <Bar row={row} line={line} until={props.until} duration={duration} />
      </span>
    </div>
  );
});

type BarProps = Pick<Props, 'row' | 'line' | 'until'> & { readonly duration: number | null };

function Bar({ row, line, until, duration }: BarProps) {
  if (row.start === null)
    return <span className={styles.noTime}>{row.spans === 0 ? 'no spans yet' : 'no time is known'}</span>;
  const running = row.status === 'running';
  const left = placeOf(line, row.start);
  const right = placeOf(line, row.end ?? (running ? until : row.start));
  const width = Math.max(LEAST, right - left);
  const colour = agentColour(row.agents[0] ?? '').solid;
  const failed = row.status === 'error' || row.status === 'tool_errors';
  return (
    <>
      <span
        className={`${styles.bar} ${running ? styles.barRunning : ''}`}
        style={{ left, width, ...(running ? {} : { background: colour }) }}
      />
      {failed && (
        <span className={row.status === 'error' ? styles.barError : styles.barWarn} style={{ left: left + width }} />
      )}
      <span className={styles.barText} style={{ left: left + width + (failed ? 9 : 6) }}>
        {running ? 'running' : formatDuration(duration)}
      </span>
    </>
  );
}

export function timelineRowId(index: number): string {
  return `session-trace-${index}`;
}
