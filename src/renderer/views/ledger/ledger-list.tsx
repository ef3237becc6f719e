/** The items behind one count: drawn as far as they are on screen, fetched a page at a time. */
import { useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { LedgerItem, LedgerKind } from '#shared/ledger.ts';
import type { AppError } from '#shared/result.ts';
import { toAppError } from '#shared/result.ts';
import { formatRelative } from '../../widgets/format.ts';
import { ErrorState } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { engine } from '../../data/engine.ts';
import styles from './ledger-view.module.css';

const PAGE = 200;
const ROW = 28;

type Props = {
  readonly kind: LedgerKind;
  readonly of: { readonly traceId?: string };
  readonly picked: LedgerItem | null;
  readonly onPick: (item: LedgerItem) => void;
};

export function LedgerList({ kind, of, picked, onPick }: Props) {
  const { items, total, error, more } = useItems(kind, of.traceId);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= items.length - 20 && items.length < total) more();
  }, [last, items.length, total, more]);

  function move(step: number): void {
    const index = picked === null ? -1 : items.indexOf(picked);
    const next = items[Math.max(0, Math.min(items.length - 1, index + step))];
    if (!next) return;
    onPick(next);
    rows.scrollToIndex(items.indexOf(next));
  }

  const at = picked === null ? -1 : items.indexOf(picked);
  if (error && items.length === 0) return <ErrorState error={error} onRetry={more} />;
  return (
    <div
      ref={scroller}
      className={styles.list}
      role="listbox"
      aria-label={`What is ${kind}`}
      aria-activedescendant={at < 0 ? undefined : rowId(at)}
      tabIndex={0}
      onKeyDown={(event) => {
        const step =
          event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        move(step);
      }}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {drawn.map(({ index, start }) => {
          const item = items[index];
          return (
            item && (
              <div
                key={index}
                id={rowId(index)}
                role="option"
                aria-selected={item === picked}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onPick(item)}
              >
                <span className={styles.label}>{visibleString(item.label.slice(0, 300))}</span>
                <code className={styles.id}>{visibleString((item.spanId ?? item.traceId ?? '').slice(0, 60))}</code>
                <span className={styles.time}>
                  {item.receivedAt === null ? '' : formatRelative(item.receivedAt, Date.now())}
                </span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `ledger-row-${index}`;
}

/** Pages are appended, not watched: a list that moves under the hand is worse than one that is a moment old. */
function useItems(kind: LedgerKind, traceId: string | undefined) {
  const [items, setItems] = useState<readonly LedgerItem[]>([]);
  const [total, setTotal] = useState(Infinity);
  const [error, setError] = useState<AppError | null>(null);
  const loading = useRef(false);
  function more(): void {
    if (loading.current) return;
    loading.current = true;
    const of = traceId === undefined ? {} : { traceId };
    engine
      .call('ledger.items', { kind, ...of, limit: PAGE, offset: items.length })
      .then((page) => {
        setItems([...items, ...page.items]);
        // A page that comes back empty is the end, whatever the count says.
        setTotal(page.items.length === 0 ? items.length : page.total);
        setError(null);
      })
      .catch((cause: unknown) => setError(toAppError(cause)))
      .finally(() => (loading.current = false));
  }
  return { items, total, error, more };
}
