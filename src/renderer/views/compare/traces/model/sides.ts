/** One column of an aligned pair: a trace, or the tool calls that were expected of it. */
import type { ExpectedCall } from '#shared/dataset.ts';
import type { SpanKind, SpanStatus } from '#shared/record.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import { sessionOfAddress, splitSessionSpanId } from '#shared/session.ts';
import type { SpanColumns, TraceRow } from '#shared/trace.ts';

type SideRow = {
  /** Null = it is no span. */
  readonly spanId: string | null;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly name: string;
  readonly agent: string;
  readonly depth: number;
  /** Nanoseconds; NaN = unknown. */
  readonly duration: number;
  /** What is known of it without asking; null = ask for a preview. */
  readonly preview: string | null;
};

export type Side = {
  /** Id of a trace or address of a session; null = expected calls. */
  readonly address: string | null;
  readonly title: string;
  readonly trace: TraceRow | null;
  readonly count: number;
  readonly at: (row: number) => SideRow;
  readonly rowOf: (spanId: string) => number;
};

export function sideOfTrace(trace: TraceRow, columns: SpanColumns): Side {
  let rows: Map<string, number> | null = null;
  return {
    address: trace.id,
    title: trace.name === '' ? trace.id : trace.name,
    trace,
    count: columns.count,
    at(row) {
      const text = (column: Uint32Array): string => columns.strings[column[row] ?? 0] ?? '';
      const tool = text(columns.tool);
      const name = text(columns.name);
      return {
        spanId: columns.ids[row] ?? null,
        kind: SPAN_KINDS[columns.kind[row] ?? 0] ?? 'custom',
        status: SPAN_STATUSES[columns.status[row] ?? 0] ?? 'unset',
        name: tool !== '' && columns.kind[row] === TOOL ? tool : name,
        agent: text(columns.agent),
        depth: columns.depth[row] ?? 0,
        duration: (columns.end[row] ?? NaN) - (columns.start[row] ?? NaN),
        preview: null,
      };
    },
    rowOf(spanId) {
      rows ??= new Map(columns.ids.map((id, row) => [id, row]));
      return rows.get(spanId) ?? -1;
    },
  };
}

const TOOL = SPAN_KINDS.indexOf('tool');

export function sideOfExpected(title: string, calls: readonly ExpectedCall[]): Side {
  return {
    address: null,
    title,
    trace: null,
    count: calls.length,
    at(row) {
      const call = calls[row];
      return {
        spanId: null,
        kind: 'tool',
        status: 'unset',
        name: call?.name ?? '',
        agent: call?.agent ?? '',
        depth: 0,
        duration: NaN,
        preview: call === undefined || call.arguments === null ? '' : JSON.stringify(call.arguments),
      };
    },
    rowOf: () => -1,
  };
}

/** How `span.get` calls a span of a trace or of a session; null = it was not received, it stands for a whole trace. */
export function spanPlace(address: string, spanId: string): { traceId: string; spanId: string } | null {
  if (sessionOfAddress(address) === null) return { traceId: address, spanId };
  const { traceId, spanId: own } = splitSessionSpanId(spanId);
  return own === null ? null : { traceId, spanId: own };
}
