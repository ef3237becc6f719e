/** Logs as agents leave them in files: one JSON document, a list, or JSON lines, read with bounds. */
import type { Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { byteLines } from '../byte-lines.ts';
import { issue, setField } from '../fields.ts';
import { isDeeperThan, MAX_JSON_DEPTH, parseJson } from '../messages/json-text.ts';

/** V8 holds no longer text. */
const MAX_TEXT = 500_000_000;
const TOO_DEEP = '[nested too deeply]';
/** Bad lines that are each worth a row of the ledger; the rest are counted in one. */
const LISTED_LINES = 1_000;

export type Line = { readonly number: number; readonly value: Json };
export type Lines = { readonly lines: readonly Line[]; readonly issues: readonly IssueRecord[] };

/** One JSON document; undefined when the bytes are none. */
export function readDocument(bytes: Uint8Array, issues: IssueRecord[]): Json | undefined {
  if (bytes.length > MAX_TEXT) return undefined;
  const value = parseJson(new TextDecoder().decode(bytes));
  return value === undefined ? undefined : bounded(value, issues);
}

/**
 * The values of JSON lines. A line that is no JSON becomes an issue with its number; fails when no line is an object,
 * because then nothing of the file is understood.
 */
export function readLines(bytes: Uint8Array, notOurs: AppError): Result<Lines, AppError> {
  const lines: Line[] = [];
  const issues: IssueRecord[] = [];
  let bad = 0;
  for (const { number, bytes: line } of byteLines(bytes)) {
    const text = line.length > MAX_TEXT ? null : new TextDecoder().decode(line);
    const value = text === null ? undefined : parseJson(text);
    if (value === undefined) {
      bad++;
      if (bad <= LISTED_LINES) {
        const item = text === null ? {} : { item: text };
        issues.push(issue('error', 'invalid_item', `Line ${number} is not JSON.`, item));
      }
      // After so many lines without one that is JSON, the rest is not ours either.
      if (lines.length === 0 && bad >= 100) return fail(notOurs);
    } else lines.push({ number, value: bounded(value, issues) });
  }
  if (bad > LISTED_LINES) {
    issues.push(issue('error', 'invalid_item', `${bad - LISTED_LINES} more lines are not JSON.`));
  }
  return lines.length === 0 ? fail(notOurs) : ok({ lines, issues });
}

/** The value nested at most so deep that nothing behind us overflows its stack. */
function bounded(value: Json, issues: IssueRecord[]): Json {
  if (!isDeeperThan(value, MAX_JSON_DEPTH)) return value;
  issues.push(issue('warning', 'too_deep', `Values nested more than ${MAX_JSON_DEPTH} levels deep were cut.`));
  return flattened(value, MAX_JSON_DEPTH);
}

function flattened(value: Json, levels: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((each: Json) => flattened(each, levels - 1));
  const copy: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) setField(copy, key, each);
  for (const key of Object.keys(copy)) setField(copy, key, flattened(copy[key] ?? null, levels - 1));
  return copy;
}

/** The head that detection looks at, as text that starts with its first sign; null when it starts no JSON. */
export function headOf(head: Uint8Array): string | null {
  const text = new TextDecoder().decode(head).trimStart();
  return text.startsWith('{') || text.startsWith('[') ? text : null;
}

/** The value of the first line of a head, when it is whole. */
export function firstLineOf(text: string): Json | undefined {
  const end = text.indexOf('\n');
  return parseJson(end === -1 ? text : text.slice(0, end));
}
