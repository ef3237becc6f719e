/**
 * Fuzzy matching as RapidFuzz defines it (its documentation and published behaviour; scores from 0 to 1 instead of 100).
 * OpenAI does not say which scorer its `fuzzy_match` is: WRatio after default_process is the one of its own example.
 */
import type { Codes } from './code-points.ts';
import { byCodePoint, codesOf, splitWords } from './code-points.ts';
import { lcsLength } from './lcs.ts';
import { bestWindow } from './windows.ts';

export const FUZZY_SCORERS = [
  'WRatio',
  'QRatio',
  'ratio',
  'partial_ratio',
  'token_sort_ratio',
  'token_set_ratio',
] as const;
export type FuzzyScorer = (typeof FUZZY_SCORERS)[number];

/** `within`: how much too low it may be, where texts are too long to look at every window. */
type FuzzyScore = { readonly score: number; readonly within: number };

export function fuzzyScore(input: string, reference: string, scorer: FuzzyScorer, process: boolean): FuzzyScore {
  const [a, b] = process ? [defaultProcess(input), defaultProcess(reference)] : [input, reference];
  const exact = (score: number): FuzzyScore => ({ score, within: 0 });
  if (scorer === 'WRatio') return weightedRatio(a, b);
  if (scorer === 'QRatio') return exact(a === '' || b === '' ? 0 : ratio(codesOf(a), codesOf(b)));
  if (scorer === 'partial_ratio') return partialRatio(codesOf(a), codesOf(b));
  if (scorer === 'token_sort_ratio') return exact(tokenSortRatio(splitWords(a), splitWords(b)));
  if (scorer === 'token_set_ratio') return exact(tokenSetRatio(splitWords(a), splitWords(b)));
  return exact(ratio(codesOf(a), codesOf(b)));
}

/** What is no letter, digit or underscore becomes a space; without spaces around it; in lower case. */
function defaultProcess(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N}_]/gu, ' ')
    .trim()
    .toLowerCase();
}

/** 2 · LCS / (both lengths). */
export function ratio(a: Codes, b: Codes): number {
  const length = a.length + b.length;
  return length === 0 ? 1 : (2 * lcsLength(a, b)) / length;
}

function partialRatio(a: Codes, b: Codes): FuzzyScore {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 0) return { score: long.length === 0 ? 1 : 0, within: 0 };
  const first = bestWindow(short, long);
  if (a.length !== b.length || first.ratio === 1) return { score: first.ratio, within: first.within };
  const second = bestWindow(long, short);
  return { score: Math.max(first.ratio, second.ratio), within: Math.max(first.within, second.within) };
}

function sorted(words: Iterable<string>): readonly string[] {
  return [...words].sort(byCodePoint);
}

function joined(words: readonly string[]): Codes {
  return codesOf(words.join(' '));
}

function tokenSortRatio(a: readonly string[], b: readonly string[]): number {
  return ratio(joined(sorted(a)), joined(sorted(b)));
}

type Sets = {
  readonly common: readonly string[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
};

function setsOf(a: readonly string[], b: readonly string[]): Sets {
  const [inA, inB] = [new Set(a), new Set(b)];
  return {
    common: sorted([...inA].filter((word) => inB.has(word))),
    onlyA: sorted([...inA].filter((word) => !inB.has(word))),
    onlyB: sorted([...inB].filter((word) => !inA.has(word))),
  };
}

function tokenSetRatio(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const { common, onlyA, onlyB } = setsOf(a, b);
  if (common.length > 0 && (onlyA.length === 0 || onlyB.length === 0)) return 1;
  const [restA, restB] = [joined(onlyA), joined(onlyB)];
  const shared = joined(common).length;
  const gap = shared > 0 ? 1 : 0;
  const [wholeA, wholeB] = [shared + gap + restA.length, shared + gap + restB.length];
  const distance = restA.length + restB.length - 2 * lcsLength(restA, restB);
  const rests = similarity(distance, wholeA + wholeB);
  if (shared === 0) return rests;
  return Math.max(
    rests,
    similarity(gap + restA.length, shared + wholeA),
    similarity(gap + restB.length, shared + wholeB),
  );
}

function similarity(distance: number, length: number): number {
  return length === 0 ? 1 : 1 - distance / length;
}

function partialTokenRatio(a: readonly string[], b: readonly string[]): FuzzyScore {
  if (a.length === 0 || b.length === 0) return { score: 0, within: 0 };
  const { common, onlyA, onlyB } = setsOf(a, b);
  if (common.length > 0) return { score: 1, within: 0 };
  const all = partialRatio(joined(sorted(a)), joined(sorted(b)));
  // No word twice: the sets are the words.
  if (onlyA.length === a.length && onlyB.length === b.length) return all;
  const rest = partialRatio(joined(onlyA), joined(onlyB));
  return { score: Math.max(all.score, rest.score), within: Math.max(all.within, rest.within) };
}

function weightedRatio(a: string, b: string): FuzzyScore {
  const [codesA, codesB] = [codesOf(a), codesOf(b)];
  if (codesA.length === 0 || codesB.length === 0) return { score: 0, within: 0 };
  const [wordsA, wordsB] = [splitWords(a), splitWords(b)];
  const longer = Math.max(codesA.length, codesB.length) / Math.min(codesA.length, codesB.length);
  const whole = ratio(codesA, codesB);
  if (whole === 1) return { score: 1, within: 0 };
  if (longer < 1.5)
    return {
      score: Math.max(whole, 0.95 * tokenSetRatio(wordsA, wordsB), 0.95 * tokenSortRatio(wordsA, wordsB)),
      within: 0,
    };
  const scale = longer <= 8 ? 0.9 : 0.6;
  const partial = partialRatio(codesA, codesB);
  const tokens = partialTokenRatio(wordsA, wordsB);
  const score = Math.max(whole, scale * partial.score, 0.95 * scale * tokens.score);
  const most = Math.max(score, scale * (partial.score + partial.within), 0.95 * scale * (tokens.score + tokens.within));
  return { score, within: most - score };
}
