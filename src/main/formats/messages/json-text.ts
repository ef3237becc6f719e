/** Reading JSON that stands inside a text field: most texts are not JSON, and what is may be hostile. */
import type { Json, JsonObject } from '#shared/json.ts';

export const MAX_JSON_DEPTH = 200;

/**
 * Parses JSON text; undefined when it is not JSON or is nested deeper than 200.
 * Whole numbers that a double cannot hold become their digits as text: a changed id would be a lie.
 */
export function readJsonText(text: string): Json | undefined {
  if (!mayBeJson(text)) return undefined;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  switch (lookThrough(value, MAX_JSON_DEPTH)) {
    case PLAIN:
      return value;
    case TOO_DEEP:
      return undefined;
    case CHANGED:
      return parseJson(text);
  }
}

const PLAIN = 0;
/** A number in it may not be the one that the text says. */
const CHANGED = 1;
const TOO_DEEP = 2;

/** The worst of what there is in a value; one walk, because every message that is read goes through here. */
function lookThrough(value: Json, limit: number): typeof PLAIN | typeof CHANGED | typeof TOO_DEEP {
  if (typeof value === 'number') {
    return value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER ? CHANGED : PLAIN;
  }
  if (typeof value !== 'object' || value === null) return PLAIN;
  if (limit === 0) return TOO_DEEP;
  let found: typeof PLAIN | typeof CHANGED = PLAIN;
  if (Array.isArray(value)) {
    for (const each of value as readonly Json[]) {
      if (typeof each === 'string') continue;
      const inner = lookThrough(each, limit - 1);
      if (inner === TOO_DEEP) return TOO_DEEP;
      if (inner === CHANGED) found = CHANGED;
    }
    return found;
  }
  const fields = value as JsonObject;
  for (const key in fields) {
    const each = fields[key] ?? null;
    if (typeof each === 'string') continue;
    const inner = lookThrough(each, limit - 1);
    if (inner === TOO_DEEP) return TOO_DEEP;
    if (inner === CHANGED) found = CHANGED;
  }
  return found;
}

/** As `readJsonText`, for objects and lists alone. */
export function readJsonContainer(text: string): Exclude<Json, string | number | boolean | null> | undefined {
  if (!isContainerText(text)) return undefined;
  const value = readJsonText(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Whether a text begins as an object or a list in JSON does. */
export function isContainerText(text: string): boolean {
  const first = firstCode(text);
  return first === BRACE || first === BRACKET;
}

/** JSON.parse without exceptions and without changed integers; does not bound the depth. */
export function parseJson(text: string): Json | undefined {
  try {
    return LONG_INTEGER.test(text) ? (JSON.parse(text, keepLongInteger) as Json) : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Whether a value nests more than `limit` lists and objects; visits at most `limit` levels. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) {
    for (const each of value) if (typeof each === 'object' && isDeeperThan(each, limit - 1)) return true;
    return false;
  }
  for (const key in value) {
    const each = (value as Record<string, unknown>)[key];
    if (typeof each === 'object' && isDeeperThan(each, limit - 1)) return true;
  }
  return false;
}

const BRACE = 0x7b;
const BRACKET = 0x5b;
const LONG_INTEGER = /[:,[\s]-?\d{16}/;

function keepLongInteger(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && isChangedInteger(value, source) ? source : value;
}

/** Whether these digits say another number than the double they became, as far as its own digits show. */
export function isChangedInteger(value: number, digits: string): boolean {
  return !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(digits) && String(value) !== digits.replace('+', '');
}

function mayBeJson(text: string): boolean {
  const first = firstCode(text);
  const last = lastCode(text);
  if (first === BRACE) return last === 0x7d;
  if (first === BRACKET) return last === 0x5d;
  if (first === 0x22) return last === 0x22;
  return text.length <= 64 && /^\s*(?:true|false|null|-?\d[\d.eE+-]*)\s*$/.test(text);
}

function firstCode(text: string): number {
  let at = 0;
  while (isSpace(text.charCodeAt(at))) at++;
  return text.charCodeAt(at);
}

function lastCode(text: string): number {
  let at = text.length - 1;
  while (isSpace(text.charCodeAt(at))) at--;
  return text.charCodeAt(at);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
