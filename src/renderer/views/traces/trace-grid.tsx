import type { KeyboardEvent, ReactNode } from 'react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import { useSelection } from '../../state/selection.ts';
import { formatCount } from '../../widgets/format.ts';
import type { TraceListState } from './trace-list.ts';
import { extend, gridAction, toggle } from './grid-keys.ts';
import { clearSelection, lastScroll, toIds, toIndices, useGridSelection } from './grid-selection.ts';
import { markedWords } from './query-text.ts';
import { durationScale } from './duration-scale.ts';
import { TraceRowView, rowId } from './trace-row.tsx';
import { traceList } from './use-trace-list.ts';
import { useElementWidth } from './use-element-width.ts';
import { useNow } from './use-now.ts';
import styles from './trace-grid.module.css';

const ROW = 28;
const HEADER = 28;
/** Rows do not move under a pointer that moved this recently. */
const POINTER_REST_MS = 1_500;

const COLUMNS = [
  'Name',
  'Agents',
  'Started',
  'Duration',
  'Spans',
  'Errors',
  'Tokens',
  'Cost',
  'Scores',
  'Notes',
  'Source',
  'Tags',
] as const;

type Props = {
  readonly list: TraceListState;
  readonly query: string;
  readonly onDelete: () => void;
  /** Shown instead of rows, when there are none. */
  readonly empty: ReactNode;
};

export function TraceGrid({ list, query, onDelete, empty }: Props) {
  const { rows } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useGridSelection();
  const now = useNow(10_000);
  const indices = useMemo(() => toIndices(selection, rows), [selection, rows]);
  const scale = useMemo(() => durationScale(rows), [rows]);
  const marks = useMemo(
    () => ({
      name: [...markedWords(query, 'name'), ...markedWords(query, 'workflow')],
      agent: markedWords(query, 'agent'),
      source: markedWords(query, 'source'),
      tag: markedWords(query, 'tag'),
    }),
    [query],
  );

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    paddingStart: HEADER,
    scrollPaddingStart: HEADER,
    initialOffset: () => lastScroll.top,
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;

  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: lastScroll.top });
    // Back from a trace, the arrow keys go on where they were.
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    if (lastIndex > rows.length - 60) void traceList().more();
  }, [lastIndex, rows.length]);

  const firstIndex = items[0]?.index ?? 0;
  useEffect(() => traceList().setVisible(rows.slice(firstIndex, lastIndex + 1)), [rows, firstIndex, lastIndex]);

  const [agentsWidth, measureAgents] = useElementWidth(200);
  const touchLive = useLive(scroller, selection.active !== null);

  const latest = useRef({ rows, indices });
  useLayoutEffect(() => {
    latest.current = { rows, indices };
  });
  const onPick = useCallback((index: number, how: 'open' | 'toggle' | 'extend') => {
    const now = latest.current;
    const row = now.rows[index];
    if (!row) return;
    if (how === 'open') {
      useGridSelection.setState({ active: row.id, anchor: row.id });
      useSelection.getState().openTrace(row.id);
      return;
    }
    const next = how === 'toggle' ? toggle(now.indices, index) : extend(now.indices, index);
    useGridSelection.setState(toIds(next, now.rows));
  }, []);

  /** The last row may not be loaded yet. */
  async function moveToEnd(extending: boolean): Promise<void> {
    await traceList().loadAll();
    const all = traceList().store.getState().rows;
    const from = toIndices(useGridSelection.getState(), all);
    const last = all.length - 1;
    const next = extending ? extend(from, last) : { active: last, anchor: last, selected: new Set<number>() };
    useGridSelection.setState(toIds(next, all));
    requestAnimationFrame(() => virtual.scrollToIndex(last, { align: 'end' }));
  }

  function keyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - HEADER) / ROW) - 1);
    const action = gridAction(event, indices, rows.length, page);
    if (!action) return;
    event.preventDefault();
    switch (action.type) {
      case 'move':
        useGridSelection.setState(toIds(action.state, rows));
        virtual.scrollToIndex(action.state.active, { align: 'auto' });
        if (event.key === 'End' && list.cursor !== null) void moveToEnd(event.shiftKey);
        break;
      case 'open':
        onPick(action.index, 'open');
        break;
      case 'clear':
        clearSelection();
        break;
      case 'delete':
        onDelete();
        break;
    }
  }

  return (
    <div className={styles.holder}>
      <div
        ref={scroller}
        role="grid"
        data-trace-grid
        aria-label="Traces"
        aria-rowcount={(list.total ?? rows.length) + 1}
        aria-colcount={COLUMNS.length + 1}
        aria-multiselectable
        aria-busy={list.loading}
        aria-activedescendant={indices.active >= 0 ? rowId(indices.active) : undefined}
        tabIndex={0}
        className={`${styles.grid} ${list.loading ? styles.stale : ''}`}
        onKeyDown={keyDown}
        onPointerMove={touchLive}
        onScroll={(event) => {
          lastScroll.top = event.currentTarget.scrollTop;
          touchLive();
        }}
      >
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          <div role="row" aria-rowindex={1} className={styles.header}>
            <span role="columnheader" className={styles.status}>
              <span className="visually-hidden">Status</span>
            </span>
            {COLUMNS.map((column) => (
              <span
                key={column}
                role="columnheader"
                ref={column === 'Agents' ? measureAgents : undefined}
                className={HEADER_CLASS[column]}
              >
                {column}
              </span>
            ))}
          </div>
          {items.map((item) => {
            const row = rows[item.index] as TraceRow;
            return (
              <TraceRowView
                key={row.id}
                row={row}
                index={item.index}
                top={item.start - HEADER}
                active={item.index === indices.active}
                selected={indices.selected.has(item.index)}
                now={now}
                scale={scale}
                marks={marks}
                agentsWidth={agentsWidth}
                onPick={onPick}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <div className={styles.empty}>{empty}</div>}
      {list.fresh > 0 && (
        <button
          type="button"
          className={styles.fresh}
          onClick={() => {
            clearSelection();
            traceList().showFresh();
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          <ArrowUp size={12} aria-hidden /> {formatCount(list.fresh)} new
        </button>
      )}
    </div>
  );
}

/**
 * New rows push the others only while nobody reads further down: scrolled to the top, no row chosen, and the pointer
 * at rest. Returns what to call when the pointer or the scroll moves.
 */
function useLive(scroller: React.RefObject<HTMLDivElement | null>, chosen: boolean): () => void {
  const [resting, setResting] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [top, setTop] = useState(true);
  useEffect(() => traceList().setLive(top && resting && !chosen), [top, resting, chosen]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    setTop((scroller.current?.scrollTop ?? 0) < 2);
    setResting(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setResting(true), POINTER_REST_MS);
  };
}

const HEADER_CLASS: { readonly [Column in (typeof COLUMNS)[number]]?: string | undefined } = {
  Duration: styles.durationHeader,
  Spans: styles.number,
  Errors: styles.number,
  Tokens: styles.number,
  Cost: styles.number,
  Scores: styles.scores,
  Notes: styles.number,
  Source: styles.source,
  Tags: styles.tags,
};
