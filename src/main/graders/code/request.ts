/** What the code of a grader is given: JSON texts, and nothing of the host. */
import type { GraderDefinition, Subject, SubjectNeeds } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { CodeRequest } from '../types.ts';

/** Beside `sample` and `item`, the arguments: globals, each only where the source names it. */
const GLOBALS = ['trace', 'span', 'handoff', 'traces', 'other'] as const;

export const DEFAULT_TIMEOUT_S = 10;
/** As at OpenAI. */
export const LONGEST_TIMEOUT_S = 120;
export const LARGEST_MEMORY_MB = 2_048;
/** OpenAI takes sources of less. */
export const LONGEST_SOURCE = 256 * 1024;

export function sourceOf({ source }: GraderDefinition): string {
  return typeof source === 'string' ? source : '';
}

export function codeRequest(
  language: CodeRequest['language'],
  definition: GraderDefinition,
  subject: Subject,
  defaultMemoryMb: number,
): CodeRequest {
  const source = sourceOf(definition);
  const named = GLOBALS.filter((name) => subject[name] !== undefined && mentions(source, name));
  return {
    language,
    source,
    sample: textOf(subject.sample),
    item: textOf(subject.item),
    globals: `{${named.map((name) => `"${name}":${textOf(subject[name] ?? null)}`).join(',')}}`,
    timeoutMs: within(definition.timeout_s, DEFAULT_TIMEOUT_S, LONGEST_TIMEOUT_S) * 1_000,
    memoryMb: within(definition.memory_mb, defaultMemoryMb, LARGEST_MEMORY_MB),
  };
}

export function codeNeeds(definition: GraderDefinition): Partial<SubjectNeeds> {
  const source = sourceOf(definition);
  return { findings: mentions(source, 'findings'), transcript: mentions(source, 'transcript') };
}

function mentions(source: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(source);
}

function within(value: Json | undefined, standard: number, most: number): number {
  return typeof value === 'number' && value > 0 ? Math.min(value, most) : standard;
}

/** Several graders look at the same subject: its text is made once. */
const texts = new WeakMap<object, string>();

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
