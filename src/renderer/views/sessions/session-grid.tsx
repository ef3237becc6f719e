import type { KeyboardEvent, ReactNode } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import type { SessionRow } from '#shared/session.ts';
import { parseQuery } from '#shared/query.ts';
import { sessionList, type SessionListState } from './session-list.ts';
import { SessionRowView, sessionRowId } from './session-row.tsx';
import { useNow } from './use-now.ts';
import styles from './sessions.module.css';

const ROW = 68;
/** Rows do not move under a pointer that moved this recently. */
const POINTER_REST_MS = 1_500;

type Props = {
  readonly list: SessionListState;
  readonly query: string;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
  /** Right: into the picture of the selected one. */
  readonly onLeave: () => void;
  readonly empty: ReactNode;
};

export function SessionGrid({ list, query, selectedId, onSelect, onOpen, onLeave, empty }: Props) {
  const { rows } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(10_000);
  const words = useMemo(
    () => parseQuery(query).terms.flatMap((term) => (term.type === 'text' && !term.negated ? [term.text] : [])),
    [query],
  );
  const selected = rows.findIndex((row) => row.id === selectedId);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (lastIndex > rows.length - 30) void sessionList().more();
  }, [lastIndex, rows.length]);

  const touch = useHold(scroller);
  const onPick = useCallback(
    (id: string, open: boolean) => {
      if (open) onOpen(id);
      else onSelect(id);
    },
    [onOpen, onSelect],
  );

  function keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 1);
    const target = targetOf(event.key, selected, rows.length, page);
    if (target !== null) {
      const row = rows[target];
      if (row) onSelect(row.id);
      virtual.scrollToIndex(target, { align: 'auto' });
    } else if (event.key === 'Enter' && selected >= 0) onOpen(rows[selected]?.id ?? '');
    else if (event.key === 'ArrowRight' && selected >= 0) onLeave();
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles.holder}>
      <div
        ref={scroller}
        role="listbox"
        data-session-list
        aria-label="Sessions"
        aria-busy={list.loading}
        aria-activedescendant={selected >= 0 ? sessionRowId(selected) : undefined}
        tabIndex={0}
        className={`${styles.list} ${list.loading ? styles.stale : ''}`}
        onKeyDown={keyDown}
        onPointerMove={touch}
        onScroll={touch}
      >
        <div role="presentation" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index] as SessionRow;
            return (
              <SessionRowView
                key={row.id}
                row={row}
                index={item.index}
                top={item.start}
                selected={item.index === selected}
                now={now}
                words={words}
                onPick={onPick}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <div className={styles.empty}>{empty}</div>}
      {list.waiting !== null && (
        <button
          type="button"
          className={styles.fresh}
          onClick={() => {
            sessionList().showWaiting();
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          <ArrowUp size={12} aria-hidden /> Newer sessions
        </button>
      )}
    </div>
  );
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
      return Math.min(Math.max(at, 0) + page, last);
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

/** New rows push the others only at the top and under a resting pointer. Returns what to call when either moves. */
function useHold(scroller: React.RefObject<HTMLDivElement | null>): () => void {
  const [resting, setResting] = useState(true);
  const [top, setTop] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => sessionList().setHold(!(top && resting)), [top, resting]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    setTop((scroller.current?.scrollTop ?? 0) < 2);
    setResting(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setResting(true), POINTER_REST_MS);
  };
}
