/** One line of the log. Drawn for the entries near the viewport only. */
import { memo } from 'react';
import { CircleAlert, MessageSquareText } from 'lucide-react';
import { formatDuration } from '#shared/time.ts';
import { useSelection } from '../../../../state/selection.ts';
import { KindIcon, StatusIcon } from '../../../../theme/kind-icon.tsx';
import { AgentChip } from '../../../../widgets/chip.tsx';
import { AnnotationBadge } from '../../annotations/annotation-badge.tsx';
import { FaultBadge } from '../../faults/fault-badge.tsx';
import { stateAt, type Times } from '../../model/moments.ts';
import type { LogEntry } from './log-words.ts';
import styles from './log.module.css';

type Props = {
  readonly entry: LogEntry;
  readonly id: string;
  /** 1-based, the head of the grid counted. */
  readonly ariaIndex: number;
  readonly top: number;
  readonly time: string;
  readonly timeTitle: string;
  readonly active: boolean;
  readonly chosen: boolean;
  /** Of the span that all panes have selected. */
  readonly ofSelected: boolean;
  readonly hovered: boolean;
  readonly matched: boolean;
  /** After the time cursor: it has not happened yet. */
  readonly later: boolean;
  readonly current: boolean;
  readonly times: Times;
  /** Of its span in the tree. */
  readonly row: number;
};

export const LogRow = memo(function LogRow(props: Props) {
  const { entry, active, chosen, later, current, times, row } = props;
  const open = useSelection(
    ({ timeCursor }) => timeCursor !== null && !later && stateAt(times, row, timeCursor) === 'open',
  );
  const { span, type } = entry;
  const running = type === 'start' && span.status === 'running';
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.ariaIndex}
      aria-selected={chosen || active}
      aria-current={current ? 'time' : undefined}
      className={styles.row}
      style={{ top: props.top }}
      data-place={entry.place}
      data-active={active || undefined}
      data-chosen={chosen || undefined}
      data-of-selected={props.ofSelected || undefined}
      data-hovered={props.hovered || undefined}
      data-matched={props.matched || undefined}
      data-later={later || undefined}
      data-current={current || undefined}
      data-open={open || undefined}
      data-failed={entry.failed || undefined}
    >
      <span role="gridcell" className={styles.time} title={props.timeTitle}>
        {props.time}
        {later && <span className="visually-hidden"> not yet happened</span>}
      </span>
      <span role="gridcell" className={styles.agent}>
        {span.agent !== '' && <AgentChip name={span.agent} className={styles.chip} />}
      </span>
      <span role="gridcell" className={styles.what}>
        <span className={styles.kind} data-type={type}>
          {type === 'event' ? (
            <MessageSquareText size={13} aria-label="Event" />
          ) : (
            <KindIcon kind={span.kind} size={13} />
          )}
        </span>
        <span className={styles.words} title={entry.detail === '' ? entry.words : `${entry.words}: ${entry.detail}`}>
          {entry.words}
          {entry.detail !== '' && <span className={styles.detail}>{entry.detail}</span>}
        </span>
        {type !== 'end' && type !== 'event' && (
          <>
            <FaultBadge spanId={span.id} />
            <AnnotationBadge spanId={span.id} />
          </>
        )}
      </span>
      <span role="gridcell" className={styles.number}>
        {entry.duration === null ? '' : formatDuration(entry.duration)}
      </span>
      <span role="gridcell" className={`${styles.number} ${styles.tokens ?? ''}`}>
        {entry.tokens}
      </span>
      <span role="gridcell" className={styles.status}>
        {running ? (
          <StatusIcon status="running" size={13} />
        ) : type === 'end' || type === 'whole' ? (
          <StatusIcon status={span.status} size={13} />
        ) : entry.failed ? (
          <CircleAlert size={13} className={styles.bad} aria-label="Exception" />
        ) : null}
      </span>
    </div>
  );
});
