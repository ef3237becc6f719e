/**
 * Reads JSON as a person types it: the value with the place of each part, or where the text stops being JSON and why.
 * Comments and commas after the last value are read over, and said. For editors and for files that people write; what
 * arrives over the wire is read with JSON.parse.
 */
import type { Json } from './json.ts';

/** Offsets into the text, of the value that a JSON pointer names ("" = the whole). */
export type JsonPlaces = ReadonlyMap<string, { readonly from: number; readonly to: number }>;

/** What is no JSON and was read over. `line` from 1. */
export type JsonRemark = { readonly line: number; readonly message: string };

export type JsonText =
  | {
      readonly ok: true;
      readonly value: Json;
      readonly places: JsonPlaces;
      readonly remarks: readonly JsonRemark[];
    }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly line: number };

const DEEPEST = 200;
/** Of each sort. */
const MOST_REMARKS = 20;
const COMMENT = 'A comment is no JSON: it is read over, and not kept';
const LAST_COMMA = 'A comma after the last value is no JSON: it is read over';

class Stop extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export function readJsonText(text: string): JsonText {
  const places = new Map<string, { from: number; to: number }>();
  const comments: number[] = [];
  const commas: number[] = [];
  let at = 0;

  function skip(): void {
    for (;;) {
      while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++;
      if (text.charAt(at) !== '/') return;
      const next = text.charAt(at + 1);
      if (next !== '/' && next !== '*') return;
      if (comments.length < MOST_REMARKS) comments.push(at);
      const end = next === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
      if (end < 0 && next === '*') stop('The comment is not closed');
      at = end < 0 ? text.length : next === '/' ? end : end + 2;
    }
  }
  /** After a comma: whether nothing but the end of the object or list follows. */
  function ends(comma: number, close: string): boolean {
    skip();
    if (text.charAt(at) !== close) return false;
    if (commas.length < MOST_REMARKS) commas.push(comma);
    at++;
    return true;
  }
  function stop(message: string, offset = at): never {
    // Caught below: it never leaves the reader.
    throw new Stop(message, offset);
  }
  function found(): string {
    return at >= text.length ? 'the text ends' : `there is ${JSON.stringify(text.charAt(at))}`;
  }

  function value(pointer: string, depth: number): Json {
    if (depth > DEEPEST) stop('This is nested too deep');
    skip();
    const from = at;
    const first = text.charAt(at);
    const read: Json =
      first === '{' ? object(pointer, depth) : first === '[' ? list(pointer, depth) : first === '"' ? string() : word();
    places.set(pointer, { from, to: at });
    return read;
  }

  function object(pointer: string, depth: number): Json {
    const entries: [string, Json][] = [];
    at++;
    skip();
    if (text.charAt(at) === '}') {
      at++;
      return {};
    }
    for (;;) {
      skip();
      if (text.charAt(at) !== '"') stop(`A key in double quotes is expected, and ${found()}`);
      const key = string();
      skip();
      if (text.charAt(at) !== ':') stop(`A colon is expected after the key, and ${found()}`);
      at++;
      entries.push([key, value(`${pointer}/${pointerKey(key)}`, depth + 1)]);
      skip();
      const next = text.charAt(at);
      if (next === '}') {
        at++;
        return Object.fromEntries(entries);
      }
      if (next !== ',') stop(`A comma or "}" is expected, and ${found()}`);
      if (ends(at++, '}')) return Object.fromEntries(entries);
    }
  }

  function list(pointer: string, depth: number): Json {
    const items: Json[] = [];
    at++;
    skip();
    if (text.charAt(at) === ']') {
      at++;
      return items;
    }
    for (;;) {
      items.push(value(`${pointer}/${items.length}`, depth + 1));
      skip();
      const next = text.charAt(at);
      if (next === ']') {
        at++;
        return items;
      }
      if (next !== ',') stop(`A comma or "]" is expected, and ${found()}`);
      if (ends(at++, ']')) return items;
    }
  }

  function string(): string {
    const from = at;
    at++;
    while (at < text.length) {
      const each = text.charAt(at);
      if (each === '"') {
        at++;
        try {
          return JSON.parse(text.slice(from, at)) as string;
        } catch {
          stop('This text holds an escape that JSON does not know', from);
        }
      }
      if (each === '\n') stop('The text is not closed with a double quote on its line', from);
      if (each < ' ') stop('A control character must be escaped');
      at += each === '\\' ? 2 : 1;
    }
    at = text.length;
    return stop('The text is not closed with a double quote', from);
  }

  function word(): Json {
    const from = at;
    const match = /(?:(?!\/[/*])[^\s,:[\]{}"])*/y;
    match.lastIndex = at;
    const raw = match.exec(text)?.[0] ?? '';
    if (raw === '') stop(`A value is expected, and ${found()}`);
    at += raw.length;
    try {
      return JSON.parse(raw) as Json;
    } catch {
      return stop(`${JSON.stringify(raw.slice(0, 40))} is no JSON value; texts stand in double quotes`, from);
    }
  }

  try {
    const read = value('', 0);
    skip();
    if (at < text.length) stop(`After the end, ${found()}`);
    const remarks = [
      ...comments.map((offset) => ({ line: lineAt(text, offset), message: `${COMMENT}.` })),
      ...commas.map((offset) => ({ line: lineAt(text, offset), message: `${LAST_COMMA}.` })),
    ].sort((a, b) => a.line - b.line);
    return { ok: true, value: read, places, remarks };
  } catch (cause) {
    if (!(cause instanceof Stop)) throw cause;
    const { message, offset } = cause;
    return { ok: false, message: `${message}.`, offset, line: lineAt(text, offset) };
  }
}

/** From 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerKey(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The value at a pointer, or the nearest around it that the text holds. */
export function placeOf(places: JsonPlaces, pointer: string): { readonly from: number; readonly to: number } | null {
  for (let path = pointer; ; path = path.slice(0, path.lastIndexOf('/'))) {
    const place = places.get(path);
    if (place) return place;
    if (!path.includes('/')) return places.get('') ?? null;
  }
}
