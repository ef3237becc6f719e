/**
 * Changes single members of an object in JSON text and leaves every other byte as it is: an export of an edited file
 * then differs in the edited lines alone, whatever the spacing and the escapes of its writer.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import { parseJson } from './messages/json-text.ts';

/** `at` is where the key begins; `from` and `to` are the value. */
type Member = { readonly key: string; readonly at: number; readonly from: number; readonly to: number };

/**
 * Sets members of the outermost object; one that is missing is added at the end. Null when the text is no object.
 * @param changes a value of undefined removes nothing and changes nothing
 */
export function withMembers(text: string, changes: Readonly<Record<string, Json | undefined>>): string | null {
  if (!isJsonObject(parseJson(text.replace(/^\uFEFF/, '')))) return null;
  const members = topMembers(text);
  const close = text.lastIndexOf('}');
  const edits: { from: number; to: number; text: string }[] = [];
  const added: string[] = [];
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const said = JSON.stringify(value);
    // Of equal keys the last counts, as for every reader.
    const known = members.findLast((member) => member.key === key);
    if (known) edits.push({ from: known.from, to: known.to, text: said });
    else added.push(`${JSON.stringify(key)}: ${said}`);
  }
  if (added.length > 0) {
    const last = members.at(-1);
    const indent = /^\s*\{(\s*)"/.exec(text)?.[1] ?? '';
    const at = last?.to ?? close;
    edits.push({
      from: at,
      to: at,
      text: added.map((each, k) => `${last || k > 0 ? ',' : ''}${indent}${each}`).join(''),
    });
  }
  let result = text;
  for (const edit of edits.sort((a, b) => b.from - a.from))
    result = result.slice(0, edit.from) + edit.text + result.slice(edit.to);
  return result;
}

/** The same text without these members of the outermost object, each with its line break and comma. Null when it is no object. */
export function withoutMembers(text: string, keys: readonly string[]): string | null {
  if (!isJsonObject(parseJson(text.replace(/^\uFEFF/, '')))) return null;
  const members = topMembers(text);
  const kept = members.filter(({ key }) => !keys.includes(key));
  if (kept.length === members.length) return text;
  let result = text.slice(0, members[0]?.at ?? 0);
  for (const [index, { at, to }] of kept.entries()) {
    const before = members[members.findIndex((member) => member.at === at) - 1];
    // What stands between a member and the one before it: a comma, and how the writer spaces lines.
    if (index > 0) result += text.slice(before?.to ?? at, at);
    result += text.slice(at, to);
  }
  return result + text.slice(members.at(-1)?.to ?? text.length);
}

/** Where the values of the outermost object stand. The text is known to be JSON. */
function topMembers(text: string): Member[] {
  const members: Member[] = [];
  let at = text.indexOf('{') + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === ',') at = skipSpace(text, at + 1);
    if (text[at] !== '"') return members;
    const keyAt = at;
    const keyEnd = endOfText(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const from = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const to = endOfValue(text, from);
    members.push({ key, at: keyAt, from, to });
    at = to;
  }
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfText(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfText(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (char === ',' || char === ' ' || char === '\n' || char === '\r' || char === '\t'))
      return at;
  }
  return text.length;
}

function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '"') return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}
