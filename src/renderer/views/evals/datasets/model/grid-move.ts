/** Where the keys lead in the grid. Pure. */

export type Cell = { readonly row: number; readonly column: number };

type Keys = { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean };

/** Null when the key moves nothing. */
export function moved(event: Keys, from: Cell, rows: number, columns: number, page: number): Cell | null {
  const far = event.ctrlKey || event.metaKey;
  const to = target(event.key, far, from, rows, columns, page);
  if (to === null) return null;
  return {
    row: Math.max(0, Math.min(rows - 1, to.row)),
    column: Math.max(0, Math.min(columns - 1, to.column)),
  };
}

function target(
  key: string,
  far: boolean,
  { row, column }: Cell,
  rows: number,
  columns: number,
  page: number,
): Cell | null {
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: far ? rows - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: far ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: far ? columns - 1 : column + 1 };
    case 'Home':
      return { row: far ? 0 : row, column: 0 };
    case 'End':
      return { row: far ? rows - 1 : row, column: columns - 1 };
    case 'PageUp':
      return { row: row - page, column };
    case 'PageDown':
      return { row: row + page, column };
    default:
      return null;
  }
}

/** The cell that Tab goes to from one that is edited: the next, then the first of the row below. */
export function nextCell({ row, column }: Cell, by: 1 | -1, rows: number, columns: number): Cell {
  const at = row * columns + column + by;
  const within = Math.max(0, Math.min(rows * columns - 1, at));
  return { row: Math.floor(within / columns), column: within % columns };
}
