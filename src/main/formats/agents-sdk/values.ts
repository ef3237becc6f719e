/** Reading single fields of hostile items. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueCode, IssueRecord } from '#shared/record.ts';
import { MAX_JSON_DEPTH } from '../messages/json-text.ts';

const MAX_DETAIL_BYTES = 65_536;
const TOO_DEEP = '[nested too deeply]';
/** The SDK ends what it shortens with this; whole objects become { truncated: true, original_type, preview }. */
const CUT_SUFFIX = '... [truncated]';

/** An id is opaque text; numbers are taken as their digits. Null when there is none to use. */
export function idOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}

/** A name for people: text as it is, anything else as JSON; null for null and ''. */
export function labelOf(value: Json | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The fields of an item that are not taken and not null; `__proto__` stays an ordinary field. */
export function remaining(value: JsonObject, taken: ReadonlySet<string>): Record<string, Json> {
  const rest: Record<string, Json> = {};
  for (const key in value) {
    const each = value[key];
    if (each === null || each === undefined || taken.has(key)) continue;
    if (key === '__proto__') Object.defineProperty(rest, key, { value: each, enumerable: true, configurable: true });
    else rest[key] = each;
  }
  return rest;
}

/** Whether a value holds text or objects that the SDK shortened. */
export function isShortened(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.endsWith(CUT_SUFFIX);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(isShortened);
  const object = value as JsonObject;
  if (object.truncated === true && Object.hasOwn(object, 'preview')) return true;
  for (const key in object) if (isShortened(object[key])) return true;
  return false;
}

/** A copy that nests at most `levels` more levels, so that nothing behind us overflows its stack. */
export function flattened(value: Json, levels: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((each: Json) => flattened(each, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, flattened(each, levels - 1)]));
}

export function issue(
  severity: IssueRecord['severity'],
  code: IssueCode,
  message: string,
  where: {
    readonly traceId?: string | null;
    readonly spanId?: string | null;
    readonly item?: Json;
    readonly text?: string;
  },
): IssueRecord {
  const detail = where.text ?? (where.item === undefined ? undefined : quote(where.item));
  return {
    type: 'issue',
    severity,
    code,
    message,
    ...(where.traceId ? { traceId: where.traceId } : {}),
    ...(where.spanId ? { spanId: where.spanId } : {}),
    ...(detail === undefined ? {} : { detail: clipped(detail) }),
  };
}

/** JSON of an item for the ledger, without the one field of a trace that is a secret. */
function quote(item: Json): string {
  const safe = flattened(item, MAX_JSON_DEPTH);
  const shown =
    isJsonObject(safe) && Object.hasOwn(safe, 'tracing_api_key') ? { ...safe, tracing_api_key: null } : safe;
  return JSON.stringify(shown);
}

function clipped(text: string): string {
  if (text.length <= MAX_DETAIL_BYTES / 3) return text;
  const { read } = new TextEncoder().encodeInto(text.slice(0, MAX_DETAIL_BYTES), new Uint8Array(MAX_DETAIL_BYTES));
  return text.slice(0, read);
}
