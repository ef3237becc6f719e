/** What both OTLP encodings decode to; facts as received, before any attribute convention is applied. */
import type { Json, JsonObject } from '#shared/json.ts';
import type { SpanPart } from '#shared/record.ts';

export type OtlpResource = { readonly attributes: JsonObject; readonly schemaUrl: string };

/** One object per scope of a request: all its spans share it, so identity can key caches. */
export type OtlpScope = {
  readonly name: string | null;
  readonly version: string | null;
  readonly attributes: JsonObject;
  readonly schemaUrl: string;
  readonly resource: OtlpResource;
};

/** `time` in nanoseconds since the Unix epoch. */
export type OtlpEvent = { readonly time: bigint | null; readonly name: string; readonly attributes: JsonObject };

export type OtlpLink = { readonly traceId: string; readonly spanId: string; readonly attributes: JsonObject };

/** How many the sender left out, for its own limits. */
export type OtlpDropped = { readonly attributes: number; readonly events: number; readonly links: number };

export type OtlpSpan = {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly otelKind: number;
  /** Nanoseconds since the Unix epoch; null = not given. */
  readonly start: bigint | null;
  /** null = still running. */
  readonly end: bigint | null;
  readonly attributes: JsonObject;
  readonly events: readonly OtlpEvent[];
  readonly links: readonly OtlpLink[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly dropped: OtlpDropped;
  readonly traceState: string;
  readonly flags: number;
  readonly scope: OtlpScope;
  /** Set when this is one of several records of the span; fields then are what this one says. */
  readonly part?: SpanPart;
};

/**
 * Takes the spans of a body one by one, as they are read: a large request then never stands in memory twice, decoded
 * and merged, which is what garbage collection would pay for most.
 */
export type SpanSink = (span: OtlpSpan) => void;

export const NONE_DROPPED: OtlpDropped = { attributes: 0, events: 0, links: 0 };
export const NO_ATTRIBUTES: JsonObject = {};

/** Values that nest deeper are replaced by `TOO_DEEP`, so that no later recursion can overflow the stack. */
export const MAX_DEPTH = 64;
export const TOO_DEEP = `[nested deeper than ${MAX_DEPTH} levels]`;

/** Of a span: no view shows more, and reading on would take seconds for what is then left out. */
export const MAX_ATTRIBUTES = 10_000;

export function tooManyAttributes(given: number): string {
  const [has, kept] = [given, MAX_ATTRIBUTES].map((count) => count.toLocaleString('en-US'));
  return `The span has ${has} attributes; the first ${kept} are kept. All are in the received bytes`;
}

/** Bytes of an item that the ledger keeps. */
const MAX_DETAIL = 65_536;

export function cutDetail(text: string): string {
  // A character has at most three bytes for each UTF-16 unit.
  if (text.length * 3 <= MAX_DETAIL) return text;
  const bytes = Buffer.from(text.slice(0, MAX_DETAIL), 'utf8');
  if (bytes.length <= MAX_DETAIL && text.length <= MAX_DETAIL) return text;
  // A cut character becomes the replacement character, which has three bytes.
  return bytes.subarray(0, MAX_DETAIL - 3).toString('utf8');
}

/** The largest time that a 64-bit signed column holds: the year 2262. */
export const MAX_TIME = 9_223_372_036_854_775_807n;

/** Sets an own property whatever its name: `__proto__` from the wire is data, not a prototype. */
export function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}
