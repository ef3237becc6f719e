/**
 * The attributes of a span in the flat form of OpenTelemetry: Phoenix nests them ({ llm: { model_name } }), its tables
 * put each into a column ("attributes.llm.model_name") with lists of messages as lists.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { setField } from '../fields.ts';

/** Below these a value is JSON of its own and no path. */
const WHOLE = new Set([
  'metadata',
  'json_schema',
  'parameters',
  'invocation_parameters',
  'value',
  'arguments',
  'vector',
]);
/** Attribute groups that Phoenix nests. */
const GROUPS = ['openinference', 'llm', 'input', 'output', 'gen_ai', 'retrieval', 'reranker', 'embedding', 'tool'];
/** Lists of messages, documents and the like, whose items are numbered in the flat form. */
const LISTS =
  /^(?:llm\.(?:input_messages|output_messages|prompts|choices|tools)|retrieval\.documents|reranker\.(?:input|output)_documents|embedding\.embeddings)$/;
const COLUMN = 'attributes.';

export function flatAttributes(span: JsonObject): Record<string, Json> {
  const flat: Record<string, Json> = {};
  for (const key in span) {
    if (key.startsWith(COLUMN)) add(flat, key.slice(COLUMN.length), span[key] ?? null);
  }
  const given = span.attributes;
  if (!isJsonObject(given)) return flat;
  const isNested = GROUPS.some((group) => Object.hasOwn(given, group) && isJsonObject(given[group]));
  for (const key in given) {
    const value = given[key] ?? null;
    if (isNested && isJsonObject(value) && !WHOLE.has(key)) flatten(flat, key, value);
    else add(flat, key, value);
  }
  return flat;
}

function add(flat: Record<string, Json>, key: string, value: Json): void {
  if (LISTS.test(key) && Array.isArray(value) && (value as readonly Json[]).some(isJsonObject))
    flatten(flat, key, value);
  else if (value !== null) setField(flat, key, value);
}

function flatten(flat: Record<string, Json>, path: string, value: Json): void {
  if (Array.isArray(value) && (value as readonly Json[]).some(isJsonObject)) {
    (value as readonly Json[]).forEach((each, at) => {
      flatten(flat, `${path}.${at}`, each);
    });
  } else if (isJsonObject(value)) {
    for (const key in value) {
      const each = value[key] ?? null;
      if (WHOLE.has(key)) setField(flat, `${path}.${key}`, each);
      else flatten(flat, `${path}.${key}`, each);
    }
  } else if (value !== null) setField(flat, path, value);
}
