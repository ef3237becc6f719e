import type { JsonObject } from '#shared/json.ts';
import type { SpanOrigin, SpanRecord } from '#shared/record.ts';

const NOTHING: JsonObject = {};

/** A span record with null, nothing and `unset` for all that the source does not say. */
export function spanRecord(
  given: Pick<SpanRecord, 'traceId' | 'spanId' | 'kind' | 'name' | 'origin'> & Partial<SpanRecord>,
): SpanRecord {
  return {
    type: 'span',
    parentId: null,
    subtype: null,
    agent: null,
    model: null,
    tool: null,
    toolCallId: null,
    start: null,
    end: null,
    status: 'unset',
    error: null,
    usage: null,
    reportedUsage: null,
    cost: null,
    handoff: null,
    input: [],
    output: [],
    attributes: NOTHING,
    events: [],
    links: [],
    ...given,
  };
}

export function originOf(dialect: string, version: string | null, resource: JsonObject | null = null): SpanOrigin {
  return { dialect, scopeName: null, scopeVersion: version, resource };
}
