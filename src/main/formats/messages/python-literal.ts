/**
 * Reads what Python's `repr` writes for plain data (the Python Agents SDK sends tool results as `str(value)`):
 * dicts, lists, tuples, sets, strings, bytes, numbers, None, True, False. Nothing is evaluated.
 * Undefined for anything else, so that a text which only looks like data stays text.
 */
import type { Json } from '#shared/json.ts';
import { isChangedInteger } from './json-text.ts';

const MAX_DEPTH = 200;
/** Larger texts are shown as text: reading them would cost more than a tree is worth. */
const MAX_LENGTH = 4 * 1024 * 1024;

type Cursor = { readonly text: string; at: number };

/** Thrown inside this file only; one object, because most texts are none and a stack trace costs more than they do. */
const NOT_LITERAL = new Error('not a Python literal');

export function pythonLiteral(text: string): Json | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const cursor: Cursor = { text, at: 0 };
  try {
    const value = readValue(cursor, 0);
    skipSpace(cursor);
    return cursor.at === text.length ? value : undefined;
  } catch (cause) {
    if (cause === NOT_LITERAL) return undefined;
    throw cause;
  }
}

function readValue(cursor: Cursor, depth: number): Json {
  skipSpace(cursor);
  const char = cursor.text[cursor.at];
  if (char === undefined || depth > MAX_DEPTH) throw NOT_LITERAL;
  if (char === '{') return readBraces(cursor, depth);
  if (char === '[') return readSequence(cursor, ']', depth).items;
  if (char === '(') {
    const { items, commas } = readSequence(cursor, ')', depth);
    const [only] = items;
    return items.length === 1 && commas === 0 && only !== undefined ? only : items;
  }
  if (char === '"' || char === "'") return readStrings(cursor);
  if ((char === 'b' || char === 'B') && /["']/.test(cursor.text[cursor.at + 1] ?? '')) {
    cursor.at++;
    return readStrings(cursor);
  }
  return readWord(cursor);
}

function readSequence(cursor: Cursor, close: string, depth: number): { items: Json[]; commas: number } {
  cursor.at++;
  const items: Json[] = [];
  let commas = 0;
  for (;;) {
    skipSpace(cursor);
    if (take(cursor, close)) return { items, commas };
    if (items.length > commas) throw NOT_LITERAL;
    items.push(readValue(cursor, depth + 1));
    skipSpace(cursor);
    if (take(cursor, ',')) commas++;
  }
}

/** A dict, or a set as a list. */
function readBraces(cursor: Cursor, depth: number): Json {
  cursor.at++;
  const entries: [string, Json][] = [];
  const members: Json[] = [];
  let commas = 0;
  for (;;) {
    skipSpace(cursor);
    if (take(cursor, '}')) break;
    if (entries.length + members.length > commas) throw NOT_LITERAL;
    const first = readValue(cursor, depth + 1);
    skipSpace(cursor);
    if (take(cursor, ':'))
      entries.push([typeof first === 'string' ? first : JSON.stringify(first), readValue(cursor, depth + 1)]);
    else members.push(first);
    if (entries.length > 0 && members.length > 0) throw NOT_LITERAL;
    skipSpace(cursor);
    if (take(cursor, ',')) commas++;
  }
  // fromEntries defines fields, so `__proto__` stays an ordinary key.
  return members.length > 0 ? members : Object.fromEntries(entries);
}

/** One string, or several that stand side by side, which Python joins. */
function readStrings(cursor: Cursor): string {
  let text = '';
  for (;;) {
    text += readString(cursor);
    skipSpace(cursor);
    const next = cursor.text[cursor.at];
    if (next !== '"' && next !== "'") return text;
  }
}

function readString(cursor: Cursor): string {
  const { text } = cursor;
  const quote = text[cursor.at];
  let out = '';
  let from = ++cursor.at;
  for (;;) {
    const char = text[cursor.at];
    if (char === undefined) throw NOT_LITERAL;
    if (char === quote) {
      out += text.slice(from, cursor.at++);
      return out;
    }
    if (char === '\\') {
      out += text.slice(from, cursor.at) + readEscape(cursor);
      from = cursor.at;
    } else {
      cursor.at++;
    }
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function readEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at + 1] ?? '';
  const digits = HEX_DIGITS.get(letter);
  if (digits === undefined) {
    cursor.at += 2;
    return ESCAPES.get(letter) ?? `\\${letter}`;
  }
  const hex = cursor.text.slice(cursor.at + 2, cursor.at + 2 + digits);
  const code = hex.length === digits && /^[0-9a-f]+$/i.test(hex) ? Number.parseInt(hex, 16) : Number.NaN;
  if (!(code <= 0x10ffff)) throw NOT_LITERAL;
  cursor.at += 2 + digits;
  return String.fromCodePoint(code);
}

const WORD = /[A-Za-z0-9_+.-]{1,400}/y;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function readWord(cursor: Cursor): Json {
  WORD.lastIndex = cursor.at;
  const word = WORD.exec(cursor.text)?.[0];
  if (word === undefined) throw NOT_LITERAL;
  cursor.at += word.length;
  if (word === 'None') return null;
  if (word === 'True') return true;
  if (word === 'False') return false;
  // JSON has neither of them: kept as the words that Python printed.
  if (word === 'nan' || word === 'inf' || word === '-inf') return word;
  if (!NUMBER.test(word)) throw NOT_LITERAL;
  const value = Number(word);
  return isChangedInteger(value, word) ? word : value;
}

function take(cursor: Cursor, char: string): boolean {
  if (cursor.text[cursor.at] !== char) return false;
  cursor.at++;
  return true;
}

function skipSpace(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    cursor.at++;
  }
}
