/**
 * The rows of the price table as a grid: arrows move, Enter or typing edits a cell in place, Delete removes a row. Only
 * the rows near the viewport are drawn: an imported table may have thousands.
 */
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Trash2 } from 'lucide-react';
import { IconButton } from '../../../widgets/button.tsx';
import type { GridRow, PriceField } from './price-cells.ts';
import { COLUMNS, cellText, isNumber } from './price-cells.ts';
import styles from './prices.module.css';

const ROW_HEIGHT = 26;
const STATE_TITLES = { shipped: '', changed: 'Changed from the shipped price', added: 'Added by you' } as const;

export type Cell = { readonly row: number; readonly column: number };

type Props = {
  readonly rows: readonly GridRow[];
  readonly active: Cell;
  readonly onActive: (cell: Cell) => void;
  /** Returns what is wrong with the text, null when it was taken. */
  readonly onEdit: (row: GridRow, field: PriceField, text: string) => string | null;
  readonly onRemove: (row: GridRow) => void;
  readonly readOnly: boolean;
};

type Editing = Cell & { readonly start: string; readonly problem: string | null };

export function PriceGrid({ rows, active, onActive, onEdit, onRemove, readOnly }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const reveal = useEffectEvent((row: number) => virtual.scrollToIndex(row, { align: 'auto' }));
  useEffect(() => {
    if (active.row >= 0) reveal(active.row);
  }, [active.row]);

  function move(row: number, column: number): void {
    onActive({
      row: Math.max(0, Math.min(rows.length - 1, row)),
      column: Math.max(0, Math.min(COLUMNS.length - 1, column)),
    });
  }

  function startEdit(cell: Cell, start: string | null): void {
    const row = rows[cell.row];
    const column = COLUMNS[cell.column];
    if (readOnly || !row || !column) return;
    setEditing({ ...cell, start: start ?? cellText(row.row, column.field), problem: null });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (editing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, column } = active;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageDown: [row + 12, column],
      PageUp: [row - 12, column],
      Home: [row, 0],
      End: [row, COLUMNS.length - 1],
    };
    const target = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (target) move(target[0], target[1]);
    else if (event.key === 'Enter' || event.key === 'F2') startEdit(active, null);
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      const doomed = rows[row];
      if (doomed && !readOnly) onRemove(doomed);
    } else if (/^[\w.$*]$/.test(event.key)) startEdit(active, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Takes the text; what is wrong with it is said beside the cell, which stays open. */
  function commit(text: string): boolean {
    if (!editing) return true;
    const row = rows[editing.row];
    const column = COLUMNS[editing.column];
    const problem = row && column && text !== cellText(row.row, column.field) ? onEdit(row, column.field, text) : null;
    setEditing(problem === null ? null : { ...editing, problem });
    return problem === null;
  }

  function closed(): void {
    setEditing(null);
    scroller.current?.focus();
  }

  return (
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      aria-label="Price table"
      aria-rowcount={rows.length + 1}
      aria-colcount={COLUMNS.length + 1}
      aria-readonly={readOnly}
      aria-activedescendant={rows.length > 0 ? cellId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={styles.header} role="row" aria-rowindex={1}>
        {COLUMNS.map(({ field, title, hint }) => (
          <span key={field} role="columnheader" title={hint} className={isNumber(field) ? styles.number : ''}>
            {title}
          </span>
        ))}
        <span role="columnheader">
          <span className="visually-hidden">Actions</span>
        </span>
      </div>
      <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = rows[index];
          if (!item) return null;
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={index + 2}
              className={`${styles.row} ${styles[item.state] ?? ''} ${index === active.row ? styles.activeRow : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              {COLUMNS.map(({ field }, column) => {
                const isActive = index === active.row && column === active.column;
                const isOpen = editing?.row === index && editing.column === column;
                return (
                  <span
                    key={field}
                    id={cellId({ row: index, column })}
                    role="gridcell"
                    aria-selected={isActive}
                    className={`${isNumber(field) ? styles.number : ''} ${isActive ? styles.active : ''}`}
                    title={field === 'model' ? STATE_TITLES[item.state] || item.row.model : cellText(item.row, field)}
                    onClick={() => onActive({ row: index, column })}
                    onDoubleClick={() => startEdit({ row: index, column }, null)}
                  >
                    {isOpen ? (
                      <CellEditor
                        editing={editing}
                        label={`${field} of ${item.row.model}`}
                        commit={commit}
                        close={closed}
                      />
                    ) : (
                      <CellText item={item} field={field} />
                    )}
                  </span>
                );
              })}
              <span role="gridcell" className={styles.remove}>
                <IconButton
                  label={`Remove ${item.row.model}`}
                  icon={<Trash2 size={12} aria-hidden />}
                  disabled={readOnly}
                  tabIndex={-1}
                  onClick={() => onRemove(item)}
                />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function CellText({ item, field }: { readonly item: GridRow; readonly field: PriceField }) {
  const text = cellText(item.row, field);
  if (field === 'model')
    return (
      <>
        {item.state !== 'shipped' && <span className={styles.mark} aria-hidden />}
        <span className={styles.cut}>{text}</span>
      </>
    );
  if (text === '' && (field === 'cacheRead' || field === 'cacheWrite'))
    return (
      <span className={styles.none} title="Charged as input">
        as input
      </span>
    );
  if (field === 'above' && text !== '') return <>{Number(text).toLocaleString('en-US')}</>;
  return <span className={styles.cut}>{text === '' ? '–' : text}</span>;
}

type EditorProps = {
  readonly editing: Editing;
  readonly label: string;
  readonly commit: (text: string) => boolean;
  readonly close: () => void;
};

function CellEditor({ editing, label, commit, close }: EditorProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(editing.start);
  useEffect(() => {
    input.current?.focus();
    // What was typed to open it stays; what was there is replaced by typing.
    if (input.current && input.current.value.length !== 1) input.current.select();
  }, []);
  return (
    <>
      <input
        ref={input}
        className={`${styles.editor} ${editing.problem === null ? '' : styles.wrong}`}
        value={text}
        aria-label={label}
        aria-invalid={editing.problem !== null}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => void commit(text)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') close();
          if (event.key === 'Enter' && commit(text)) close();
        }}
      />
      {editing.problem !== null && (
        <span className={styles.problem} role="alert">
          {editing.problem}
        </span>
      )}
    </>
  );
}

function cellId({ row, column }: Cell): string {
  return `price-${row}-${column}`;
}
