/**
 * What a span read or wrote, in one shape for all dialects.
 * Part types and fields follow the OpenTelemetry GenAI message schema; unknown parts are kept whole.
 */
import type { Json } from './json.ts';

export type MessagePart =
  | { readonly type: 'text'; readonly content: string }
  | { readonly type: 'reasoning'; readonly content: string }
  | { readonly type: 'tool_call'; readonly id: string | null; readonly name: string; readonly arguments: Json }
  | { readonly type: 'tool_call_response'; readonly id: string | null; readonly name?: string; readonly response: Json }
  /** Inline media: `content` is base64. */
  | { readonly type: 'blob'; readonly modality: string; readonly mimeType: string | null; readonly content: string }
  | { readonly type: 'uri'; readonly modality: string | null; readonly uri: string }
  | { readonly type: 'file'; readonly fileId: string }
  | { readonly type: 'other'; readonly value: Json };

export type Message = {
  readonly kind: 'message';
  /** system, user, assistant, tool, or what the source said. */
  readonly role: string;
  readonly name?: string;
  readonly parts: readonly MessagePart[];
  readonly finishReason?: string;
};

/** One stored unit of content: the store keeps each distinct one once. */
export type ContentItem =
  Message | { readonly kind: 'json'; readonly value: Json } | { readonly kind: 'text'; readonly text: string };

/** The text of an item that search indexes and previews show, without JSON syntax where there is a choice. */
export function contentText(item: ContentItem): string {
  switch (item.kind) {
    case 'text':
      return item.text;
    case 'json':
      return jsonText(item.value);
    case 'message':
      return item.parts.map(partText).filter(Boolean).join('\n');
  }
}

export function partText(part: MessagePart): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.content;
    case 'tool_call':
      return `${part.name} ${jsonText(part.arguments)}`;
    case 'tool_call_response':
      return jsonText(part.response);
    case 'blob':
      return '';
    case 'uri':
      return part.uri;
    case 'file':
      return part.fileId;
    case 'other':
      return jsonText(part.value);
  }
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
