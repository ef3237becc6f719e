/** Many traces, each against one: which go the same way, and where each of the others parts. */
import { useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Download, Flag } from 'lucide-react';
import type { AlignedRow, StepOp } from '#shared/alignment.ts';
import { MOST_ALIGNED, STEP_OPS } from '#shared/alignment.ts';
import { saveTable } from '../../../charts/save-picture.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { OpMark } from './op-mark.tsx';
import styles from './star.module.css';

const ROW = 28;

type Sort = 'similarity' | 'editDistance' | 'divergence' | 'name';
const COLUMNS: readonly { readonly id: Sort; readonly label: string }[] = [
  { id: 'name', label: 'Trace' },
  { id: 'similarity', label: 'Alike' },
  { id: 'editDistance', label: 'Edit distance' },
  { id: 'divergence', label: 'First divergence' },
];

type Props = { readonly baseline: string; readonly others: readonly string[] };

export function StarTable({ baseline, others }: Props) {
  const wanted = useMemo(() => [...new Set(others)].filter((id) => id !== baseline), [others, baseline]);
  const traceIds = useMemo(() => wanted.slice(0, MOST_ALIGNED), [wanted]);
  const base = useEngine('trace.get', { traceId: baseline });
  const answer = useEngine('align.many', { baseline, traceIds });
  if (answer.error) return <ErrorState error={answer.error} onRetry={answer.refetch} />;
  if (!answer.data) return <Spinner label={`Aligning ${formatCount(traceIds.length)} traces with the baseline`} />;
  const name = base.data?.name || baseline;
  return (
    <Rows
      rows={answer.data}
      baseline={baseline}
      name={name}
      left={wanted.length - traceIds.length}
      gone={traceIds.length - answer.data.length}
    />
  );
}

type RowsProps = {
  readonly rows: readonly AlignedRow[];
  readonly baseline: string;
  readonly name: string;
  /** Beyond the bound, and deleted. */
  readonly left: number;
  readonly gone: number;
};

function Rows({ rows, baseline, name, left, gone }: RowsProps) {
  const [sort, setSort] = useState<{ readonly by: Sort; readonly down: boolean }>({ by: 'similarity', down: false });
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortRows(rows, sort.by, sort.down), [rows, sort]);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    paddingStart: ROW,
    scrollPaddingStart: ROW,
  });
  const mean = rows.reduce((sum, row) => sum + row.similarity, 0) / Math.max(1, rows.length);
  const same = rows.filter((row) => row.divergence === null).length;

  function open(row: AlignedRow | undefined): void {
    if (row) go({ view: 'compare', tab: 'traces', of: [baseline, row.traceId], q: '', span: null });
  }

  function keyDown(event: React.KeyboardEvent): void {
    const last = sorted.length - 1;
    const to =
      event.key === 'ArrowDown'
        ? active + 1
        : event.key === 'ArrowUp'
          ? active - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? last
              : null;
    if (to !== null) {
      const next = Math.max(0, Math.min(last, to));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter') open(sorted[active]);
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles.star}>
      <header className={styles.head}>
        <p className={styles.about}>
          <span>
            {formatCount(rows.length)} {rows.length === 1 ? 'trace' : 'traces'} against{' '}
            <b title={visibleString(name.slice(0, 500))}>{visibleString(name.slice(0, 120))}</b>
          </span>
          <span>{(mean * 100).toFixed(0)} % alike on average</span>
          <span>
            {formatCount(same)} {same === 1 ? 'does' : 'do'} the same
          </span>
          {left > 0 && (
            <span>
              {formatCount(left)} more than {MOST_ALIGNED} are left out
            </span>
          )}
          {gone > 0 && (
            <span>
              {formatCount(gone)} {gone === 1 ? 'does' : 'do'} not exist any more
            </span>
          )}
        </p>
        <Button
          onClick={() =>
            go({ view: 'compare', tab: 'map', of: [baseline, ...rows.map((row) => row.traceId)], q: '', span: null })
          }
        >
          Show as a behaviour map
        </Button>
        <IconButton
          label="Export as CSV…"
          icon={<Download size={14} aria-hidden />}
          onClick={() => void saveTable(tableOf(sorted), 'traces-against-baseline')}
        />
      </header>
      <div
        ref={scroller}
        role="grid"
        aria-label="Traces against the baseline"
        aria-rowcount={sorted.length + 1}
        aria-activedescendant={sorted.length > 0 ? `star-${active}` : undefined}
        tabIndex={0}
        className={styles.grid}
        onKeyDown={keyDown}
      >
        <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
          <div role="row" className={styles.columns}>
            {COLUMNS.map(({ id, label }) => (
              <span
                key={id}
                role="columnheader"
                aria-sort={sort.by === id ? (sort.down ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  tabIndex={-1}
                  className={styles.sort}
                  onClick={() => setSort({ by: id, down: sort.by === id ? !sort.down : false })}
                >
                  {label}
                  {sort.by === id &&
                    (sort.down ? <ArrowDown size={11} aria-hidden /> : <ArrowUp size={11} aria-hidden />)}
                </button>
              </span>
            ))}
            <span role="columnheader">Steps</span>
          </div>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = sorted[index];
            return (
              row && (
                <div
                  key={row.traceId}
                  role="row"
                  id={`star-${index}`}
                  aria-selected={index === active}
                  data-active={index === active || undefined}
                  data-trace={row.traceId}
                  className={styles.row}
                  style={{ transform: `translateY(${start - ROW}px)` }}
                  onClick={() => {
                    setActive(index);
                    open(row);
                  }}
                >
                  <Cells row={row} />
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({ row }: { readonly row: AlignedRow }) {
  const { divergence, counts, similarity } = row;
  return (
    <>
      <span role="gridcell" className={styles.cut} title={visibleString(row.name.slice(0, 500))}>
        {visibleString((row.name === '' ? row.traceId : row.name).slice(0, 200))}
      </span>
      <span role="gridcell" className={styles.alike}>
        <span className={styles.bar} aria-hidden>
          <span style={{ width: `${similarity * 100}%` }} />
        </span>
        {(similarity * 100).toFixed(0)} %
      </span>
      <span role="gridcell" className={styles.number}>
        {formatCount(row.editDistance)}
      </span>
      <span role="gridcell" className={styles.where}>
        {divergence === null ? (
          <span className={styles.never}>never</span>
        ) : (
          <>
            <Flag size={11} aria-hidden />
            <OpMark op={divergence.op} word={false} />
            <span className={styles.cut} title={visibleString(divergence.name.slice(0, 500))}>
              {visibleString(divergence.name.slice(0, 160)) || 'no name'}
            </span>
            <span className={styles.dim}>span {formatCount(Math.max(divergence.a, divergence.b) + 1)}</span>
          </>
        )}
      </span>
      <span role="gridcell" className={styles.counts}>
        {STEP_OPS.filter((op) => counts[op] > 0).map((op) => (
          <span key={op} className={styles.count}>
            <OpMark op={op} word={false} />
            {formatCount(counts[op])}
          </span>
        ))}
      </span>
    </>
  );
}

function sortRows(rows: readonly AlignedRow[], by: Sort, down: boolean): readonly AlignedRow[] {
  const place = ({ divergence }: AlignedRow): number =>
    divergence === null ? Infinity : divergence.a >= 0 ? divergence.a : divergence.b;
  const compare = (x: AlignedRow, y: AlignedRow): number =>
    by === 'name'
      ? x.name < y.name
        ? -1
        : x.name > y.name
          ? 1
          : 0
      : by === 'divergence'
        ? order(place(x), place(y))
        : order(x[by], y[by]);
  const sorted = rows.toSorted(compare);
  return down ? sorted.reverse() : sorted;
}

function order(x: number, y: number): number {
  return x === y ? 0 : x < y ? -1 : 1;
}

function tableOf(rows: readonly AlignedRow[]) {
  return [
    ['trace', 'name', 'similarity', 'edit distance', 'first divergence', 'name of the step', ...STEP_OPS],
    ...rows.map((row) => [
      row.traceId,
      row.name,
      row.similarity,
      row.editDistance,
      row.divergence?.op ?? 'never',
      row.divergence?.name ?? null,
      ...STEP_OPS.map((op: StepOp) => row.counts[op]),
    ]),
  ];
}
