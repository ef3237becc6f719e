/**
 * The tools that a model call was offered, as sources write them: OpenTelemetry GenAI, OpenAI (both APIs), Anthropic,
 * Gemini, Bedrock, MCP, AI SDK, OpenInference, OpenLLMetry, Pydantic AI, Inspect.
 */
import type { OfferedTool } from '#shared/context.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

const MOST_TOOLS = 1_000;
const LONGEST = 4 * 1024 * 1024;
/** Attributes that hold a list, by themselves or as JSON text. */
const LISTS = [
  'gen_ai.tool.definitions',
  'gen_ai.request.tools',
  'ai.prompt.tools',
  'inspect.tools',
  'mlflow.chat.tools',
  'llm.tools',
  'tools',
] as const;
/** Attributes that hold the request, with the list inside. */
const REQUESTS = [
  'llm.invocation_parameters',
  'langsmith.extra.invocation_params',
  'invocation_params',
  'model_request_parameters',
  'langfuse.observation.modelParameters',
] as const;

/** Each tool once, in the order of the source. The first place that holds any is believed. */
export function toolsOffered(attributes: JsonObject): OfferedTool[] {
  for (const name of LISTS) {
    const found = toolsIn(attributes[name]);
    if (found.length > 0) return found;
  }
  const numbered = toolsIn(numberedTools(attributes));
  if (numbered.length > 0) return numbered;
  for (const name of REQUESTS) {
    const request = parsed(attributes[name]);
    if (!isJsonObject(request)) continue;
    const found = toolsIn([...listOf(request.tools), ...listOf(request.function_tools), ...listOf(request.functions)]);
    if (found.length > 0) return found;
  }
  return [];
}

/** The tools of one list as a source wrote it. */
export function toolsIn(list: Json | undefined): OfferedTool[] {
  const tools = new Map<string, OfferedTool>();
  for (const each of listOf(parsed(list))) {
    const definition = parsed(each);
    if (!isJsonObject(definition)) continue;
    for (const tool of toolsOf(definition))
      if (!tools.has(tool.name) && tools.size < MOST_TOOLS) tools.set(tool.name, tool);
  }
  return [...tools.values()];
}

function toolsOf(definition: JsonObject): OfferedTool[] {
  const several = definition.functionDeclarations ?? definition.function_declarations;
  if (Array.isArray(several))
    return (several as readonly Json[]).flatMap((each) => (isJsonObject(each) ? toolsOf(each) : []));
  const inner = [definition.function, definition.toolSpec, definition.custom].find(isJsonObject) ?? definition;
  const name = text(inner.name) ?? text(definition.name) ?? text(definition.type);
  if (name === null || name === '') return [];
  return [
    {
      name,
      description: text(inner.description) ?? text(definition.description),
      schema: schemaOf(inner) ?? schemaOf(definition),
      bytes: Buffer.byteLength(JSON.stringify(definition)),
    },
  ];
}

const SCHEMAS = [
  'parameters',
  'input_schema',
  'inputSchema',
  'parametersJsonSchema',
  'parameters_json_schema',
  'params_json_schema',
  'args_schema',
] as const;

function schemaOf(definition: JsonObject): Json | null {
  for (const key of SCHEMAS) {
    const schema = parsed(definition[key]);
    if (!isJsonObject(schema)) continue;
    // Bedrock and the AI SDK put it one level deeper.
    const inner = parsed(schema.json ?? schema.jsonSchema);
    return isJsonObject(inner) ? inner : schema;
  }
  return null;
}

/** `llm.tools.0.tool.json_schema` and `llm.request.functions.0.name`. */
function numberedTools(attributes: JsonObject): Json[] {
  const tools: Json[] = [];
  for (let index = 0; index < MOST_TOOLS; index++) {
    const whole = attributes[`llm.tools.${index}.tool.json_schema`];
    const name = attributes[`llm.request.functions.${index}.name`];
    if (whole === undefined && name === undefined) break;
    tools.push(
      whole ?? {
        name: name ?? null,
        description: attributes[`llm.request.functions.${index}.description`] ?? null,
        parameters: attributes[`llm.request.functions.${index}.parameters`] ?? null,
      },
    );
  }
  return tools;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined || value === null ? [] : [value];
}

function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || value.length > LONGEST || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
