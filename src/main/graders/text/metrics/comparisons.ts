/** The heuristics of autoevals (0.0.132), each from 0 to 1. Null = there is too much to compare. */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { codesOf } from './code-points.ts';
import { editDistance } from './lcs.ts';

const MOST_STEPS = 100_000;
const MOST_COMPARED = 50_000;
const MOST_LISTED = 200;
const DEEPEST = 500;

export function levenshteinScore(a: string, b: string): number {
  const [codesA, codesB] = [codesOf(a), codesOf(b)];
  const longest = Math.max(codesA.length, codesB.length);
  return longest === 0 ? 1 : 1 - editDistance(codesA, codesB) / longest;
}

export function numericDiff(a: number, b: number): number {
  return a === 0 && b === 0 ? 1 : 1 - Math.abs(a - b) / (Math.abs(a) + Math.abs(b));
}

/** By their JSON, so that the order of keys counts; a text is compared as it is. */
export function exactMatch(a: Json, b: Json): number {
  return textOf(a) === textOf(b) ? 1 : 0;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Objects: mean over the keys of both. Lists: sum by place over the longer length. Texts by edit distance. */
export function jsonDiff(a: Json, b: Json): number | null {
  const run = { steps: MOST_STEPS };
  const score = diff(a, b, run, 0);
  return run.steps < 0 ? null : score;
}

function diff(a: Json, b: Json, run: { steps: number }, depth: number): number {
  run.steps -= 1;
  if (run.steps < 0 || depth > DEEPEST) {
    run.steps = -1;
    return 0;
  }
  if (isJsonObject(a) && isJsonObject(b)) return diffObjects(a, b, run, depth);
  if (Array.isArray(a) && Array.isArray(b)) {
    const [listA, listB] = [a as readonly Json[], b as readonly Json[]];
    const longest = Math.max(listA.length, listB.length);
    if (longest === 0) return 1;
    let sum = 0;
    for (let at = 0; at < Math.min(listA.length, listB.length); at += 1)
      sum += diff(listA[at] ?? null, listB[at] ?? null, run, depth + 1);
    return sum / longest;
  }
  if (typeof a === 'string' && typeof b === 'string') return texts(a, b, run);
  if (typeof a === 'number' && typeof b === 'number') return numericDiff(a, b);
  if (a === null && b === null) return 1;
  return a === null || b === null ? 0 : texts(JSON.stringify(a), JSON.stringify(b), run);
}

function diffObjects(a: JsonObject, b: JsonObject, run: { steps: number }, depth: number): number {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  if (keys.size === 0) return 1;
  let sum = 0;
  // A key that one of them lacks counts nothing.
  for (const key of keys)
    if (Object.hasOwn(a, key) && Object.hasOwn(b, key)) sum += diff(a[key] ?? null, b[key] ?? null, run, depth + 1);
  return sum / keys.size;
}

function texts(a: string, b: string, run: { steps: number }): number {
  if (a === b) return 1;
  // The work of the edit distance, in steps of the same budget.
  run.steps -= Math.ceil((a.length * b.length) / 32 / 10_000);
  if (run.steps < 0 || Math.max(a.length, b.length) > MOST_COMPARED) {
    run.steps = -1;
    return 0;
  }
  return levenshteinScore(a, b);
}

/** The value of an object or a list; null for anything else, scalars included. */
export function validJson(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The best pairs of elements, over the longer length; or over that of the expected list, where others may be there. */
export function listContains(output: readonly Json[], expected: readonly Json[], allowExtra: boolean): number | null {
  if (output.length === 0 && expected.length === 0) return 1;
  if (output.length === 0 || expected.length === 0) return 0;
  if (Math.max(output.length, expected.length) > MOST_LISTED) return null;
  const [left, right] = [output.map(textOf), expected.map(textOf)];
  if (left.some(({ length }) => length > 2_000) || right.some(({ length }) => length > 2_000)) return null;
  const scores = left.map((a) => right.map((b) => levenshteinScore(a, b)));
  const most = allowExtra ? expected.length : Math.max(output.length, expected.length);
  return Math.min(1, bestAssignment(scores) / most);
}

/** The sum of the best pairing (Kuhn 1955, with potentials): rows and columns each at most once. */
function bestAssignment(scores: readonly (readonly number[])[]): number {
  const size = Math.max(scores.length, scores[0]?.length ?? 0);
  const cost = (row: number, column: number): number => 1 - (scores[row - 1]?.[column - 1] ?? 0);
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row += 1) {
    const from = new Int32Array(size + 1);
    const least = new Float64Array(size + 1).fill(Infinity);
    const seen = new Uint8Array(size + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      seen[column] = 1;
      const current = rowOf[column] ?? 0;
      let [next, smallest] = [0, Infinity];
      for (let each = 1; each <= size; each += 1) {
        if (seen[each] === 1) continue;
        const reduced = cost(current, each) - (rowPotential[current] ?? 0) - (columnPotential[each] ?? 0);
        if (reduced < (least[each] ?? 0)) {
          least[each] = reduced;
          from[each] = column;
        }
        if ((least[each] ?? 0) < smallest) [next, smallest] = [each, least[each] ?? 0];
      }
      for (let each = 0; each <= size; each += 1) {
        if (seen[each] === 1) {
          const of = rowOf[each] ?? 0;
          rowPotential[of] = (rowPotential[of] ?? 0) + smallest;
          columnPotential[each] = (columnPotential[each] ?? 0) - smallest;
        } else least[each] = (least[each] ?? 0) - smallest;
      }
      column = next;
    } while ((rowOf[column] ?? 0) !== 0);
    while (column !== 0) {
      const before = from[column] ?? 0;
      rowOf[column] = rowOf[before] ?? 0;
      column = before;
    }
  }
  let sum = 0;
  for (let column = 1; column <= size; column += 1) sum += 1 - cost(rowOf[column] ?? 0, column);
  return sum;
}
