/** What the input of a model call is made of, by share of tokens. */
import type { ContextKind, ContextPart, OfferedTool } from '#shared/context.ts';
import { CONTEXT_KINDS, MOST_PLACES, MOST_SCALE } from '#shared/context.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { isJsonObject } from '#shared/json.ts';
import { contentText, partText } from '#shared/message.ts';

/** A stored content; `item` is null when it is too large to be looked into, or gone. */
export type HeldItem = { readonly key: number; readonly size: number; readonly item: ContentItem | null };

export type ContextInput = {
  readonly agent: string | null;
  readonly input: readonly HeldItem[];
  readonly tools: readonly OfferedTool[];
  /** As the source states it. */
  readonly inputTokens: number | null;
  /** Keys of what the agent's generation before was given or said; null without one. */
  readonly seen: ReadonlySet<number> | null;
  /** Texts of documents that were retrieved before. */
  readonly retrieved: readonly string[];
};

export type ContextShare = { readonly parts: readonly ContextPart[]; readonly total: number; readonly stated: boolean };

const BYTES_A_TOKEN = 4;
const TOKENS_A_MESSAGE = 4;
const TOKENS_A_MEDIUM = 1_000;
/** Shorter documents may be anything. */
const SHORTEST_DOCUMENT = 40;
const MOST_DOCUMENTS = 100;
const LONGEST_SEARCHED = 1_000_000;

type Counted = {
  items: number;
  bytes: number;
  /** As the rule estimates them, not whole. */
  weight: number;
  repeated: number;
  inputs: number[];
};

export function shareContext(context: ContextInput): ContextShare {
  const counted = count(context);
  const estimate = [...counted.values()].reduce((sum, { weight }) => sum + weight, 0);
  const { inputTokens } = context;
  const stated = inputTokens !== null && Number.isSafeInteger(inputTokens) && inputTokens >= 0;
  const total = stated ? inputTokens : Math.round(estimate);
  // A rule of thumb is wrong by half at times; what is beyond that was not recorded.
  if (stated && total > estimate * MOST_SCALE) {
    const rest = total - estimate * (estimate > 0 ? 1 : 0);
    if (rest > 0) counted.set('unrecorded', { items: 0, bytes: 0, weight: rest, repeated: 0, inputs: [] });
  }
  return { parts: shareOut(counted, total, stated), total, stated };
}

function count({ agent, input, tools, seen, retrieved }: ContextInput): Map<ContextKind, Counted> {
  const counted = new Map<ContextKind, Counted>();
  const documents = longestFirst(retrieved);
  const lastOwn = seen === null ? input.findLastIndex(({ item }) => isOwn(item, agent)) : -1;
  for (const tool of tools) add(counted, 'tools', tool.bytes, tool.bytes / BYTES_A_TOKEN, false, null);
  input.forEach((held, index) => {
    const earlier = seen?.has(held.key) ?? false;
    const own = isOwn(held.item, agent);
    const spoken: ContextKind = earlier || own || index < lastOwn ? 'history' : 'message';
    const kinds = new Map<ContextKind, { bytes: number; weight: number }>();
    const put = (kind: ContextKind, bytes: number, weight: number): void => {
      const known = kinds.get(kind) ?? { bytes: 0, weight: 0 };
      kinds.set(kind, { bytes: known.bytes + bytes, weight: known.weight + weight });
    };
    for (const piece of piecesOf(held, spoken, documents)) put(piece.kind, piece.bytes, piece.weight);
    const [first] = kinds.keys();
    // What a message costs beside its text goes with its first part.
    if (first) put(first, 0, TOKENS_A_MESSAGE);
    for (const [kind, { bytes, weight }] of kinds) add(counted, kind, bytes, weight, earlier, index);
  });
  return counted;
}

function add(
  counted: Map<ContextKind, Counted>,
  kind: ContextKind,
  bytes: number,
  weight: number,
  earlier: boolean,
  input: number | null,
): void {
  const known = counted.get(kind) ?? { items: 0, bytes: 0, weight: 0, repeated: 0, inputs: [] };
  known.items++;
  known.bytes += bytes;
  known.weight += weight;
  if (earlier) known.repeated += weight;
  if (input !== null && known.inputs.length < MOST_PLACES) known.inputs.push(input);
  counted.set(kind, known);
}

type Piece = { readonly kind: ContextKind; readonly bytes: number; readonly weight: number };

function piecesOf({ item, size }: HeldItem, spoken: ContextKind, documents: readonly string[]): Piece[] {
  if (item === null) return [textPiece(spoken, size)];
  if (item.kind !== 'message') return splitRetrieved(contentText(item), spoken, documents);
  const role = item.role.toLowerCase();
  const said: ContextKind =
    role === 'system' || role === 'developer'
      ? 'system'
      : role === 'tool' || role === 'function' || role === 'tool-response'
        ? 'tool_output'
        : spoken;
  return item.parts.flatMap((part) => partPieces(part, said, documents));
}

function partPieces(part: MessagePart, said: ContextKind, documents: readonly string[]): Piece[] {
  switch (part.type) {
    case 'blob':
      return [{ kind: 'media', bytes: Math.floor((part.content.length * 3) / 4), weight: TOKENS_A_MEDIUM }];
    case 'uri':
      return [{ kind: 'media', bytes: Buffer.byteLength(part.uri), weight: TOKENS_A_MEDIUM }];
    case 'file':
      return [{ kind: 'media', bytes: Buffer.byteLength(part.fileId), weight: TOKENS_A_MEDIUM }];
    case 'tool_call':
      return [textPiece(said, Buffer.byteLength(partText(part)))];
    case 'tool_call_response':
      return splitRetrieved(partText(part), 'tool_output', documents);
    case 'other': {
      const type = isJsonObject(part.value) && typeof part.value.type === 'string' ? part.value.type : '';
      return [textPiece(DOCUMENT_PARTS.has(type) ? 'retrieved' : said, Buffer.byteLength(partText(part)))];
    }
    case 'text':
    case 'reasoning':
      return splitRetrieved(part.content, said, documents);
  }
}

const DOCUMENT_PARTS: ReadonlySet<string> = new Set(['document', 'search_result', 'documents', 'retrieval']);

function textPiece(kind: ContextKind, bytes: number): Piece {
  return { kind, bytes, weight: bytes / BYTES_A_TOKEN };
}

/** What of a text is a retrieved document, and what is not. */
function splitRetrieved(text: string, kind: ContextKind, documents: readonly string[]): Piece[] {
  const all = Buffer.byteLength(text);
  const places: [number, number][] = [];
  if (text.length <= LONGEST_SEARCHED) {
    for (const document of documents) {
      if (document.length > text.length) continue;
      const at = text.indexOf(document);
      if (at >= 0 && !places.some(([from, to]) => at < to && from < at + document.length))
        places.push([at, at + document.length]);
    }
  }
  if (places.length === 0) return [textPiece(kind, all)];
  const found = places.reduce((sum, [from, to]) => sum + Buffer.byteLength(text.slice(from, to)), 0);
  // Around documents that fill a text there is only their wrapping.
  if (found * 10 >= all * 9) return [textPiece('retrieved', all)];
  return [textPiece(kind, all - found), textPiece('retrieved', found)];
}

function longestFirst(retrieved: readonly string[]): string[] {
  return [...new Set(retrieved.map((text) => text.trim()))]
    .filter((text) => text.length >= SHORTEST_DOCUMENT && text.length <= LONGEST_SEARCHED)
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST_DOCUMENTS);
}

function isOwn(item: ContentItem | null, agent: string | null): boolean {
  if (item?.kind !== 'message') return false;
  if (item.role === 'assistant' || item.role === 'model')
    return item.name === undefined || agent === null || item.name === agent;
  return agent !== null && item.role === agent;
}

/** Whole tokens in proportion to the weights, which sum to the total: what rounding leaves goes to the largest remainders. */
function shareOut(counted: ReadonlyMap<ContextKind, Counted>, total: number, stated: boolean): ContextPart[] {
  const kinds = CONTEXT_KINDS.flatMap((kind) => {
    const one = counted.get(kind);
    return one ? [{ kind, ...one }] : [];
  });
  const weights = kinds.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return [];
  const exact = kinds.map(({ weight }) => (weight / weights) * total);
  const tokens = exact.map(Math.floor);
  const order = exact.map((_, index) => index).sort((a, b) => rest(exact, b) - rest(exact, a) || a - b);
  let left = total - tokens.reduce((sum, each) => sum + each, 0);
  for (const index of order) {
    if (left-- <= 0) break;
    tokens[index] = (tokens[index] ?? 0) + 1;
  }
  return kinds.map(({ kind, items, bytes, weight, repeated, inputs }, index) => ({
    kind,
    items,
    bytes,
    tokens: tokens[index] ?? 0,
    estimated: !stated || kinds.length > 1,
    repeated: weight === 0 ? 0 : Math.round(((tokens[index] ?? 0) * repeated) / weight),
    inputs,
  }));
}

function rest(exact: readonly number[], index: number): number {
  const value = exact[index] ?? 0;
  return value - Math.floor(value);
}
