/** What one model call was given, and whether its tool calls fit: reads the few spans that are needed, then analysis. */
import type { CallCheck, OfferedTool, SpanContext } from '#shared/context.ts';
import { isJsonObject, type Json } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { EffectiveAgents } from '../../analysis/agents.ts';
import { checkCall, callsIn } from '../../analysis/call-checks.ts';
import { findChanges, type GenerationSide } from '../../analysis/context-changes.ts';
import { shareContext } from '../../analysis/context-parts.ts';
import { orderGenerations, type GenerationOrder } from '../../analysis/generation-order.ts';
import { toolsOffered } from '../../analysis/tool-definitions.ts';
import type { SpanTree } from '../../analysis/tree.ts';
import type { Reader } from '../../store/database.ts';
import { createContentReader, readSpanBody, type HeldContent, type SpanBody } from '../../store/span-bodies.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';

type Loaded = {
  readonly spans: readonly StoredSpanFact[];
  readonly tree: SpanTree;
  readonly agents: EffectiveAgents;
  generations?: GenerationOrder;
};

/** Earlier generations that are looked at, at most, for the one that asked for a call or that was offered its tool. */
const MOST_LOOKS = 40;
const MOST_RETRIEVALS = 40;
const MOST_TOOLS = 500;

/** Null for a span that is no generation. */
export function contextIn(reader: Reader, loaded: Loaded, index: number): SpanContext | null {
  const span = loaded.spans[index];
  const body = span ? readSpanBody(reader, span.spanKey) : null;
  if (span?.kind !== 'generation' || !body) return null;
  const read = createContentReader(reader);
  const { before, after } = order(loaded);
  const previous = loaded.spans[before[index] ?? -1];
  const next = loaded.spans[after[index] ?? -1];
  const previousBody = previous ? readSpanBody(reader, previous.spanKey) : null;
  const tools = toolsOffered(body.attributes);
  const now: GenerationSide = side(span, body, tools, read);
  const was =
    previous && previousBody ? side(previous, previousBody, toolsOffered(previousBody.attributes), read) : null;
  const { parts, total, stated } = shareContext({
    agent: loaded.agents.names[index] ?? null,
    input: now.input,
    tools,
    inputTokens: span.usage?.input ?? null,
    seen: was ? new Set([...was.input, ...was.output].map(({ key }) => key)) : null,
    retrieved: documentsBefore(reader, loaded, index, read),
  });
  return {
    parts,
    total,
    stated,
    cached: span.usage?.cacheRead ?? null,
    tools: tools.slice(0, MOST_TOOLS),
    previous: previous?.spanId ?? null,
    next: next?.spanId ?? null,
    changes: was ? findChanges(was, now) : null,
  };
}

function order(loaded: Loaded): GenerationOrder {
  loaded.generations ??= orderGenerations(loaded.spans, loaded.tree, loaded.agents);
  return loaded.generations;
}

type Read = (keys: readonly number[]) => HeldContent[];

function side(
  { model }: StoredSpanFact,
  { input, output, attributes }: SpanBody,
  tools: readonly OfferedTool[],
  read: Read,
): GenerationSide {
  return { model, input: read(input), output: read(output), attributes, tools };
}

/** Texts that retrievals of the trace gave before this span began. */
function documentsBefore(reader: Reader, { spans }: Loaded, index: number, read: Read): string[] {
  const start = spans[index]?.start ?? null;
  const retrievals = spans.filter(
    (span) => span.kind === 'retrieval' && (start === null || span.start === null || span.start <= start),
  );
  return retrievals.slice(-MOST_RETRIEVALS).flatMap((span) => {
    const body = readSpanBody(reader, span.spanKey);
    return body
      ? read(body.output).flatMap(({ item }) =>
          item ? documentsIn(item.kind === 'json' ? item.value : contentText(item)) : [],
        )
      : [];
  });
}

/** The texts of a retriever's answer: a list of documents, or one text. */
function documentsIn(value: Json, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > 4 || value === null || typeof value !== 'object') return [];
  return Object.values(value as Json[] | { [key: string]: Json })
    .slice(0, 500)
    .flatMap((each) => documentsIn(each, depth + 1));
}

/** Every tool call that a span makes or is, with what the recorded schema of its tool says. */
export function callsOf(reader: Reader, loaded: Loaded, index: number): CallCheck[] {
  const span = loaded.spans[index];
  const body = span ? readSpanBody(reader, span.spanKey) : null;
  if (!span || !body) return [];
  const read = createContentReader(reader);
  if (span.kind === 'generation') {
    const tools = toolsOffered(body.attributes);
    // A source may tell the definitions only once.
    const known = tools.length > 0 ? { tools, spanId: span.spanId } : offeredBefore(reader, loaded, index);
    return callsIn(read(body.output)).map(({ call, place }) =>
      checkCall(call, place, tools.length > 0 ? known : { ...known, complete: false }),
    );
  }
  if (span.kind !== 'tool') return [];
  const args = argumentsOf(read(body.input), span.tool ?? span.name);
  if (args === undefined) return [];
  const tool = span.tool ?? span.name;
  const known = askerOf(reader, loaded, index, body.toolCallId, tool) ?? ownSchema(body, tool, span.spanId);
  return [checkCall({ id: body.toolCallId, name: tool, arguments: args }, null, known)];
}

export type Known = {
  readonly tools: readonly OfferedTool[];
  readonly spanId: string | null;
  readonly complete?: boolean;
};

/** Model calls before a span, those of its agent first, the nearest first. */
function* generationsBefore({ spans, tree, agents }: Loaded, index: number): Generator<number> {
  const row = tree.row[index] ?? 0;
  const agent = agents.names[index];
  const others: number[] = [];
  let looks = 0;
  for (let at = row - 1; at >= 0 && looks < MOST_LOOKS; at--) {
    const candidate = tree.order[at] ?? -1;
    if (spans[candidate]?.kind !== 'generation') continue;
    if (agents.names[candidate] !== agent) {
      if (others.length < MOST_LOOKS) others.push(candidate);
      continue;
    }
    looks++;
    yield candidate;
  }
  yield* others;
}

function offeredBefore(reader: Reader, loaded: Loaded, index: number): Known {
  for (const candidate of generationsBefore(loaded, index)) {
    const span = loaded.spans[candidate];
    if (loaded.agents.names[candidate] !== loaded.agents.names[index]) break;
    const body = span ? readSpanBody(reader, span.spanKey) : null;
    const tools = body ? toolsOffered(body.attributes) : [];
    if (span && tools.length > 0) return { tools, spanId: span.spanId };
  }
  return offeredAbove(reader, loaded, index);
}

/** Some sources tell the definitions at the agent's span. */
function offeredAbove(reader: Reader, { spans, tree }: Loaded, index: number): Known {
  let up = tree.parent[index] ?? -1;
  for (let looks = 0; up >= 0 && looks < MOST_LOOKS; looks++) {
    const span = spans[up];
    const body = span ? readSpanBody(reader, span.spanKey) : null;
    const tools = body ? toolsOffered(body.attributes) : [];
    if (span && tools.length > 0) return { tools, spanId: span.spanId };
    up = tree.parent[up] ?? -1;
  }
  return { tools: [], spanId: null };
}

/** The definitions of the generation that asked for a call; of the nearest that was offered the tool where none says so. */
function askerOf(reader: Reader, loaded: Loaded, index: number, callId: string | null, tool: string): Known | null {
  const read = createContentReader(reader);
  let nearest: Known | null = null;
  for (const candidate of generationsBefore(loaded, index)) {
    const span = loaded.spans[candidate];
    const body = span ? readSpanBody(reader, span.spanKey) : null;
    if (!span || !body) continue;
    const tools = toolsOffered(body.attributes);
    const asks = callId !== null && callId !== '' && callsIn(read(body.output)).some(({ call }) => call.id === callId);
    if (asks && tools.length > 0) return { tools, spanId: span.spanId };
    if (nearest === null && tools.some(({ name }) => name === tool))
      nearest = { tools, spanId: span.spanId, complete: false };
    if (asks) break;
  }
  if (nearest !== null) return nearest;
  const above = offeredAbove(reader, loaded, index);
  return above.tools.some(({ name }) => name === tool) ? { ...above, complete: false } : null;
}

/** Some instrumentations record the schema at the tool's own span. */
export function ownSchema({ attributes }: Pick<SpanBody, 'attributes'>, tool: string, spanId: string): Known {
  for (const name of ['gen_ai.tool.parameters', 'tool.json_schema', 'tool.parameters', 'gen_ai.tool.definition']) {
    const value = attributes[name];
    let schema: Json | undefined = value;
    if (typeof value === 'string') {
      try {
        schema = JSON.parse(value) as Json;
      } catch {
        continue;
      }
    }
    if (!isJsonObject(schema)) continue;
    const inner = [schema.parameters, schema.input_schema, schema.inputSchema].find(isJsonObject) ?? schema;
    if (!isJsonObject(inner.properties) && typeof inner.type !== 'string') continue;
    return { tools: [{ name: tool, description: null, schema: inner, bytes: 0 }], spanId };
  }
  return { tools: [], spanId: null };
}

/** Undefined when none are recorded. */
function argumentsOf(input: readonly HeldContent[], tool: string): Json | undefined {
  const [only, ...others] = input;
  if (!only?.item || others.length > 0) return undefined;
  const { item } = only;
  if (item.kind === 'json') return item.value;
  if (item.kind === 'text') return item.text;
  const part = item.parts.find((each) => each.type === 'tool_call' && each.name === tool);
  return part?.type === 'tool_call' ? part.arguments : undefined;
}
