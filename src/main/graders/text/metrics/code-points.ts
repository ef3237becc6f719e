/** Texts as code points, the unit of all metrics here: an emoji is one, as in the reference libraries. */

export type Codes = Int32Array<ArrayBufferLike>;

export function codesOf(text: string): Codes {
  const codes = new Int32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const code = unit >= 0xd800 && unit < 0xdc00 ? (text.codePointAt(at) ?? unit) : unit;
    codes[length++] = code;
    if (code > 0xffff) at += 1;
  }
  return length === text.length ? codes : codes.slice(0, length);
}

/** The order of Python: by code point, where JavaScript sorts by UTF-16 unit. */
export function byCodePoint(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    const [leftHigh, rightHigh] = [isSurrogate(left), isSurrogate(right)];
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}

/** What Python's `str.split()` splits at; JavaScript's `\s` differs in six characters. */
const SPACE = /[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

export function splitWords(text: string): readonly string[] {
  return text.split(SPACE).filter((word) => word !== '');
}

/** Each distinct word a number from 0, the same one in all lists that are given. */
export function numberWords(...lists: readonly (readonly string[])[]): {
  readonly lists: readonly Codes[];
  readonly distinct: number;
} {
  const numbers = new Map<string, number>();
  const numbered = lists.map((words) =>
    Int32Array.from(words, (word) => {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      numbers.set(word, numbers.size);
      return numbers.size - 1;
    }),
  );
  return { lists: numbered, distinct: numbers.size };
}
