/**
 * The best place of a short text in a longer one: its longest common subsequence with every window at once. Combing of
 * strands (Tiskin 2008): each cell is looked at once for all windows together, so the work is the product of the lengths
 * and not that times the length again.
 */
import type { Codes } from './code-points.ts';
import { lcsLength } from './lcs.ts';

/** Cells that are combed, about a second; beyond that only windows at a distance are looked at. */
const MOST_CELLS = 250_000_000;
/** Word operations for those windows. */
const MOST_WORDS = 1_000_000_000;

type BestWindow = {
  /** 2 · LCS / (both lengths), the best of all windows; 0 to 1. */
  readonly ratio: number;
  /** How much too low it may be; 0 where all windows were looked at. */
  readonly within: number;
};

/** Windows of the length of `short`, and what is shorter at both ends of `long`. */
export function bestWindow(short: Codes, long: Codes, mostCells = MOST_CELLS): BestWindow {
  if (short.length === 0) return { ratio: long.length === 0 ? 1 : 0, within: 0 };
  return short.length * long.length <= mostCells ? combed(short, long) : sampled(short, long);
}

function combed(short: Codes, long: Codes): BestWindow {
  const ends = comb(short, long);
  const [m, n] = [short.length, long.length];
  // Strands that start and end within the window [from, to): each is a place of the window that the short text lacks.
  const endOf = new Int32Array(n).fill(n);
  for (let end = 0; end < n; end += 1) {
    const start = (ends[end] as number) - m;
    if (start >= 0) endOf[start] = end;
  }
  let best = 0;
  const see = (length: number, lacking: number): void => {
    best = Math.max(best, (2 * (length - lacking)) / (m + length));
  };
  let lacking = 0;
  for (let to = 1; to <= m; to += 1) {
    if ((ends[to - 1] as number) >= m) lacking += 1;
    see(to, lacking);
  }
  for (let from = 1; from < n; from += 1) {
    const to = from + m;
    if ((endOf[from - 1] as number) < Math.min(to - 1, n)) lacking -= 1;
    if (to <= n && (ends[to - 1] as number) - m >= from) lacking += 1;
    see(Math.min(to, n) - from, lacking);
  }
  return { ratio: best, within: 0 };
}

/** Which strand ends at each place of `long`; those from `short.length` on started in `long`, at that number less. */
function comb(short: Codes, long: Codes): Int32Array {
  const [m, n] = [short.length, long.length];
  const down = new Int32Array(n);
  for (let at = 0; at < n; at += 1) down[at] = m + at;
  for (let row = 0; row < m; row += 1) {
    const code = short[row] as number;
    let across = m - 1 - row;
    for (let at = 0; at < n; at += 1) {
      const other = down[at] as number;
      // Two strands cross once at most, and never at a match.
      const first = long[at] === code ? other : Math.min(across, other);
      down[at] = across + other - first;
      across = first;
    }
  }
  return down;
}

/** Moving a window by one place changes its LCS by at most one, so that places between two windows cannot be far better. */
function sampled(short: Codes, long: Codes): BestWindow {
  const [m, n] = [short.length, long.length];
  const each = m * Math.ceil(m / 32);
  const places = Math.max(2, Math.floor(MOST_WORDS / each));
  const apart = Math.max(1, Math.ceil((n - m) / places));
  let best = 0;
  for (let from = 0; from < n - m + apart; from += apart) {
    const start = Math.min(from, n - m);
    best = Math.max(best, lcsLength(short, long.subarray(start, start + m)) / m);
  }
  return { ratio: best, within: Math.min(1 - best, (Math.ceil(apart / 2) + 1) / m) };
}
