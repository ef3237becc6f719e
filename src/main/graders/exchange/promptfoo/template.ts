/** Promptfoo fills `{{name}}` with variables of a test; here they are fields of `item`. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

const PATH = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d{1,6}\]|\['[^'\\]*'\]|\["[^"\\]*"\])*$/;

/** Null where it is more than a path: filters, conditions, loops. */
export function toItem(text: string): string | null {
  if (/\{[%#]/.test(text)) return null;
  let isPlain = true;
  const changed = text.replace(/\{\{-?([^{}]*)-?\}\}/g, (whole: string, inside: string) => {
    const path = inside.trim();
    if (PATH.test(path) && !/^env\b/.test(path)) return `{{ item.${path} }}`;
    isPlain = false;
    return whole;
  });
  return isPlain ? changed : null;
}

/** All texts inside. */
export function valueToItem(value: Json): Json | null {
  if (typeof value === 'string') return toItem(value);
  if (Array.isArray(value)) {
    const list = (value as readonly Json[]).map((each) => (each === null ? null : valueToItem(each)));
    return list.some((each, at) => each === null && (value as readonly Json[])[at] !== null) ? null : list;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(
    ([key, each]) => [key, each === null ? null : valueToItem(each), each] as const,
  );
  if (entries.some(([, changed, each]) => changed === null && each !== null)) return null;
  return Object.fromEntries(entries.map(([key, changed]) => [key, changed]));
}

/** The way back; null where a text looks at more than `item`. */
export function fromItem(text: string): string | null {
  let isPlain = !/\{[%#]/.test(text);
  const changed = text.replace(/\{\{([^{}]*)\}\}/g, (whole: string, inside: string) => {
    const path = /^item\.(.+)$/s.exec(inside.trim())?.[1]?.trim();
    if (path !== undefined && PATH.test(path)) return `{{${path}}}`;
    isPlain = false;
    return whole;
  });
  return isPlain ? changed : null;
}
