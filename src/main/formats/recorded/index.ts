/**
 * Recorded HTTP requests, one JSON object per line: { method, url, raw_headers | headers, body | body_base64 }.
 * What such a file holds is decided by each request's path, as if it arrived over the network. Bodies stay as they were
 * sent, compressed ones too.
 */
import type { ContainerFormat, Unpacked } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { byteLines } from '../byte-lines.ts';
import { isDeeperThan, MAX_JSON_DEPTH, parseJson } from '../messages/json-text.ts';

const MAX_LINE = 500_000_000;
/** The first line of a document over several is an opening brace and little more. */
const MAX_OPENING = 1_000;

export const recorded: ContainerFormat = {
  type: 'container',
  id: 'recorded',
  label: 'Recorded requests',
  split: () => ({ lines: true }),
  detect: (head) => {
    const text = new TextDecoder().decode(head);
    const isObject = /^\s{0,64}\{\s{0,64}"/.test(text);
    if (!isObject || !/"method"\s{0,8}:\s{0,8}"[A-Z]{3,7}"/.test(text) || !/"url"\s{0,8}:\s{0,8}"/.test(text)) return 0;
    return /"(?:raw_headers|headers|body|body_base64)"\s{0,8}:/.test(text) ? 0.97 : 0.3;
  },
  unpack: function* (bytes) {
    const one = readOverLines(bytes);
    if (one !== null) {
      const request = requestOf(one, 1);
      if (request) yield request;
      return;
    }
    for (const line of byteLines(bytes)) {
      const request = readRequest(line.bytes, line.number);
      if (request) yield request;
    }
  },
};

/** A request that is written over several lines; null for JSON lines. */
function readOverLines(bytes: Uint8Array): JsonObject | null {
  const [first] = byteLines(bytes);
  if (!first || first.bytes.length > MAX_OPENING || bytes.length > MAX_LINE) return null;
  if (parseJson(new TextDecoder().decode(first.bytes)) !== undefined) return null;
  const value = parseJson(new TextDecoder().decode(bytes));
  return isJsonObject(value) ? value : null;
}

/** Null for a request that carried nothing: a health check, one that was broken off. */
function readRequest(bytes: Uint8Array, line: number): Result<Unpacked, AppError> | null {
  if (bytes.length > MAX_LINE) return fail(unreadable(line, 'is longer than 500 MB'));
  const value = parseJson(new TextDecoder().decode(bytes));
  return isJsonObject(value) ? requestOf(value, line) : fail(unreadable(line, 'is not a JSON object'));
}

function requestOf(value: JsonObject, line: number): Result<Unpacked, AppError> | null {
  if (typeof value.url !== 'string') return fail(unreadable(line, 'has no "url"'));
  const headers = readHeaders(value);
  if (isDeeperThan(value.body, MAX_JSON_DEPTH)) {
    return fail(unreadable(line, `holds a body nested more than ${MAX_JSON_DEPTH} levels deep`));
  }
  const body = readBytes(value);
  if (body === null || body.length === 0) return null;
  return ok({
    path: pathOf(value.url),
    contentType: headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null,
    userAgent: headers.get('user-agent') ?? null,
    bytes: body,
  });
}

function readBytes(value: JsonObject): Uint8Array | null {
  if (typeof value.body_base64 === 'string') return Buffer.from(value.body_base64, 'base64');
  if (typeof value.body === 'string') return Buffer.from(value.body, 'utf8');
  // Some recorders parse JSON bodies; what they parsed is the same JSON.
  if (typeof value.body === 'object' && value.body !== null) return Buffer.from(JSON.stringify(value.body), 'utf8');
  return null;
}

/** Header names in lower case; the last of several wins, as these headers come once. */
function readHeaders(value: JsonObject): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const set = (name: Json | undefined, content: Json | undefined): void => {
    if (typeof name === 'string' && typeof content === 'string') headers.set(name.toLowerCase(), content);
  };
  const raw = value.raw_headers ?? value.headers;
  if (Array.isArray(raw)) {
    const list = raw as readonly Json[];
    if (typeof list[0] === 'string') for (let at = 0; at + 1 < list.length; at += 2) set(list[at], list[at + 1]);
    else for (const pair of list) if (Array.isArray(pair)) set(pair[0] as Json, pair[1] as Json);
  } else if (isJsonObject(raw)) {
    for (const [name, content] of Object.entries(raw))
      set(name, Array.isArray(content) ? (content[0] as Json) : content);
  }
  return headers;
}

function pathOf(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?#]*/i, '');
  return path.split(/[?#]/, 1)[0] || '/';
}

function unreadable(line: number, what: string): AppError {
  return { code: 'unreadable_file', message: `Line ${line} ${what}.` };
}
