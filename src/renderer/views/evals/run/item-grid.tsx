/** The items of a run: a row each, a column per criterion. The arrow keys choose, Enter opens the trace. */
import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { RunCriterion, RunItemRow } from '#shared/eval.ts';
import { scoreText } from '../../../grades/words.ts';
import { VerdictMark } from '../../../grades/verdict-mark.tsx';
import { formatCost, formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { lengthWords } from '../words.ts';
import { ItemMark } from './item-mark.tsx';
import styles from './run.module.css';

const ROW = 28;
const HEADER = 28;
/** More columns than this are in the panel only. */
const MOST_CRITERIA = 30;

type Props = {
  readonly rows: readonly RunItemRow[];
  /** In all, as far as it is known. */
  readonly total: number | null;
  readonly criteria: readonly RunCriterion[];
  /** Some task has several trials. */
  readonly trials: boolean;
  readonly chosen: number | null;
  readonly busy: boolean;
  readonly empty: ReactNode;
  readonly onChoose: (id: number | null) => void;
  readonly onOpen: (row: RunItemRow) => void;
  readonly onVisible: (from: number, to: number) => void;
  /** The last loaded row is near. */
  readonly onEnd: () => void;
  /** All rows are wanted: the last is asked for. */
  readonly onAll: () => Promise<number>;
};

export function ItemGrid(props: Props) {
  const { rows, criteria, chosen, onChoose, onOpen, trials } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const columns = criteria.slice(0, MOST_CRITERIA);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    paddingStart: HEADER,
    scrollPaddingStart: HEADER,
  });
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = items.at(-1)?.index ?? 0;
  const active = chosen === null ? -1 : rows.findIndex(({ id }) => id === chosen);

  const told = useEffectEvent(() => {
    props.onVisible(from, to);
    if (to > rows.length - 60) props.onEnd();
  });
  useEffect(() => told(), [from, to, rows]);

  // Where one returned to a chosen item, it is on the screen.
  const reveal = useEffectEvent(() => {
    if (active >= 0) virtual.scrollToIndex(active, { align: 'auto' });
  });
  const there = active >= 0;
  useEffect(() => {
    if (there) reveal();
  }, [there]);

  function moveTo(index: number): void {
    const row = rows[index];
    if (!row) return;
    onChoose(row.id);
    virtual.scrollToIndex(index, { align: 'auto' });
  }

  async function moveToEnd(): Promise<void> {
    const last = (await props.onAll()) - 1;
    requestAnimationFrame(() => virtual.scrollToIndex(last, { align: 'end' }));
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - HEADER) / ROW) - 1);
    const last = rows.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(active + 1, last),
      ArrowUp: Math.max(active - 1, 0),
      PageDown: Math.min(Math.max(active, 0) + page, last),
      PageUp: Math.max(active - page, 0),
      Home: 0,
    };
    const target = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (target !== undefined) moveTo(target);
    else if (event.key === 'End') void moveToEnd();
    else if (event.key === 'Escape' && chosen !== null) onChoose(null);
    else if (event.key === 'Enter' && active >= 0) {
      const row = rows[active];
      if (row) onOpen(row);
    } else return;
    event.preventDefault();
  }

  const template = [
    '84px',
    'minmax(90px, 1fr)',
    ...(trials ? ['44px'] : []),
    'minmax(150px, 2.4fr)',
    ...columns.map(() => 'minmax(74px, 0.8fr)'),
    '52px',
    '64px',
    '58px',
  ];
  const width = 84 + 90 + (trials ? 54 : 0) + 150 + columns.length * 84 + 52 + 64 + 58 + 80;
  const layout = { gridTemplateColumns: template.join(' ') };
  return (
    <div className={styles.holder}>
      <div
        ref={scroller}
        role="grid"
        aria-label="Items"
        aria-rowcount={props.total === null ? -1 : props.total + 1}
        aria-busy={props.busy}
        aria-activedescendant={active >= 0 ? `run-item-${active}` : undefined}
        tabIndex={0}
        data-item-grid
        className={styles.grid}
        onKeyDown={keyDown}
      >
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize(), minWidth: width }}>
          <div role="row" aria-rowindex={1} className={styles.header} style={layout}>
            <span role="columnheader">Status</span>
            <span role="columnheader">Task</span>
            {trials && (
              <span role="columnheader" className={styles.number}>
                Trial
              </span>
            )}
            <span role="columnheader">Title</span>
            {columns.map(({ name }, index) => (
              <span key={index} role="columnheader" className={styles.cut} title={visibleString(name.slice(0, 300))}>
                {visibleString(name.slice(0, 100))}
              </span>
            ))}
            <span role="columnheader" className={styles.number}>
              Score
            </span>
            <span role="columnheader" className={styles.number}>
              Cost
            </span>
            <span role="columnheader" className={styles.number}>
              Time
            </span>
          </div>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                id={`run-item-${item.index}`}
                aria-rowindex={item.index + 2}
                aria-selected={row.id === chosen}
                className={`${styles.row} ${row.id === chosen ? styles.active : ''}`}
                style={{ ...layout, transform: `translateY(${item.start - HEADER}px)` }}
                onClick={() => onChoose(row.id)}
                onDoubleClick={() => onOpen(row)}
              >
                <span role="gridcell" className={styles.cell}>
                  <ItemMark status={row.status} />
                </span>
                <span role="gridcell" className={styles.cut} title={visibleString(row.task.slice(0, 300))}>
                  {visibleString(row.task.slice(0, 120))}
                </span>
                {trials && (
                  <span role="gridcell" className={styles.number}>
                    {formatCount(row.trial)}
                  </span>
                )}
                <span role="gridcell" className={styles.cut} title={visibleString(row.title)}>
                  {titleOf(row)}
                </span>
                {columns.map((_, index) => (
                  <Verdict key={index} verdict={row.results[index] ?? null} />
                ))}
                <span role="gridcell" className={styles.number}>
                  {scoreText(row.score)}
                </span>
                <span role="gridcell" className={`${styles.number} ${row.cost === null ? styles.dim : ''}`}>
                  {formatCost(row.cost)}
                </span>
                <span role="gridcell" className={`${styles.number} ${row.durationMs === null ? styles.dim : ''}`}>
                  {row.durationMs === null ? '–' : lengthWords(row.durationMs)}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <div className={styles.none}>{props.empty}</div>}
    </div>
  );
}

function Verdict({ verdict }: { readonly verdict: RunItemRow['results'][number] }) {
  if (verdict === null)
    return (
      <span role="gridcell" className={styles.dim}>
        –
      </span>
    );
  const score = verdict.score === null ? '' : scoreText(verdict.score);
  return (
    <span role="gridcell" className={styles.cell}>
      <VerdictMark grade={verdict} word={false} />
      {/* 1 and 0 say nothing that pass and fail do not. */}
      {score !== '' && !(verdict.passed !== null && (score === '1' || score === '0')) && <span>{score}</span>}
      {verdict.label !== null && <span className={styles.cut}>{visibleString(verdict.label.slice(0, 40))}</span>}
    </span>
  );
}

export function titleOf(row: RunItemRow): string {
  if (row.gone) return 'The trace was deleted';
  return visibleString(row.title === '' ? (row.traceId ?? row.task) : row.title);
}
