/** What texts say, as far as a rule can tell without a model. Every pattern is linear in the text. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

/** What tools begin with when they fail without saying so in their status. */
const FAILURE_START =
  /^[\s"'[({<]{0,8}(?:error|exception|traceback|fatal|failed|failure|unauthorized|forbidden|not found|invalid|timed? ?out)\b/i;
const FAILURE_FIELDS =
  /"(?:error|errors|exception)"\s{0,4}:\s{0,4}(?!null|false|""|\[\]|\{\}|0)[^\s]|"(?:isError|is_error)"\s{0,4}:\s{0,4}true|"(?:success|ok)"\s{0,4}:\s{0,4}false/;

export function saysFailure(result: string): boolean {
  const head = result.slice(0, 400);
  return FAILURE_START.test(head) || (/^\s{0,8}\{/.test(head) && FAILURE_FIELDS.test(head));
}

const REACTION =
  /\b(?:errors?|fail(?:s|ed|ure|ing)?|unable|unavailable|unsuccessful|could ?n[o']t|could not|cannot|can[’']t|did ?n[o’']t|was ?n[o’']t|not (?:found|able|allow\w*|support\w*|permit\w*|available|possible|work\w*|exist)|[a-z]{2,10}n[’']t (?:allow|support|permit|exist|work)|sorry|apolog\w+|unfortunately|issues?|problems?|retry|again|instead|fix\w*|correct\w*|debug\w*|alternative\w*|not installed|missing|invalid|denied|exceptions?|timed? ?out|no results?)\b/i;

/** True when a text takes notice of something that went wrong. */
export function takesNotice(said: string): boolean {
  return REACTION.test(said);
}

/** A piece of text for a reason or as evidence, on one line. */
export function quote(text: string, length = 120): string {
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

/** Letters and digits only: one text through two serialisations stays one. */
export function bare(text: string, length: number): string {
  return text
    .slice(0, length * 4)
    .replace(/\\[nrtu"\\/]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .slice(0, length);
}

/** A JSON value with its keys in one order. Deep or large ones are cut: then equal texts may differ. */
export function canonical(value: Json, depth = 0): string {
  if (depth > 12) return '…';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map((each) => canonical(each, depth + 1)).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null, depth + 1)}`).join()}}`;
}

/** The texts and numbers of a JSON value with the name of the field that holds each. At most `most`. */
export function leaves(value: Json, most = 60): { readonly name: string; readonly value: string }[] {
  const found: { name: string; value: string }[] = [];
  const open: { name: string; value: Json; depth: number }[] = [{ name: '', value, depth: 0 }];
  for (let next = 0; next < open.length && next < most * 8 && found.length < most; next++) {
    const each = open[next];
    if (!each) break;
    if (typeof each.value === 'string' || typeof each.value === 'number') {
      found.push({ name: each.name, value: String(each.value) });
    } else if (each.depth < 8 && Array.isArray(each.value)) {
      for (const one of (each.value as readonly Json[]).slice(0, most))
        open.push({ name: each.name, value: one, depth: each.depth + 1 });
    } else if (each.depth < 8 && isJsonObject(each.value)) {
      for (const [name, one] of Object.entries(each.value).slice(0, most))
        open.push({ name, value: one, depth: each.depth + 1 });
    }
  }
  return found;
}

/** Whether a text takes up a third (and at least two) of the longer words of another, which it may put in its own way. */
export function sharesWords(of: string, said: string): boolean {
  const stems = (text: string): Set<string> =>
    new Set([...text.toLowerCase().matchAll(/\p{L}{5,40}/gu)].map(([word]) => word.slice(0, 6)));
  const wanted = stems(of.slice(0, 2_000));
  const found = stems(said);
  let shared = 0;
  for (const stem of wanted) if (found.has(stem)) shared++;
  return shared >= 2 && shared * 3 >= wanted.size;
}
