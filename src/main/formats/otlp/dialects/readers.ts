/** Readers and constructors of sources that most dialects need, so that a dialect file is mostly a table. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind } from '#shared/record.ts';
import { pythonLiteral, readContent, readJsonText } from '../../messages/index.ts';
import type { ContentContext, ContentField, ContentSource, FactSource, Field, Facts, KindFact } from './types.ts';

type TextField = { [F in Field]: Facts[F] extends string ? F : never }[Field];
type CountField = { [F in Field]: Facts[F] extends number ? F : never }[Field];
type Options = { readonly when?: readonly SpanKind[]; readonly bare?: true };

/** Ids and names longer than this are hostile or a mistake; they stay attributes. */
const MAX_NAME = 4096;

export function readName(value: Json): string | null {
  if (typeof value === 'string') return value !== '' && value.length <= MAX_NAME ? value : null;
  return typeof value === 'number' ? String(value) : null;
}

/** A count of tokens or an amount of money: never negative; numbers in text are taken. */
export function readCount(value: Json): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}

export function text(field: TextField, rank: number, key: string, options?: Options): FactSource {
  return { field, rank, key, read: readName, ...options };
}

export function count(field: CountField, rank: number, key: string, options?: Options): FactSource {
  return { field, rank, key, read: readCount, ...options };
}

/** The kind out of a word; words are compared in lower case, unknown words say nothing. */
export function kind(rank: number, key: string, words: Readonly<Record<string, KindFact>>): FactSource {
  const table = new Map(Object.entries(words));
  return {
    field: 'kind',
    rank,
    key,
    read: (value) => (typeof value === 'string' ? (table.get(value) ?? table.get(value.toLowerCase()) ?? null) : null),
  };
}

/** Kinds by the words that conventions share. */
export const KIND = {
  agent: { kind: 'agent', subtype: null },
  generation: { kind: 'generation', subtype: null },
  embedding: { kind: 'generation', subtype: 'embedding' },
  tool: { kind: 'tool', subtype: null },
  handoff: { kind: 'handoff', subtype: null },
  guardrail: { kind: 'guardrail', subtype: null },
  retrieval: { kind: 'retrieval', subtype: null },
  rerank: { kind: 'retrieval', subtype: 'rerank' },
  evaluator: { kind: 'evaluator', subtype: null },
  chain: { kind: 'chain', subtype: null },
  workflow: { kind: 'chain', subtype: 'workflow' },
  step: { kind: 'chain', subtype: 'step' },
  task: { kind: 'chain', subtype: 'task' },
  prompt: { kind: 'custom', subtype: 'prompt' },
  wait: { kind: 'custom', subtype: 'wait' },
  internal: { kind: 'custom', subtype: 'internal' },
} as const satisfies Readonly<Record<string, KindFact>>;

export function content(field: ContentField, rank: number, key: string, options?: Options): ContentSource {
  return { field, rank, key, read: readAnyContent, ...options };
}

/** Messages by shape; a tool's input and output are values, not messages. */
export function readAnyContent(value: Json, context: ContentContext): ContentItem[] {
  if (context.kind === 'tool' || context.kind === 'handoff') return readToolValue(value);
  return readContent(value, roleOf(context));
}

/** Who speaks when the content does not say: to a model or an agent the user, from it the assistant. */
export function roleOf({ field, kind, subtype }: ContentContext): { role: string } | undefined {
  if (field === 'system') return { role: 'system' };
  if (kind !== 'agent' && (kind !== 'generation' || subtype === 'embedding')) return undefined;
  return { role: field === 'input' ? 'user' : 'assistant' };
}

/** Arguments or result of a tool: JSON, else a Python literal, else the text. */
export function readToolValue(value: Json): ContentItem[] {
  if (value === null || value === '') return [];
  if (typeof value !== 'string') return [{ kind: 'json', value }];
  // A number or a quoted text in them is the same as text.
  const parsed = /^\s*[[{(]/.test(value) ? (readJsonText(value) ?? pythonLiteral(value)) : null;
  return [
    typeof parsed === 'object' && parsed !== null ? { kind: 'json', value: parsed } : { kind: 'text', text: value },
  ];
}

/** An object out of JSON text or a structured value. */
export function readObject(value: Json): JsonObject | null {
  const given = typeof value === 'string' && value.trimStart().startsWith('{') ? readJsonText(value) : value;
  return isJsonObject(given) ? given : null;
}

/** A list of words: as a list, as JSON text of one, or one word. */
export function readWords(value: Json): readonly string[] | null {
  const given = typeof value === 'string' && value.startsWith('[') ? (readJsonText(value) ?? value) : value;
  const list: readonly Json[] = Array.isArray(given) ? given : [given];
  const words = list.filter((word) => typeof word === 'string').filter((word) => word !== '');
  return words.length > 0 ? words : null;
}

/** `error: true`, `error: "what went wrong"`, `error: { … }`; the ways to say "no error" say nothing. */
export function readFailure(value: Json): true | null {
  if (typeof value === 'string') return value !== '' && !/^(?:false|null|none|no|0)$/i.test(value) ? true : null;
  return value !== null && value !== false && value !== 0 ? true : null;
}

/** `transfer_to_agent` names its target in the arguments. */
export function transferTarget(key: string, rank: number): FactSource {
  return {
    field: 'handoffTo',
    rank,
    key,
    when: ['handoff'],
    costly: true,
    read: (value) => {
      const args = readObject(value);
      return readName(args?.agent_name ?? args?.agentName ?? null);
    },
  };
}
