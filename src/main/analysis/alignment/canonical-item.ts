/** One text for what says the same: without the ids of calls, the order of members, and the spaces of JSON. */
import type { Json, JsonObject } from '#shared/json.ts';

const PAIRING_IDS: ReadonlySet<string> = new Set(['tool_call', 'tool_call_response']);
/** Arguments often come as the text of their JSON; what is longer is a document, and compared as it is. */
const LONGEST_ARGUMENTS = 16 * 1024;
const DEEPEST = 40;

/** What has members whose order or spaces may differ: JSON, calls, and texts that begin as JSON does. */
const STRUCTURED = /^\{"kind":"json"|"tool_call|"type":"other"|:"[[{]/;

/** @param body the stored JSON of a ContentItem */
export function canonicalItem(body: string): string {
  if (!STRUCTURED.test(body)) return body;
  try {
    return canonicalJson(JSON.parse(body) as Json);
  } catch {
    return body;
  }
}

export function canonicalJson(value: Json): string {
  return JSON.stringify(sorted(value, 0));
}

function sorted(value: Json, depth: number): Json {
  if (depth > DEEPEST) return value;
  if (typeof value === 'string') return asJson(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member: Json) => sorted(member, depth + 1));
  const object = value as JsonObject;
  const isCall = typeof object.type === 'string' && PAIRING_IDS.has(object.type);
  const result: Record<string, Json> = {};
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member === undefined || (isCall && name === 'id') || name === '__proto__') continue;
    result[name] = sorted(member, depth + 1);
  }
  return result;
}

function asJson(text: string, depth: number): Json {
  const first = text.charCodeAt(0);
  if ((first !== 123 && first !== 91) || text.length > LONGEST_ARGUMENTS) return text;
  try {
    return sorted(JSON.parse(text) as Json, depth + 1);
  } catch {
    return text;
  }
}
