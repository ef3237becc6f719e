/**
 * `{{ item.a.b[0]['c d'] }}` in the texts of a grader. A path and nothing else: no filters, no logic, no expansion of what
 * was put in. OpenAI names the braces and the namespaces `item` and `sample`; how other values than texts are written, and
 * that a missing path is an error of the grade instead of an empty text, are our choices (docs/graders.md).
 */
import type { GradeError, GraderProblem, Subject, SubjectNeeds } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';

const NAMESPACES = ['item', 'sample', 'trace', 'span', 'handoff', 'traces', 'other'] as const;
type Namespace = (typeof NAMESPACES)[number];

/** Characters that one rendered text may have; a whole trace as JSON could be anything. */
export const MOST_RENDERED = 4_000_000;
const DEEPEST_PATH = 100;

type Path = readonly (string | number)[];
type Part =
  | { readonly literal: string }
  /** `path` is null where what stands between the braces is no path. */
  | { readonly source: string; readonly path: Path | null };

type Values = Pick<Subject, Namespace>;

export function renderTemplate(template: string, values: Values): Result<string, readonly GradeError[]> {
  if (!template.includes('{{')) return ok(template);
  const texts: string[] = [];
  const errors: GradeError[] = [];
  let length = 0;
  for (const part of parseTemplate(template)) {
    const text = 'literal' in part ? ok(part.literal) : valueText(part.source, part.path, values);
    if (!text.ok) {
      errors.push(...text.error);
      continue;
    }
    length += text.value.length;
    if (length > MOST_RENDERED) return fail([tooLong(template)]);
    texts.push(text.value);
  }
  return errors.length > 0 ? fail(errors.slice(0, 20)) : ok(texts.join(''));
}

/** Several at once, in their order. */
export function renderAll<const Names extends string>(
  templates: { readonly [name in Names]: string },
  values: Values,
): Result<{ readonly [name in Names]: string }, readonly GradeError[]> {
  const rendered: Record<string, string> = {};
  const errors: GradeError[] = [];
  for (const name of Object.keys(templates) as Names[]) {
    const text = renderTemplate(templates[name], values);
    if (text.ok) rendered[name] = text.value;
    else errors.push(...text.error);
  }
  return errors.length > 0 ? fail(errors) : ok(rendered as { readonly [name in Names]: string });
}

/** What can be said of a template without a subject. They are warnings: OpenAI's own JSON stays usable, its grade says the rest. */
export function templateProblems(template: string, path: string): readonly GraderProblem[] {
  if (!template.includes('{{')) return [];
  const problems: GraderProblem[] = [];
  for (const part of parseTemplate(template)) {
    if ('literal' in part || problems.length >= 20) continue;
    const reason = part.path === null ? notAPath(part.source) : unknownNamespace(part.path);
    if (reason !== null) problems.push({ severity: 'warning', path, message: reason });
  }
  return problems;
}

/** What the subject must hold for these templates. */
export function templateNeeds(templates: readonly string[]): Partial<SubjectNeeds> {
  const needs = { findings: false, transcript: false };
  for (const template of templates) {
    if (!template.includes('{{')) continue;
    for (const part of parseTemplate(template)) {
      if ('literal' in part || part.path === null) continue;
      const at = part.path[0] === 'traces' ? 2 : 1;
      if (part.path[0] !== 'trace' && part.path[0] !== 'traces' && part.path[0] !== 'other') continue;
      const field = part.path[at];
      if (field === undefined || field === 'findings') needs.findings = true;
      if (field === undefined || field === 'transcript') needs.transcript = true;
    }
  }
  return needs;
}

/** Splits at `{{ … }}`, in time linear in the text; braces that are never closed are text. */
export function parseTemplate(template: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const open = template.indexOf('{{', from);
    const close = open < 0 ? -1 : closing(template, open + 2);
    if (close < 0) break;
    if (open > from) parts.push({ literal: template.slice(from, open) });
    const source = template.slice(open + 2, close).trim();
    parts.push({ source, path: parsePath(source) });
    from = close + 2;
  }
  if (from < template.length) parts.push({ literal: template.slice(from) });
  return parts;
}

/** The next `}}`, but not one within a quoted key of at most 1,000 characters. */
function closing(template: string, from: number): number {
  const plain = template.indexOf('}}', from);
  if (plain < 0) return -1;
  let quote = '';
  const end = Math.min(template.length, from + 2_000);
  for (let at = from; at < end; at += 1) {
    const char = template.charAt(at);
    if (quote === '' && char === '}' && template.charAt(at + 1) === '}') return at;
    if (char === quote) quote = '';
    else if (quote === '' && (char === "'" || char === '"')) quote = char;
  }
  return plain;
}

/** `a.b[0]['c'].d`; null when it is none. Names may hold any letter, digit, `_`, `-` and `$`. */
function parsePath(source: string): Path | null {
  const path: (string | number)[] = [];
  const step =
    /\s*(?:(\.)?\s*([\p{L}\p{N}_$-]+)|\[\s*(?:(\d{1,15})|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\])\s*/uy;
  while (step.lastIndex < source.length) {
    const first = path.length === 0;
    const match = step.exec(source);
    if (!match || path.length >= DEEPEST_PATH) return null;
    const [, dot, name, index, single, double] = match;
    if (name === undefined ? first : first === (dot !== undefined)) return null;
    path.push(name ?? (index === undefined ? (single ?? double ?? '').replaceAll(/\\(.)/gsu, '$1') : Number(index)));
  }
  return path.length === 0 ? null : path;
}

/** The value at a path; own properties only, so that nothing of the language shows through. Undefined = there is none. */
export function valueAt(path: Path, values: Values): Json | undefined {
  let value: unknown = values;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !/^\d+$/.test(String(key))) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as { readonly [key: string]: unknown })[key];
  }
  return value as Json | undefined;
}

function valueText(source: string, path: Path | null, values: Values): Result<string, readonly GradeError[]> {
  const invalid = (message: string): Result<string, readonly GradeError[]> =>
    fail([{ flag: 'invalid_variable_error', message }]);
  if (path === null) return invalid(notAPath(source));
  const unknown = unknownNamespace(path);
  if (unknown !== null) return invalid(unknown);
  const value = valueAt(path, values);
  if (value !== undefined) return textOf(value, source);
  const [namespace = '', field] = path;
  if (!Object.hasOwn(values, namespace))
    return invalid(`{{ ${shown(source)} }} is not there: nothing named "${namespace}" was given to grade.`);
  if (namespace === 'sample' && field === 'output_json' && !hasOutputJson(values))
    return fail([
      { flag: 'invalid_variable_error', message: `{{ ${shown(source)} }} is not there.` },
      {
        flag: 'sample_parse_error',
        message: 'The answer is no JSON object or list, so there is no sample.output_json.',
      },
    ]);
  return invalid(`{{ ${shown(source)} }} is not there${nearby(path, values)}.`);
}

function hasOutputJson({ sample }: Values): boolean {
  return typeof sample === 'object' && sample !== null && Object.hasOwn(sample, 'output_json');
}

/** Which keys there are where the path breaks off. */
function nearby(path: Path, values: Values): string {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const value = valueAt(path.slice(0, length), values);
    if (value === undefined) continue;
    const at = path.slice(0, length).join('.');
    if (Array.isArray(value)) return `: ${at} has ${String(value.length)} elements`;
    if (typeof value !== 'object' || value === null)
      return `: ${at} is ${value === null ? 'null' : `a ${typeof value}`}`;
    const keys = Object.keys(value);
    if (keys.length === 0) return `: ${at} is empty`;
    return `: ${at} has ${keys.slice(0, 12).map(shown).join(', ')}${keys.length > 12 ? ' and more' : ''}`;
  }
  return '';
}

function unknownNamespace(path: Path): string | null {
  const [first] = path;
  if (NAMESPACES.some((each) => each === first)) return null;
  return `{{ ${shown(path.join('.'))} }} begins with none of ${NAMESPACES.join(', ')}.`;
}

function notAPath(source: string): string {
  return `{{ ${shown(source)} }} is no path such as item.answer or sample.choices[0].message.`;
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Texts as they are, numbers and truth values as JavaScript writes them, null as nothing, the rest as compact JSON. */
function textOf(value: Json, source: string): Result<string, readonly GradeError[]> {
  if (typeof value === 'string') return ok(value);
  if (value === null) return ok('');
  if (typeof value !== 'object') return ok(String(value));
  let length = 0;
  try {
    const text = JSON.stringify(value, (key, each: unknown) => {
      length += key.length + (typeof each === 'string' ? each.length : 1);
      if (length > MOST_RENDERED) throw new RangeError('too long');
      return each;
    });
    return ok(text);
  } catch (cause) {
    if (cause instanceof RangeError) return fail([tooLong(`{{ ${source} }}`)]);
    throw cause;
  }
}

function tooLong(what: string): GradeError {
  return {
    flag: 'truncated_observation_error',
    message: `"${shown(what)}" would be longer than ${MOST_RENDERED.toLocaleString('en')} characters. Name a part of it.`,
  };
}
