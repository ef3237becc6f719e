/**
 * What the contents of spans say, as numbers: equal numbers are equal sayings. A result that a tool gives and the message
 * in which a model reads it are two contents; they share the id of the call, or the text.
 */
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { contentText, partText } from '#shared/message.ts';

/** Each content once: its sayings, and whether it asks for a tool. */
export type Words = {
  /** Of a content key; none for a content that is not known. */
  readonly of: (key: number) => readonly number[];
  /** True for what a model says to call a tool. */
  readonly asks: (key: number) => boolean;
  /** The text of a saying, where it is one. */
  readonly text: (word: number) => string | null;
};

/** Longer texts are compared as they are; shorter ones also as JSON, since clients write the spaces of JSON differently. */
const JSON_UP_TO = 64 * 1024;
/** "ok", "[]" and "null" are said by many that have nothing to do with each other. */
const SHORTEST_TEXT = 3;

export function readWords(items: Iterable<readonly [key: number, item: ContentItem | null]>): Words {
  const numbers = new Map<string, number>();
  const texts: (string | null)[] = [];
  const words = new Map<number, readonly number[]>();
  const asking = new Set<number>();
  function intern(saying: string, text: string | null): number {
    const known = numbers.get(saying);
    if (known !== undefined) return known;
    numbers.set(saying, texts.length);
    return texts.push(text) - 1;
  }
  function say(text: string): number[] {
    const plain = canonical(text);
    return plain.length < SHORTEST_TEXT ? [] : [intern(`text ${plain}`, plain)];
  }
  function sayPart(part: MessagePart): number[] {
    if (part.type === 'tool_call') return [];
    const said = say(partText(part));
    const id = part.type === 'tool_call_response' ? part.id : null;
    return id ? [...said, intern(`result ${id}`, null)] : said;
  }
  for (const [key, item] of items) {
    // What is too large to look into is still the same as itself.
    const own = intern(`content ${key}`, null);
    const parts = item === null ? [] : item.kind === 'message' ? item.parts.flatMap(sayPart) : say(contentText(item));
    words.set(key, [own, ...parts]);
    if (item?.kind === 'message' && item.parts.some(({ type }) => type === 'tool_call')) asking.add(key);
  }
  return { of: (key) => words.get(key) ?? [], asks: (key) => asking.has(key), text: (word) => texts[word] ?? null };
}

function canonical(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > JSON_UP_TO || !/^[[{"]/.test(trimmed)) return trimmed;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'string' ? value.trim() : JSON.stringify(value);
  } catch {
    return trimmed;
  }
}
