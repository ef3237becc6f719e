/** The rows of the list as the engine tells of them anew. Pure. */
import type { SessionPage, SessionRow } from '#shared/session.ts';

export type SessionRows = {
  readonly rows: readonly SessionRow[];
  readonly cursor: string | null;
  readonly total: number | null;
  /** Something is new, or moved up, and waits until nobody reads further down. */
  readonly waiting: SessionPage | null;
};

export const NO_ROWS: SessionRows = { rows: [], cursor: null, total: null, waiting: null };

/** The page that follows; what moved up in between is not shown twice. */
export function addPage(state: SessionRows, page: SessionPage): SessionRows {
  const known = new Set(state.rows.map((row) => row.id));
  const rows = [...state.rows, ...page.rows.filter((row) => !known.has(row.id))];
  return { ...state, rows, cursor: page.nextCursor, total: page.total };
}

/**
 * The beginning of the list anew. With `hold` every row stays where it is, because someone reads: only what the rows say
 * changes, and the rest waits.
 */
export function mergeHead(state: SessionRows, head: SessionPage, hold: boolean): SessionRows {
  const inPlace = head.rows.every((row, index) => state.rows[index]?.id === row.id);
  if (hold && !inPlace && state.rows.length > 0) {
    const told = new Map(head.rows.map((row) => [row.id, row]));
    const rows = state.rows.map((row) => keep(row, told.get(row.id) ?? row));
    return { ...state, rows, total: head.total, waiting: head };
  }
  const old = new Map(state.rows.map((row) => [row.id, row]));
  const rows = head.rows.map((row) => keep(old.get(row.id) ?? row, row));
  // While someone reads far down, what is below the head stays.
  const rest = hold && head.nextCursor !== null ? state.rows.slice(head.rows.length) : [];
  return {
    rows: [...rows, ...rest],
    cursor: rest.length > 0 ? state.cursor : head.nextCursor,
    total: head.total,
    waiting: null,
  };
}

export function showWaiting(state: SessionRows): SessionRows {
  return state.waiting ? mergeHead({ ...state, waiting: null }, state.waiting, false) : state;
}

/** A row that did not change keeps its identity, so that it is not drawn again. */
function keep(old: SessionRow, next: SessionRow): SessionRow {
  const same =
    old.revision === next.revision &&
    old.traces === next.traces &&
    old.spans === next.spans &&
    old.status === next.status &&
    old.title === next.title;
  return same ? old : next;
}
