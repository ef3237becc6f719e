/** Reading single fields of the JSON encoding, with the tolerance that real senders need; shared by all three signals. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { isoToNs } from '#shared/time.ts';
import type { JsonValues } from './json-values.ts';
import { cutDetail, MAX_TIME } from './span.ts';

export type JsonDecoding = JsonValues & {
  readonly issues: IssueRecord[];
  /** Times so far that could not be read. */
  badTimes: number;
};

export function createDecoding(issues: readonly IssueRecord[] = []): JsonDecoding {
  return { issues: [...issues], tooDeep: 0, unreadable: 0, badTimes: 0 };
}

/** Decimal text or a number; ISO 8601 from hand-made senders. 0, null and nothing mean "not known". */
export function readTime(decoding: JsonDecoding, value: Json | undefined): bigint | null {
  if (value === undefined || value === null || value === '' || value === 0 || value === '0') return null;
  let time: bigint | null = null;
  if (typeof value === 'string') time = /^\d{1,20}$/.test(value) ? BigInt(value) : isoToNs(value);
  else if (typeof value === 'number' && value > 0 && value < 1e20) time = BigInt(Math.round(value));
  if (time !== null && time >= 0n && time <= MAX_TIME) return time === 0n ? null : time;
  decoding.badTimes++;
  return null;
}

/** `3`, `"3"`, `"SPAN_KIND_CLIENT"` or `"client"`: the place in `names`, which `prefix` may precede. */
export function enumOf(value: Json | undefined, names: readonly string[], prefix: RegExp): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 60) return 0;
  if (/^\d+$/.test(value)) return Number(value);
  return Math.max(0, names.indexOf(value.toUpperCase().replace(prefix, '')));
}

export function countOf(value: Json | undefined): number {
  const count = typeof value === 'string' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function objectsOf(decoding: JsonDecoding, value: Json | undefined): readonly JsonObject[] {
  const list = listOf(value);
  const objects = list.filter(isJsonObject);
  decoding.unreadable += list.length - objects.length;
  return objects;
}

export function field(value: JsonObject, camel: string, snake: string): Json | undefined {
  return value[camel] ?? value[snake];
}

export function quarantine(decoding: JsonDecoding, message: string, item: Json): void {
  const detail = verbatim(item);
  decoding.issues.push({ type: 'issue', severity: 'error', code: 'invalid_item', message: `${message}.`, detail });
}

function verbatim(item: Json): string {
  try {
    return cutDetail(JSON.stringify(item));
  } catch {
    // Nested deeper than the stack.
    return TOO_NESTED;
  }
}

const TOO_NESTED = 'The item is nested too deep to show.';
