/** JSON files of any writer: one document, JSON lines, or documents one after the other. What nests too deeply is cut here, once for all readers. */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { byteLines } from './byte-lines.ts';
import { issue, setField } from './fields.ts';
import { isDeeperThan, parseJson } from './messages/json-text.ts';

/** `line` is null when the whole file is one document. */
export type JsonDocument = { readonly value: Json; readonly line: number | null };
export type JsonDocuments = { readonly documents: readonly JsonDocument[]; readonly issues: readonly IssueRecord[] };

/** Deep enough for every real file, and far from what overflows a stack. */
const MAX_DEPTH = 100;
const TOO_DEEP = '[nested too deeply]';
/** V8 holds no longer text. */
const MAX_TEXT = 500_000_000;
/** After so many lines without one that is JSON the rest is not JSON either. */
const PATIENCE = 100;

/**
 * Fails with `bad_request` when nothing is JSON; a bad line among good ones becomes an issue.
 * Integers that a double cannot hold become their digits as text.
 */
export function readDocuments(bytes: Uint8Array): Result<JsonDocuments> {
  const issues: IssueRecord[] = [];
  if (bytes.length <= MAX_TEXT) {
    const value = parseWhole(decoded(bytes));
    if (value !== undefined) return ok({ documents: [{ value: bounded(value, null, issues), line: null }], issues });
  }
  const documents: JsonDocument[] = [];
  for (const { number, bytes: line } of byteLines(bytes)) {
    const text = line.length <= MAX_TEXT ? decoded(line) : '';
    const value = parseWhole(text);
    if (typeof value === 'object' && value !== null) {
      documents.push({ value: bounded(value, number, issues), line: number });
      continue;
    }
    issues.push(issue('error', 'invalid_item', `Line ${number} is not JSON.`, { item: text.slice(0, 65_536) }));
    if (documents.length === 0 && issues.length >= PATIENCE) break;
  }
  if (documents.length === 0 && bytes.length <= MAX_TEXT) return readSequence(decoded(bytes));
  return documents.length > 0 ? ok({ documents, issues }) : fail(NOT_JSON);
}

/** Indented documents without anything between them, as console exporters print. */
function readSequence(text: string): Result<JsonDocuments> {
  const documents: JsonDocument[] = [];
  const issues: IssueRecord[] = [];
  for (const { line, from, to } of topLevelObjects(text)) {
    const value = parseJson(text.slice(from, to));
    if (value !== undefined) documents.push({ value: bounded(value, line, issues), line });
    else {
      const item = text.slice(from, Math.min(to, from + 65_536));
      issues.push(issue('error', 'invalid_item', `What begins in line ${line} is not JSON.`, { item }));
    }
    if (documents.length === 0 && issues.length >= PATIENCE) break;
  }
  return documents.length > 0 ? ok({ documents, issues }) : fail(NOT_JSON);
}

/** Where the objects of a text stand that are in no other one. Quotes count inside objects only. */
function* topLevelObjects(text: string): Generator<{ line: number; from: number; to: number }, void, undefined> {
  let line = 1;
  let [depth, from, started] = [0, 0, 1];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) line++;
    if (quoted) {
      if (code === 0x5c) at++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22 && depth > 0) quoted = true;
    else if (code === 0x7b && depth++ === 0) [from, started] = [at, line];
    else if (code === 0x7d && depth > 0 && --depth === 0) yield { line: started, from, to: at + 1 };
  }
  if (depth > 0) yield { line: started, from, to: text.length };
}

const NOT_JSON = { code: 'bad_request', message: 'The file is neither JSON nor JSON lines.' } as const;

/** JSON, also with the NaN and Infinity that Python writes: no JSON has a value for them, so they are null. */
function parseWhole(text: string): Json | undefined {
  const value = parseJson(text);
  if (value !== undefined || !/(?:NaN|Infinity)\b/.test(text)) return value;
  return parseJson(withoutNaN(text));
}

function withoutNaN(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 0x5c) at++;
      else if (code === 0x22) quoted = false;
      continue;
    }
    if (code === 0x22) quoted = true;
    if (code !== 0x4e && code !== 0x49) continue;
    const word = code === 0x4e ? 'NaN' : 'Infinity';
    if (!text.startsWith(word, at)) continue;
    kept.push(text.slice(from, text[at - 1] === '-' ? at - 1 : at), 'null');
    from = at + word.length;
    at = from - 1;
  }
  return kept.join('') + text.slice(from);
}

/** No byte order mark: TextDecoder takes it away. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function bounded(value: Json, line: number | null, issues: IssueRecord[]): Json {
  if (!isDeeperThan(value, MAX_DEPTH)) return value;
  const where = line === null ? 'The file' : `Line ${line}`;
  issues.push(
    issue('warning', 'too_deep', `${where} nests more than ${MAX_DEPTH} levels deep; deeper values were cut.`),
  );
  return cut(value, MAX_DEPTH);
}

function cut(value: Json, levels: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return TOO_DEEP;
  if (!isJsonObject(value)) return value.map((each) => cut(each, levels - 1));
  const copy: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) setField(copy, key, cut(each, levels - 1));
  return copy;
}
