/**
 * Finds one span in the body that it was received with, among hundreds of others. Works on the text itself, because a
 * parsed and rewritten body would not be what was received: integers beyond 2^53 would change.
 */

/** Longer bodies are shown as they are. */
const MOST_TEXT = 8_000_000;
/** Longer spans are not indented: deep nesting would make them many times as long. */
const MOST_INDENTED = 200_000;
const LONGEST_KEY = 10;
const ID_KEYS: ReadonlySet<string> = new Set(['"id"', '"span_id"', '"spanId"', '"run_id"']);

type Frame = { readonly start: number; readonly array: boolean; key: string; found: boolean };

/** The object that carries the span's id, every token as received, indented; null when there is none. */
export function spanInRaw(text: string, spanId: string): string | null {
  if (spanId === '' || text.length > MOST_TEXT) return null;
  const id = JSON.stringify(spanId);
  if (!text.includes(id)) return null;
  const range = findObject(text, id);
  if (!range) return null;
  const own = text.slice(range[0], range[1]);
  return own.length > MOST_INDENTED ? own : indent(own);
}

/** Start and end of the outermost object that states the id, within one item of a list. */
function findObject(text: string, id: string): readonly [number, number] | null {
  const stack: Frame[] = [];
  let best: readonly [number, number] | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') {
      const end = stringEnd(text, at);
      const frame = stack.at(-1);
      const token = text.slice(at, Math.min(end, at + Math.max(id.length, LONGEST_KEY) + 1));
      if (frame && !frame.array) readString(token, id, frame, text, end);
      at = end - 1;
    } else if (character === '{' || character === '[') {
      stack.push({ start: at, array: character === '[', key: '', found: false });
    } else if (character === '}' || character === ']') {
      const closed = stack.pop();
      const around = stack.at(-1);
      if (closed?.found) {
        best = [closed.start, at + 1];
        // OpenTelemetry's own JSON keeps ids in a part of their own.
        if (around?.key === '"context"') around.found = true;
      }
      if (best && (!around || around.array)) return best;
    }
  }
  return best;
}

/** A string is a key when a colon follows, else the value of the key before. */
function readString(token: string, id: string, frame: Frame, text: string, end: number): void {
  let next = end;
  while (next < text.length && ' \t\r\n'.includes(text[next] ?? '')) next++;
  if (text[next] === ':') frame.key = token;
  else if (token === id && ID_KEYS.has(frame.key)) frame.found = true;
}

/** Just after the closing quote. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(text.length, at + 1);
}

/** Sets white space only. */
function indent(json: string): string {
  const parts: string[] = [];
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(Math.min(depth, 100))}`;
  for (let at = 0; at < json.length; at++) {
    const character = json[at] ?? '';
    if (character === '"') {
      const end = stringEnd(json, at);
      parts.push(json.slice(at, end));
      at = end - 1;
    } else if (character === '{' || character === '[') {
      let next = at + 1;
      while (next < json.length && ' \t\r\n'.includes(json[next] ?? '')) next++;
      if (json[next] === '}' || json[next] === ']') {
        parts.push(character, json[next] ?? '');
        at = next;
      } else {
        depth++;
        parts.push(character, line());
      }
    } else if (character === '}' || character === ']') {
      depth--;
      parts.push(line(), character);
    } else if (character === ',') parts.push(character, line());
    else if (character === ':') parts.push(': ');
    else if (!' \t\r\n'.includes(character)) parts.push(character);
  }
  return parts.join('');
}
