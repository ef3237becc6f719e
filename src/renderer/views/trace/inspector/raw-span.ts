/** Finds one span in the body that it was received with, among hundreds of others. */
import { isJsonObject, type Json } from '#shared/json.ts';

/** Longer bodies are shown as they are: parsing them would hold up the page. */
const MOST_TEXT = 8_000_000;
const MOST_VALUES = 400_000;
const ID_KEYS = ['id', 'span_id', 'spanId', 'span_data_id', 'run_id'] as const;

/** The object that carries the span's id, as indented JSON; null when the body is no JSON or holds no such object. */
export function spanInRaw(text: string, spanId: string): string | null {
  if (spanId === '' || text.length > MOST_TEXT || !text.includes(spanId)) return null;
  for (const value of jsonValues(text, spanId)) {
    const found = find(value, spanId);
    if (found === null) continue;
    try {
      return JSON.stringify(found, null, 2);
    } catch {
      // Nested deeper than the stack: the whole body is shown instead.
      return null;
    }
  }
  return null;
}

/** The whole text, or else those of its lines that name the span. */
function* jsonValues(text: string, spanId: string): Iterable<Json> {
  const whole = parse(text);
  if (whole !== undefined) {
    yield whole;
    return;
  }
  for (const line of text.split('\n')) {
    const value = line.includes(spanId) ? parse(line) : undefined;
    if (value !== undefined) yield value;
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function find(root: Json, spanId: string): Json {
  const open: Json[] = [root];
  for (let seen = 0; open.length > 0 && seen < MOST_VALUES; seen++) {
    const value = open.pop();
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) if (typeof item === 'object') open.push(item);
    } else if (isJsonObject(value)) {
      if (ID_KEYS.some((key) => Object.hasOwn(value, key) && value[key] === spanId)) return value;
      for (const item of Object.values<Json>(value)) if (typeof item === 'object') open.push(item);
    }
  }
  return null;
}
