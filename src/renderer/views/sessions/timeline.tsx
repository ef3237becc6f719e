/** One row and one bar for each trace, on a common axis of time. */
import type { KeyboardEvent } from 'react';
import { useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { SessionTrace } from '#shared/session.ts';
import { formatDuration } from '#shared/time.ts';
import { useSelection } from '../../state/selection.ts';
import { nsTextToMs } from '../../widgets/format.ts';
import { layTimeLine, marksOf, type Interval, type TimeLine } from './model/time-line.ts';
import { TimelineFoot } from './timeline-foot.tsx';
import { TimelineRow, timelineRowId } from './timeline-row.tsx';
import { useNow } from './use-now.ts';
import { useWidth } from './use-width.ts';
import styles from './sessions.module.css';

const ROW = 26;
/** Right of the last bar, for its duration. */
const MARGIN = 72;

type Props = {
  readonly rows: readonly SessionTrace[];
  readonly startNs: string | null;
  readonly fold: boolean;
  /** Back to the list. */
  readonly onLeave: () => void;
};

export function Timeline({ rows, startNs, fold, onLeave }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const width = Math.max(0, useWidth(track) - MARGIN);
  const [active, setActive] = useState(0);
  const [hovered, setHovered] = useState<number | null>(null);
  const startMs = nsTextToMs(startNs);
  const now = useNow(rows.some((row) => row.status === 'running') ? 1_000 : 60_000);
  const until = startMs === null ? 0 : Math.max(0, now - startMs) * 1e6;

  const line = useMemo(() => layTimeLine(intervalsOf(rows, until), width, fold), [rows, until, width, fold]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });

  const at = Math.min(active, rows.length - 1);
  function keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 1);
    const target = targetOf(event.key, at, rows.length, page);
    if (target !== null) {
      setActive(target);
      setHovered(null);
      virtual.scrollToIndex(target, { align: 'auto' });
    } else if (event.key === 'Enter') open(rows[at]);
    else if (event.key === 'Escape' || event.key === 'ArrowLeft') onLeave();
    else return;
    event.preventDefault();
  }

  const shown = rows[hovered ?? at];
  return (
    <div className={styles.timeline}>
      <div className={styles.axis}>
        <span className={styles.axisName}>Trace</span>
        <div ref={track} className={styles.axisTrack}>
          {startMs !== null && <AxisLabels line={line} startMs={startMs} />}
        </div>
      </div>
      <div
        ref={scroller}
        role="listbox"
        data-session-timeline
        aria-label="Traces of the session"
        aria-activedescendant={rows.length > 0 ? timelineRowId(at) : undefined}
        tabIndex={0}
        className={styles.traces}
        onKeyDown={keyDown}
        onPointerLeave={() => setHovered(null)}
      >
        <div role="presentation" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          <Backdrop line={line} startMs={startMs} />
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index] as SessionTrace;
            return (
              <TimelineRow
                key={row.id}
                row={row}
                index={item.index}
                top={item.start}
                line={line}
                until={until}
                active={item.index === at}
                onHover={setHovered}
                onOpen={() => {
                  setActive(item.index);
                  open(row);
                }}
              />
            );
          })}
        </div>
      </div>
      {shown && <TimelineFoot row={shown} position={(hovered ?? at) + 1} total={rows.length} />}
    </div>
  );
}

function open(row: SessionTrace | undefined): void {
  if (row) useSelection.getState().openTrace(row.id);
}

/** What runs goes on until now. Traces without a time have no bar. */
function intervalsOf(rows: readonly SessionTrace[], until: number): Interval[] {
  return rows
    .flatMap(({ start, end, status }) =>
      start === null ? [] : [{ start, end: Math.max(start, end ?? (status === 'running' ? until : start)) }],
    )
    .sort((a, b) => a.start - b.start);
}

function AxisLabels({ line, startMs }: { readonly line: TimeLine; readonly startMs: number }) {
  return (
    <>
      {marksOf(line, startMs).map(({ at, left, label }) => (
        <span key={at} className={styles.mark} style={{ left }}>
          {label}
        </span>
      ))}
    </>
  );
}

/** Lines at the labelled times, and the pauses that are folded, with how long they lasted. */
function Backdrop({ line, startMs }: { readonly line: TimeLine; readonly startMs: number | null }) {
  return (
    <div className={styles.backdrop} aria-hidden>
      {startMs !== null &&
        marksOf(line, startMs).map(({ at, left }) => <span key={at} className={styles.gridLine} style={{ left }} />)}
      {line.stretches.map(
        ({ folded, from, to, left, right }) =>
          folded && (
            <span key={from} className={styles.fold} style={{ left, width: right - left }}>
              {right - left > 14 && <span className={styles.foldText}>{pauseText(to - from)}</span>}
            </span>
          ),
      )}
    </div>
  );
}

/** "47 min", "3 h", "2 d": a pause needs no seconds. */
function pauseText(ns: number): string {
  const minutes = ns / 60e9;
  if (minutes < 2) return formatDuration(ns);
  if (minutes < 100) return `${Math.round(minutes)} min`;
  return minutes < 60 * 36 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`;
}

function targetOf(key: string, at: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, last);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'PageDown':
      return Math.min(at + page, last);
    case 'PageUp':
      return Math.max(at - page, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
