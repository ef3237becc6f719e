/**
 * The beginning of a JSON file as far as it goes: detection looks at structure, and a head of 64 KiB mostly ends in the
 * middle of a value. Objects and lists that are cut off hold what was complete.
 */
import type { Json } from '#shared/json.ts';
import { setField } from './fields.ts';

/** Deeper values are left out. */
const MAX_DEPTH = 40;

type Cursor = { readonly text: string; at: number };
/** Ends the reading where the text ends or is not JSON. */
const END = Symbol('end');
type Read = Json | typeof END;

/** All formats look at the same head one after the other. */
const known = new WeakMap<Uint8Array, { readonly value: Json }>();

/** The first value of the text, of a document or of JSON lines; null when none begins there. */
export function jsonHead(head: Uint8Array): Json {
  const cached = known.get(head);
  if (cached) return cached.value;
  const cursor: Cursor = { text: new TextDecoder().decode(head), at: 0 };
  skipSpace(cursor);
  const first = cursor.text[cursor.at];
  const value = first === '{' || first === '[' ? readValue(cursor, MAX_DEPTH) : null;
  const result = value === END ? null : value;
  known.set(head, { value: result });
  return result;
}

function readValue(cursor: Cursor, levels: number): Read {
  skipSpace(cursor);
  const char = cursor.text[cursor.at];
  if (char === '{') return levels === 0 ? END : readObject(cursor, levels - 1);
  if (char === '[') return levels === 0 ? END : readList(cursor, levels - 1);
  if (char === '"') return readText(cursor);
  const token = TOKEN;
  token.lastIndex = cursor.at;
  const match = token.exec(cursor.text);
  // A number at the very end may go on.
  if (!match || token.lastIndex === cursor.text.length) return END;
  cursor.at = token.lastIndex;
  try {
    const value = JSON.parse(match[0]) as Json;
    // As everywhere: integers that a double cannot hold are their digits.
    return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? match[0] : value;
  } catch {
    // NaN and Infinity, as Python writes them.
    return null;
  }
}

const TOKEN = /[-+.\w]{1,64}/y;

/** A member or item that was cut off keeps what it holds, and everything around it ends. */
function readObject(cursor: Cursor, levels: number): Json {
  const object: Record<string, Json> = {};
  cursor.at++;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== '"') break;
    const key = readText(cursor);
    skipSpace(cursor);
    if (key === END || cursor.text[cursor.at] !== ':') return stop(cursor, object);
    cursor.at++;
    const value = readValue(cursor, levels);
    if (value === END) return stop(cursor, object);
    setField(object, key as string, value);
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== ',') break;
    cursor.at++;
  }
  if (cursor.text[cursor.at] !== '}') return stop(cursor, object);
  cursor.at++;
  return object;
}

function readList(cursor: Cursor, levels: number): Json {
  const list: Json[] = [];
  cursor.at++;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] === ']') break;
    const value = readValue(cursor, levels);
    if (value === END) return stop(cursor, list);
    list.push(value);
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== ',') break;
    cursor.at++;
  }
  if (cursor.text[cursor.at] !== ']') return stop(cursor, list);
  cursor.at++;
  return list;
}

function stop(cursor: Cursor, value: Json): Json {
  cursor.at = cursor.text.length;
  return value;
}

function readText(cursor: Cursor): Read {
  const start = cursor.at;
  for (let at = start + 1; at < cursor.text.length; at++) {
    const code = cursor.text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) {
      cursor.at = at + 1;
      try {
        return JSON.parse(cursor.text.slice(start, cursor.at)) as string;
      } catch {
        return END;
      }
    }
  }
  return END;
}

function skipSpace(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    cursor.at++;
  }
}
