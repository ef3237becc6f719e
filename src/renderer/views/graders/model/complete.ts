/** Completion of template paths, `{{ trace.tool_calls[0].name }}`, from what a grader is given of a real trace. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

export type Completion = {
  /** The path with this step taken. */
  readonly path: string;
  /** The step alone. */
  readonly label: string;
  /** Beginning of the value, or what is in it. */
  readonly preview: string;
  /** How the next step begins; '' = there is none. */
  readonly next: '' | '.' | '[';
};

/** What stands before the caret: the path typed so far, and where it begins. Null outside of a template. */
export function templateAt(text: string, caret: number): { readonly path: string; readonly from: number } | null {
  const before = text.slice(Math.max(0, caret - 400), caret);
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.includes('}}', open)) return null;
  const typed = before.slice(open + 2).trimStart();
  if (/[\s"'{]/.test(typed.replace(/\[(['"])[^'"]*\1?\]?/g, ''))) return null;
  return { path: typed, from: caret - typed.length };
}

const MOST = 60;
const PREVIEW = 90;
const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

/** `subject` is the object of all namespaces. */
export function complete(subject: Json, typed: string): readonly Completion[] {
  const split = /^(.*?)(?:(\.)|(\[))?([^.[\]]*)$/s.exec(typed);
  const base = split?.[1] ?? '';
  const start = (split?.[4] ?? '').replace(/^['"]/, '').toLowerCase();
  const holder =
    base === '' ? (split?.[2] === undefined && split?.[3] === undefined ? subject : undefined) : valueAt(subject, base);
  if (holder === undefined || holder === null || typeof holder !== 'object') return [];
  const steps: readonly (readonly [string, Json])[] = Array.isArray(holder)
    ? (holder as readonly Json[]).slice(0, MOST).map((value, index) => [String(index), value])
    : Object.entries(holder);
  return steps
    .filter(([key]) => key.toLowerCase().startsWith(start) && key !== '__proto__')
    .slice(0, MOST)
    .map(([key, value]) => ({
      path: joined(base, key, Array.isArray(holder)),
      label: key,
      preview: previewOf(value),
      next: nextOf(value),
    }));
}

function nextOf(value: Json): Completion['next'] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return '';
  return Array.isArray(value) ? '[' : '.';
}

function joined(base: string, key: string, inList: boolean): string {
  if (inList) return `${base}[${key}]`;
  if (!PLAIN_KEY.test(key)) return `${base}[${JSON.stringify(key)}]`;
  return base === '' ? key : `${base}.${key}`;
}

const STEP = /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[(["'])(.*?)\3\]/gy;

/** Undefined when the path leads nowhere or is none. */
export function valueAt(subject: Json, path: string): Json | undefined {
  let value: Json | undefined = subject;
  let at = 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match || match[0] === '') return undefined;
    at = STEP.lastIndex;
    const key = match[1] ?? match[2] ?? match[4] ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Array.isArray(value)
      ? (value as readonly Json[])[Number(key)]
      : isJsonObject(value)
        ? value[key]
        : undefined;
  }
  return value;
}

function previewOf(value: Json): string {
  if (typeof value === 'string') {
    const line = value.slice(0, PREVIEW * 2).replace(/\s+/g, ' ');
    return line.length > PREVIEW || value.length > PREVIEW * 2 ? `${line.slice(0, PREVIEW)}…` : line;
  }
  if (Array.isArray(value)) return value.length === 1 ? 'list of 1' : `list of ${value.length}`;
  if (isJsonObject(value)) {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'empty' : keys.slice(0, 6).join(', ').slice(0, PREVIEW);
  }
  return JSON.stringify(value);
}
