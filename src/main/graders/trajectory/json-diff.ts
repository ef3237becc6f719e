/** How alike two JSON values are, from 0 to 1, and where they differ; numbers and texts count as autoevals counts them. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { levenshteinScore, numericDiff } from '../text/metrics/comparisons.ts';

/** Longer texts, and values of more parts, are only told equal or not. */
const MOST_CELLS = 100_000_000;
const MOST_PARTS = 50_000;
const DEEPEST = 100;

type JsonDiff = {
  readonly score: number;
  /** Paths where they differ, the first ones. */
  readonly paths: readonly string[];
};

/** The mean over the keys of both (or the longer list); a value that one of them lacks is 0. */
export function diffJson(actual: Json, expected: Json): JsonDiff {
  const budget = { parts: MOST_PARTS, cells: MOST_CELLS };
  const paths: string[] = [];
  const note = (score: number, path: string): number => {
    if (score < 1 && paths.length < 20) paths.push(path === '' ? '(the whole)' : path);
    return score;
  };
  function compare(a: Json | undefined, b: Json | undefined, path: string, depth: number): number {
    if (a === undefined || b === undefined) return note(0, path);
    if (budget.parts-- <= 0 || depth > DEEPEST) return note(JSON.stringify(a) === JSON.stringify(b) ? 1 : 0, path);
    const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
    if (isJsonObject(a) && isJsonObject(b)) {
      const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
      const own = (of: { readonly [key: string]: Json }, key: string): Json | undefined =>
        Object.hasOwn(of, key) ? of[key] : undefined;
      return mean(keys.map((key) => compare(own(a, key), own(b, key), at(key), depth + 1)));
    }
    if (Array.isArray(a) && Array.isArray(b)) {
      const [one, other] = [a as readonly Json[], b as readonly Json[]];
      const length = Math.max(one.length, other.length);
      return mean(Array.from({ length }, (_each, k) => compare(one[k], other[k], at(k), depth + 1)));
    }
    if (typeof a === 'string' && typeof b === 'string') return note(textScore(a, b, budget), path);
    if (typeof a === 'number' && typeof b === 'number') return note(numericDiff(a, b), path);
    return note(JSON.stringify(a) === JSON.stringify(b) ? 1 : 0, path);
  }
  return { score: compare(actual, expected, '', 0), paths };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function textScore(a: string, b: string, budget: { cells: number }): number {
  if (a === b) return 1;
  budget.cells -= a.length * b.length;
  return budget.cells < 0 ? 0 : levenshteinScore(a, b);
}
