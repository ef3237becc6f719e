/**
 * One observation → a span with the attributes that Langfuse's own SDK sends over OTLP, next to those that it received.
 * What other conventions say there is finer than the type that Langfuse's server derived from it.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, SpanPart } from '#shared/record.ts';
import { countOf, idOf, isEmpty, issue, objectOf, remaining, setField, textOf, timeOf } from '../fields.ts';
import { type OtlpScope, type OtlpSpan, spanOf } from '../span-engine.ts';
import type { Stage } from '../told.ts';
import { readChat } from './chat.ts';
import { unquoted } from './trace.ts';

const OWN = 'langfuse.observation.';
const TAKEN = new Set(
  (
    'id traceId parentObservationId name type startTime endTime level statusMessage input output model metadata ' +
    'usageDetails costDetails usage latency timeToFirstToken promptTokens completionTokens totalTokens ' +
    'inputUsage outputUsage totalUsage inputCost outputCost totalCost ' +
    'calculatedInputCost calculatedOutputCost calculatedTotalCost'
  ).split(' '),
);
/** Attributes by which another convention settles the kind of a span. */
const KIND_KEYS = [
  'openinference.span.kind',
  'gen_ai.operation.name',
  'ai.operationId',
  'traceloop.span.kind',
  'mlflow.spanType',
];

type Place = {
  /** Null: the observation names its trace. */
  readonly traceId: string | null;
  /** What the trace read and wrote, for its root alone. */
  readonly root: { readonly input: Json; readonly output: Json } | null;
  /** Set when the observation is told in several records. */
  readonly telling?: { readonly stage: Stage; readonly part: SpanPart };
  /** Who sent it, for observations that do not say where they come from. */
  readonly sender?: { readonly name: string; readonly version: string | null };
};
export type ObservationReader = { readonly read: (observation: JsonObject, place: Place) => void };

export function createObservationReader(
  add: (span: OtlpSpan) => void,
  report: (issue: IssueRecord) => void,
): ObservationReader {
  const scopes = new Map<string, OtlpScope>();

  function scopeOf(metadata: JsonObject, sender: Place['sender']): OtlpScope {
    const scope = objectOf(metadata.scope);
    const resource = objectOf(metadata.resourceAttributes);
    const key = JSON.stringify([scope, resource]);
    let known = scopes.get(key);
    if (!known) {
      known = {
        name: textOf(scope.name) ?? sender?.name ?? null,
        version: textOf(scope.name) === null ? (sender?.version ?? null) : textOf(scope.version),
        attributes: objectOf(scope.attributes),
        schemaUrl: '',
        resource: { attributes: resource, schemaUrl: '' },
      };
      scopes.set(key, known);
    }
    return known;
  }

  return {
    read(observation, place) {
      const traceId = place.traceId ?? idOf(observation.traceId);
      const spanId = idOf(observation.id);
      if (traceId === null || spanId === null) {
        const missing = spanId === null ? 'id' : 'trace id';
        report(issue('error', 'invalid_item', `The observation has no ${missing}.`, { traceId, item: observation }));
        return;
      }
      const isUpdate = place.telling?.stage === 'update';
      const metadata = metadataOf(observation.metadata);
      const start = readTime(observation, 'startTime', { traceId, spanId }, report);
      const end = readTime(observation, 'endTime', { traceId, spanId }, report);
      add(
        spanOf({
          traceId,
          spanId,
          parentId: idOf(observation.parentObservationId),
          name:
            textOf(observation.name) ?? (isUpdate ? '' : (textOf(observation.type)?.toLowerCase() ?? 'observation')),
          start,
          // An event is a point in time and has no end of its own.
          end: end ?? (textOf(observation.type)?.toUpperCase() === 'EVENT' ? start : null),
          attributes: attributesOf(observation, metadata, place.root, isUpdate),
          scope: scopeOf(metadata, place.sender),
          ...(place.telling === undefined ? {} : { part: place.telling.part }),
        }),
      );
    },
  };
}

function readTime(
  observation: JsonObject,
  field: string,
  where: { readonly traceId: string; readonly spanId: string },
  report: (issue: IssueRecord) => void,
): bigint | null {
  const value = observation[field];
  const time = timeOf(value);
  if (time === null && !isEmpty(value)) {
    report(issue('warning', 'invalid_time', `${field} is not a time.`, { ...where, item: value ?? null }));
  }
  return time;
}

/** An object, JSON text of one, or anything else that a user put there. */
function metadataOf(value: Json | undefined): JsonObject {
  const given = unquoted(value);
  if (isJsonObject(given)) return given;
  return isEmpty(given) ? {} : { metadata: given };
}

function attributesOf(
  observation: JsonObject,
  metadata: JsonObject,
  root: Place['root'],
  isUpdate: boolean,
): JsonObject {
  const { attributes: received, scope: _scope, resourceAttributes: _resource, ...own } = metadata;
  const attributes: Record<string, Json> = {};
  const foreign = objectOf(received);
  for (const [key, value] of Object.entries(foreign)) setField(attributes, key, value);
  if (Object.keys(foreign).length === 0 && !isEmpty(received)) setField(attributes, 'attributes', received ?? null);
  for (const [key, value] of Object.entries(remaining(observation, TAKEN, OWN))) setField(attributes, key, value);

  const type = textOf(observation.type)?.toLowerCase() ?? 'span';
  // The instrumentation of Google's ADK names its agents in the names of their spans alone.
  const agent = /^(?:agent_run \[(.+)\]|invoke_agent (.+))$/s.exec(textOf(observation.name) ?? '');
  if (agent && !Object.hasOwn(attributes, 'agent.name')) attributes['agent.name'] = agent[1] ?? agent[2] ?? null;
  const isNode = typeof own.langgraph_node === 'string' && own.langgraph_node === observation.name;
  const isSettled = KIND_KEYS.some((key) => Object.hasOwn(foreign, key)) || (isNode && type === 'chain');
  attributes[`${OWN}type`] = isSettled ? 'span' : type;
  if (isSettled && type !== 'span') attributes['langfuse.export.type'] = type;

  const { content: input, tools, around: request } = readChat(unquoted(observation.input));
  const { content: output, around: response } = readChat(unquoted(observation.output));
  if (!request !== null && !isEmpty(request)) attributes[`${OWN}input.rest`] = request;
  if (!response !== null && !isEmpty(response)) attributes[`${OWN}output.rest`] = response;
  if (tools.length > 0) attributes['gen_ai.tool.definitions'] ??= tools;
  if (!isEmpty(input)) attributes[`${OWN}input`] = input;
  if (!isEmpty(output)) attributes[`${OWN}output`] = output;
  if (root !== null && !isEmpty(root.input)) attributes['langfuse.trace.input'] = root.input;
  if (root !== null && !isEmpty(root.output)) attributes['langfuse.trace.output'] = root.output;
  if (!isEmpty(observation.model)) attributes[`${OWN}model.name`] = observation.model ?? null;
  if (!isEmpty(observation.level)) attributes[`${OWN}level`] = observation.level ?? null;
  if (!isEmpty(observation.statusMessage)) attributes[`${OWN}status_message`] = observation.statusMessage ?? null;
  const usage = usageOf(observation);
  if (usage !== null) attributes[`${OWN}usage_details`] = usage;
  const cost = costOf(observation);
  if (cost !== null) attributes[`${OWN}cost_details`] = cost;
  const rest = remaining(own, new Set(), isUpdate ? `${OWN}metadata.` : '');
  // One by one, beside those that the observation was created with.
  if (isUpdate) return { ...attributes, ...rest };
  // Under the key that carries LangGraph's node and thread in other conventions; theirs stays.
  if (Object.keys(rest).length > 0)
    attributes[Object.hasOwn(attributes, 'metadata') ? `${OWN}metadata` : 'metadata'] = rest;
  return attributes;
}

/** `usageDetails`, or what older versions wrote; zeros of observations that used nothing say nothing. */
function usageOf(observation: JsonObject): JsonObject | null {
  const details = objectOf(observation.usageDetails);
  if (Object.keys(details).length > 0) return details;
  const usage = objectOf(observation.usage);
  const counts = {
    input: usage.input ?? usage.promptTokens ?? observation.inputUsage ?? observation.promptTokens,
    output: usage.output ?? usage.completionTokens ?? observation.outputUsage ?? observation.completionTokens,
    total: usage.total ?? usage.totalTokens ?? observation.totalUsage ?? observation.totalTokens,
  };
  const said = Object.entries(counts).flatMap(([key, value]) => {
    const count = countOf(value);
    return count === null ? [] : [[key, count] as const];
  });
  return said.some(([, count]) => count > 0) ? Object.fromEntries(said) : null;
}

function costOf(observation: JsonObject): JsonObject | null {
  const details = objectOf(observation.costDetails);
  if (Object.keys(details).length > 0) return details;
  const total = countOf(
    observation.totalCost ?? observation.calculatedTotalCost ?? objectOf(observation.usage).totalCost,
  );
  return total === null || total === 0 ? null : { total };
}
