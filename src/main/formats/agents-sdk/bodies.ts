/**
 * Where the items stand: a request body ({ data: [...] }), a bare list, or JSON lines of bodies, items
 * and processor callbacks ({ ev: 'span_start', json: item }).
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { byteLines } from '../byte-lines.ts';
import { parseJson } from '../messages/json-text.ts';

export type Sources = {
  readonly bodies: readonly Body[];
  /** Lines that are not JSON, which a file that was cut ends with. */
  readonly badLines: readonly { readonly number: number; readonly text: string }[];
};

/** The items of one request. What is beside them only our own helpers send. */
export type Body = {
  readonly items: readonly Json[];
  /** The process that sent them, in the attribute names of OpenTelemetry resources. */
  readonly resource: JsonObject | null;
  /** How many items its sender left out before these, because nobody took them in time. */
  readonly dropped: number;
};

/** After so many lines without one that is JSON of ours, the rest is not ours either. */
const PATIENCE = 100;
/** V8 holds no longer text; JSON lines are read one by one, so that only single bodies are limited. */
const MAX_TEXT = 500_000_000;

export function readBody(bytes: Uint8Array): Result<Sources, AppError> {
  if (bytes.length <= MAX_TEXT) {
    const value = parseJson(new TextDecoder().decode(bytes));
    if (value !== undefined) {
      const body = bodyOf(value);
      return body ? ok({ bodies: [body], badLines: [] }) : fail(NOT_OURS);
    }
  }
  return readLines(bytes);
}

function readLines(bytes: Uint8Array): Result<Sources, AppError> {
  const bodies: Body[] = [];
  const badLines: { number: number; text: string }[] = [];
  for (const line of byteLines(bytes)) {
    if (line.bytes.length > MAX_TEXT) return fail(TOO_LONG);
    const text = new TextDecoder().decode(line.bytes);
    const value = parseJson(text);
    const found = value === undefined ? null : bodyOf(value);
    if (found) bodies.push(found);
    else {
      badLines.push({ number: line.number, text });
      if (bodies.length === 0 && badLines.length >= PATIENCE) break;
    }
  }
  return bodies.length > 0 ? ok({ bodies, badLines }) : fail(NOT_JSON);
}

/** The items of one JSON value; null when it has none. A body's `data` may hold anything: each item is judged alone. */
function bodyOf(value: Json): Body | null {
  if (Array.isArray(value)) return value.some(isItem) ? plainBody(value.map(unwrapped)) : null;
  if (!isJsonObject(value)) return null;
  if (!Array.isArray(value.data)) return isItem(value) ? plainBody([unwrapped(value)]) : null;
  const dropped = value.x_dropped;
  return {
    items: value.data as readonly Json[],
    resource: isJsonObject(value.x_resource) ? value.x_resource : null,
    dropped: typeof dropped === 'number' && dropped > 0 && Number.isSafeInteger(dropped) ? dropped : 0,
  };
}

function plainBody(items: readonly Json[]): Body {
  return { items, resource: null, dropped: 0 };
}

function isItem(value: Json): boolean {
  const item = unwrapped(value);
  return isJsonObject(item) && typeof item.object === 'string' && item.object.startsWith('trace');
}

/**
 * A processor callback holds the item as it would be exported and, beside it, the span data with what the
 * exporter leaves out: the input and the response of model calls.
 */
function unwrapped(value: Json): Json {
  if (!isJsonObject(value) || typeof value.ev !== 'string' || !isJsonObject(value.json)) return value;
  const item = value.json;
  const raw = value.rawSpanData;
  if (!isJsonObject(raw) || !isJsonObject(item.span_data) || item.span_data.type !== 'response') return item;
  return { ...item, span_data: { ...hidden(raw), ...item.span_data } };
}

function hidden(raw: JsonObject): JsonObject {
  const input = raw._input ?? raw.input;
  const response = raw._response ?? raw.response;
  return {
    ...(input === undefined ? {} : { x_input: input }),
    ...(response === undefined ? {} : { x_response: response }),
  };
}

const NOT_OURS: AppError = {
  code: 'bad_request',
  message: 'The body is JSON without a list of traces and spans in "data".',
  hint: 'Send {"data": [...]} as the OpenAI Agents SDK does.',
};
const NOT_JSON: AppError = {
  code: 'bad_request',
  message: 'The body is neither JSON nor JSON lines of traces and spans.',
  hint: 'Send {"data": [...]} as the OpenAI Agents SDK does.',
};
const TOO_LONG: AppError = {
  code: 'too_large',
  message: 'One body is larger than 500 MB.',
  hint: 'Split it into several bodies or into JSON lines.',
};
