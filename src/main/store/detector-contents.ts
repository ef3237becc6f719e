/** Contents of a trace as detectors read them: span by span and one at a time, within a budget, nothing kept twice. */
import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import { unpackHexKeys } from './content-keys.ts';
import type { Reader } from './database.ts';
import { getContent } from './span-queries.ts';

/** Bytes of distinct contents that are read of one trace; the largest are left out where there are more. */
const BUDGET = 64 * 1024 * 1024;
const LARGEST = 1024 * 1024;
const SMALLEST_CAP = 1024;
/** Parsed contents that are kept for the next question, in bytes of their bodies. */
const KEPT = 32 * 1024 * 1024;

/** Keys of a span, up to which they are kept unpacked. */
const SHORT = 16;

type SpanContents = {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly error: number | null;
  readonly callId: string | null;
};

/** Structurally the `Contents` of detectors, by span key; analysis is a room that this one does not import. */
export type DetectorContents = {
  readonly of: (spanKey: number) => SpanContents;
  readonly item: (key: number) => ContentItem | null;
  readonly toolDefinitions: readonly Json[];
  /** Contents that are too large to be read. */
  readonly leftOut: number;
};

const NOTHING: SpanContents = { input: [], output: [], error: null, callId: null };

export function readDetectorContents(reader: Reader, traceKeys: readonly number[]): DetectorContents {
  const traces = JSON.stringify(traceKeys);
  const bodies = new Map(
    reader
      .rows<[number, string, string, number | null, string | null]>(
        'SELECT b.span_key, hex(b.input), hex(b.output), b.error_content, b.tool_call_id FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key IN (SELECT value FROM json_each(?))',
        [traces],
      )
      .map((row) => [row[0], row]),
  );
  const ofTraces =
    'content WHERE content_key IN (SELECT content_key FROM content_trace WHERE trace_key IN (SELECT value FROM json_each(?)))';
  const total =
    reader.get<{ bytes: number | null }>(`SELECT sum(size) AS bytes FROM ${ofTraces}`, [traces])?.bytes ?? 0;
  const sizes = new Map<number, number>();
  // In one go a content takes half the time that it takes alone.
  const texts = new Map<number, string>();
  if (total <= KEPT) {
    for (const [key, size, body] of reader.rows<[number, number, string]>(
      `SELECT content_key, size, body FROM ${ofTraces}`,
      [traces],
    )) {
      sizes.set(key, size);
      texts.set(key, body);
    }
  } else {
    for (const [key, size] of reader.rows<[number, number]>(`SELECT content_key, size FROM ${ofTraces}`, [traces]))
      sizes.set(key, size);
  }
  const cap = capFor([...sizes.values()]);
  let leftOut = 0;
  for (const size of sizes.values()) if (size > cap) leftOut++;
  const kept = new Map<number, ContentItem | null>();
  let held = 0;
  const unpacked = new Map<number, SpanContents>();
  let definitions: Json[] | null = null;

  return {
    leftOut,
    get toolDefinitions() {
      definitions ??= readToolDefinitions(reader, traces);
      return definitions;
    },
    of(spanKey) {
      const known = unpacked.get(spanKey);
      if (known) return known;
      const row = bodies.get(spanKey);
      if (!row) return NOTHING;
      const contents = { input: unpackHexKeys(row[1]), output: unpackHexKeys(row[2]), error: row[3], callId: row[4] };
      // Long histories, of which there may be a square of the spans, are unpacked again when they are asked for again.
      if (contents.input.length + contents.output.length <= SHORT) unpacked.set(spanKey, contents);
      return contents;
    },
    item(key) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const size = sizes.get(key) ?? 0;
      if (size > cap) return null;
      const text = texts.get(key);
      const item = text === undefined ? getContent(reader, key) : (JSON.parse(text) as ContentItem);
      if (held + size > KEPT) {
        kept.clear();
        held = 0;
      }
      kept.set(key, item);
      held += size;
      return item;
    },
  };
}

function capFor(sizes: readonly number[]): number {
  let cap = LARGEST;
  while (cap > SMALLEST_CAP && sum(sizes, cap) > BUDGET) cap /= 2;
  return cap;
}

function sum(sizes: readonly number[], cap: number): number {
  let total = 0;
  for (const size of sizes) if (size <= cap) total += size;
  return total;
}

const TOOL = SPAN_KINDS.indexOf('tool');

/** Distinct lists only: each model call repeats its own. */
function readToolDefinitions(reader: Reader, traces: string): Json[] {
  const rows = LISTS.flatMap((name) =>
    reader.rows<[string | null]>(
      `SELECT DISTINCT json_extract(b.attributes, '$."${name}"') FROM span s JOIN span_body b USING (span_key)
       WHERE s.trace_key IN (SELECT value FROM json_each(?)) AND s.kind <> ${TOOL} AND instr(b.attributes, '"${name}"') > 0 LIMIT 200`,
      [traces],
    ),
  );
  const numbered = reader.rows<[string]>(
    `SELECT b.attributes FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key IN (SELECT value FROM json_each(?))
     AND instr(b.attributes, '"llm.tools.0.tool.json_schema"') > 0 LIMIT 100`,
    [traces],
  );
  return [...listsIn(rows), ...numbered.map(([attributes]) => numberedTools(JSON.parse(attributes) as JsonObject))];
}

const LISTS = ['gen_ai.tool.definitions', 'ai.prompt.tools', 'inspect.tools'] as const;

/** OpenInference gives each tool an attribute of its own. */
function numberedTools(attributes: JsonObject): Json {
  return Object.entries(attributes).flatMap(([key, value]) => (NUMBERED.test(key) ? [value] : []));
}

const NUMBERED = /^llm\.tools\.\d+\.tool\.json_schema$/;

function listsIn(rows: readonly (readonly [string | null])[]): Json[] {
  return rows.flatMap(([text]) => {
    if (text === null || text.length > LARGEST) return [];
    try {
      return [JSON.parse(text) as Json];
    } catch {
      return [];
    }
  });
}
