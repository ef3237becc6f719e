/** A tool call held against the schema that was recorded for its tool. */
import type { CallCheck, OfferedTool } from '#shared/context.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { HeldItem } from './context-parts.ts';
import type { AskedCall } from './detectors/messages.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';

export type Definitions = {
  readonly tools: readonly OfferedTool[];
  /** The span that they were recorded at. */
  readonly spanId: string | null;
  /** False when these are not all the tools that the call could choose from. */
  readonly complete?: boolean;
};

/** The tool calls of a model's answer, at most this many. */
const MOST_CALLS = 500;

export function callsIn(
  output: readonly HeldItem[],
): { readonly call: AskedCall; readonly place: NonNullable<CallCheck['place']> }[] {
  const calls = output.flatMap(({ item: held }, item) =>
    held?.kind !== 'message'
      ? []
      : held.parts.flatMap((part, index) =>
          part.type === 'tool_call'
            ? [{ call: { id: part.id, name: part.name, arguments: part.arguments }, place: { item, part: index } }]
            : [],
        ),
  );
  return calls.slice(0, MOST_CALLS);
}

export function checkCall(
  call: AskedCall,
  place: CallCheck['place'],
  { tools, spanId, complete = true }: Definitions,
): CallCheck {
  const tool = tools.find(({ name }) => name === call.name);
  const base = { tool: call.name, callId: call.id, place, problems: [], unchecked: [], schema: null };
  if (!tool) {
    const offered = tools.length > 0 && complete;
    return { ...base, verdict: offered ? 'not_offered' : 'no_schema', definedBy: offered ? spanId : null };
  }
  const { schema } = tool;
  if (schema === null) return { ...base, verdict: 'no_schema', definedBy: spanId };
  const args = readArguments(call.arguments, schema);
  if (args === undefined) {
    const problem = { path: [], keyword: 'json', message: 'are no valid JSON' };
    return { ...base, verdict: 'invalid', problems: [problem], schema, definedBy: spanId };
  }
  const { problems, unchecked } = checkSchema(schema, args);
  return {
    ...base,
    verdict: problems.length > 0 ? 'invalid' : 'valid',
    problems,
    unchecked,
    schema,
    definedBy: spanId,
  };
}

/** Sources write arguments as JSON text, and none as nothing at all; undefined when text is no JSON. */
function readArguments(given: Json, schema: Json): Json | undefined {
  const wantsObject = isJsonObject(schema) && (schema.type === 'object' || isJsonObject(schema.properties));
  if (given === null || given === '') return wantsObject ? {} : given;
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given) as Json;
  } catch {
    return wantsObject ? undefined : given;
  }
}
