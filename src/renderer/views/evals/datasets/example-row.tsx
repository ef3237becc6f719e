import type { MouseEvent, ReactNode } from 'react';
import { memo } from 'react';
import { Check, CircleDot, CircleMinus, CirclePlus } from 'lucide-react';
import { useSelection } from '../../../state/selection.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { cellText, originText, trajectoryText, type Column } from './model/cells.ts';
import type { GridRow } from './model/drafts.ts';
import styles from './datasets.module.css';

/** Pixels, by kind of column. */
export const WIDTHS = {
  head: 76,
  key: 150,
  input: 260,
  expected: 260,
  trajectory: 200,
  field: 150,
  origin: 160,
} as const;
/** Of one cell; more is in the panel. */
const DRAWN = 300;

export function cellId(row: number, column: number): string {
  return `example-${row}-${column}`;
}

type Props = {
  readonly row: GridRow;
  readonly index: number;
  readonly top: number;
  readonly template: string;
  readonly columns: readonly Column[];
  /** Of the row: its column; -1 = not in this row. */
  readonly active: number;
  readonly selected: boolean;
  readonly editing: number;
  readonly input: ReactNode;
  readonly onClick: (event: MouseEvent, row: number, column: number) => void;
  readonly onDoubleClick: (row: number, column: number) => void;
};

const STATES = {
  kept: null,
  changed: { label: 'changed', Icon: CircleDot },
  added: { label: 'new', Icon: CirclePlus },
  removed: { label: 'to be deleted', Icon: CircleMinus },
} as const;

/** Drawn again only when something of it changed: scrolling moves hundreds of cells. */
export const ExampleRow = memo(function ExampleRow(props: Props) {
  const { row, index, columns, active, editing } = props;
  const state = STATES[row.state];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      data-state={row.state}
      className={`${styles.row} ${props.selected ? styles.selected : ''}`}
      style={{ gridTemplateColumns: props.template, transform: `translateY(${props.top}px)` }}
    >
      <span
        role="rowheader"
        id={cellId(index, 0)}
        className={`${styles.rowHead} ${active === 0 ? styles.active : ''}`}
        onClick={(event) => props.onClick(event, index, 0)}
      >
        <span className={styles.box}>{props.selected && <Check size={11} strokeWidth={3} aria-hidden />}</span>
        {state ? (
          <state.Icon size={13} role="img" aria-label={state.label} />
        ) : (
          <span className={styles.rowNumber}>{index + 1}</span>
        )}
      </span>
      {columns.map((column, at) => (
        <span
          key={`${column.kind} ${column.label}`}
          role="gridcell"
          id={cellId(index, at + 1)}
          className={`${column.kind === 'key' ? styles.keyCell : styles.cell} ${active === at + 1 ? styles.active : ''}`}
          onClick={(event) => props.onClick(event, index, at + 1)}
          onDoubleClick={() => props.onDoubleClick(index, at + 1)}
        >
          {editing === at + 1 ? props.input : <Content row={row} column={column} />}
        </span>
      ))}
    </div>
  );
});

function Content({ row: { example, state }, column }: { readonly row: GridRow; readonly column: Column }) {
  if (column.kind === 'origin') {
    const { origin } = example;
    if (origin.kind !== 'trace')
      return <span className={styles.quiet}>{visibleString(originText(example).slice(0, DRAWN))}</span>;
    return (
      <button
        type="button"
        tabIndex={-1}
        className={styles.link}
        title={`Open trace ${origin.traceId.slice(0, 200)}`}
        onClick={(event) => {
          event.stopPropagation();
          useSelection.getState().openTrace(origin.traceId);
        }}
      >
        trace {visibleString(origin.traceId.slice(0, 40))}
      </button>
    );
  }
  if (column.kind === 'trajectory') return <>{visibleString(trajectoryText(example.expectedTrajectory))}</>;
  const text = cellText(example, column);
  if (column.kind === 'key' && text === '')
    return <span className={styles.quiet}>{state === 'added' ? 'given when saved' : ''}</span>;
  const shown = visibleString(text.slice(0, DRAWN).replaceAll(/\s*\n\s*/g, ' ⏎ '));
  return <>{text.length > DRAWN ? `${shown}…` : shown}</>;
}
