import { useMemo } from 'react';

export type HighlightPart = { readonly text: string; readonly marked: boolean };

const MAX_WORDS = 16;

/** Marks each word wherever it occurs, without case. Linear in the text for each word, whatever the words are. */
export function highlightParts(text: string, words: readonly string[]): readonly HighlightPart[] {
  const used = words.filter((word) => word !== '').slice(0, MAX_WORDS);
  if (used.length === 0 || text === '') return [{ text, marked: false }];
  const pattern = used
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('|');
  const parts: HighlightPart[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'gi'))) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), marked: false });
    parts.push({ text: match[0], marked: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), marked: false });
  return parts;
}

/** Text with words marked; plain text when there are none. */
export function Highlighted({
  text,
  words,
}: {
  readonly text: string;
  readonly words?: readonly string[] | undefined;
}) {
  const parts = useMemo(() => (words && words.length > 0 ? highlightParts(text, words) : null), [text, words]);
  if (!parts) return text;
  return parts.map((part, index) => (part.marked ? <mark key={index}>{part.text}</mark> : part.text));
}
