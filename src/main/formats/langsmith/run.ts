import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, SpanPart } from '#shared/record.ts';
import { countOf, isEmpty, issue, listOf, objectOf, remaining, setField, textOf, timeOf } from '../fields.ts';
import { type OtlpEvent, type OtlpScope, type OtlpSpan, spanOf } from '../span-engine.ts';
import type { Stage } from '../told.ts';

type Place = { readonly traceId: string; readonly spanId: string; readonly parentId: string | null };
/** Set when the run is told in several records. */
type Telling = { readonly stage: Stage; readonly part: SpanPart };
export type RunReader = { readonly read: (run: JsonObject, place: Place, telling?: Telling) => void };

/** What became a field of the span, is counted elsewhere, or only points into LangSmith. */
const TAKEN = new Set(
  (
    'id trace_id parent_run_id parent_run_ids child_run_ids direct_child_run_ids child_runs dotted_order name run_type ' +
    'start_time end_time inputs outputs error extra tags session_name status events prompt_tokens completion_tokens ' +
    'total_tokens total_cost feedback_stats feedback execution_order inputs_preview outputs_preview app_path'
  ).split(' '),
);

const SCOPE: OtlpScope = {
  name: 'langsmith',
  version: null,
  attributes: {},
  schemaUrl: '',
  resource: { attributes: {}, schemaUrl: '' },
};

export function createRunReader(add: (span: OtlpSpan) => void, report: (issue: IssueRecord) => void): RunReader {
  return {
    read(run, place, telling) {
      const start = timeOf(run.start_time);
      const end = notBefore(start, timeOf(run.end_time));
      const isUpdate = telling?.stage === 'update';
      const where = { traceId: place.traceId, spanId: place.spanId };
      if (start === null && !isEmpty(run.start_time)) {
        report(
          issue('warning', 'invalid_time', 'start_time is not a time.', { ...where, item: run.start_time ?? null }),
        );
      }
      const failure = readFailure(run);
      add(
        spanOf({
          ...place,
          name: textOf(run.name) ?? (isUpdate ? '' : (textOf(run.run_type) ?? 'run')),
          start,
          end,
          attributes: { ...attributesOf(run, isUpdate), ...failure.attributes },
          events: listOf(run.events).flatMap((each) => (isJsonObject(each) ? readEvent(each) : [])),
          statusCode: failure.statusCode,
          statusMessage: failure.statusMessage,
          scope: SCOPE,
          ...(telling === undefined ? {} : { part: telling.part }),
        }),
      );
    },
  };
}

/** The JavaScript SDK counts runs of one millisecond in the microseconds of their starts, and gives ends in milliseconds. */
function notBefore(start: bigint | null, end: bigint | null): bigint | null {
  return start !== null && end !== null && end < start && start - end < 1_000_000n ? start : end;
}

/**
 * Null when the run says nothing of it. A chain may be more by its name and its metadata (a node of a graph): an update
 * that does not say them again must not take that back.
 */
function kindOf(run: JsonObject, metadata: JsonObject, isUpdate: boolean): string | null {
  const kind = textOf(run.run_type);
  if (!isUpdate) return kind ?? 'chain';
  const isVague = kind === 'chain' && (textOf(run.name) === null || Object.keys(metadata).length === 0);
  return isVague ? null : kind;
}

/** The attributes by which LangSmith's own OpenTelemetry exporter sends a run. */
function attributesOf(run: JsonObject, isUpdate: boolean): JsonObject {
  const attributes: Record<string, Json> = remaining(run, TAKEN, 'langsmith.run.');
  const { metadata: given, ...extra } = objectOf(run.extra);
  const metadata = objectOf(given);
  for (const [key, value] of Object.entries(metadata)) setField(attributes, `langsmith.metadata.${key}`, value);
  for (const [key, value] of Object.entries(remaining(extra, new Set(), 'langsmith.extra.'))) {
    setField(attributes, key, value);
  }
  const kind = kindOf(run, metadata, isUpdate);
  if (kind !== null) attributes['langsmith.span.kind'] = kind;
  const name = textOf(run.name);
  if (name !== null) attributes['langsmith.trace.name'] = name;
  const project = textOf(run.session_name);
  if (project !== null) attributes['langsmith.trace.session_name'] = project;
  if (listOf(run.tags).length > 0) attributes['langsmith.span.tags'] = run.tags ?? null;
  if (!isEmpty(run.inputs)) attributes['gen_ai.prompt'] = run.inputs ?? null;
  if (!isEmpty(run.outputs)) attributes['gen_ai.completion'] = run.outputs ?? null;
  const input = countOf(run.prompt_tokens);
  const output = countOf(run.completion_tokens);
  if (input !== null && (input > 0 || output)) attributes['gen_ai.usage.input_tokens'] = input;
  if (output !== null && (output > 0 || input)) attributes['gen_ai.usage.output_tokens'] = output;
  const isUntyped = isUpdate && run.run_type === undefined;
  const usage = run.run_type === 'llm' || isUntyped ? usageOf(objectOf(run.outputs), isUntyped) : null;
  if (usage !== null) attributes['langsmith.usage_metadata'] = usage;
  const cost = countOf(run.total_cost);
  if (cost !== null && cost > 0) attributes['gen_ai.usage.cost'] = cost;
  return attributes;
}

/**
 * Beside the answer, inside its message, or as the provider counted.
 * @param isUntyped an update that does not repeat what its run is: then only where model calls alone have it
 */
function usageOf(outputs: JsonObject, isUntyped: boolean): JsonObject | null {
  if (isJsonObject(outputs.usage_metadata)) return outputs.usage_metadata;
  const [generation] = listOf(outputs.generations).flat();
  if (isUntyped && generation === undefined) return null;
  const message = isJsonObject(generation) ? objectOf(generation.message) : objectOf(outputs.message ?? outputs.output);
  const fields = isJsonObject(message.kwargs) ? message.kwargs : message;
  if (isJsonObject(fields.usage_metadata)) return fields.usage_metadata;
  const counted = objectOf(outputs.llm_output).token_usage ?? outputs.usage;
  return isJsonObject(counted) ? counted : null;
}

/** Exceptions by which LangGraph steers, not fails. */
const CONTROL_FLOW = /^(?:GraphInterrupt|NodeInterrupt|GraphBubbleUp|ParentCommand|Command|GeneratorExit)\b/;
const ERROR_CLASS = /^((?:[A-Z][A-Za-z0-9_.]{0,80})?(?:Error|Exception|Exit|Interrupt|Timeout))\b/;
/** Where the text of the error ends and its stack begins. */
const STACK = /\n?Traceback \(most recent call last\)|\n\s+at /;

type Failure = {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly attributes: JsonObject;
};

/** `error` is the text of the exception with its stack. */
function readFailure(run: JsonObject): Failure {
  const error = textOf(run.error);
  if (error === null) {
    const isFailed = run.status === 'error';
    return { statusCode: isFailed ? 2 : run.status === 'success' ? 1 : 0, statusMessage: '', attributes: {} };
  }
  if (CONTROL_FLOW.test(error)) {
    return { statusCode: 0, statusMessage: '', attributes: { 'langsmith.run.interrupt': error } };
  }
  const cut = error.slice(0, 4096).search(STACK);
  const text = (cut > 0 ? error.slice(0, cut) : error).trim();
  const type = ERROR_CLASS.exec(error)?.[1];
  // "TypeError: what happened" says the type again.
  const isNamed = type !== undefined && text.startsWith(`${type}: `);
  const message = isNamed ? text.slice(type.length + 2).trim() || text : text;
  return {
    statusCode: 2,
    statusMessage: message,
    attributes: { error, ...(type === undefined ? {} : { 'error.type': type }) },
  };
}

function readEvent(event: JsonObject): OtlpEvent[] {
  const { name, time, ...rest } = event;
  const known = textOf(name);
  return known === null ? [] : [{ time: timeOf(time), name: known, attributes: remaining(rest, new Set()) }];
}
