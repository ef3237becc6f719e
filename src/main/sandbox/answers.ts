/** What a sandbox answers when it has no value, and how what a guest hands out is read: as text that may be anything. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { CodeAnswer } from '../graders/types.ts';

/** Characters of what a grader may return as JSON, and of what it prints that is kept. */
export const LONGEST_VALUE = 256 * 1024;
export const LONGEST_PRINTED = 10_000;
const LONGEST_MESSAGE = 2_000;

export function runtimeFault(message: string, printed = ''): CodeAnswer {
  return { ok: false, kind: 'runtime', message: cut(message, LONGEST_MESSAGE), printed: cut(printed, LONGEST_PRINTED) };
}

export function serverFault(message: string): CodeAnswer {
  return { ok: false, kind: 'server', message: cut(message, LONGEST_MESSAGE), printed: '' };
}

export function timedOut(timeoutMs: number): CodeAnswer {
  return runtimeFault(`The grader was stopped: it took longer than its ${seconds(timeoutMs)}.`);
}

export function outOfMemory(memoryMb: number): CodeAnswer {
  return runtimeFault(`The grader was stopped: it needs more memory than its ${memoryMb} MB.`);
}

/** Reads `{"ok":true,"value":…,"printed":…}` or `{"ok":false,"message":…,"printed":…}`, as the guest's side of a sandbox says it. */
export function readAnswer(text: string): CodeAnswer {
  const said = parse(text);
  if (!isJsonObject(said)) return runtimeFault('The grader broke its own answer.');
  const printed = typeof said.printed === 'string' ? cut(said.printed, LONGEST_PRINTED) : '';
  if (said.ok === true && said.value !== undefined) return { ok: true, value: said.value, printed };
  return runtimeFault(typeof said.message === 'string' ? said.message : 'The grader gave no answer.', printed);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function seconds(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000} s` : `${ms} ms`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
