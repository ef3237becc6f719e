/** Finds the JSON object that a model meant as its answer, also where it wrote something around it. */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

/** A model that writes more than this has lost its way. */
const LONGEST = 400_000;
/** Braces that begin no object: hostile text could have one at each character. */
const MOST_STARTS = 200;

/**
 * The last object with all these members: a model that reasons first, or quotes what it judges, answers at the end. Text
 * as a whole comes first, then fenced blocks, then whatever balances. Null = there is none.
 */
export function extractObject(text: string, members: readonly string[]): JsonObject | null {
  const answer = withoutThoughts(text.slice(0, LONGEST)).trim();
  const whole = parse(answer);
  if (whole) return fits(whole, members) ? whole : null;
  const fenced = [...answer.matchAll(/```[a-z]*[ \t]*\r?\n([\s\S]*?)```/gi)].map(([, inside = '']) => parse(inside));
  return fenced.findLast((each) => fits(each, members)) ?? lastBalanced(answer, members);
}

/** What reasoning models think aloud is not their answer. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  return end < 0 ? text : text.slice(end + '</think>'.length);
}

function parse(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function fits(value: JsonObject | null, members: readonly string[]): value is JsonObject {
  return value !== null && members.every((member) => Object.hasOwn(value, member));
}

/** Objects that stand in text, outermost ones only. */
function lastBalanced(text: string, members: readonly string[]): JsonObject | null {
  let found: JsonObject | null = null;
  let at = text.indexOf('{');
  for (let starts = 0; at >= 0 && starts < MOST_STARTS; starts++) {
    const end = endOfObject(text, at);
    const value = end < 0 ? null : parse(text.slice(at, end));
    if (fits(value, members)) found = value;
    at = text.indexOf('{', value ? end : at + 1);
  }
  return found;
}

/** The place after the brace that closes the one at `start`; -1 = none does. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return -1;
}
