/**
 * Both traces as one virtual list of aligned steps: what stands in a line belongs together, so both scroll as one. One tab
 * stop; arrow keys move, Home goes to the first divergence.
 */
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { AlignedTraces } from '#shared/alignment.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { Item } from './model/items.ts';
import { itemOfStep } from './model/items.ts';
import type { Side } from './model/sides.ts';
import { StepRow, stepRowId } from './step-row.tsx';
import { usePreviews } from './use-previews.ts';
import styles from './traces.module.css';

const ROW = 28;
const HEADER = 26;

type Props = {
  readonly aligned: AlignedTraces;
  readonly a: Side;
  readonly b: Side;
  readonly items: readonly Item[];
  /** The step that is chosen; null = none. */
  readonly step: number | null;
  readonly onStep: (step: number) => void;
  readonly onOpenFold: (from: number) => void;
};

export function StepGrid({ aligned, a, b, items, step, onStep, onOpenFold }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const active = step === null ? -1 : itemOfStep(items, step);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    paddingStart: HEADER,
    scrollPaddingStart: HEADER + 3 * ROW,
    scrollPaddingEnd: 3 * ROW,
  });
  const lines = virtual.getVirtualItems();
  const [first, last] = [lines[0]?.index ?? 0, lines.at(-1)?.index ?? 0];
  const rows = useMemo(() => {
    const of = (column: Int32Array): Int32Array =>
      Int32Array.from(items, (item) => (item.type === 'step' ? (column[item.step] ?? -1) : -1));
    return { a: of(aligned.a), b: of(aligned.b) };
  }, [items, aligned]);
  const previewsA = usePreviews(a, rows.a, first, last);
  const previewsB = usePreviews(b, rows.b, first, last);

  const scrollTo = useRef(virtual.scrollToIndex);
  useLayoutEffect(() => {
    scrollTo.current = virtual.scrollToIndex;
  });
  useEffect(() => {
    if (active >= 0) scrollTo.current(active, { align: 'auto' });
  }, [active, items]);

  const latest = useRef({ items, onStep, onOpenFold });
  useLayoutEffect(() => {
    latest.current = { items, onStep, onOpenFold };
  });
  const pick = useCallback((index: number) => {
    const now = latest.current;
    const item = now.items[index];
    if (!item) return;
    if (item.type === 'step') now.onStep(item.step);
    else now.onOpenFold(item.from);
  }, []);

  function moveTo(index: number): void {
    const item = items[Math.max(0, Math.min(items.length - 1, index))];
    if (item) onStep(item.type === 'step' ? item.step : item.from);
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - HEADER) / ROW) - 2);
    const here = Math.max(0, active);
    if (event.key === 'ArrowDown') moveTo(active + 1);
    else if (event.key === 'ArrowUp') moveTo(here - 1);
    else if (event.key === 'PageDown') moveTo(here + page);
    else if (event.key === 'PageUp') moveTo(here - page);
    else if (event.key === 'Home' && !event.ctrlKey && aligned.firstDivergence >= 0) onStep(aligned.firstDivergence);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(items.length - 1);
    else if (event.key === 'Enter' || event.key === 'ArrowRight') {
      const item = items[active];
      if (item?.type !== 'fold') return;
      onOpenFold(item.from);
    } else return;
    event.preventDefault();
  }

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Aligned steps"
      aria-rowcount={items.length + 1}
      aria-colcount={3}
      aria-activedescendant={active >= first && active <= last && active >= 0 ? stepRowId(active) : undefined}
      tabIndex={0}
      data-aligned-steps
      className={styles.grid}
      onKeyDown={keyDown}
    >
      <div className={styles.gridBody} style={{ height: virtual.getTotalSize() }}>
        <div role="row" aria-rowindex={1} className={styles.gridHead}>
          <span role="columnheader" className={styles.columnHead} title={visibleString(a.title.slice(0, 300))}>
            <b>A</b> {visibleString(a.title.slice(0, 160))}
          </span>
          <span role="columnheader" className={styles.middleHead}>
            Step
          </span>
          <span role="columnheader" className={styles.columnHead} title={visibleString(b.title.slice(0, 300))}>
            <b>B</b> {visibleString(b.title.slice(0, 160))}
          </span>
        </div>
        {lines.map(({ index, start }) => {
          const item = items[index];
          return (
            item && (
              <StepRow
                key={item.type === 'step' ? item.step : `fold ${item.from}`}
                item={item}
                index={index}
                top={start - HEADER}
                aligned={aligned}
                a={a}
                b={b}
                previewA={item.type === 'step' ? previewsA.get(aligned.a[item.step] ?? -1) : undefined}
                previewB={item.type === 'step' ? previewsB.get(aligned.b[item.step] ?? -1) : undefined}
                active={index === active}
                onPick={pick}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
