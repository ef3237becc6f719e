/**
 * The rows of the log as a virtual ARIA grid with one tab stop. Arrow keys move, Shift extends, Ctrl+C copies; what is
 * active selects its span for all panes. The time cursor marks what has just happened, and dims what is still to come.
 */
import {
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { nsToIso } from '#shared/time.ts';
import { bridge } from '../../../../data/bridge.ts';
import { createPacedFollow } from '../../../../state/paced-follow.ts';
import { useSelection } from '../../../../state/selection.ts';
import { watchTimeCursor } from '../../../../state/time-cursor.ts';
import { lowerBound, type SpanTable } from '../../model/span-table.ts';
import { ROW_HEIGHT, useRowWindow } from '../../tree/use-row-window.ts';
import { LogBar } from './log-bar.tsx';
import type { LogFilter } from './log-filter.ts';
import { LogRow } from './log-row.tsx';
import { placeAt, type LogRows } from './log-rows.ts';
import { keyTarget } from './log-keys.ts';
import { entryLine, logTime, readEntry } from './log-words.ts';
import { readOnce, type KeptEntry } from './read-once.ts';
import { useFollow } from './use-follow.ts';
import { askPreviews, usePreviews } from './use-log-data.ts';
import styles from './log.module.css';

/** Entries that are copied at once. */
const MOST_COPIED = 20_000;
/** Spans whose contents are asked for when they are copied. */
const MOST_PREVIEWED = 1_000;

type Props = {
  readonly traceId: string;
  readonly startNs: string | null;
  readonly table: SpanTable;
  readonly log: LogRows;
  /** Places that are shown; null = all. */
  readonly places: Int32Array | null;
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  readonly hasFindings: boolean;
  readonly hasAnnotations: boolean;
  /** Rows that a search found; null = nothing is looked for. */
  readonly found: Int32Array | null;
  readonly doubts: readonly string[];
};

/** Both are indices of what is shown. */
type Chosen = { readonly anchor: number; readonly active: number };
const NOTHING: Chosen = { anchor: -1, active: -1 };

export function LogGrid(props: Props) {
  const { traceId, startNs, table, log, places, filter, onFilter, found, doubts } = props;
  const base = useId();
  const scrollerRef = useRef<HTMLDivElement>(null);
  const { columns } = table;
  const shown = places?.length ?? log.count;
  const placeOf = (index: number): number => (places ? (places[index] ?? -1) : index < log.count ? index : -1);
  const indexOf = (place: number): number => (place < 0 ? -1 : places ? lowerBound(places, place) : place);
  // One more row than entries: the head takes the place of the first.
  const scroller = useRowWindow(scrollerRef, shown + 1);
  const first = Math.max(0, scroller.window.first - 1);
  const last = Math.min(shown, Math.max(0, scroller.window.last - 1));
  const spanId = useSelection((state) => state.spanId);
  const hovered = useSelection((state) => state.hovered);
  // Of the place of the time cursor only what rows in sight show: most frames of scrubbing render nothing.
  const now = useSelection(({ timeCursor }) =>
    timeCursor === null
      ? null
      : Math.max(placeOf(first) - 1, Math.min(placeOf(last - 1) + 1, placeAt(log, timeCursor))),
  );
  const { selectSpan, hover } = useSelection.getState();
  const [held, setHeld] = useState({ places, log, chosen: NOTHING });
  // Indices mean nothing once other entries are shown.
  const chosen = held.places === places && held.log === log ? held.chosen : NOTHING;

  const selectedRow = spanId === null ? -1 : table.rowOf(spanId);
  const ownPlace = placeOf(chosen.active);
  const activeIsOfSelected = ownPlace >= 0 && log.span[ownPlace] === selectedRow;
  const firstOfSelected = selectedRow < 0 ? -1 : (log.first[selectedRow] ?? -1);
  const nearest = indexOf(firstOfSelected);
  const active = activeIsOfSelected ? chosen.active : placeOf(nearest) === firstOfSelected ? nearest : -1;
  const low = activeIsOfSelected ? Math.min(chosen.anchor, chosen.active) : active;
  const high = activeIsOfSelected ? Math.max(chosen.anchor, chosen.active) : active;
  const many = high > low;

  const reveal = useEffectEvent((index: number) => {
    if (index >= 0) scroller.reveal(index + 1);
  });
  // What was selected elsewhere comes into view.
  const lastSpan = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (lastSpan.current === spanId) return;
    lastSpan.current = spanId;
    reveal(active);
  }, [spanId, active]);
  const filtered = useRef(filter);
  useLayoutEffect(() => {
    // What was being looked at is found again among other entries.
    if (filtered.current !== filter) reveal(active);
    filtered.current = filter;
  }, [filter, active]);
  useEffect(() => {
    let index = -1;
    const follow = createPacedFollow(() => reveal(index));
    const stop = watchTimeCursor((cursor) => {
      if (cursor === null) return;
      index = indexOfLast(places, placeAt(log, cursor));
      follow.pass(index);
    });
    return () => {
      stop();
      follow.cancel();
    };
  }, [log, places]);
  useFollow(scrollerRef, table, log, places, scroller.onScroll);

  function go(index: number, extend: boolean): void {
    if (shown === 0) return;
    const next = Math.min(shown - 1, Math.max(0, index));
    const anchor = extend && active >= 0 ? (activeIsOfSelected ? chosen.anchor : active) : next;
    setHeld({ places, log, chosen: { anchor, active: next } });
    const id = columns.ids[log.span[placeOf(next)] ?? -1] ?? null;
    lastSpan.current = id;
    selectSpan(id);
    scroller.reveal(next + 1);
  }

  async function copy(): Promise<string> {
    const from = many ? low : 0;
    const to = Math.min(many ? high + 1 : shown, from + MOST_COPIED);
    const rows = Array.from({ length: to - from }, (_, k) => placeOf(from + k));
    const ids = [...new Set(rows.map((place) => columns.ids[log.span[place] ?? -1] ?? ''))];
    const answers = ids.length <= MOST_PREVIEWED ? await askPreviews(traceId, ids).catch(() => []) : [];
    const known = new Map(answers.map((preview) => [preview.spanId, preview]));
    return rows
      .map((place) => {
        const entry = readEntry(log, table, place, known.get(columns.ids[log.span[place] ?? -1] ?? ''));
        return entry ? entryLine(entry, timeOf(place)) : '';
      })
      .join('\n');
  }

  function press(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && active >= 0) {
      // One row alone is copied too; words that were marked with the mouse are the browser's to copy.
      if ((window.getSelection()?.toString() ?? '') !== '') return;
      event.preventDefault();
      void copyRange();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = keyTarget(event.key, active, shown, scroller.page - 1);
    if (index === null) return;
    event.preventDefault();
    event.stopPropagation();
    go(index, event.shiftKey);
  }
  async function copyRange(): Promise<void> {
    if (many) return bridge.copyText(await copy());
    const place = placeOf(active);
    const id = columns.ids[log.span[place] ?? -1] ?? '';
    const [preview] = await askPreviews(traceId, [id]).catch(() => []);
    const entry = readEntry(log, table, place, preview);
    if (entry) await bridge.copyText(entryLine(entry, timeOf(place)));
  }

  const times = table.times();
  const lastTime = times.domain.end;
  function timeOf(place: number): string {
    const at = log.at[place] ?? 0;
    return log.timed ? logTime(at, lastTime) : `step ${(at + 1).toLocaleString('en-US')}`;
  }
  const origin = useMemo(() => (startNs === null ? null : toBigInt(startNs)), [startNs]);
  function timeTitle(place: number): string {
    const at = log.at[place] ?? 0;
    if (!log.timed || origin === null || !Number.isFinite(at))
      return 'No time was recorded: the order is that of the tree';
    return nsToIso(origin + BigInt(Math.round(at)));
  }

  const wanted: string[] = [];
  for (let index = first; index < last; index++) {
    const id = columns.ids[log.span[placeOf(index)] ?? -1];
    if (id !== undefined && id !== wanted.at(-1)) wanted.push(id);
  }
  const previews = usePreviews(traceId, columns, wanted);
  const entries = useRef({ log, read: new Map<number, KeptEntry>() });
  // An element that scrolls out is the next one that scrolls in: what is read aloud follows `aria-owns`.
  const slots = scroller.window.slots + 1;
  const owned: string[] = [];
  const rows: ReactNode[] = [];
  for (let index = first; index < last; index++) {
    const place = placeOf(index);
    const row = log.span[place] ?? -1;
    const id = columns.ids[row] ?? '';
    const entry = readOnce(entries, log, table, place, previews.get(id));
    if (!entry) continue;
    owned.push(`${base}${index}`);
    rows[index % slots] = (
      <LogRow
        key={index % slots}
        entry={entry}
        id={`${base}${index}`}
        ariaIndex={index + 2}
        top={(index + 1) * ROW_HEIGHT}
        time={timeOf(place)}
        timeTitle={timeTitle(place)}
        active={index === active}
        chosen={many && index >= low && index <= high}
        ofSelected={row === selectedRow}
        hovered={hovered === id}
        matched={found !== null && found[lowerBound(found, row)] === row}
        later={now !== null && place > now}
        current={place === now}
        times={times}
        row={row}
      />
    );
  }

  function under(event: MouseEvent): number {
    const element = event.target instanceof Element ? event.target.closest('[data-place]') : null;
    return element instanceof HTMLElement ? indexOf(Number(element.dataset.place)) : -1;
  }

  return (
    <>
      <LogBar
        columns={columns}
        hasEvents={log.events.length > 0}
        hasFindings={props.hasFindings}
        hasAnnotations={props.hasAnnotations}
        filter={filter}
        onFilter={onFilter}
        shown={shown}
        total={log.count}
        chosen={many ? high - low + 1 : null}
        copy={copy}
      />
      {doubts.length > 0 && <p className={styles.doubts}>{doubts.join(' ')}</p>}
      <div
        ref={scrollerRef}
        className={styles.grid}
        role="grid"
        aria-label={log.timed ? 'Log of the trace, in order of time' : 'Log of the trace, in order of the tree'}
        aria-rowcount={shown + 1}
        aria-colcount={6}
        aria-multiselectable
        aria-activedescendant={active >= first && active < last ? `${base}${active}` : undefined}
        tabIndex={0}
        data-testid="log"
        data-entries={log.count}
        onScroll={scroller.onScroll}
        onKeyDown={press}
        onClick={(event) => {
          const index = under(event);
          if (index >= 0) go(index, event.shiftKey);
        }}
        onMouseDown={(event) => {
          // A range of rows, not of words.
          if (event.shiftKey) event.preventDefault();
        }}
        onMouseMove={(event) => {
          if (event.movementX === 0 && event.movementY === 0) return;
          hover(columns.ids[log.span[placeOf(under(event))] ?? -1] ?? null);
        }}
        onMouseLeave={() => hover(null)}
      >
        <div
          className={styles.all}
          style={{ height: (shown + 1) * ROW_HEIGHT }}
          role="rowgroup"
          aria-owns={[`${base}head`, ...owned].join(' ')}
        >
          <div id={`${base}head`} className={styles.head} role="row" aria-rowindex={1}>
            <span role="columnheader" className={styles.time}>
              {log.timed ? 'Time' : 'Step'}
            </span>
            <span role="columnheader">Agent</span>
            <span role="columnheader">What happened</span>
            <span role="columnheader" className={styles.number}>
              Took
            </span>
            <span role="columnheader" className={`${styles.number} ${styles.tokens ?? ''}`}>
              Tokens
            </span>
            <span role="columnheader">
              <span className="visually-hidden">Status</span>
            </span>
          </div>
          {rows}
        </div>
        {shown === 0 && <p className={styles.none}>No entry fits the filter.</p>}
      </div>
    </>
  );
}

/** Index of the last shown entry at or before a place; -1 = none. */
function indexOfLast(places: Int32Array | null, place: number): number {
  return places ? lowerBound(places, place + 1) - 1 : place;
}

function toBigInt(text: string): bigint | null {
  return /^-?\d{1,25}$/.test(text) ? BigInt(text) : null;
}
