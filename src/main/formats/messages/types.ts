import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem, Message, MessagePart } from '#shared/message.ts';

/** What a dialect may ask of the whole table: nested content is often of another dialect. */
export type Reader = {
  /** The role that the caller gives to content that names none. */
  readonly role: string | null;
  /** One content part of any dialect; null when no dialect knows it. */
  readonly part: (value: Json | undefined) => MessagePart | null;
  /** A content field: text, one part, or a list of them; what no dialect knows becomes an `other` part. */
  readonly parts: (content: Json | undefined) => MessagePart[];
  /** Nested messages (of an envelope); null when none of them is known. */
  readonly messages: (list: Json | undefined) => ContentItem[] | null;
};

export type PartReader = (part: JsonObject, reader: Reader) => MessagePart | null;

/**
 * One way of writing messages. Detection is by shape: `read` answers null for anything that is not surely its own,
 * and the next dialect in the table is asked.
 */
export type Dialect = {
  readonly id: string;
  /** Reads one message, history item or envelope. */
  readonly read?: (value: JsonObject, reader: Reader) => ContentItem[] | null;
  /** Readers of content parts by their `type`; null = a part of the same type from another dialect. */
  readonly parts?: Readonly<Record<string, PartReader>>;
};

/**
 * Makes a message with its fields in one order, so that equal messages are equal as text too.
 * Results that a dialect sends back under the user's role are the tools' (Anthropic, Gemini).
 */
export function message(
  role: string,
  parts: readonly MessagePart[],
  extra?: { readonly name?: Json | undefined; readonly finishReason?: Json | undefined },
): Message {
  const onlyResponses = parts.length > 0 && parts.every((part) => part.type === 'tool_call_response');
  const speaker = onlyResponses && (role === 'user' || role === 'function') ? 'tool' : role;
  const name = wordIn(extra?.name);
  const finishReason = wordIn(extra?.finishReason);
  // Most messages have neither.
  if (name === null && finishReason === null) return { kind: 'message', role: speaker, parts };
  return {
    kind: 'message',
    role: speaker,
    ...(name === null ? {} : { name }),
    parts,
    ...(finishReason === null ? {} : { finishReason }),
  };
}

function wordIn(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
