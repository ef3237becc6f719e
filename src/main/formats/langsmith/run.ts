import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { countOf, idOf, isEmpty, issue, listOf, objectOf, remaining, setField, textOf, timeOf } from '../fields.ts';
import { type OtlpEvent, type OtlpScope, type OtlpSpan, spanOf } from '../span-engine.ts';

export type RunReader = {
  readonly read: (run: JsonObject, ids: { readonly traceId: string; readonly spanId: string }) => void;
};

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
    read(run, ids) {
      const start = timeOf(run.start_time);
      const end = timeOf(run.end_time);
      if (start === null && !isEmpty(run.start_time)) {
        report(issue('warning', 'invalid_time', 'start_time is not a time.', { ...ids, item: run.start_time ?? null }));
      }
      const failure = readFailure(run);
      add(
        spanOf({
          ...ids,
          parentId: idOf(run.parent_run_id),
          name: textOf(run.name) ?? textOf(run.run_type) ?? 'run',
          start,
          end,
          attributes: { ...attributesOf(run), ...failure.attributes },
          events: listOf(run.events).flatMap((each) => (isJsonObject(each) ? readEvent(each) : [])),
          statusCode: failure.statusCode,
          statusMessage: failure.statusMessage,
          scope: SCOPE,
        }),
      );
    },
  };
}

/** The attributes by which LangSmith's own OpenTelemetry exporter sends a run. */
function attributesOf(run: JsonObject): JsonObject {
  const attributes: Record<string, Json> = remaining(run, TAKEN, 'langsmith.run.');
  const { metadata: given, ...extra } = objectOf(run.extra);
  const metadata = objectOf(given);
  for (const [key, value] of Object.entries(metadata)) setField(attributes, `langsmith.metadata.${key}`, value);
  for (const [key, value] of Object.entries(remaining(extra, new Set(), 'langsmith.extra.'))) {
    setField(attributes, key, value);
  }
  attributes['langsmith.span.kind'] = textOf(run.run_type) ?? 'chain';
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
  const usage = usageOf(objectOf(run.outputs));
  if (usage !== null && run.run_type === 'llm') attributes['langsmith.usage_metadata'] = usage;
  const cost = countOf(run.total_cost);
  if (cost !== null && cost > 0) attributes['gen_ai.usage.cost'] = cost;
  return attributes;
}

/** Beside the answer, inside its message, or as the provider counted. */
function usageOf(outputs: JsonObject): JsonObject | null {
  if (isJsonObject(outputs.usage_metadata)) return outputs.usage_metadata;
  const [generation] = listOf(outputs.generations).flat();
  const message = isJsonObject(generation) ? objectOf(generation.message) : objectOf(outputs.message ?? outputs.output);
  const fields = isJsonObject(message.kwargs) ? message.kwargs : message;
  if (isJsonObject(fields.usage_metadata)) return fields.usage_metadata;
  const counted = objectOf(outputs.llm_output).token_usage ?? outputs.usage;
  return isJsonObject(counted) ? counted : null;
}

/** Exceptions by which LangGraph steers, not fails. */
const CONTROL_FLOW = /^(?:GraphInterrupt|NodeInterrupt|GraphBubbleUp|ParentCommand|Command|GeneratorExit)\b/;
const ERROR_CLASS = /^([A-Z][A-Za-z0-9_.]{0,80}(?:Error|Exception|Exit|Interrupt|Timeout))\b/;
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
  const message = (cut > 0 ? error.slice(0, cut) : error).trim();
  const type = ERROR_CLASS.exec(error)?.[1];
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
