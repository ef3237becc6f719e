import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { isoToNs } from '#shared/time.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from '../messages/json-text.ts';
import { flattened, idOf, issue, labelOf } from './values.ts';

/** One `trace` item, sent at the start of a trace and again when a run is resumed; our helpers also send it at its end. */
export function readTraceItem(item: JsonObject, out: NormalisedRecord[]): void {
  const traceId = idOf(item.id);
  if (traceId === null) {
    out.push(issue('error', 'invalid_item', 'The trace has no usable id.', { item }));
    return;
  }
  const name = labelOf(shallow(item.workflow_name));
  const sessionId = labelOf(shallow(item.group_id));
  const metadata = item.metadata ?? null;
  if (metadata !== null && !isJsonObject(metadata)) {
    const message = 'The metadata of the trace is not an object and was left out.';
    out.push(issue('warning', 'unmapped_field', message, { traceId, item: metadata }));
  }
  const isDeep = isDeeperThan(metadata, MAX_JSON_DEPTH);
  if (isDeep) {
    out.push(
      issue('warning', 'too_deep', `Metadata nested more than ${MAX_JSON_DEPTH} levels deep was cut.`, { traceId }),
    );
  }
  const kept = isDeep && metadata !== null ? flattened(metadata, MAX_JSON_DEPTH) : metadata;
  const endedAt = typeof item.x_ended_at === 'string' && isoToNs(item.x_ended_at) !== null ? item.x_ended_at : null;
  const facts: JsonObject = {
    ...(isJsonObject(kept) ? kept : {}),
    ...(endedAt === null ? {} : { trace_ended_at: endedAt }),
  };
  out.push({
    type: 'trace',
    traceId,
    ...(name === null ? {} : { name, workflow: name }),
    ...(sessionId === null ? {} : { sessionId }),
    ...(Object.keys(facts).length > 0 ? { metadata: facts } : {}),
  });
}

function shallow(value: Json | undefined): Json | undefined {
  return isDeeperThan(value, MAX_JSON_DEPTH) ? flattened(value ?? null, MAX_JSON_DEPTH) : value;
}
