import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord, SpanError, SpanOrigin, SpanRecord, SpanStatus } from '#shared/record.ts';
import { isoToNs } from '#shared/time.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from '../messages/json-text.ts';
import { readSpanData, readUnknown, type SpanFacts } from './span-data.ts';
import { readUsage } from './usage.ts';
import { flattened, idOf, issue, isShortened, remaining } from './values.ts';

/** What a model's answer says besides its content; `output_text` repeats the output, `instructions` went to the input. */
const ANSWER_CONTENT = new Set(['output', 'choices', 'output_text', 'instructions']);
const NO_ATTRIBUTES: JsonObject = {};

/**
 * One `trace.span` item. An item without ids cannot be placed and is quarantined; any other fault is an issue
 * beside the span, never a lost span.
 */
export function readSpanItem(item: JsonObject, origin: SpanOrigin, out: NormalisedRecord[]): void {
  const traceId = idOf(item.trace_id);
  const spanId = idOf(item.id);
  if (traceId === null || spanId === null) {
    const missing = spanId === null ? 'id' : 'trace_id';
    out.push(issue('error', 'invalid_item', `The span has no usable ${missing}.`, { traceId, spanId, item }));
    return;
  }
  const report = (code: IssueRecord['code'], message: string, value?: Json): void => {
    const where = value === undefined ? { traceId, spanId } : { traceId, spanId, item: value };
    out.push(issue('warning', code, message, where));
  };

  let whole = item;
  if (isDeeperThan(item, MAX_JSON_DEPTH)) {
    report('too_deep', `Values nested more than ${MAX_JSON_DEPTH} levels deep were cut.`);
    whole = flattened(item, MAX_JSON_DEPTH) as JsonObject;
  }
  const data = isJsonObject(whole.span_data) ? whole.span_data : NO_ATTRIBUTES;
  const facts = readFacts(whole.span_data, data, report);
  if (isShortened(data.input)) report('truncated_field', 'The SDK shortened the input before it sent it.');
  if (isShortened(data.output)) report('truncated_field', 'The SDK shortened the output before it sent it.');

  const start = readTime(whole.started_at, 'started_at', report);
  const ended = readTime(whole.ended_at, 'ended_at', report);
  const closed = ended === null ? readClosed(whole.x_closed, report) : null;
  const end = ended ?? closed?.at ?? null;
  if (start !== null && end !== null && end < start) report('negative_duration', 'The span ended before it started.');
  const error = readError(whole.error);
  out.push({
    type: 'span',
    traceId,
    spanId,
    parentId: idOf(whole.parent_id),
    kind: facts.kind,
    subtype: facts.subtype ?? null,
    name: facts.name ?? (typeof data.type === 'string' ? data.type : 'span'),
    agent: facts.agent ?? null,
    model: facts.model ?? null,
    tool: facts.tool ?? null,
    toolCallId: null,
    start,
    end,
    status: readStatus(whole.ended_at, facts, error, closed !== null),
    error,
    usage: facts.usage ?? null,
    reportedUsage: facts.reportedUsage ?? readMetadataUsage(whole.metadata),
    cost: null,
    handoff: facts.handoff ?? null,
    input: facts.input ?? [],
    output: facts.output ?? [],
    attributes: readAttributes(whole, data, facts, closed),
    events: readEvents(data, report),
    links: [],
    origin,
  } satisfies SpanRecord);
}

type Report = (code: IssueRecord['code'], message: string, value?: Json) => void;

function readFacts(given: Json | undefined, data: JsonObject, report: Report): SpanFacts {
  const type = data.type;
  if (typeof type !== 'string') {
    report('invalid_item', 'The span does not say what it is: span_data has no type.', given ?? null);
    return readUnknown(null, data);
  }
  const facts = readSpanData(type, data);
  if (facts) return facts;
  report('unmapped_field', `Spans of type "${type.slice(0, 100)}" are not known; this one is kept as a custom span.`);
  return readUnknown(type, data);
}

/** The SDK has one slot for an error, so that an ended span without one went well; a tripped guardrail says neither. */
function readStatus(endedAt: Json | undefined, facts: SpanFacts, error: SpanError | null, closed: boolean): SpanStatus {
  if (error !== null) return 'error';
  if (closed) return 'unset';
  if (endedAt === null || endedAt === undefined) return 'running';
  return facts.kind === 'guardrail' && facts.subtype === 'triggered' ? 'unset' : 'ok';
}

/** `Class: message`, as the JavaScript SDK writes the cause of a failed run. */
const ERROR_CLASS = /^([A-Z][A-Za-z0-9_]{0,80}(?:Error|Exception|Triggered|Exceeded|Timeout|Refusal)|Error): /;

function readError(value: Json | undefined): SpanError | null {
  if (value === null || value === undefined) return null;
  if (!isJsonObject(value)) return { type: null, message: typeof value === 'string' ? value : JSON.stringify(value) };
  const data = value.data ?? null;
  const cause = isJsonObject(data) ? data.error : null;
  const type = typeof cause === 'string' ? (ERROR_CLASS.exec(cause)?.[1] ?? null) : null;
  const message = typeof value.message === 'string' && value.message !== '' ? value.message : JSON.stringify(value);
  return { type, message, ...(data === null ? {} : { data }) };
}

/** Without tasks and turns, Python puts the totals of an agent into the span's metadata. */
function readMetadataUsage(metadata: Json | undefined): SpanRecord['reportedUsage'] {
  return isJsonObject(metadata) ? readUsage(metadata.usage) : null;
}

type Closed = { readonly at: bigint; readonly by: string };

/** Our helpers say so when a trace or its process ended and a span of it never did: over, but nobody said how it went. */
function readClosed(value: Json | undefined, report: Report): Closed | null {
  if (!isJsonObject(value)) return null;
  const at = readTime(value.at, 'x_closed.at', report);
  if (at === null) return null;
  const by = value.by === 'process_exit' ? 'process_exit' : 'trace_end';
  const when = by === 'process_exit' ? 'its process ended' : 'its trace ended';
  report('invalid_time', `The span never ended: it was still open when ${when}, which is taken for its end.`);
  return { at, by };
}

function readAttributes(item: JsonObject, data: JsonObject, facts: SpanFacts, closed: Closed | null): JsonObject {
  const attributes = remaining(data, facts.taken);
  if (closed !== null) attributes.closed_by = closed.by;
  if (facts.response) {
    const { tools, ...answer } = facts.response;
    const offered = Array.isArray(tools) && tools.length > 0;
    if (offered) attributes['gen_ai.tool.definitions'] = tools;
    attributes.response = remaining(offered ? answer : facts.response, ANSWER_CONTENT);
  }
  if (isJsonObject(item.metadata)) attributes.metadata = item.metadata;
  return attributes;
}

/** Speech spans say when the first sound came. */
function readEvents(data: JsonObject, report: Report): SpanRecord['events'] {
  const time = readTime(data.first_content_at, 'first_content_at', report);
  return time === null ? [] : [{ time: time.toString(), name: 'first content', attributes: {} }];
}

function readTime(value: Json | undefined, field: string, report: Report): bigint | null {
  if (value === null || value === undefined) return null;
  const time = typeof value === 'string' && value.length <= 64 ? isoToNs(value) : null;
  if (time === null) report('invalid_time', `${field} is not a time in ISO 8601.`, value);
  return time;
}
