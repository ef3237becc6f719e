/**
 * A sequence diagram of any length: only what is in sight is drawn. Rows are options of a list, so that arrow keys and
 * screen readers walk the messages.
 */
import { useCallback, useEffect, useEffectEvent, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Participant, Sequence } from '#shared/sequence.ts';
import type { SequenceRows } from '#shared/sequence-rows.ts';
import { rowOfMessage, standsFor } from '#shared/sequence-rows.ts';
import { foldText, messageAt } from '#shared/sequence-words.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import type { FaultMark } from '../fault-mark.ts';
import { cursorNow, useAtCursor, type WatchCursor } from '../watch-cursor.ts';
import type { NoteMark } from '../note-mark.ts';
import { NoteCount } from '../note-pin.tsx';
import { rowAtCursor } from './clock.ts';
import type { Axis } from './geometry.ts';
import { columnWidth, lifeLine, reachOf, rowAt, rowTops, ROW } from './geometry.ts';
import { SequenceRow } from './sequence-row.tsx';
import styles from './sequence.module.css';

const HEADS = 40;
/** Scrolling redraws in steps of this many pixels, and draws that much beyond the edges. */
const STEP = 240;

type Props = {
  readonly sequence: Sequence;
  readonly rows: SequenceRows;
  readonly axis: Axis;
  readonly pane: { readonly width: number; readonly height: number };
  /** Position of the message that is selected, -1 = none. */
  readonly selected: number;
  /** Grows when the selected message is to be brought into sight. */
  readonly reveal: number;
  readonly isOnEdge: ((position: number) => boolean) | null;
  readonly watch: WatchCursor;
  /** When each message happens, as the cursor counts; ascending. */
  readonly clock: Float64Array;
  /** Whether a message belongs to what is looked at; null = all do. */
  readonly isInside: ((position: number) => boolean) | null;
  /** Grows when what happens at the cursor is to be brought into sight. */
  readonly follow: number;
  /** Faults by position of the message. */
  readonly faults: ReadonlyMap<number, FaultMark>;
  readonly onFault: (spanId: string) => void;
  /** Annotations by position of the message, and by id of the participant. */
  readonly notes: ReadonlyMap<number | string, NoteMark>;
  readonly onSelect: (position: number) => void;
  readonly onFold: (fold: number, open: boolean) => void;
  readonly onPoint: (spanId: string | null) => void;
};

export function SequencePicture(props: Props) {
  const {
    sequence,
    rows,
    axis,
    pane,
    selected,
    reveal,
    isOnEdge,
    watch,
    clock,
    isInside,
    follow,
    faults,
    onFault,
    notes,
    onSelect,
    onFold,
    onPoint,
  } = props;
  const { participants } = sequence;
  const base = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ top: 0, left: 0 });
  const tops = useMemo(() => rowTops(sequence, rows, axis), [sequence, rows, axis]);
  const height = (tops.at(-1) ?? 0) + ROW;
  const column = columnWidth(participants.length, pane.width);
  const width = Math.max(pane.width - 12, lifeLine(participants.length, column) - column / 2 + 16);
  const count = rows.message.length;

  const firstRow = rowAt(tops, scroll.top - STEP);
  const lastRow = count === 0 ? -1 : rowAt(tops, scroll.top + pane.height + STEP);
  const plates = findPlates(sequence, rows, column, [firstRow, lastRow]);
  const selectedRow = useMemo(
    () => (selected < 0 ? -1 : rowOfMessage(rows, standsFor(sequence, rows, selected))),
    [sequence, rows, selected],
  );
  // Of the row at the cursor only what rows in sight show: most frames of scrubbing render nothing.
  const cursorRow = useAtCursor(watch, (cursor) =>
    cursor === null ? null : Math.max(firstRow - 1, Math.min(lastRow + 1, rowAtCursor(clock, rows, cursor))),
  );
  const line = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () =>
      watch((cursor) => {
        if (!line.current) return;
        line.current.style.visibility = cursor === null ? 'hidden' : 'inherit';
        if (cursor === null) return;
        line.current.style.transform = `translateY(${tops[rowAtCursor(clock, rows, cursor) + 1] ?? 0}px)`;
      }),
    [watch, clock, rows, tops],
  );
  const repeats = useMemo(() => {
    const said = new Map<number, string>();
    for (const { first, fold, open } of rows.frames) {
      const text = `, ${open ? 'open' : 'folded'} repeat ${foldText(sequence, fold)}`;
      said.set(first, `${said.get(first) ?? ''}${text}`);
    }
    return said;
  }, [rows, sequence]);
  const bars = useMemo(() => findBars(sequence, rows), [sequence, rows]);

  function readScroll(): void {
    const element = scroller.current;
    if (!element) return;
    const top = Math.floor(element.scrollTop / STEP) * STEP;
    const left = Math.floor(element.scrollLeft / STEP) * STEP;
    setScroll((before) => (before.top === top && before.left === left ? before : { top, left }));
  }

  const bringIntoSight = useEffectEvent((row: number) => {
    const element = scroller.current;
    if (!element || row < 0) return;
    const top = tops[row] ?? 0;
    const bottom = tops[row + 1] ?? top + ROW;
    const room = element.clientHeight - HEADS;
    if (top < element.scrollTop) element.scrollTop = top - Math.min(ROW, room / 3);
    else if (bottom > element.scrollTop + room) element.scrollTop = bottom - room + Math.min(ROW, room / 3);
    const position = rows.message[row] ?? 0;
    const ends = [sequence.from[position] ?? 0, sequence.to[position] ?? 0].map((end) => lifeLine(end, column));
    if (Math.min(...ends) - 90 < element.scrollLeft) element.scrollLeft = Math.max(0, Math.min(...ends) - 90);
    else if (Math.max(...ends) + 40 > element.scrollLeft + element.clientWidth)
      element.scrollLeft = Math.max(...ends) + 40 - element.clientWidth;
  });
  const bringSelected = useEffectEvent(() => bringIntoSight(selectedRow));
  useLayoutEffect(() => bringSelected(), [reveal]);
  const bringCurrent = useEffectEvent(() => {
    const cursor = cursorNow(watch);
    if (cursor !== null) bringIntoSight(rowAtCursor(clock, rows, cursor));
  });
  const followed = useRef(follow);
  useLayoutEffect(() => {
    if (followed.current === follow) return;
    followed.current = follow;
    bringCurrent();
  }, [follow]);
  useEffect(() => readScroll(), [tops, pane]);

  const latest = useRef({ rows, onSelect });
  useEffect(() => {
    latest.current = { rows, onSelect };
  });
  const pick = useCallback((row: number) => latest.current.onSelect(latest.current.rows.message[row] ?? -1), []);

  function move(event: React.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || count === 0) return;
    const page = Math.max(1, Math.floor((pane.height - HEADS) / ROW) - 1);
    const from = selectedRow < 0 ? rowAt(tops, scroll.top) - 1 : selectedRow;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: count - 1,
    };
    const target = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (event.key === 'Enter' && event.shiftKey) {
      const fault = faults.get(rows.message[selectedRow] ?? -1);
      if (fault) onFault(fault.spanId);
      event.preventDefault();
    } else if (target !== undefined) {
      event.preventDefault();
      pick(Math.max(0, Math.min(count - 1, target)));
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const open = event.key === 'ArrowRight';
      const around = rows.frames.filter((frame) => frame.first <= from && from <= frame.last && frame.open !== open);
      // Opens from outside in, closes from inside out.
      const frame = open ? around[0] : around.at(-1);
      event.preventDefault();
      if (frame) onFold(frame.fold, open);
    }
  }

  // Browsers draw boxes of 100,000 pixels badly: what is taller is cut to what is near.
  const near = { top: scroll.top - 2 * STEP, bottom: scroll.top + pane.height + 3 * STEP };
  const inSight = (x: number): boolean => x > scroll.left - 2 * column && x < scroll.left + pane.width + STEP + column;
  const shown = participants
    .map((participant, k) => ({ participant, x: lifeLine(k, column) }))
    .filter(({ x }) => inSight(x));
  return (
    <div ref={scroller} className={styles.scroller} onScroll={readScroll} data-testid="sequence">
      <div className={styles.heads} style={{ width }} aria-hidden>
        {shown.map(({ participant, x }) => (
          <div
            key={participant.id}
            className={`${styles.head} ${participant.kind === 'tool' ? styles.tool : ''}`}
            style={{ ...paint(participant), left: x - column / 2 + 5, width: column - 10 }}
            title={visibleString(participant.name)}
            data-participant={participant.id}
          >
            {visibleString(participant.name)}
            <HeadNote mark={notes.get(participant.id)} />
          </div>
        ))}
      </div>
      <div className={styles.canvas} style={{ width, height }}>
        <div aria-hidden>
          {shown.map(({ participant, x }) => (
            <div
              key={participant.id}
              className={styles.life}
              style={{
                ...paint(participant),
                left: x,
                top: Math.max(0, near.top),
                height: Math.max(0, Math.min(height, near.bottom) - Math.max(0, near.top)),
              }}
            />
          ))}
          {bars.map(({ participant, from, to, level, open }, k) => {
            const who = participants[participant];
            if (!who || to < firstRow || from > lastRow) return null;
            const top = middle(tops, from) - 4;
            const end = open ? height : middle(tops, to) + 4;
            const cut = Math.max(top, near.top);
            const till = Math.min(end, near.bottom);
            return (
              <div
                key={k}
                className={`${styles.bar} ${open ? styles.open : ''}`}
                style={{
                  ...paint(who),
                  left: lifeLine(participant, column) - 5 + level * 5,
                  top: cut,
                  height: Math.max(8, till - cut),
                }}
              />
            );
          })}
        </div>
        <div
          className={styles.list}
          role="listbox"
          tabIndex={0}
          aria-label={`Sequence of ${sequence.total} messages`}
          aria-activedescendant={
            selectedRow >= firstRow && selectedRow <= lastRow ? `${base}${selectedRow}` : undefined
          }
          onKeyDown={move}
        >
          {Array.from({ length: Math.max(0, lastRow - firstRow + 1) }, (_, k) => {
            const row = firstRow + k;
            const position = rows.message[row] ?? 0;
            const top = tops[row] ?? 0;
            const slot = (tops[row + 1] ?? top + ROW) - top;
            return (
              <SequenceRow
                key={position}
                id={`${base}${row}`}
                view={messageOf(sequence, position)}
                x1={lifeLine(sequence.from[position] ?? 0, column)}
                x2={lifeLine(sequence.to[position] ?? 0, column)}
                top={top}
                height={slot}
                width={width}
                place={row}
                size={count}
                repeat={repeats.get(row) ?? ''}
                plateEnd={plates.get(row) ?? 0}
                state={row === selectedRow ? 'selected' : isOnEdge?.(position) ? 'edge' : 'plain'}
                later={cursorRow !== null && row > cursorRow}
                now={row === cursorRow}
                outside={isInside !== null && !isInside(position)}
                fault={faults.get(position) ?? null}
                onFault={onFault}
                note={notes.get(position) ?? null}
                position={position}
                onPick={pick}
                onPoint={onPoint}
              />
            );
          })}
        </div>
        <div className={styles.frames}>
          {rows.frames.map(({ fold, first, last, depth, open }) => {
            if (last < firstRow || first > lastRow) return null;
            const { low, high } = reachOf(sequence, fold);
            const inset = insetOf(depth);
            const begins = (tops[first + 1] ?? 0) - ROW + 2;
            const ends = (tops[last + 1] ?? begins) - 1 - Math.min(4, depth) * 2;
            const top = Math.max(begins, near.top);
            const bottom = Math.min(Math.max(begins + ROW - 4, ends), near.bottom);
            const left = lifeLine(low, column) - inset;
            return (
              <div
                key={`${fold} ${first}`}
                className={styles.frame}
                style={{
                  left,
                  top,
                  width: lifeLine(high, column) + inset - left,
                  height: bottom - top,
                }}
              >
                <button
                  type="button"
                  className={styles.fold}
                  tabIndex={-1}
                  aria-expanded={open}
                  aria-label={`Repeat ${visibleString(foldText(sequence, fold))}`}
                  title={open ? 'Show one turn of it' : 'Show every turn'}
                  onClick={() => onFold(fold, !open)}
                >
                  {open ? '▾' : '▸'} {visibleString(foldText(sequence, fold))}
                </button>
              </div>
            );
          })}
        </div>
        <div ref={line} className={styles.cursor} style={{ width }} aria-hidden />
      </div>
    </div>
  );
}

function HeadNote({ mark }: { readonly mark: NoteMark | undefined }) {
  return mark ? <NoteCount mark={mark} style={{ top: 3.5, left: 4 }} /> : null;
}

function insetOf(depth: number): number {
  return 30 - Math.min(4, depth) * 5;
}

/** Where the plates of the repeats that begin in a row end: the outer one hides what the inner ones do, or more. */
function findPlates(
  sequence: Sequence,
  { frames }: SequenceRows,
  column: number,
  [firstRow, lastRow]: readonly [number, number],
): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  for (const { fold, first, depth } of frames) {
    if (first < firstRow || first > lastRow) continue;
    const left = lifeLine(reachOf(sequence, fold).low, column) - insetOf(depth);
    const width = PLATE + visibleString(foldText(sequence, fold)).length * PLATE_LETTER;
    ends.set(first, Math.max(ends.get(first) ?? 0, left + width));
  }
  return ends;
}

/** Padding, border and arrow of a plate, and a usual letter of it, in pixels. */
const PLATE = 24;
const PLATE_LETTER = 5.4;

type Bar = { participant: number; from: number; to: number; level: number; open: boolean };

/** Activations as rows; those of turns that a repeat hides have none. */
function findBars({ activations, first }: Sequence, rows: SequenceRows): Bar[] {
  const bars: Bar[] = [];
  for (let k = 0; k < activations.participant.length; k++) {
    const begins = (activations.from[k] ?? 0) - first;
    const from = rowOfMessage(rows, begins);
    if (rows.message[from] !== begins) continue;
    bars.push({
      participant: activations.participant[k] ?? 0,
      from,
      to: rowOfMessage(rows, (activations.to[k] ?? 0) - first),
      level: activations.level[k] ?? 0,
      open: activations.open[k] === 1,
    });
  }
  return bars;
}

/** Where the arrow of a row is. */
function middle(tops: Float64Array, row: number): number {
  return (tops[row + 1] ?? 0) - ROW + 21;
}

const views = new WeakMap<Sequence, Map<number, ReturnType<typeof messageAt>>>();

/** The same object each time, so that rows that did not change are not drawn again. */
function messageOf(sequence: Sequence, position: number): ReturnType<typeof messageAt> {
  const known = views.get(sequence) ?? new Map<number, ReturnType<typeof messageAt>>();
  views.set(sequence, known);
  const view = known.get(position) ?? messageAt(sequence, position);
  known.set(position, view);
  return view;
}

function paint({ kind, name }: Participant): React.CSSProperties {
  const { solid, soft } =
    kind === 'agent' ? agentColour(name) : { solid: kind === 'user' ? 'var(--n-7)' : 'var(--n-5)', soft: 'var(--n-2)' };
  return { '--colour': solid, '--soft': soft } as React.CSSProperties;
}
