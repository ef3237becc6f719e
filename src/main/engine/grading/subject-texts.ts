/** What spans were given and gave, as readable text within bounds, and what an answer is made of. */
import { SUBJECT_TEXT } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import type { DetectorContents } from '../../store/detector-contents.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';

/** All texts of one trace, in characters; grader code may be handed all of them at once. */
const BUDGET = 32_000_000;
const SHORTEST = 400;

export type AskedTool = { readonly id: string | null; readonly name: string; readonly arguments: Json };

export type SubjectTexts = {
  readonly input: (span: StoredSpanFact) => string;
  readonly output: (span: StoredSpanFact) => string;
  /** What a model, or an agent, said in words: without its reasoning and the tools that it asked for. */
  readonly said: (span: StoredSpanFact) => string;
  /** The first that a user says in what a model was given; null = nothing. */
  readonly asked: (span: StoredSpanFact) => string | null;
  readonly error: (span: StoredSpanFact) => string | null;
  readonly toolCalls: (span: StoredSpanFact) => readonly AskedTool[];
  /** Arguments of a tool's span; null = not recorded. */
  readonly args: (span: StoredSpanFact) => Json;
  readonly callId: (span: StoredSpanFact) => string | null;
  readonly hasOutput: (span: StoredSpanFact) => boolean;
  /** Whether a text of the span is cut to its bound. */
  readonly isCut: (span: StoredSpanFact) => boolean;
};

/** `most`: characters of what somebody said, for people who read the whole of it. */
export function createSubjectTexts(
  contents: DetectorContents,
  spanCount: number,
  most: number = SUBJECT_TEXT,
): SubjectTexts {
  const cap = Math.min(SUBJECT_TEXT, Math.max(SHORTEST, Math.floor(BUDGET / (2 * Math.max(1, spanCount)))));

  function items(keys: readonly number[]): ContentItem[] {
    return keys.flatMap((key) => contents.item(key) ?? []);
  }
  function side({ spanKey }: StoredSpanFact, which: 'input' | 'output'): ContentItem[] {
    return items(contents.of(spanKey)[which]);
  }
  function text(span: StoredSpanFact, which: 'input' | 'output'): string {
    return joined(side(span, which));
  }

  return {
    input: (span) => cutMiddle(text(span, 'input'), cap),
    output: (span) => cutMiddle(text(span, 'output'), cap),
    said: (span) => cutMiddle(spoken(side(span, 'output')), most),
    asked(span) {
      for (const item of side(span, 'input')) {
        if (item.kind !== 'message' || item.role !== 'user') continue;
        const words = partsText(item.parts);
        if (words !== '') return cutMiddle(words, most);
      }
      return null;
    },
    error(span) {
      const { error } = contents.of(span.spanKey);
      const item = error === null ? null : contents.item(error);
      if (item?.kind !== 'json' || !isJsonObject(item.value)) return span.status === 'error' ? '' : null;
      const { type, message } = item.value;
      const words = [type, message].flatMap((part) => (typeof part === 'string' && part !== '' ? [part] : []));
      return cutMiddle(words.join(': '), cap);
    },
    toolCalls: (span) =>
      side(span, 'output').flatMap((item) =>
        item.kind !== 'message'
          ? []
          : item.parts.flatMap((part) =>
              part.type === 'tool_call' ? [{ id: part.id, name: part.name, arguments: part.arguments }] : [],
            ),
      ),
    args: (span) => readArguments(side(span, 'input'), span.tool || span.name),
    callId: ({ spanKey }) => contents.of(spanKey).callId,
    hasOutput: ({ spanKey }) => contents.of(spanKey).output.length > 0,
    isCut: (span) => text(span, 'input').length > cap || text(span, 'output').length > cap,
  };
}

/** Of several messages each says whose it is. */
function joined(list: readonly ContentItem[]): string {
  if (list.length <= 1) return list.map(contentText).join('');
  return list
    .map((item) => (item.kind === 'message' ? `${item.role}: ${contentText(item)}` : contentText(item)))
    .join('\n\n');
}

function spoken(list: readonly ContentItem[]): string {
  const said = list.flatMap((item) => {
    if (item.kind !== 'message') return [contentText(item)];
    return item.role === 'user' || item.role === 'system' || item.role === 'tool' ? [] : [partsText(item.parts)];
  });
  return said.filter((words) => words !== '').join('\n');
}

function partsText(parts: readonly MessagePart[]): string {
  const words = parts.flatMap((part) =>
    part.type === 'text' ? [part.content] : part.type === 'uri' ? [part.uri] : [],
  );
  return words.filter((each) => each !== '').join('\n');
}

function readArguments(list: readonly ContentItem[], tool: string): Json {
  const [only, ...others] = list;
  if (!only || others.length > 0) return null;
  if (only.kind === 'json') return typeof only.value === 'string' ? parsed(only.value) : only.value;
  if (only.kind === 'text') return parsed(only.text);
  const asked = only.parts.find((part) => part.type === 'tool_call' && part.name === tool);
  if (asked?.type !== 'tool_call') return null;
  return typeof asked.arguments === 'string' ? parsed(asked.arguments) : asked.arguments;
}

/** Text that spells an object or a list is one; other text stays as it is. */
export function parsed(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Beginning and end stay: a history says at its end what is new. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const left = `\n… ${(text.length - most).toLocaleString('en')} characters left out …\n`;
  const room = Math.max(0, most - left.length);
  const head = Math.ceil(room * 0.6);
  return text.slice(0, head) + left + text.slice(text.length - (room - head));
}
