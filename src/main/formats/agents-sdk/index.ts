/**
 * Traces as the OpenAI Agents SDKs export them: POST /v1/traces/ingest with { data: [trace | trace.span, …] }.
 * A bad item becomes an issue, never an error: a 4xx answer makes the SDK throw the whole batch away.
 */
import type { DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json } from '#shared/json.ts';
import type { NormalisedRecord, SpanOrigin } from '#shared/record.ts';
import { ok } from '#shared/result.ts';
import { readBody } from './bodies.ts';
import { detectAgentsSdk } from './detect.ts';
import { originsByProcess, readOrigin } from './origin.ts';
import { readSpanItem } from './span-item.ts';
import { readTraceItem } from './trace-item.ts';
import { idOf, issue } from './values.ts';

export const agentsSdk: DecoderFormat = {
  type: 'decoder',
  id: 'agents-sdk',
  label: 'OpenAI Agents SDK',
  routes: [
    { method: 'POST', suffix: '/v1/traces/ingest' },
    { method: 'POST', suffix: '/traces/ingest' },
  ],
  detect: detectAgentsSdk,
  split: () => ({ lines: true, list: true, keys: [['data']] }),
  decode: (bytes, context) => {
    const sources = readBody(bytes);
    if (!sources.ok) return sources;
    const { bodies, badLines } = sources.value;
    const originOf = originsByProcess(readOrigin(context.userAgent, bodies));
    const records: NormalisedRecord[] = [];
    for (const { items, resource, dropped } of bodies) {
      const origin = originOf(resource);
      for (const item of items) readItem(item, origin, records);
      if (dropped > 0) records.push(leftOut(dropped, items));
    }
    for (const line of badLines) {
      records.push(
        issue('error', 'invalid_item', `Line ${line.number} is not JSON of a trace or span.`, { text: line.text }),
      );
    }
    return ok({ records });
  },
};

/** The sender counts what it could not keep; the items that came with the count tell of which trace it was, probably. */
function leftOut(count: number, items: readonly Json[]): NormalisedRecord {
  const first = items.find(isJsonObject);
  const traceId = idOf(first?.object === 'trace' ? first.id : first?.trace_id);
  const message = `The sender left out ${count} ${count === 1 ? 'item' : 'items'} before this: nobody took them in time.`;
  return issue('warning', 'invalid_item', message, { traceId });
}

function readItem(item: Json, origin: SpanOrigin, out: NormalisedRecord[]): void {
  if (!isJsonObject(item)) {
    out.push(issue('error', 'invalid_item', 'An item is not an object.', { item }));
  } else if (item.object === 'trace.span') {
    readSpanItem(item, origin, out);
  } else if (item.object === 'trace') {
    readTraceItem(item, out);
  } else {
    const kind = typeof item.object === 'string' ? `of kind "${item.object.slice(0, 100)}"` : 'without a kind';
    out.push(issue('error', 'unknown_item', `An item ${kind} was kept aside.`, { item }));
  }
}
