/** How content is shown when it is plain text in the wire format but more than that to a person. */
import type { Json } from '#shared/json.ts';

/** Text above this is not parsed to see whether it is JSON. */
const MOST_JSON = 4_000_000;

/** The object or array that a text spells, null when it spells none. Numbers and strings stay text. */
export function asJson(text: string): Json | null {
  const head = text.slice(0, 64).trimStart().charAt(0);
  if ((head !== '{' && head !== '[') || text.length > MOST_JSON) return null;
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Whether Markdown would look different from the text itself: only then is it worth its cost. */
export function looksLikeMarkdown(text: string): boolean {
  return /(^|\n)\s{0,3}(#{1,6}\s|[-*+]\s|\d{1,3}[.)]\s|>\s|```|~~~|\|.*\|)|\*\*[^*\n]+\*\*|`[^`\n]+`|\[[^\]\n]{1,200}\]\(|(^|\s)_[^_\n]+_(\s|$)|\$\$/.test(
    text.slice(0, 20_000),
  );
}

/** The first lines of a text, for a place that shows it whole on demand. */
export function beginning(text: string, lines: number, characters: number): string {
  let at = -1;
  for (let line = 0; line < lines; line++) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) break;
  }
  const cut = Math.min(at < 0 ? text.length : at, characters);
  // Not between the halves of a surrogate pair.
  const code = text.charCodeAt(cut - 1);
  return text.slice(0, cut < text.length && code >= 0xd800 && code <= 0xdbff ? cut - 1 : cut);
}
