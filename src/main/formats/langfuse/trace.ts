import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, TraceRecord } from '#shared/record.ts';
import { isEmpty, issue, listOf, objectOf, remaining, setField, textOf } from '../fields.ts';
import { readJsonText } from '../messages/index.ts';

/** What becomes a field of the trace, stands in its spans, or says again what they add up to. */
const TAKEN = new Set([
  'id',
  'name',
  'sessionId',
  'userId',
  'tags',
  'metadata',
  'input',
  'output',
  'observations',
  'scores',
  'latency',
  'totalCost',
  'htmlPath',
]);

export type ReadTrace = {
  readonly record: TraceRecord;
  /** What the trace says it read and wrote, which its root often does not say again. */
  readonly input: Json;
  readonly output: Json;
};

export function readTrace(traceId: string, trace: JsonObject, report: (issue: IssueRecord) => void): ReadTrace {
  const input = unquoted(trace.input);
  const output = unquoted(trace.output);
  const given = unquoted(trace.metadata);
  if (!isEmpty(given) && !isJsonObject(given)) {
    report(issue('info', 'unmapped_field', 'The metadata of the trace is no object; kept as text.', { traceId }));
  }
  const { attributes, ...own } = isJsonObject(given) ? given : isEmpty(given) ? {} : { metadata: given };
  const metadata: Record<string, Json> = { ...remaining(own, NONE), ...remaining(trace, TAKEN) };
  // The attributes of the root span, which has them too.
  if (attributes !== undefined && Object.keys(objectOf(attributes)).length === 0) metadata.attributes = attributes;
  if (!isEmpty(input)) setField(metadata, 'task', input);
  if (!isEmpty(output)) setField(metadata, 'outcome', output);
  const name = textOf(trace.name);
  const sessionId = textOf(trace.sessionId);
  const userId = textOf(trace.userId);
  const tags = listOf(trace.tags).filter((tag) => typeof tag === 'string');
  const record: TraceRecord = {
    type: 'trace',
    traceId,
    ...(name ? { name } : {}),
    ...(sessionId ? { sessionId } : {}),
    ...(userId ? { userId } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    metadata,
  };
  return { record, input, output };
}

const NONE: ReadonlySet<string> = new Set();

/** Values as Langfuse's tools pass them on: JSON text of JSON text, up to twice. */
export function unquoted(value: Json | undefined): Json {
  if (typeof value !== 'string') return value ?? null;
  const once = readJsonText(value);
  if (once === undefined) return value;
  if (typeof once !== 'string') return typeof once === 'object' ? once : value;
  const twice = readJsonText(once);
  return typeof twice === 'object' && twice !== null ? twice : once;
}
