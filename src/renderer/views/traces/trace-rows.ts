/** How the rows of the Traces table change while traces arrive, without moving what is being read. Pure. */
import type { TracePage, TraceRow } from '#shared/trace.ts';

export type TraceRows = {
  readonly rows: readonly TraceRow[];
  /** Where the next page begins; null = all rows are here. */
  readonly cursor: string | null;
  readonly total: number | null;
  /** The newest first page, while it holds rows that are not shown. */
  readonly waiting: TracePage | null;
  /** How many rows wait to be shown. */
  readonly fresh: number;
};

export const NO_ROWS: TraceRows = { rows: [], cursor: null, total: null, waiting: null, fresh: 0 };

export function firstPage(page: TracePage): TraceRows {
  return { rows: page.rows, cursor: page.nextCursor, total: page.total, waiting: null, fresh: 0 };
}

export function addPage(state: TraceRows, page: TracePage): TraceRows {
  const known = new Set(state.rows.map((row) => row.id));
  return { ...state, rows: [...state.rows, ...page.rows.filter((row) => !known.has(row.id))], cursor: page.nextCursor };
}

/**
 * Takes a newer first page. Rows that are shown get their new values where they are; new ones go in when `live`,
 * else they wait.
 */
export function mergeHead(state: TraceRows, head: TracePage, live: boolean): TraceRows {
  if (live || state.rows.length === 0) return showHead(state, head);
  const known = new Set(state.rows.map((row) => row.id));
  const fresh = head.rows.filter((row) => !known.has(row.id)).length;
  return {
    ...state,
    rows: updateRows(state.rows, head.rows),
    total: head.total,
    waiting: fresh > 0 ? head : null,
    fresh,
  };
}

/** Shows what waits. */
export function showWaiting(state: TraceRows): TraceRows {
  return state.waiting ? showHead(state, state.waiting) : state;
}

function showHead(state: TraceRows, head: TracePage): TraceRows {
  const inHead = new Set(head.rows.map((row) => row.id));
  const last = state.rows.findLastIndex((row) => inHead.has(row.id));
  // All rows are in the new page, or so much is new that the pages no longer meet: begin again from it.
  if (head.nextCursor === null || last < 0) return { ...firstPage(head), rows: keepSame(state.rows, head.rows) };
  const rows = [...keepSame(state.rows, head.rows), ...state.rows.slice(last + 1)];
  return {
    rows,
    cursor: rows.length === head.rows.length ? head.nextCursor : state.cursor,
    total: head.total,
    waiting: null,
    fresh: 0,
  };
}

/** New values for rows where they are; the same array when nothing changed. */
export function updateRows(rows: readonly TraceRow[], newer: readonly TraceRow[]): readonly TraceRow[] {
  const byId = new Map(newer.map((row) => [row.id, row]));
  let changed = false;
  const next = rows.map((row) => {
    const update = byId.get(row.id);
    if (!update || same(row, update)) return row;
    changed = true;
    return update;
  });
  return changed ? next : rows;
}

export function withoutRows(state: TraceRows, ids: ReadonlySet<string>): TraceRows {
  const rows = state.rows.filter((row) => !ids.has(row.id));
  const removed = state.rows.length - rows.length;
  const waiting = state.waiting && { ...state.waiting, rows: state.waiting.rows.filter((row) => !ids.has(row.id)) };
  return { ...state, rows, waiting, total: state.total === null ? null : Math.max(rows.length, state.total - removed) };
}

/** Rows that did not change keep their identity, so that they are not drawn again. */
function keepSame(old: readonly TraceRow[], next: readonly TraceRow[]): readonly TraceRow[] {
  const byId = new Map(old.map((row) => [row.id, row]));
  return next.map((row) => {
    const known = byId.get(row.id);
    return known && same(known, row) ? known : row;
  });
}

function same(a: TraceRow, b: TraceRow): boolean {
  return (
    a.revision === b.revision &&
    a.status === b.status &&
    a.spans === b.spans &&
    a.lastReceivedAt === b.lastReceivedAt &&
    a.annotations === b.annotations &&
    a.scores.length === b.scores.length &&
    // Looked for later, in a trace that is the same.
    JSON.stringify(a.findings) === JSON.stringify(b.findings)
  );
}
