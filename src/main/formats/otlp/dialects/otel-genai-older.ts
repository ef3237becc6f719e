/**
 * How older GenAI instrumentations carried messages: flattened lists (`gen_ai.prompt.0.content`), one event per
 * message (`gen_ai.user.message`, `gen_ai.choice`; 1.28 to 1.36), events with one JSON text (1.26), and one event with
 * the attributes of the span (from 1.37).
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContent, readJsonText } from '../../messages/index.ts';
import type { OtlpEvent } from '../span.ts';
import { foldList } from './fold-list.ts';
import { readToolValue, roleOf } from './readers.ts';
import type { ContentContext, EventSource, ListEntry, ListSource } from './types.ts';

const PROMPT_PATH =
  /^\d{1,6}\.(?:role|content|name|tool_call_id|finish_reason|tool_calls\.\d{1,6}\.(?:id|type|name|arguments))$/;

export const promptLists: readonly ListSource[] = [
  { field: 'input', rank: 30, prefix: 'gen_ai.prompt.', path: PROMPT_PATH, read: readPromptList },
  { field: 'output', rank: 30, prefix: 'gen_ai.completion.', path: PROMPT_PATH, read: readPromptList },
];

function readPromptList(entries: readonly ListEntry[], context: ContentContext): ContentItem[] {
  const role = roleOf(context)?.role;
  return foldList(entries).flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const value = { ...(role ? { role } : {}), ...entry, content: parsed(entry.content) };
    return readContent(value);
  });
}

const MESSAGE_FIELDS = ['content', 'role', 'name', 'tool_calls', 'id', 'message', 'gen_ai.event.content'] as const;

export const promptEvents: readonly EventSource[] = [
  {
    field: 'input',
    rank: 60,
    events: ['gen_ai.system.message', 'gen_ai.user.message', 'gen_ai.assistant.message', 'gen_ai.tool.message'],
    consumes: MESSAGE_FIELDS,
    read: readMessageEvent,
  },
  { field: 'output', rank: 60, events: ['gen_ai.choice'], consumes: MESSAGE_FIELDS, read: readChoiceEvent },
  {
    field: 'input',
    rank: 65,
    events: ['gen_ai.content.prompt'],
    consumes: ['gen_ai.prompt'],
    read: (event, context) => readContent(event.attributes['gen_ai.prompt'], roleOf(context)),
  },
  {
    field: 'output',
    rank: 65,
    events: ['gen_ai.content.completion'],
    consumes: ['gen_ai.completion'],
    read: (event, context) => readContent(event.attributes['gen_ai.completion'], roleOf(context)),
  },
];

const DETAILS = ['gen_ai.client.inference.operation.details'];

export const inferenceDetails: readonly EventSource[] = [
  {
    field: 'system',
    rank: 70,
    events: DETAILS,
    consumes: ['gen_ai.system_instructions'],
    read: (event) => readContent(event.attributes['gen_ai.system_instructions'], { role: 'system' }),
  },
  {
    field: 'input',
    rank: 70,
    events: DETAILS,
    consumes: ['gen_ai.input.messages'],
    read: (event, context) => readContent(event.attributes['gen_ai.input.messages'], roleOf(context)),
  },
  {
    field: 'output',
    rank: 70,
    events: DETAILS,
    consumes: ['gen_ai.output.messages'],
    read: (event, context) => readContent(event.attributes['gen_ai.output.messages'], roleOf(context)),
  },
];

function readMessageEvent(event: OtlpEvent, context: ContentContext): ContentItem[] {
  const body = bodyOf(event);
  // On a tool's own span the "tool message" is its arguments.
  if (context.kind === 'tool') return readToolValue(body.content ?? null);
  const role = event.name.slice('gen_ai.'.length, -'.message'.length);
  return readContent({
    role,
    ...body,
    content: parsed(body.content),
    ...(body.tool_calls === undefined ? {} : { tool_calls: parsed(body.tool_calls) }),
    ...(role === 'tool' ? { tool_call_id: body.tool_call_id ?? body.id ?? null } : {}),
  });
}

function readChoiceEvent(event: OtlpEvent, context: ContentContext): ContentItem[] {
  const body = bodyOf(event);
  const given = parsed(body.message ?? body.content);
  if (context.kind === 'tool') return readToolValue(given);
  const message = isJsonObject(given) && (given.content !== undefined || given.tool_calls !== undefined) ? given : null;
  return readContent({
    role: 'assistant',
    ...(message ?? { content: given }),
    ...(body.tool_calls === undefined ? {} : { tool_calls: parsed(body.tool_calls) }),
    ...(typeof body.finish_reason === 'string' ? { finish_reason: body.finish_reason } : {}),
  });
}

/** The event's fields; some senders put them all into one JSON attribute. */
function bodyOf(event: OtlpEvent): JsonObject {
  const whole = parsed(event.attributes['gen_ai.event.content']);
  return isJsonObject(whole) ? { ...event.attributes, ...whole } : event.attributes;
}

/** Lists and objects out of JSON text; any other text stays as it is. */
function parsed(value: Json | undefined): Json {
  if (typeof value !== 'string') return value ?? null;
  const json = /^\s*[[{]/.test(value) ? readJsonText(value) : undefined;
  return json ?? value;
}
