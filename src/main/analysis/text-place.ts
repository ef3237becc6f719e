/** Where words stand in a text, with a little of what is around them. */
import { wordPlaces } from './word-stream.ts';

const AROUND = 60;
const LONGEST = 400;

export type PlaceInText = {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly text: string;
  readonly after: string;
};

/** Of words as `wordsOf` gives them; the beginning of the text when they are not in it. */
export function placeIn(text: string, words: string): PlaceInText {
  const { words: all, places } = wordPlaces(text);
  const found = words === '' ? -1 : all.indexOf(words);
  if (found < 0) return excerpt(text, 0, 0);
  const start = places[found + 1] ?? 0;
  // The space behind the last word stands where the word ends.
  const end = places[found + words.length - 1] ?? text.length;
  return excerpt(text, start, end);
}

export function excerpt(text: string, start: number, end: number): PlaceInText {
  const shown = text.slice(start, Math.min(end, start + LONGEST));
  return {
    start,
    end,
    before: oneLine((start > AROUND ? '…' : '') + whole(text.slice(Math.max(0, start - AROUND), start))),
    text: shown.length < end - start ? `${whole(shown)}…` : whole(shown),
    after: oneLine(whole(text.slice(end, end + AROUND)) + (end + AROUND < text.length ? '…' : '')),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Without half a surrogate pair at either end. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}
