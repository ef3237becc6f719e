/** OpenTelemetry GenAI messages: { role, parts[], name?, finish_reason? }, the schema that ours follows. */
import { isJsonObject } from '#shared/json.ts';
import { media, file, reasoning, text, toolCall, toolResponse, without } from './part-shapes.ts';
import { message, type Dialect } from './types.ts';

export const otel: Dialect = {
  id: 'otel',
  read: (value, reader) => {
    const parts = value.parts;
    if (!Array.isArray(parts) || typeof value.role !== 'string') return null;
    // Parts without a type are Gemini's.
    if (!parts.every((part) => typeof part === 'string' || (isJsonObject(part) && typeof part.type === 'string')))
      return null;
    const extra = { name: value.name, finishReason: value.finish_reason ?? value.finishReason };
    return [message(value.role, reader.parts(parts), extra)];
  },
  parts: {
    text: (part) => text(part.content),
    reasoning: (part) => reasoning(part.content),
    tool_call: (part) =>
      typeof part.name === 'string' ? toolCall(part.id, part.name, part.arguments ?? part.args) : null,
    tool_call_response: (part) => toolResponse(part.id, part.name, part.response ?? part.result),
    // The call's own fields lie one level down, in a field whose name the convention left to the provider.
    server_tool_call: (part) => toolCall(part.id, part.name, part.server_tool_call ?? without(part, FRAME)),
    server_tool_call_response: (part) =>
      toolResponse(part.id, part.name, part.server_tool_call_response ?? without(part, FRAME)),
    blob: (part) => media(part.content ?? part.data, part.mime_type ?? part.mimeType, modality(part.modality)),
    uri: (part) =>
      typeof part.uri === 'string' ? { type: 'uri', modality: modality(part.modality), uri: part.uri } : null,
    file: (part) => file(part.file_id ?? part.fileId),
  },
};

const FRAME = new Set(['type', 'id', 'name']);

function modality(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
