/** All items in one virtual table; the chosen one is known by its key, so that filters keep it. */
import type { CSSProperties, KeyboardEvent } from 'react';
import { memo, useCallback, useEffect, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ComparedItems } from '#shared/comparison.ts';
import { AgentChip } from '../../../widgets/chip.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { ChangeWord } from './change-word.tsx';
import { ItemValues } from './item-values.tsx';
import type { FilteredItems } from './model/items.ts';
import { changeOf } from './model/items.ts';
import { shownName } from './model/words.ts';
import { openPair } from './open-pair.ts';
import { closeItem, useCompareRuns } from './use-compare-runs.ts';
import styles from './items.module.css';

const ROW = 28;
const HEADER = 28;
const CRITERION = 112;
const TITLE = 200;

type Props = {
  readonly items: ComparedItems;
  readonly found: FilteredItems;
  /** Position among the found rows; -1 = none. */
  readonly active: number;
  readonly letter: string;
  readonly lessIsBetter: readonly boolean[];
  readonly rates: readonly boolean[];
};

export function ItemGrid({ items, found, active, letter, lessIsBetter, rates }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const criterion = useCompareRuns((state) => state.filter.criterion);
  const { rows } = found;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    paddingStart: HEADER,
    scrollPaddingStart: HEADER,
  });

  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active, { align: 'auto' });
    // Only when another row is chosen: scrolling away from it is allowed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active]);

  const onPick = useCallback((key: string) => useCompareRuns.setState({ item: key }), []);
  const onOpen = useCallback((row: number) => openPair(items.traceA[row] ?? null, items.traceB[row] ?? null), [items]);

  function keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - HEADER) / ROW) - 1);
    const last = rows.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(last, active + 1),
      ArrowUp: Math.max(0, active - 1),
      PageDown: Math.min(last, Math.max(active, 0) + page),
      PageUp: Math.max(0, active - page),
      Home: 0,
      End: last,
    };
    const target = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined;
    const row = rows[active];
    if (target !== undefined) onPick(items.keys[rows[target] ?? -1] ?? '');
    else if (event.key === 'Enter' && row !== undefined) onOpen(row);
    else if (event.key === 'Escape' && row !== undefined) closeItem();
    else return;
    event.preventDefault();
  }

  const columns: CSSProperties & Record<'--columns', string> = {
    '--columns': `112px minmax(150px, 2fr) repeat(${items.criteria.length}, ${CRITERION}px) 62px minmax(90px, 1fr) minmax(90px, 1fr)`,
    minWidth: 530 + items.criteria.length * (CRITERION + 10),
  };
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Items"
      aria-rowcount={rows.length + 1}
      aria-colcount={items.criteria.length + 5}
      aria-activedescendant={active >= 0 ? rowId(active) : undefined}
      tabIndex={0}
      data-item-grid
      data-testid="compared-items"
      className={styles.grid}
      onKeyDown={keyDown}
    >
      <div role="rowgroup" className={styles.body} style={{ ...columns, height: virtual.getTotalSize() }}>
        <div role="row" aria-rowindex={1} className={styles.header}>
          <span role="columnheader">Change</span>
          <span role="columnheader">Item</span>
          {items.criteria.map((name, index) => (
            <span key={index} role="columnheader" className={styles.cut} title={shownName(name)}>
              {shownName(name).slice(0, 60)}
            </span>
          ))}
          <span role="columnheader" title={`Trials in A and in ${letter}`}>
            Trials
          </span>
          <span role="columnheader">Agents</span>
          <span role="columnheader">Tools</span>
        </div>
        {virtual.getVirtualItems().map((item) => (
          <ItemRow
            key={item.index}
            items={items}
            row={rows[item.index] ?? 0}
            index={item.index}
            top={item.start - HEADER}
            active={item.index === active}
            criterion={criterion}
            letter={letter}
            lessIsBetter={lessIsBetter}
            rates={rates}
            onPick={onPick}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `compared-item-${index}`;
}

type RowProps = {
  readonly items: ComparedItems;
  readonly row: number;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  readonly criterion: number | null;
  readonly letter: string;
  readonly lessIsBetter: readonly boolean[];
  readonly rates: readonly boolean[];
  readonly onPick: (key: string) => void;
  readonly onOpen: (row: number) => void;
};

const ItemRow = memo(function ItemRow(props: RowProps) {
  const { items, row, index, active, letter, lessIsBetter, rates } = props;
  const key = items.keys[row] ?? '';
  const title = visibleString((items.titles[row] ?? '').slice(0, TITLE));
  const agents = items.agents[row] ?? [];
  const tools = items.tools[row] ?? [];
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={active}
      className={`${styles.row} ${active ? styles.active : ''}`}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => props.onPick(key)}
      onDoubleClick={() => props.onOpen(row)}
    >
      <span role="gridcell">
        <ChangeWord change={changeOf(items, row, props.criterion, lessIsBetter)} letter={letter} />
      </span>
      <span role="gridcell" className={styles.title} title={`${title}\n${visibleString(key.slice(0, TITLE))}`}>
        <span className={styles.cut}>{title || visibleString(key.slice(0, TITLE))}</span>
      </span>
      {items.criteria.map((_, k) => (
        <ItemValues
          key={k}
          items={items}
          row={row}
          criterion={k}
          lessIsBetter={lessIsBetter[k] ?? false}
          rate={rates[k] ?? false}
        />
      ))}
      <span role="gridcell" className={styles.dim}>
        {items.trialsA[row]}
        {items.trialsA[row] === items.trialsB[row] ? '' : ` / ${items.trialsB[row]}`}
      </span>
      <span role="gridcell" className={styles.agents} title={visibleString(agents.slice(0, 50).join(', '))}>
        {agents[0] !== undefined && <AgentChip name={agents[0]} />}
        {agents.length > 1 && <span className={styles.dim}>+{agents.length - 1}</span>}
      </span>
      <span
        role="gridcell"
        className={`${styles.dim} ${styles.cut}`}
        title={visibleString(tools.slice(0, 50).join(', '))}
      >
        {tools.length === 0 ? '–' : visibleString(tools.slice(0, 6).join(', ').slice(0, TITLE))}
      </span>
    </div>
  );
});
