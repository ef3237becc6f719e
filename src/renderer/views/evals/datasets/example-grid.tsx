/** The examples as a grid: arrows move, Enter edits in the cell or in the panel, Escape leaves, Tab goes to the next cell. */
import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from 'react';
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { CellInput } from './cell-input.tsx';
import { ExampleRow, cellId, WIDTHS } from './example-row.tsx';
import { cellText, isShort, type Column } from './model/cells.ts';
import { moved, nextCell, type Cell } from './model/grid-move.ts';
import type { GridRow } from './model/drafts.ts';
import styles from './datasets.module.css';

const ROW = 30;
const HEADER = 28;

export type GridHandle = { readonly focus: () => void; readonly goTo: (row: number, column: number) => void };

type Props = {
  readonly ref: Ref<GridHandle>;
  readonly label: string;
  readonly rows: readonly GridRow[];
  /** With those that are not loaded yet. */
  readonly total: number;
  readonly columns: readonly Column[];
  readonly selected: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly busy: boolean;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onActive: (row: number) => void;
  /** What is wrong with the text; null = it is taken. */
  readonly onEdit: (row: GridRow, column: Column, text: string) => string | null;
  /** Opens the panel at the part that the column shows. */
  readonly onOpen: (row: number, column: Column | null) => void;
  readonly onMore: () => void;
  readonly onRest: () => Promise<void>;
  /** Shown instead of rows, when there are none. */
  readonly empty: ReactNode;
};

type Editing = Cell & { readonly text: string };

export function ExampleGrid(props: Props) {
  const { rows, columns, selected, readOnly, onActive, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Cell>({ row: 0, column: 1 });
  const [anchor, setAnchor] = useState(0);
  const [editing, setEditing] = useState<Editing | null>(null);
  const columnCount = columns.length + 1;
  const at: Cell = {
    row: Math.min(active.row, Math.max(0, rows.length - 1)),
    column: Math.min(active.column, columnCount - 1),
  };

  const editedRow = editing?.row ?? null;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    paddingStart: HEADER,
    scrollPaddingStart: HEADER,
    // The row that is edited stays, so that what is typed does.
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range);
      return editedRow === null || shown.includes(editedRow) ? shown : [...shown, editedRow].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { onMore } = props;
  useEffect(() => {
    if (last > rows.length - 100) onMore();
  }, [last, rows.length, onMore]);

  function show(cell: Cell): void {
    setActive(cell);
    onActive(cell.row);
  }

  useLayoutEffect(() => {
    virtual.scrollToIndex(at.row, { align: 'auto' });
    document.getElementById(cellId(at.row, at.column))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [virtual, at.row, at.column]);

  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
    goTo(row, column) {
      setActive({ row, column });
      onActive(row);
      scroller.current?.focus({ preventScroll: true });
    },
  }));

  function edit(cell: Cell, typed: string | null): void {
    const row = rows[cell.row];
    const column = columns[cell.column - 1];
    if (!row) return;
    if (!column || column.kind === 'origin' || (column.kind === 'key' && row.state !== 'added')) {
      onOpen(cell.row, column ?? null);
      return;
    }
    if (readOnly || row.state === 'removed' || !isShort(row.example, column)) {
      onOpen(cell.row, column);
      return;
    }
    setEditing({ ...cell, text: typed ?? cellText(row.example, column) });
  }

  /** Answers what is wrong; then the editor stays. */
  function finish(text: string, next: 'down' | 'right' | 'left' | 'stay'): string | null {
    if (editing === null) return null;
    const row = rows[editing.row];
    const column = columns[editing.column - 1];
    const problem = row && column ? props.onEdit(row, column, text) : null;
    if (problem !== null) return problem;
    setEditing(null);
    if (next !== 'stay') {
      scroller.current?.focus({ preventScroll: true });
      const here = { row: editing.row, column: editing.column };
      if (next === 'down') show({ ...here, row: Math.min(rows.length - 1, here.row + 1) });
      else show(nextCell(here, next === 'right' ? 1 : -1, rows.length, columnCount));
    }
    return null;
  }

  function cancel(): void {
    setEditing(null);
    scroller.current?.focus({ preventScroll: true });
  }

  function toggle(row: number, extend: boolean): void {
    const next = new Set(selected);
    if (extend) {
      for (let index = Math.min(anchor, row); index <= Math.max(anchor, row); index++) {
        const id = rows[index]?.id;
        if (id !== undefined) next.add(id);
      }
    } else {
      const id = rows[row]?.id;
      if (id !== undefined && !next.delete(id)) next.add(id);
      setAnchor(row);
    }
    props.onSelect(next);
  }

  function keyDown(event: KeyboardEvent): void {
    if (editing !== null || event.altKey || rows.length === 0) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - HEADER) / ROW) - 1);
    const to = moved(event, at, rows.length, columnCount, page);
    if (to) {
      const far = event.ctrlKey || event.metaKey;
      if (far && (event.key === 'End' || event.key === 'ArrowDown')) {
        void props.onRest().then(() => setActive((cell) => ({ ...cell, row: Number.MAX_SAFE_INTEGER })));
      }
      if (event.shiftKey && to.row !== at.row) {
        const from = selected.size === 0 ? at.row : anchor;
        setAnchor(from);
        const ids = rows.slice(Math.min(from, to.row), Math.max(from, to.row) + 1).map(({ id }) => id);
        props.onSelect(new Set(ids));
      }
      show(to);
    } else if (event.key === 'Enter' || event.key === 'F2') {
      if (event.ctrlKey || event.metaKey) onOpen(at.row, columns[at.column - 1] ?? null);
      else edit(at, null);
    } else if (event.key === ' ' && at.column === 0) toggle(at.row, event.shiftKey);
    else if (event.key === 'Escape' && selected.size > 0) props.onSelect(new Set());
    else if ((event.key === 'Delete' || event.key === 'Backspace') && at.column > 0 && !readOnly) {
      const row = rows[at.row];
      const column = columns[at.column - 1];
      if (row && column && row.state !== 'removed' && column.kind !== 'key') props.onEdit(row, column, '');
    } else if (
      event.key.length === 1 &&
      !event.ctrlKey &&
      !event.metaKey &&
      event.key !== ' ' &&
      !readOnly &&
      at.column > 0
    )
      edit(at, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function click(event: MouseEvent, row: number, column: number): void {
    setActive({ row, column });
    onActive(row);
    if (column === 0) toggle(row, event.shiftKey);
  }

  const pointer = useRef({ click, edit });
  useLayoutEffect(() => {
    pointer.current = { click, edit };
  });
  const onClick = useCallback((event: MouseEvent, row: number, column: number) => {
    pointer.current.click(event, row, column);
  }, []);
  const onDoubleClick = useCallback((row: number, column: number) => pointer.current.edit({ row, column }, null), []);

  const sizes = [...columns.map((column) => WIDTHS[column.kind])];
  const template = `${WIDTHS.head}px ${sizes.map((width) => (width > 200 ? `minmax(${width}px, 1.6fr)` : `${width}px`)).join(' ')}`;
  const width = WIDTHS.head + sizes.reduce((sum, each) => sum + each, 0);

  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.total + 1}
      aria-colcount={columnCount}
      aria-multiselectable
      aria-readonly={readOnly}
      aria-busy={props.busy}
      aria-activedescendant={rows.length > 0 && editing === null ? cellId(at.row, at.column) : undefined}
      className={styles.grid}
      onKeyDown={keyDown}
    >
      <div role="rowgroup" className={styles.gridBody} style={{ height: virtual.getTotalSize(), minWidth: width }}>
        <div role="row" aria-rowindex={1} className={styles.gridHead} style={{ gridTemplateColumns: template }}>
          <span role="columnheader" className={styles.rowHead}>
            <span className="visually-hidden">Row</span>
          </span>
          {columns.map((column) => (
            <span
              key={`${column.kind} ${column.label}`}
              role="columnheader"
              className={column.kind === 'key' ? styles.keyCell : styles.headCell}
              title={column.label.slice(0, 200)}
            >
              {column.kind === 'field' ? <code>{column.label.slice(0, 80)}</code> : column.label}
            </span>
          ))}
        </div>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const input =
            editing?.row === index ? (
              <CellInput
                key={`${row.id} ${editing.column}`}
                label={`${columns[editing.column - 1]?.label ?? ''} of row ${index + 1}`}
                text={editing.text}
                onFinish={finish}
                onCancel={cancel}
              />
            ) : null;
          return (
            <ExampleRow
              key={row.id}
              row={row}
              index={index}
              top={start}
              template={template}
              columns={columns}
              active={at.row === index ? at.column : -1}
              selected={selected.has(row.id)}
              editing={editing?.row === index ? editing.column : -1}
              input={input}
              onClick={onClick}
              onDoubleClick={onDoubleClick}
            />
          );
        })}
      </div>
      {rows.length === 0 && <div className={styles.gridEmpty}>{props.empty}</div>}
    </div>
  );
}
