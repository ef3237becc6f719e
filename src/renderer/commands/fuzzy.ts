/**
 * How well typed letters fit a title: all of them in order, better at word starts, in a row, and early.
 * Null = they do not fit. `at` are the positions that matched, to mark them.
 */
export type Fit = { readonly score: number; readonly at: readonly number[] };

export function fuzzyFit(typed: string, title: string): Fit | null {
  const letters = [...typed.toLowerCase()].filter((letter) => letter !== ' ');
  if (letters.length === 0) return { score: 0, at: [] };
  const text = title.toLowerCase();
  const start = text.indexOf(typed.toLowerCase().trim());
  if (start >= 0) {
    const length = typed.trim().length;
    const wordStart = start === 0 || isBreak(text.charCodeAt(start - 1));
    return {
      score: 1_000 - start - text.length / 100 + (wordStart ? 500 : 0),
      at: Array.from({ length }, (_, index) => start + index),
    };
  }
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of letters) {
    const found = bestPosition(text, letter, from);
    if (found < 0) return null;
    if (found === (at.at(-1) ?? -2) + 1) score += 8;
    else if (found === 0 || isBreak(text.charCodeAt(found - 1))) score += 10;
    else score -= 3;
    at.push(found);
    from = found + 1;
  }
  return { score: score - text.length / 100, at };
}

/** The next word start with this letter, when the next plain occurrence is not already one or adjacent. */
function bestPosition(text: string, letter: string, from: number): number {
  const plain = text.indexOf(letter, from);
  if (plain < 0 || plain === from) return plain;
  for (let at = plain; at >= 0; at = text.indexOf(letter, at + 1)) {
    if (isBreak(text.charCodeAt(at - 1))) return at;
  }
  return plain;
}

function isBreak(code: number): boolean {
  return code === 32 || code === 45 || code === 46 || code === 47 || code === 58 || code === 95;
}
