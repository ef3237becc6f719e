/** Reading single fields of files that anybody may have written. */
import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { isoToNs } from '#shared/time.ts';
import { readJsonText } from './messages/index.ts';

const MAX_DETAIL_BYTES = 65_536;
/** The largest time that a 64-bit signed column holds: the year 2262. */
const MAX_TIME = 9_223_372_036_854_775_807n;

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An id is opaque text; numbers are taken as their digits. */
export function idOf(value: Json | undefined): string | null {
  return typeof value === 'number' ? String(value) : textOf(value);
}

export function numberOf(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A count: never negative. */
export function countOf(value: Json | undefined): number | null {
  const number = numberOf(value);
  return number !== null && number >= 0 ? number : null;
}

const NOTHING: JsonObject = {};

/** The object that a field holds, as it is or as JSON text; an empty one otherwise. */
export function objectOf(value: Json | undefined): JsonObject {
  if (isJsonObject(value)) return value;
  const parsed = typeof value === 'string' && /^\s{0,16}\{/.test(value) ? readJsonText(value) : undefined;
  return isJsonObject(parsed) ? parsed : NOTHING;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Nothing worth keeping: null, '', [] and {}. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

/** Sets an own property whatever its name: `__proto__` from a file is data, not a prototype. */
export function setField(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

/** The fields that are neither taken nor empty, under names that start with `prefix`. */
export function remaining(value: JsonObject, taken: ReadonlySet<string>, prefix = ''): Record<string, Json> {
  const rest: Record<string, Json> = {};
  for (const key in value) {
    const each = value[key];
    if (each === undefined || taken.has(key) || isEmpty(each)) continue;
    setField(rest, prefix + key, each);
  }
  return rest;
}

/**
 * Nanoseconds since the Unix epoch out of ISO 8601, or out of a number whose size tells its unit: seconds below 1e11,
 * then milliseconds, microseconds, nanoseconds. Null when it is no time, 0 or beyond 64 bits.
 */
export function timeOf(value: Json | undefined): bigint | null {
  const time = typeof value === 'string' ? timeInText(value) : typeof value === 'number' ? timeInNumber(value) : null;
  return time !== null && time > 0n && time <= MAX_TIME ? time : null;
}

function timeInText(text: string): bigint | null {
  if (text.length > 64) return null;
  if (/^\d{1,20}$/.test(text)) return scaled(BigInt(text));
  if (/^\d{1,20}\.\d{1,20}$/.test(text)) return timeInNumber(Number(text));
  return isoToNs(text);
}

function timeInNumber(value: number): bigint | null {
  if (!Number.isFinite(value) || value <= 0 || value > 1e20) return null;
  // The shortest digits of a double are those that the file had; its exact value is up to 128 ns off.
  if (Number.isInteger(value)) return scaled(BigInt(String(value)));
  // A double of seconds holds microseconds at best: digits beyond those are not the source's.
  if (value < 1e11) return BigInt(Math.round(value * 1e6)) * 1_000n;
  return value < 1e14 ? BigInt(Math.round(value * 1e3)) * 1_000n : BigInt(Math.round(value)) * 1_000n;
}

function scaled(value: bigint): bigint {
  if (value < 100_000_000_000n) return value * 1_000_000_000n;
  if (value < 100_000_000_000_000n) return value * 1_000_000n;
  return value < 100_000_000_000_000_000n ? value * 1_000n : value;
}

export function issue(
  severity: IssueRecord['severity'],
  code: IssueRecord['code'],
  message: string,
  where: { readonly traceId?: string | null; readonly spanId?: string | null; readonly item?: Json | string } = {},
): IssueRecord {
  const { traceId, spanId, item } = where;
  const detail = item === undefined ? undefined : typeof item === 'string' ? item : JSON.stringify(item);
  return {
    type: 'issue',
    severity,
    code,
    message,
    ...(traceId ? { traceId } : {}),
    ...(spanId ? { spanId } : {}),
    ...(detail === undefined ? {} : { detail: clipped(detail) }),
  };
}

function clipped(text: string): string {
  if (text.length <= MAX_DETAIL_BYTES / 3) return text;
  const { read } = new TextEncoder().encodeInto(text.slice(0, MAX_DETAIL_BYTES), new Uint8Array(MAX_DETAIL_BYTES));
  return text.slice(0, read);
}

/** An id for something that has none: the first 16 hex digits of the SHA-256 of its content. */
export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
