/**
 * The engine behind OTLP, for the formats that carry the same spans in another wrapping: turn an item into an
 * `OtlpSpan`, and every attribute convention is read the same way as over OTLP.
 */
import { DIALECTS } from './otlp/dialects/registry.ts';
import { createMerger, type Merger } from './otlp/merge.ts';
import { NO_ATTRIBUTES, NONE_DROPPED, type OtlpEvent, type OtlpLink, type OtlpSpan } from './otlp/span.ts';
import { compile } from './otlp/table.ts';
import { createOwnFactsReader } from './own-facts.ts';

export { readAttributeList } from './otlp/json-values.ts';
export type { OtlpEvent, OtlpLink, OtlpScope, OtlpSpan } from './otlp/span.ts';
export type { Merger } from './otlp/merge.ts';

const TABLE = compile(DIALECTS);

/** One per body: collects its spans and gives their records. */
export function createSpanMerger(): Merger {
  const merger = createMerger(TABLE);
  const own = createOwnFactsReader();
  return {
    add: (span) => {
      merger.add(own.prepare(span));
    },
    // What an export of ours says of a span counts before what can be read from the format's own fields.
    records: () => merger.records().map((record) => (record.type === 'span' ? own.restore(record) : record)),
  };
}

/** A span with what most sources do not have: no events and links, status unset, kind internal. */
export function spanOf(given: Pick<OtlpSpan, 'traceId' | 'spanId' | 'name' | 'scope'> & Partial<OtlpSpan>): OtlpSpan {
  return {
    parentId: null,
    otelKind: 0,
    start: null,
    end: null,
    attributes: NO_ATTRIBUTES,
    events: NO_EVENTS,
    links: NO_LINKS,
    statusCode: 0,
    statusMessage: '',
    dropped: NONE_DROPPED,
    traceState: '',
    flags: 0,
    ...given,
  };
}

const NO_EVENTS: readonly OtlpEvent[] = [];
const NO_LINKS: readonly OtlpLink[] = [];
