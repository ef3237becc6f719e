/**
 * The spans of one trace as the view asks about them: the engine's columns plus the little that is derived once per answer.
 * Every derived array is built in one pass; nothing here is done per frame.
 */
import type { CostBasis } from '#shared/prices.ts';
import type { Folded } from './fold-pauses.ts';
import { timesOf, type Times } from './moments.ts';
import { rowIndex } from './row-index.ts';
import { foldPauses } from './fold-pauses.ts';
import { SPAN_FLAGS, type SpanColumns } from '#shared/trace.ts';
import { SPAN_KINDS, SPAN_STATUSES, type SpanKind, type SpanStatus } from '#shared/record.ts';

export type SpanTable = {
  readonly columns: SpanColumns;
  /** Row of a span id, -1 when the trace does not hold it. */
  readonly rowOf: (spanId: string) => number;
  /** 1-based position among siblings, and how many siblings there are. */
  readonly position: Int32Array;
  readonly setSize: Int32Array;
  /** Rows with an error, ascending. */
  readonly errorRows: Int32Array;
  /** Every time known for the spans lies in here: nanoseconds after the trace's start, `to > from`. */
  readonly domain: TimeRange;
  /** Pauses that the times of this table leave out, see fold-pauses.ts; null for a trace, whose times are true. */
  readonly folded: Folded | null;
  /** What the time cursor is held against: true times, also where the axis is folded. Worked out on the first question. */
  readonly times: () => Times;
};

export type TimeRange = { readonly from: number; readonly to: number };

const ERROR = SPAN_STATUSES.indexOf('error');

/** @param fold leaves out long pauses between roots, for a session that is read as one trace */
export function createSpanTable(given: SpanColumns, fold = false): SpanTable {
  const folded = fold ? foldPauses(given) : null;
  const columns = folded?.columns ?? given;
  const { count, parent, status } = columns;
  const position = new Int32Array(count);
  const setSize = new Int32Array(count);
  const children = new Int32Array(count + 1);
  let errors = 0;
  for (let row = 0; row < count; row++) {
    const owner = (parent[row] ?? -1) + 1;
    const next = (children[owner] ?? 0) + 1;
    children[owner] = next;
    position[row] = next;
    if (status[row] === ERROR) errors++;
  }
  const errorRows = new Int32Array(errors);
  for (let row = 0, at = 0; row < count; row++) {
    setSize[row] = children[(parent[row] ?? -1) + 1] ?? 0;
    if (status[row] === ERROR) errorRows[at++] = row;
  }
  return {
    columns,
    position,
    setSize,
    errorRows,
    domain: timeDomain(columns),
    folded,
    times: () => timesOf(given),
    // Built on the first question: first paint does not wait for it.
    rowOf: (spanId) => rowIndex(columns).get(spanId) ?? -1,
  };
}

function timeDomain({ count, start, end }: SpanColumns): TimeRange {
  let from = Infinity;
  let to = -Infinity;
  for (let row = 0; row < count; row++) {
    const opened = start[row] ?? NaN;
    const closed = end[row] ?? NaN;
    if (Number.isFinite(opened)) {
      if (opened < from) from = opened;
      if (opened > to) to = opened;
    }
    if (Number.isFinite(closed) && closed > to) to = closed;
  }
  if (from === Infinity) from = to === -Infinity ? 0 : Math.min(0, to);
  if (!(to > from)) to = from + 1;
  return { from, to };
}

export type SpanRow = {
  readonly row: number;
  readonly id: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly subtype: string;
  readonly agent: string;
  readonly model: string;
  readonly tool: string;
  readonly depth: number;
  /** Nanoseconds after the trace's start, null when unknown. */
  readonly start: number | null;
  readonly end: number | null;
  readonly missingParent: boolean;
  readonly cyclicParent: boolean;
  readonly inferredTime: boolean;
  readonly truncated: boolean;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** USD, of the span itself. */
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
};

/** Reads one row; null when there is none. Only for rows that are drawn or selected. */
export function readRow({ columns }: SpanTable, row: number): SpanRow | null {
  if (row < 0 || row >= columns.count) return null;
  const flags = columns.flags[row] ?? 0;
  const cost = known(columns.cost[row]);
  return {
    row,
    id: columns.ids[row] ?? '',
    name: text(columns, columns.name[row]),
    kind: SPAN_KINDS[columns.kind[row] ?? -1] ?? 'custom',
    status: SPAN_STATUSES[columns.status[row] ?? -1] ?? 'unset',
    subtype: text(columns, columns.subtype[row]),
    agent: text(columns, columns.agent[row]),
    model: text(columns, columns.model[row]),
    tool: text(columns, columns.tool[row]),
    depth: columns.depth[row] ?? 0,
    start: known(columns.start[row]),
    end: known(columns.end[row]),
    missingParent: (flags & SPAN_FLAGS.missingParent) !== 0,
    cyclicParent: (flags & SPAN_FLAGS.cyclicParent) !== 0,
    inferredTime: (flags & SPAN_FLAGS.inferredTime) !== 0,
    truncated: (flags & SPAN_FLAGS.truncated) !== 0,
    inputTokens: known(columns.inputTokens[row]),
    outputTokens: known(columns.outputTokens[row]),
    cost,
    costBasis: cost === null ? null : (flags & SPAN_FLAGS.estimatedCost) !== 0 ? 'estimated' : 'stated',
  };
}

export function hasChildren({ columns }: SpanTable, row: number): boolean {
  return (columns.subtreeEnd[row] ?? row + 1) > row + 1;
}

/** Errors below a row, itself not counted: two binary searches. */
export function errorsBelow(table: SpanTable, row: number): number {
  const end = table.columns.subtreeEnd[row] ?? row + 1;
  return lowerBound(table.errorRows, end) - lowerBound(table.errorRows, row + 1);
}

/** First index whose value is not less than `value`, in an ascending array. */
export function lowerBound(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function text(columns: SpanColumns, index: number | undefined): string {
  return columns.strings[index ?? 0] ?? '';
}

function known(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
