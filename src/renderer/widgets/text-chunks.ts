/** Cuts text in pieces of bounded size, at line ends where there are some near: layout cost stays in what is on screen. */
export const CHUNK = 8_192;

/** Never inside a surrogate pair. `until` bounds the work: only that much of the text is looked at. */
export function textChunks(text: string, until: number): readonly string[] {
  const end = safeCut(text, until);
  const chunks: string[] = [];
  let at = 0;
  while (at < end) {
    let next = Math.min(at + CHUNK, end);
    if (next < end) {
      const line = text.lastIndexOf('\n', next - 1);
      if (line >= at + CHUNK / 2) next = line + 1;
      else next = safeCut(text, next);
    }
    chunks.push(text.slice(at, next));
    at = next;
  }
  return chunks;
}

/** The cut at or just before `at` that does not part a surrogate pair. */
export function safeCut(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const code = text.charCodeAt(at - 1);
  return at > 1 && code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}
