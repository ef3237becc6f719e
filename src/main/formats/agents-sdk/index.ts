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
import { readOrigin } from './origin.ts';
import { readSpanItem } from './span-item.ts';
import { readTraceItem } from './trace-item.ts';
import { issue } from './values.ts';

export const agentsSdk: DecoderFormat = {
  type: 'decoder',
  id: 'agents-sdk',
  label: 'OpenAI Agents SDK',
  routes: [
    { method: 'POST', suffix: '/v1/traces/ingest' },
    { method: 'POST', suffix: '/traces/ingest' },
  ],
  detect: detectAgentsSdk,
  decode: (bytes, context) => {
    const body = readBody(bytes);
    if (!body.ok) return body;
    const origin = readOrigin(context.userAgent, body.value.items);
    const records: NormalisedRecord[] = [];
    for (const item of body.value.items) readItem(item, origin, records);
    for (const line of body.value.badLines) {
      records.push(
        issue('error', 'invalid_item', `Line ${line.number} is not JSON of a trace or span.`, { text: line.text }),
      );
    }
    return ok({ records });
  },
};

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
