/**
 * Which steps of two traces stand for each other: top-down along both trees, in the order of siblings. What is equal in
 * every word is paired first, then what gave or was given the same, then what has the same shape, then the same name, then
 * what is alike; so that one insertion
 * or deletion is found where it happened, whatever changed after it. Cost is that of the longest common subsequences of the
 * lists of children, which are bit-parallel.
 */
import { i32 } from '../at.ts';
import { alignSymbols } from './common-subsequence.ts';

/**
 * One trace as alignment sees it: spans in tree order, depth first. Numbers stand for texts of both traces and are in the
 * order of those, so that they are the same whichever trace is named first.
 */
export type AlignTrace = {
  readonly count: number;
  /** Row of the parent, -1 for a root. */
  readonly parent: Int32Array;
  /** Row just after the last descendant. */
  readonly end: Int32Array;
  /** Kind and normalised name: spans of different keys are never the same step, unless they are alike. */
  readonly key: Int32Array;
  /** Kind alone. */
  readonly kind: Int32Array;
  /** What it was given, and what it gave (0 = nothing recorded). */
  readonly input: Int32Array;
  readonly output: Int32Array;
};

export type Matching = {
  /** Row of A → row of B, -1 = none. */
  readonly toB: Int32Array;
  readonly toA: Int32Array;
  /** 1 on rows of A whose partner stands in another place: another parent, or another order among its siblings. */
  readonly movedA: Uint8Array;
  /** Equal numbers = subtrees of the same keys. */
  readonly shapeA: Int32Array;
  readonly shapeB: Int32Array;
};

/** Gaps up to this many cells are searched for spans that are alike. */
const MOST_CELLS = 40_000;
const ALIKE = 0.4;

type Side = AlignTrace & {
  /** Subtree by all its words, by its shape, and the children of each row (last: of the whole). */
  readonly exact: Int32Array;
  readonly shape: Int32Array;
  /** Name with what it was given, and with what it gave: below 0 and of no other row where nothing is recorded. */
  readonly asked: Int32Array;
  readonly answered: Int32Array;
  /** Name with all that the first step inside is, and likewise below 0 where there is none. */
  readonly begun: Int32Array;
  readonly children: readonly (readonly number[])[];
};

/** Which of the two is named first changes nothing: among equally good pairings, the same one is taken. */
export function matchTraces(a: AlignTrace, b: AlignTrace): Matching {
  return comesAfter(a, b) ? turned(match(b, a)) : match(a, b);
}

function match(a: AlignTrace, b: AlignTrace): Matching {
  const intern = interner();
  const left = toSide(a, intern);
  const right = toSide(b, intern);
  const matching: Matching = {
    toB: new Int32Array(a.count).fill(-1),
    toA: new Int32Array(b.count).fill(-1),
    movedA: new Uint8Array(a.count),
    shapeA: left.shape,
    shapeB: right.shape,
  };
  alignLists(left, right, left.children[a.count] ?? [], right.children[b.count] ?? [], matching);
  findMoved(left, right, matching);
  return matching;
}

function comesAfter(a: AlignTrace, b: AlignTrace): boolean {
  if (a.count !== b.count) return a.count > b.count;
  for (const column of ['parent', 'key', 'kind', 'input', 'output'] as const) {
    for (let row = 0; row < a.count; row++) {
      const difference = i32(a[column], row) - i32(b[column], row);
      if (difference !== 0) return difference > 0;
    }
  }
  return false;
}

function turned({ toB, toA, movedA, shapeA, shapeB }: Matching): Matching {
  const moved = Uint8Array.from(toA, (row) => (row < 0 ? 0 : (movedA[row] ?? 0)));
  return { toB: toA, toA: toB, movedA: moved, shapeA: shapeB, shapeB: shapeA };
}

type Interner = {
  /** The same number for the same parts. */
  readonly of: (parts: readonly number[]) => number;
  /** A number that nothing else has. */
  readonly alone: () => number;
};

function interner(): Interner {
  const known = new Map<string, number>();
  let last = 0;
  return {
    of(parts) {
      const text = parts.join(' ');
      const number = known.get(text);
      if (number !== undefined) return number;
      known.set(text, known.size);
      return known.size - 1;
    },
    alone: () => --last,
  };
}

function toSide(trace: AlignTrace, intern: Interner): Side {
  const { count, parent, key, input, output } = trace;
  const children: number[][] = Array.from({ length: count + 1 }, () => []);
  for (let row = 0; row < count; row++) {
    const above = i32(parent, row);
    children[above < 0 ? count : above]?.push(row);
  }
  const exact = new Int32Array(count);
  const shape = new Int32Array(count);
  const asked = new Int32Array(count);
  const answered = new Int32Array(count);
  const begun = new Int32Array(count);
  // Children come after their parents.
  for (let row = count - 1; row >= 0; row--) {
    const below = children[row] ?? [];
    const words = [0, i32(key, row), i32(input, row), i32(output, row)];
    const names = [1, i32(key, row)];
    for (const child of below) {
      words.push(i32(exact, child));
      names.push(i32(shape, child));
    }
    exact[row] = intern.of(words);
    shape[row] = intern.of(names);
    asked[row] = i32(input, row) === 0 ? intern.alone() : intern.of([2, i32(key, row), i32(input, row)]);
    answered[row] = i32(output, row) === 0 ? intern.alone() : intern.of([3, i32(key, row), i32(output, row)]);
    const inside = below[0];
    begun[row] = inside === undefined ? intern.alone() : intern.of([4, i32(key, row), i32(exact, inside)]);
  }
  return { ...trace, exact, shape, asked, answered, begun, children };
}

type Work = { readonly listA: readonly number[]; readonly listB: readonly number[] };

/** Without recursion: a chain of 10,000 spans is as deep as that. */
function alignLists(
  left: Side,
  right: Side,
  rootsA: readonly number[],
  rootsB: readonly number[],
  matching: Matching,
): void {
  const work: Work[] = [{ listA: rootsA, listB: rootsB }];
  const pair = (rowA: number, rowB: number): void => {
    if (i32(left.exact, rowA) === i32(right.exact, rowB)) {
      pairSubtrees(left, rowA, rowB, matching);
      return;
    }
    matching.toB[rowA] = rowB;
    matching.toA[rowB] = rowA;
    const listA = left.children[rowA] ?? [];
    const listB = right.children[rowB] ?? [];
    if (listA.length > 0 || listB.length > 0) work.push({ listA, listB });
  };
  for (let next = work.pop(); next; next = work.pop()) {
    const gaps = inGaps([next], (gap) => by(left.exact, right.exact, gap, pair));
    const answered = inGaps(gaps, (gap) => by(left.answered, right.answered, gap, pair));
    const asked = inGaps(answered, (gap) => by(left.asked, right.asked, gap, pair));
    const begun = inGaps(asked, (gap) => by(left.begun, right.begun, gap, pair));
    const shaped = inGaps(begun, (gap) => by(left.shape, right.shape, gap, pair));
    const named = inGaps(shaped, (gap) => by(left.key, right.key, gap, pair));
    const alike = inGaps(named, (gap) => byLikeness(left, right, gap, pair));
    for (const gap of alike) unwrap(left, right, gap, pair);
  }
}

/** Equal in every word: row by row, all the way down. */
function pairSubtrees(left: Side, rowA: number, rowB: number, { toB, toA }: Matching): void {
  const size = i32(left.end, rowA) - rowA;
  for (let k = 0; k < size; k++) {
    toB[rowA + k] = rowB + k;
    toA[rowB + k] = rowA + k;
  }
}

/** Pairs within each gap by one measure; answers what is left between the pairs. */
function inGaps(gaps: readonly Work[], measure: (gap: Work) => readonly (readonly [number, number])[]): Work[] {
  const left: Work[] = [];
  for (const gap of gaps) {
    let [fromA, fromB] = [0, 0];
    for (const [toA, toB] of [...measure(gap), [gap.listA.length, gap.listB.length] as const]) {
      if (toA > fromA || toB > fromB)
        left.push({ listA: gap.listA.slice(fromA, toA), listB: gap.listB.slice(fromB, toB) });
      [fromA, fromB] = [toA + 1, toB + 1];
    }
  }
  return left;
}

type Pair = (rowA: number, rowB: number) => void;

/** The most pairs with equal numbers; answers their places in the lists. */
function by(ofA: Int32Array, ofB: Int32Array, { listA, listB }: Work, pair: Pair): [number, number][] {
  if (listA.length === 0 || listB.length === 0) return [];
  const pairs = alignSymbols(
    Int32Array.from(listA, (row) => i32(ofA, row)),
    Int32Array.from(listB, (row) => i32(ofB, row)),
  );
  return Array.from(pairs.a, (placeA, k) => {
    const placeB = i32(pairs.b, k);
    pair(listA[placeA] ?? 0, listB[placeB] ?? 0);
    return [placeA, placeB];
  });
}

/** The order-preserving pairs of the greatest likeness in all. */
function byLikeness(left: Side, right: Side, { listA, listB }: Work, pair: Pair): [number, number][] {
  const [rows, columns] = [listA.length, listB.length];
  if (rows === 0 || columns === 0) return [];
  if (rows * columns > MOST_CELLS) return by(left.kind, right.kind, { listA, listB }, pair);
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const like = likeness(left, right, listA[i] ?? 0, listB[j] ?? 0);
      best[i * width + j] = Math.max(
        best[(i + 1) * width + j] ?? 0,
        best[i * width + j + 1] ?? 0,
        like >= ALIKE ? like + (best[(i + 1) * width + j + 1] ?? 0) : 0,
      );
    }
  }
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < rows && j < columns) {
    const here = best[i * width + j] ?? 0;
    if (here === (best[(i + 1) * width + j] ?? 0)) i++;
    else if (here === (best[i * width + j + 1] ?? 0)) j++;
    else {
      pair(listA[i] ?? 0, listB[j] ?? 0);
      pairs.push([i, j]);
      i++;
      j++;
    }
  }
  return pairs;
}

/** 0…1; 0 for another kind. */
function likeness(left: Side, right: Side, rowA: number, rowB: number): number {
  if (i32(left.kind, rowA) !== i32(right.kind, rowB)) return 0;
  const sizeA = i32(left.end, rowA) - rowA;
  const sizeB = i32(right.end, rowB) - rowB;
  return (
    0.3 +
    (i32(left.key, rowA) === i32(right.key, rowB) ? 0.4 : 0) +
    (i32(left.input, rowA) === i32(right.input, rowB) ? 0.2 : 0) +
    0.1 * (Math.min(sizeA, sizeB) / Math.max(sizeA, sizeB))
  );
}

/** A layer that was put around some steps, or taken away: what is left of one side is sought among the children of the other. */
function unwrap(left: Side, right: Side, { listA, listB }: Work, pair: Pair): void {
  if (listA.length === 0 && listB.length === 0) return;
  const insideA = listA.flatMap((row) => left.children[row] ?? []);
  const insideB = listB.flatMap((row) => right.children[row] ?? []);
  if (listA.length > 0 && insideB.length > 0) by(left.shape, right.shape, { listA, listB: insideB }, pair);
  else if (insideA.length > 0 && listB.length > 0) by(left.shape, right.shape, { listA: insideA, listB }, pair);
}

/**
 * What is left of both sides and equal in every word was moved. A single span counts only where it is the only one of its
 * words that is left in both: of two calls of the same, one that is gone and another that is new are no move.
 */
function findMoved(left: Side, right: Side, { toB, toA, movedA }: Matching): void {
  const inA = freeRows(left, toB);
  const inB = freeRows(right, toA);
  for (const [symbol, rows] of inA) {
    const candidates = inB.get(symbol) ?? [];
    for (const row of rows) {
      const size = i32(left.end, row) - row;
      if (size === 1 && (candidates.length > 1 || rows.length > 1)) continue;
      const found = candidates.find((other) => isFree(other, size, toA) && isFree(row, size, toB));
      if (found === undefined) continue;
      for (let k = 0; k < size; k++) {
        toB[row + k] = found + k;
        toA[found + k] = row + k;
        movedA[row + k] = 1;
      }
    }
  }
}

/** Rows without a partner by all their words, the outer ones before those inside them. */
function freeRows({ count, exact }: Side, partner: Int32Array): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    if (i32(partner, row) >= 0) continue;
    const symbol = i32(exact, row);
    const known = found.get(symbol);
    if (known) known.push(row);
    else found.set(symbol, [row]);
  }
  return found;
}

function isFree(row: number, size: number, partner: Int32Array): boolean {
  for (let k = 0; k < size; k++) if (i32(partner, row + k) >= 0) return false;
  return true;
}
