/**
 * What changed between two sequences or texts: the greedy algorithm of Myers ("An O(ND) Difference Algorithm and Its
 * Variations", 1986) in linear space, with a bound on its work: beyond it the result is still right, only longer than
 * the shortest.
 */

/** `count` members of the one sequence from `a`, of the other from `b`; a removed run stands before `b`, an added one before `a`. */
export type SequenceEdit = {
  readonly type: 'same' | 'removed' | 'added';
  readonly a: number;
  readonly b: number;
  readonly count: number;
};

/** Same and removed runs joined give the text before, same and added ones the text after. */
export type TextRun = { readonly type: 'same' | 'removed' | 'added'; readonly text: string };

/** Steps over all; a step is one diagonal of one round, a few nanoseconds each. */
const MOST_STEPS = 12_000_000;
/** Rounds of one search for a middle, after which the best place so far is taken for it. */
const MOST_ROUNDS = 400;
/** Changed lines of more characters than this are not looked at word by word. */
const MOST_FOR_WORDS = 400_000;

type Ints = ArrayLike<number>;
type Work = { steps: number; readonly forward: Int32Array; readonly backward: Int32Array };

/** Equal members are equal numbers. The runs are in order, neighbours differ in type, and none is empty. */
export function diffSequences(a: Ints, b: Ints, mostSteps = MOST_STEPS): SequenceEdit[] {
  // 1 where a member has a partner: all others are removed or added.
  const keptA = new Uint8Array(a.length);
  const keptB = new Uint8Array(b.length);
  const size = 2 * MOST_ROUNDS + 3;
  const work: Work = { steps: mostSteps, forward: new Int32Array(size), backward: new Int32Array(size) };
  const todo: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let box = todo.pop(); box; box = todo.pop()) {
    let [aFrom, aTo, bFrom, bTo] = box;
    while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) {
      keptA[aFrom++] = 1;
      keptB[bFrom++] = 1;
    }
    while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) {
      keptA[--aTo] = 1;
      keptB[--bTo] = 1;
    }
    if (aFrom === aTo || bFrom === bTo || work.steps <= 0) continue;
    const [x, y] = findMiddle(a, b, aFrom, aTo, bFrom, bTo, work);
    const splits = (x > aFrom || y > bFrom) && (x < aTo || y < bTo);
    if (splits) todo.push([x, aTo, y, bTo], [aFrom, x, bFrom, y]);
  }
  return toEdits(keptA, keptB);
}

/** A place that a short path from one corner of the box to the other goes through. */
function findMiddle(
  a: Ints,
  b: Ints,
  aFrom: number,
  aTo: number,
  bFrom: number,
  bTo: number,
  work: Work,
): [number, number] {
  const width = aTo - aFrom;
  const height = bTo - bFrom;
  const delta = width - height;
  const odd = (delta & 1) !== 0;
  const rounds = Math.min(MOST_ROUNDS, Math.ceil((width + height) / 2));
  const { forward, backward } = work;
  const zero = MOST_ROUNDS + 1;
  forward[zero + 1] = 0;
  backward[zero + 1] = 0;
  let best = 0;
  let bestX = 0;
  let bestY = 0;
  for (let round = 0; round <= rounds; round++) {
    work.steps -= 2 * round + 2;
    for (let k = -round; k <= round; k += 2) {
      let x = step(forward, zero, k, round);
      let y = x - k;
      if (x > width || y > height || y < 0) {
        forward[zero + k] = x;
        continue;
      }
      while (x < width && y < height && a[aFrom + x] === b[bFrom + y]) {
        x++;
        y++;
        work.steps--;
      }
      forward[zero + k] = x;
      if (x + y > best) [best, bestX, bestY] = [x + y, x, y];
      const across = delta - k;
      if (odd && Math.abs(across) < round && x + (backward[zero + across] ?? 0) >= width) return [aFrom + x, bFrom + y];
    }
    for (let k = -round; k <= round; k += 2) {
      let x = step(backward, zero, k, round);
      let y = x - k;
      if (x > width || y > height || y < 0) {
        backward[zero + k] = x;
        continue;
      }
      while (x < width && y < height && a[aTo - 1 - x] === b[bTo - 1 - y]) {
        x++;
        y++;
        work.steps--;
      }
      backward[zero + k] = x;
      const across = delta - k;
      if (!odd && Math.abs(across) <= round && x + (forward[zero + across] ?? 0) >= width) return [aTo - x, bTo - y];
    }
    if (work.steps <= 0) break;
  }
  return [aFrom + bestX, bFrom + bestY];
}

/** Where a path with one more edit begins on diagonal `k`: beside the one that came further. */
function step(reached: Int32Array, zero: number, k: number, round: number): number {
  const down = reached[zero + k + 1] ?? 0;
  const right = (reached[zero + k - 1] ?? 0) + 1;
  if (round === 0) return 0;
  return k === -round || (k !== round && right - 1 < down) ? down : right;
}

function toEdits(keptA: Uint8Array, keptB: Uint8Array): SequenceEdit[] {
  const edits: SequenceEdit[] = [];
  let a = 0;
  let b = 0;
  while (a < keptA.length || b < keptB.length) {
    const startA = a;
    while (a < keptA.length && keptA[a] === 0) a++;
    if (a > startA) edits.push({ type: 'removed', a: startA, b, count: a - startA });
    const startB = b;
    while (b < keptB.length && keptB[b] === 0) b++;
    if (b > startB) edits.push({ type: 'added', a, b: startB, count: b - startB });
    const same = a;
    while (a < keptA.length && keptA[a] === 1 && keptB[b] === 1) {
      a++;
      b++;
    }
    if (a > same) edits.push({ type: 'same', a: same, b: b - (a - same), count: a - same });
  }
  return edits;
}

/** By lines first, and by words where lines changed. Bounded: texts of a megabyte take well under a second. */
export function diffTexts(before: string, after: string): TextRun[] {
  const runs: TextRun[] = [];
  let removed = '';
  for (const run of diffTokens(lines(before), lines(after))) {
    if (run.type === 'removed') {
      removed = run.text;
      continue;
    }
    if (run.type === 'added' && removed !== '' && removed.length + run.text.length <= MOST_FOR_WORDS) {
      for (const word of joinAcrossSpaces(diffTokens(words(removed), words(run.text)))) push(runs, word);
    } else {
      push(runs, { type: 'removed', text: removed });
      push(runs, run);
    }
    removed = '';
  }
  push(runs, { type: 'removed', text: removed });
  return runs;
}

function diffTokens(before: readonly string[], after: readonly string[]): TextRun[] {
  const numbers = new Map<string, number>();
  const number = (token: string): number => {
    const known = numbers.get(token);
    if (known !== undefined) return known;
    numbers.set(token, numbers.size);
    return numbers.size - 1;
  };
  const a = Int32Array.from(before, number);
  const b = Int32Array.from(after, number);
  return diffSequences(a, b).map(({ type, a: inA, b: inB, count }) => ({
    type,
    text: (type === 'added' ? after.slice(inB, inB + count) : before.slice(inA, inA + count)).join(''),
  }));
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Scripts that write no spaces are compared by character. */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{N}_])+|\s+|[^\s\p{L}\p{N}_]/gu;

function words(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** Between two changed words an equal space says nothing: one longer change is easier to read than many short ones. */
function joinAcrossSpaces(runs: readonly TextRun[]): TextRun[] {
  const joined: TextRun[] = [];
  let removed = '';
  let added = '';
  function close(): void {
    push(joined, { type: 'removed', text: removed });
    push(joined, { type: 'added', text: added });
    removed = '';
    added = '';
  }
  runs.forEach((run, index) => {
    const between = run.type === 'same' && run.text.trim() === '' && run.text.length <= 2 && index + 1 < runs.length;
    if (run.type === 'removed' || (between && (removed !== '' || added !== ''))) removed += run.text;
    if (run.type === 'added' || (between && (removed !== '' || added !== ''))) added += run.text;
    if (run.type === 'same' && !(between && (removed !== '' || added !== ''))) {
      close();
      push(joined, run);
    }
  });
  close();
  return joined;
}

function push(runs: TextRun[], run: TextRun): void {
  if (run.text === '') return;
  const last = runs.at(-1);
  if (last?.type === run.type) runs[runs.length - 1] = { type: run.type, text: last.text + run.text };
  else runs.push(run);
}
