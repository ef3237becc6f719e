/** What model calls asked for and how they ended, from their recorded messages. */
import type { Json } from '#shared/json.ts';
import type { Contents } from './types.ts';

export type AskedCall = { readonly id: string | null; readonly name: string; readonly arguments: Json };

export function toolCallsOf(contents: Contents, span: number): AskedCall[] {
  return contents.of(span).output.flatMap((key) => {
    const item = contents.item(key);
    if (item?.kind !== 'message') return [];
    return item.parts.flatMap((part) =>
      part.type === 'tool_call' ? [{ id: part.id, name: part.name, arguments: part.arguments }] : [],
    );
  });
}

export function finishReasons(contents: Contents, span: number): string[] {
  return contents.of(span).output.flatMap((key) => {
    const item = contents.item(key);
    return item?.kind === 'message' && item.finishReason !== undefined ? [item.finishReason] : [];
  });
}

/** What a model call says in words, without the tool calls beside them. */
export function spokenBy(contents: Contents, span: number): string {
  const said: string[] = [];
  for (const key of contents.of(span).output) {
    const item = contents.item(key);
    if (item?.kind === 'text') said.push(item.text);
    else if (item?.kind === 'json') said.push(JSON.stringify(item.value).slice(0, SPOKEN_LENGTH));
    else if (item)
      for (const part of item.parts)
        if (part.type === 'text' || part.type === 'reasoning') said.push(part.content.slice(0, SPOKEN_LENGTH));
  }
  return said.join('\n').slice(0, SPOKEN_LENGTH).trim();
}

const SPOKEN_LENGTH = 20_000;
