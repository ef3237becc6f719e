/** Facts out of one attribute that holds a whole map: token counts in JSON text, metadata under a common prefix. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { SpanKind } from '#shared/record.ts';
import { type OtlpSpan, setOwn } from '../span.ts';
import { readCount, readObject } from './readers.ts';
import type { FactSource, NameSource } from './types.ts';

type Path = readonly [string] | readonly [string, string];
type Options = { readonly when?: readonly SpanKind[]; readonly bare?: true };

/** Names of each count; what is `BESIDE` is not in the input or output count, what is `INSIDE` is. */
const INPUT: readonly Path[] = [
  ['input'],
  ['input_tokens'],
  ['prompt_tokens'],
  ['inputTokens'],
  ['promptTokens'],
  ['prompt_token_count'],
];
const OUTPUT: readonly Path[] = [
  ['output'],
  ['output_tokens'],
  ['completion_tokens'],
  ['outputTokens'],
  ['completionTokens'],
  ['candidates_token_count'],
];
const CACHE_READ_BESIDE: readonly Path[] = [
  ['cache_read_input_tokens'],
  ['input_cached_tokens'],
  ['input_cache_read'],
  ['cache_read'],
];
const CACHE_READ_INSIDE: readonly Path[] = [
  ['prompt_tokens_details', 'cached_tokens'],
  ['input_tokens_details', 'cached_tokens'],
  ['input_token_details', 'cache_read'],
  ['cached_content_token_count'],
];
const CACHE_WRITE_BESIDE: readonly Path[] = [['cache_creation_input_tokens'], ['input_cache_creation']];
const CACHE_WRITE_INSIDE: readonly Path[] = [['input_token_details', 'cache_creation']];
const REASONING_BESIDE: readonly Path[] = [['output_reasoning_tokens'], ['output_reasoning'], ['thoughts_token_count']];
const REASONING_INSIDE: readonly Path[] = [
  ['completion_tokens_details', 'reasoning_tokens'],
  ['output_tokens_details', 'reasoning_tokens'],
  ['output_token_details', 'reasoning'],
];
const TOTAL: readonly Path[] = [['total'], ['total_tokens'], ['totalTokens'], ['total_token_count']];

/**
 * Token counts out of a map whose keys are the provider's or the user's: OpenAI and LangChain count the cache inside
 * the input, Anthropic and Langfuse beside it. The total, where given, settles which.
 * @param within the field of the value that holds the map, when it is not the value itself
 */
export function usageFacts(rank: number, key: string, options?: Options & { readonly within?: string }): FactSource[] {
  const { within, ...rest } = options ?? {};
  const base = { rank, key, costly: true, ...rest } as const;
  const read =
    (of: (map: JsonObject) => number | null): ((value: Json) => number | null) =>
    (value) => {
      const whole = mapIn(value);
      const map = within === undefined || whole === null ? whole : whole[within];
      return isJsonObject(map) ? of(map) : null;
    };
  return [
    {
      field: 'inputTokens',
      ...base,
      read: read((map) => withBeside(map, INPUT, [CACHE_READ_BESIDE, CACHE_WRITE_BESIDE])),
    },
    { field: 'outputTokens', ...base, read: read((map) => withBeside(map, OUTPUT, [REASONING_BESIDE])) },
    {
      field: 'cacheRead',
      ...base,
      read: read((map) => first(map, CACHE_READ_BESIDE) ?? first(map, CACHE_READ_INSIDE)),
    },
    {
      field: 'cacheWrite',
      ...base,
      read: read((map) => first(map, CACHE_WRITE_BESIDE) ?? first(map, CACHE_WRITE_INSIDE)),
    },
    { field: 'reasoning', ...base, read: read((map) => first(map, REASONING_BESIDE) ?? first(map, REASONING_INSIDE)) },
  ];
}

function withBeside(map: JsonObject, own: readonly Path[], beside: readonly (readonly Path[])[]): number | null {
  const count = first(map, own);
  if (count === null) return null;
  const total = first(map, TOTAL);
  const isInside = total !== null && total <= (first(map, INPUT) ?? 0) + (first(map, OUTPUT) ?? 0);
  return isInside ? count : beside.reduce((sum, paths) => sum + (first(map, paths) ?? 0), count);
}

function first(map: JsonObject, paths: readonly Path[]): number | null {
  for (const [name, inner] of paths) {
    const value = Object.hasOwn(map, name) ? map[name] : undefined;
    const leaf =
      inner === undefined ? value : isJsonObject(value) && Object.hasOwn(value, inner) ? value[inner] : undefined;
    const count = leaf === undefined || leaf === null ? null : readCount(leaf);
    if (count !== null) return count;
  }
  return null;
}

/** Five sources read each map one after the other: it is parsed once. */
let lastText = '';
let lastMap: JsonObject | null = null;
const MAX_MAP = 1_000_000;

/** An object out of a value or JSON text; JSON text of JSON text is taken too. */
export function mapIn(value: Json): JsonObject | null {
  if (typeof value !== 'string' || value.length > MAX_MAP) return readObject(value);
  if (value === lastText) return lastMap;
  lastMap = readObject(value);
  lastText = value;
  return lastMap;
}

/**
 * Arguments out of `{ args, kwargs }` of a Python or wrapped function: the list or the map that is not empty, a single
 * argument alone; null when both are empty, undefined when the value is nothing of the kind.
 */
export function argumentsIn(value: Json): Json | undefined {
  const given = mapIn(value);
  if (given === null || !Array.isArray(given.args) || !isJsonObject(given.kwargs)) return undefined;
  const args: readonly Json[] = given.args;
  if (Object.keys(given.kwargs).length > 0) return args.length > 0 ? given : given.kwargs;
  return args.length === 0 ? null : args.length === 1 ? (args[0] ?? null) : args;
}

/** The trace's metadata from the root's attributes under a prefix, without those that are fields of their own. */
export function metadataUnder(rank: number, prefix: string, fields: readonly string[]): NameSource {
  const own = new Set(fields.map((field) => prefix + field));
  return { field: 'metadata', rank, bare: true, read: (_name, span) => under(span, prefix, own) };
}

function under({ parentId, attributes }: OtlpSpan, prefix: string, own: ReadonlySet<string>): JsonObject | null {
  if (parentId !== null) return null;
  let found: Record<string, Json> | null = null;
  for (const key in attributes) {
    if (key.length === prefix.length || !key.startsWith(prefix) || own.has(key)) continue;
    setOwn((found ??= {}), key.slice(prefix.length), attributes[key] ?? null);
  }
  return found;
}
