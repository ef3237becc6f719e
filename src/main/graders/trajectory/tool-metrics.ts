/** Measures of which tools were called against which were expected. Counts are of multisets, as in Azure's path efficiency. */
import { commonShare, expectedShare } from './arguments.ts';
import type { Call } from './calls.ts';

type NameMeasures = {
  readonly exact: boolean;
  /** The expected ones are a subsequence of the calls. */
  readonly in_order: boolean;
  /** All expected ones are among the calls. */
  readonly any_order: boolean;
  /** 0 where there is nothing to divide by, as in the sources. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly lcs: number;
  /** The longest common subsequence by the number of expected ones. */
  readonly ordered_ratio: number;
  readonly edit_distance: number;
  readonly normalized_edit_similarity: number;
  /** Of the sets, each name once; two empty ones are alike. */
  readonly set_f1: number;
  /** Calls beyond the first that were not expected so often. */
  readonly redundant_calls: number;
};

/** Longer lists are compared up to here in order: both measures fill a table. */
export const MOST_ALIGNED = 3_000;

export function measureNames(actual: readonly string[], expected: readonly string[]): NameMeasures {
  const [have, want] = [countsOf(actual), countsOf(expected)];
  let shared = 0;
  let redundant = 0;
  for (const [name, number] of have) {
    const wanted = want.get(name) ?? 0;
    shared += Math.min(number, wanted);
    redundant += Math.max(0, number - Math.max(1, wanted));
  }
  const precision = ratio(shared, actual.length);
  const recall = ratio(shared, expected.length);
  const names = [...have.keys()].filter((name) => want.has(name)).length;
  const [a, b] = [actual.slice(0, MOST_ALIGNED), expected.slice(0, MOST_ALIGNED)];
  const lcs = longestCommon(a, b);
  const distance = editDistance(a, b);
  const longest = Math.max(a.length, b.length);
  return {
    exact: actual.length === expected.length && actual.every((name, k) => name === expected[k]),
    in_order: isSubsequence(expected, actual),
    any_order: shared === expected.length && (expected.length > 0 || actual.length === 0),
    precision,
    recall,
    f1: harmonic(precision, recall),
    lcs,
    ordered_ratio: b.length === 0 ? 1 : lcs / b.length,
    edit_distance: distance,
    normalized_edit_similarity: longest === 0 ? 1 : 1 - distance / longest,
    set_f1: have.size + want.size === 0 ? 1 : (2 * names) / (have.size + want.size),
    redundant_calls: redundant,
  };
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function harmonic(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let place = 0;
  for (const name of whole) if (place < part.length && part[place] === name) place++;
  return place === part.length;
}

function longestCommon(a: readonly string[], b: readonly string[]): number {
  return weighted(a, b, (one, other) => (one === other ? 1 : 0));
}

/** The heaviest pairs in order; only pairs of weight > 0 count. */
function weighted<One>(a: readonly One[], b: readonly One[], weight: (one: One, other: One) => number): number {
  let before = new Float64Array(b.length + 1);
  let row = new Float64Array(b.length + 1);
  for (const one of a) {
    b.forEach((other, j) => {
      const same = weight(one, other);
      const paired = same > 0 ? (before[j] ?? 0) + same : 0;
      row[j + 1] = Math.max(row[j] ?? 0, before[j + 1] ?? 0, paired);
    });
    [before, row] = [row, before];
    row[0] = 0;
  }
  return before[b.length] ?? 0;
}

function editDistance(a: readonly string[], b: readonly string[]): number {
  let before = Uint32Array.from({ length: b.length + 1 }, (_one, k) => k);
  let row = new Uint32Array(b.length + 1);
  a.forEach((one, i) => {
    row[0] = i + 1;
    b.forEach((other, j) => {
      const replaced = (before[j] ?? 0) + (one === other ? 0 : 1);
      row[j + 1] = Math.min(replaced, (before[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1);
    });
    [before, row] = [row, before];
  });
  return before[b.length] ?? 0;
}

/** ragas ToolCallAccuracy: the same names one after the other (flexible: sorted), then the share of expected arguments. */
export function ragasAccuracy(called: readonly Call[], expected: readonly Call[], flexible: boolean): number {
  if (called.length === 0 && expected.length === 0) return 1;
  if (called.length === 0 || expected.length === 0) return 0;
  const [a, b] = flexible ? [byName(called), byName(expected)] : [called, expected];
  if (a.length !== b.length || a.some((call, k) => call.name !== b[k]?.name)) return 0;
  const sum = a.reduce((total, call, k) => total + expectedShare(call.arguments, b[k]?.arguments ?? null), 0);
  return sum / b.length;
}

function byName(calls: readonly Call[]): Call[] {
  const key = ({ name, arguments: given }: Call): string => `${name} ${JSON.stringify(given)}`;
  return [...calls].sort((a, b) => (a.name === b.name ? (key(a) < key(b) ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** DeepEval ToolCorrectness: each expected call takes the most similar one that is left; or, in order, the heaviest pairs. */
export function toolCorrectness(called: readonly Call[], expected: readonly Call[], ordered: boolean): number {
  if (expected.length === 0) return called.length === 0 ? 1 : 0;
  const alike = (call: Call, want: Call): number =>
    call.name === want.name ? commonShare(call.arguments, want.arguments) : 0;
  if (ordered) return weighted(called.slice(0, MOST_WEIGHED), expected.slice(0, MOST_WEIGHED), alike) / expected.length;
  const byTool = new Map<string, Call[]>();
  for (const call of called) byTool.set(call.name, [...(byTool.get(call.name) ?? []), call].slice(0, MOST_WEIGHED));
  let sum = 0;
  for (const want of expected) {
    const free = byTool.get(want.name) ?? [];
    let best = -1;
    let share = 0;
    for (const [k, call] of free.entries()) {
      const similar = alike(call, want);
      if (similar > share) [best, share] = [k, similar];
      if (share === 1) break;
    }
    if (best >= 0) free.splice(best, 1);
    sum += share;
  }
  return sum / expected.length;
}

/** Pairs of calls whose arguments are compared value by value. */
const MOST_WEIGHED = 300;
