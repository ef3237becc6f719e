/** What the spans of one decode say about their traces: one record per trace id. */
import type { JsonObject } from '#shared/json.ts';
import type { TraceRecord } from '#shared/record.ts';
import type { FactSheet } from './facts.ts';
import type { OtlpResource, OtlpSpan } from './span.ts';
import type { Table } from './table.ts';

const MAX_TAGS = 100;

/** A value with its rank; between equal ranks the earliest span wins, then the smaller span id. */
type Best<T> = { value: T; rank: number; start: bigint; spanId: string };

type Collected = {
  readonly traceId: string;
  name: Best<string> | null;
  workflow: Best<string> | null;
  session: Best<string> | null;
  user: Best<string> | null;
  metadata: Best<JsonObject> | null;
  readonly tags: Set<string>;
};

export type TraceFacts = {
  readonly add: (span: OtlpSpan, facts: FactSheet) => void;
  readonly records: () => TraceRecord[];
};

export function collectTraceFacts(table: Table): TraceFacts {
  const traces = new Map<string, Collected>();
  let last: Collected | null = null;

  function of(traceId: string): Collected {
    if (last?.traceId === traceId) return last;
    last = traces.get(traceId) ?? null;
    if (!last) {
      last = { traceId, name: null, workflow: null, session: null, user: null, metadata: null, tags: new Set() };
      traces.set(traceId, last);
    }
    return last;
  }

  return {
    add(span, facts) {
      const trace = of(span.traceId);
      const root = span.parentId === null;
      trace.name = better(trace.name, facts.get('traceName'), facts.rank('traceName'), span);
      trace.workflow = better(trace.workflow, facts.get('workflow'), facts.rank('workflow'), span);
      trace.session = better(trace.session, facts.get('session'), facts.rank('session'), span);
      trace.user = better(trace.user, facts.get('user'), facts.rank('user'), span);
      const tags = facts.get('tags');
      if (tags) for (const tag of tags) if (trace.tags.size < MAX_TAGS) trace.tags.add(tag);
      if (!root) return;
      trace.metadata = better(trace.metadata, facts.get('metadata'), facts.rank('metadata'), span);
      // The resource names a service, not the trace: the root's alone counts, so that batches may come in any order.
      for (const source of table.resource) {
        const value = resourceText(span.scope.resource, source.key);
        trace[source.field] = better(trace[source.field], value, source.rank, span);
      }
    },
    records: () => [...traces.values()].map(toRecord),
  };
}

function better<T>(known: Best<T> | null, value: T | null, rank: number, span: OtlpSpan): Best<T> | null {
  if (value === null) return known;
  const start = span.start ?? 0n;
  if (known !== null) {
    if (known.rank < rank) return known;
    if (known.rank === rank && (known.start < start || (known.start === start && known.spanId <= span.spanId)))
      return known;
  }
  return { value, rank, start, spanId: span.spanId };
}

function resourceText(resource: OtlpResource, key: string): string | null {
  const value = resource.attributes[key];
  // The SDK's default says that nobody set a name.
  return typeof value === 'string' && value !== '' && !value.startsWith('unknown_service') ? value : null;
}

function toRecord({ traceId, name, workflow, session, user, metadata, tags }: Collected): TraceRecord {
  return {
    type: 'trace',
    traceId,
    ...(name ? { name: name.value } : {}),
    ...(workflow ? { workflow: workflow.value } : {}),
    ...(session ? { sessionId: session.value } : {}),
    ...(user ? { userId: user.value } : {}),
    ...(metadata ? { metadata: metadata.value } : {}),
    ...(tags.size > 0 ? { tags: [...tags] } : {}),
  };
}
