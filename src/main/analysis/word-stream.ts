/**
 * A text as the stream of its words: small letters, one space between words and around them all, nothing else. Two
 * texts that differ in case, white space, Markdown, JSON syntax or escapes, or in how numbers are grouped (1,200 = 1200),
 * have the same stream. Each character of scripts that put no spaces between words is a word. Linear.
 */

const SPACE = 32;

/** Of UTF-16 units: 0 = between words, 1 = part of a word, 2 = a word of its own. */
const CLASSES = classify();
/** The small letter of each unit, where it is one unit. */
const SMALL = smallLetters();

function classify(): Uint8Array {
  const classes = new Uint8Array(65_536);
  const wordly = /[\p{L}\p{N}\p{M}]/u;
  const alone = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]/u;
  for (let code = 0; code < 65_536; code++) {
    // Pairs of surrogates: letters of rare scripts, and emoji, which are said too.
    if (code >= 0xd800 && code <= 0xdfff) classes[code] = 1;
    else {
      const unit = String.fromCharCode(code);
      classes[code] = !wordly.test(unit) ? 0 : alone.test(unit) ? 2 : 1;
    }
  }
  return classes;
}

function smallLetters(): Uint16Array {
  const small = new Uint16Array(65_536);
  for (let code = 0; code < 65_536; code++) {
    const lower = String.fromCharCode(code).toLowerCase();
    small[code] = lower.length === 1 ? lower.charCodeAt(0) : code;
  }
  return small;
}

export type WordStream = {
  readonly words: string;
  /** For each unit of `words`, where it stands in the text. */
  readonly places: Int32Array | null;
};

export function wordsOf(text: string): string {
  return read(text, false).words;
}

/** With the places of the words in the text; several times as large. */
export function wordPlaces(text: string): { readonly words: string; readonly places: Int32Array } {
  const { words, places } = read(text, true);
  return { words, places: places ?? new Int32Array(0) };
}

const decoder = new TextDecoder('utf-16le');
/** Its letters are those of Unicode; where it differs, there are none. */
const narrow = new TextDecoder('windows-1252');
/** Reused: texts come one after another, mostly of a similar length. */
let scratch = new Uint16Array(65_536);
const LARGEST_SCRATCH = 8_000_000;

function read(text: string, withPlaces: boolean): WordStream {
  const { length } = text;
  // At most: each character a word of its own, with a space.
  const room = length * 2 + 2;
  const out = room <= scratch.length ? scratch : new Uint16Array(room);
  if (out !== scratch && room <= LARGEST_SCRATCH) scratch = out;
  const places = withPlaces ? new Int32Array(room) : null;
  let used = 1;
  let open = false;
  let widest = 0;
  out[0] = SPACE;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    const kind = CLASSES[code] as number;
    if (kind === 1) {
      const small = SMALL[code] as number;
      widest |= small;
      out[used] = small;
      if (places) places[used] = at;
      used++;
      open = true;
    } else if (kind === 0) {
      // \n, \t and \" of texts that were written into JSON are no letters.
      if (code === 92 && at + 1 < length && isEscape(text.charCodeAt(at + 1))) at++;
      else if (open && isGrouping(text, at)) continue;
      if (!open) continue;
      out[used] = SPACE;
      if (places) places[used] = at;
      used++;
      open = false;
    } else {
      if (open) {
        out[used] = SPACE;
        if (places) places[used] = at;
        used++;
      }
      widest |= code;
      out[used] = SMALL[code] as number;
      out[used + 1] = SPACE;
      if (places) {
        places[used] = at;
        places[used + 1] = at + 1;
      }
      used += 2;
      open = false;
    }
  }
  if (open) {
    out[used] = SPACE;
    if (places) places[used] = length;
    used++;
  }
  return { words: used === 1 ? '' : toText(out.subarray(0, used), widest), places: places?.subarray(0, used) ?? null };
}

/** Texts of one byte a character take half the room, and are gone through faster. */
function toText(units: Uint16Array, widest: number): string {
  return widest < 256 ? narrow.decode(Uint8Array.from(units)) : decoder.decode(units);
}

/** What stands behind a backslash in JSON, but for \u and \b, which begin words as well. */
function isEscape(code: number): boolean {
  return code === 110 || code === 116 || code === 114 || code === 34 || code === 92;
}

/** A comma or apostrophe with a digit before it and exactly three behind it. */
function isGrouping(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code !== 44 && code !== 39 && code !== 0x2019 && code !== 0xa0 && code !== 0x202f) return false;
  return (
    isDigit(text.charCodeAt(at - 1)) &&
    isDigit(text.charCodeAt(at + 1)) &&
    isDigit(text.charCodeAt(at + 2)) &&
    isDigit(text.charCodeAt(at + 3)) &&
    !isDigit(text.charCodeAt(at + 4))
  );
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
