/** Which entries of the log are shown: by kind, by agent, by text, inside one subtree. */
import { SPAN_KINDS, SPAN_STATUSES, type SpanKind } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';
import type { LogRows } from './log-rows.ts';

export type LogKind = 'all' | SpanKind | 'event' | 'error' | 'finding' | 'annotation';

export type LogFilter = {
  readonly kind: LogKind;
  /** Null = every agent; '' = what belongs to none. */
  readonly agent: string | null;
  readonly text: string;
};

export const NO_FILTER: LogFilter = { kind: 'all', agent: null, text: '' };

const ERROR = SPAN_STATUSES.indexOf('error');

/** Places of the entries that pass, ascending; null = all of them. Linear, a few comparisons an entry. */
export function filterLog(
  log: LogRows,
  columns: SpanColumns,
  filter: LogFilter,
  /** For `finding` and `annotation`: whether a span has one. */
  marked: (spanId: string) => boolean,
  subtree: { readonly from: number; readonly to: number } | null,
): Int32Array | null {
  const { kind, agent } = filter;
  const wanted = filter.text.trim().toLowerCase();
  if (kind === 'all' && agent === null && wanted === '' && subtree === null) return null;
  const agentCode = agent === null ? -1 : columns.strings.indexOf(agent);
  const kindCode = SPAN_KINDS.indexOf(kind as SpanKind);
  // Each text is looked at once, however many spans have it.
  const holds =
    wanted === '' ? null : Uint8Array.from(columns.strings, (text) => (text.toLowerCase().includes(wanted) ? 1 : 0));
  const events =
    wanted === ''
      ? null
      : log.events.map(({ name, text }) => name.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted));
  const places = new Int32Array(log.count);
  let length = 0;
  for (let place = 0; place < log.count; place++) {
    const row = log.span[place] ?? 0;
    const event = log.event[place] ?? -1;
    if (subtree && (row < subtree.from || row >= subtree.to)) continue;
    if (agent !== null && columns.agent[row] !== agentCode) continue;
    if (kindCode >= 0 && (columns.kind[row] !== kindCode || event >= 0)) continue;
    if (kind === 'event' && event < 0) continue;
    if (kind === 'error' && !(event < 0 ? columns.status[row] === ERROR : log.events[event]?.kind === 'exception'))
      continue;
    if ((kind === 'finding' || kind === 'annotation') && (event >= 0 || !marked(columns.ids[row] ?? ''))) continue;
    if (holds && events) {
      const found =
        event >= 0
          ? events[event] === true
          : holds[columns.name[row] ?? 0] === 1 ||
            holds[columns.agent[row] ?? 0] === 1 ||
            holds[columns.tool[row] ?? 0] === 1 ||
            holds[columns.model[row] ?? 0] === 1 ||
            log.failures.get(row)?.toLowerCase().includes(wanted) === true;
      if (!found) continue;
    }
    places[length++] = place;
  }
  return places.subarray(0, length);
}
