/** Finds where a sequence says the same several times in a row. Works on numbers: what each message says. */
import { at, i32 } from './at.ts';

/** From `start` on, `count` times the same `period` items. */
export type Fold = { readonly start: number; readonly period: number; readonly count: number };

/** Fewer repeats are quicker read than unfolded. */
const LEAST = 3;
/**
 * Longest block of each pass, in tokens. A pass takes what the one before folded as one token each, so that short repeats
 * are found inside long ones, and blocks may have many more messages than the last of these.
 */
const PASSES = [4, 16, 64, 64] as const;

type Token = { readonly says: number; readonly start: number; readonly length: number };

/** Ordered by start, outer ones first; two of them nest or are apart. Time grows with the length alone. */
export function findFolds(says: ArrayLike<number>): Fold[] {
  let tokens: Token[] = Array.from(says, (value, start) => ({ says: value, start, length: 1 }));
  const folds: Fold[] = [];
  const names = new Map<string, number>();
  for (const longest of PASSES) tokens = foldOnce(tokens, longest, folds, names);
  return folds.sort((a, b) => a.start - b.start || b.period * b.count - a.period * a.count);
}

function foldOnce(tokens: Token[], longest: number, folds: Fold[], names: Map<string, number>): Token[] {
  const count = tokens.length;
  // For each period: up to where each token is known to equal the one a period further on.
  const equalUntil = new Int32Array(longest + 1);
  const next: Token[] = [];
  for (let i = 0; i < count;) {
    let best = 0;
    let repeats = 0;
    for (let period = 1; period <= longest && i + period * LEAST <= count; period++) {
      let until = Math.max(i32(equalUntil, period), i);
      // Where it ended last time is where it differs, unless this place is beyond it.
      while (until + period < count && at(tokens, until).says === at(tokens, until + period).says) until++;
      equalUntil[period] = until;
      const times = Math.floor((until - i) / period) + 1;
      if (times >= LEAST && times * period > repeats * best) {
        best = period;
        repeats = times;
      }
    }
    if (best === 0) {
      next.push(at(tokens, i));
      i++;
      continue;
    }
    const block = tokens.slice(i, i + best);
    const period = block.reduce((sum, token) => sum + token.length, 0);
    const { start } = at(tokens, i);
    folds.push({ start, period, count: repeats });
    const key = `${repeats} ${block.map((token) => token.says).join(' ')}`;
    const name = names.get(key) ?? -1 - names.size;
    names.set(key, name);
    next.push({ says: name, start, length: period * repeats });
    i += best * repeats;
  }
  return next;
}
