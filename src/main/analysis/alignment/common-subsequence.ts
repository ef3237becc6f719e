/**
 * The longest common subsequence of two lists of symbols, and which places it pairs: bit-parallel (Hyyrö 2004), so that its
 * cost depends on the lengths alone and not on how much differs.
 */

/** Places of A and B that stand for each other, both ascending. */
export type Pairs = { readonly a: Int32Array; readonly b: Int32Array };

/** A row of bits for each symbol of B is kept up to this much; beyond, the lists are halved (Hirschberg 1975). */
const MOST_WORDS = 16 * 1024 * 1024;

export function alignSymbols(a: Int32Array, b: Int32Array): Pairs {
  const pairs: [number, number][] = [];
  alignRange(a, b, 0, 0, pairs);
  return { a: Int32Array.from(pairs, ([i]) => i), b: Int32Array.from(pairs, ([, j]) => j) };
}

/** How many symbols they have in common, without the places. */
export function commonLength(a: Int32Array, b: Int32Array): number {
  return a.length === 0 || b.length === 0 ? 0 : (prefixLengths(a, b)[a.length] ?? 0);
}

function alignRange(a: Int32Array, b: Int32Array, atA: number, atB: number, pairs: [number, number][]): void {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  const most = Math.min(a.length, b.length) - head;
  while (tail < most && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  for (let k = 0; k < head; k++) pairs.push([atA + k, atB + k]);
  const restA = a.subarray(head, a.length - tail);
  const restB = b.subarray(head, b.length - tail);
  if (restA.length > 0 && restB.length > 0) {
    const words = Math.ceil(restA.length / 32);
    if (words * restB.length <= MOST_WORDS || restB.length < 2) traceBack(restA, restB, atA + head, atB + head, pairs);
    else halve(restA, restB, atA + head, atB + head, pairs);
  }
  for (let k = tail; k > 0; k--) pairs.push([atA + a.length - k, atB + b.length - k]);
}

/**
 * After row j, a zero bit i says that the prefix of A up to i has one symbol more in common with B up to j than the prefix
 * before it.
 */
function fill(a: Int32Array, b: Int32Array, keep: (row: number, bits: Uint32Array) => void): Uint32Array {
  // Of each symbol the words of bits that are not empty, and their places: together never more than A has symbols.
  const places = new Map<number, { readonly word: number[]; readonly mask: number[] }>();
  for (let i = 0; i < a.length; i++) {
    const symbol = a[i] ?? 0;
    let of = places.get(symbol);
    if (!of) places.set(symbol, (of = { word: [], mask: [] }));
    if (of.word[of.word.length - 1] !== i >>> 5) {
      of.word.push(i >>> 5);
      of.mask.push(0);
    }
    const last = of.mask.length - 1;
    of.mask[last] = ((of.mask[last] ?? 0) | (1 << (i & 31))) >>> 0;
  }
  const bits = new Uint32Array(Math.ceil(a.length / 32)).fill(0xffff_ffff);
  for (let j = 0; j < b.length; j++) {
    const found = places.get(b[j] ?? 0);
    if (found) add(bits, found.word, found.mask);
    keep(j, bits);
  }
  return bits;
}

/** bits = (bits + (bits & mask)) | (bits & ~mask), as one long number: only where the mask or a carry is. */
function add(bits: Uint32Array, word: readonly number[], mask: readonly number[]): void {
  let carry = 0;
  let next = 0;
  for (let w = word[0] ?? 0; w < bits.length; w++) {
    if (carry === 0) {
      if (next === word.length) return;
      w = word[next] ?? w;
    }
    const m = word[next] === w ? (mask[next++] ?? 0) : 0;
    const v = bits[w] ?? 0;
    const sum = v + ((v & m) >>> 0) + carry;
    carry = sum > 0xffff_ffff ? 1 : 0;
    bits[w] = (sum | (v & ~m)) >>> 0;
  }
}

function traceBack(a: Int32Array, b: Int32Array, atA: number, atB: number, pairs: [number, number][]): void {
  const words = Math.ceil(a.length / 32);
  const rows = new Uint32Array(words * b.length);
  fill(a, b, (row, bits) => {
    rows.set(bits, row * words);
  });
  const gains = (row: number, i: number): boolean => (((rows[row * words + (i >>> 5)] ?? 0) >>> (i & 31)) & 1) === 0;
  const found: [number, number][] = [];
  let i = a.length - 1;
  let j = b.length - 1;
  while (i >= 0 && j >= 0) {
    if (!gains(j, i)) i--;
    else {
      // The symbol counts since the first row that has it.
      while (j > 0 && gains(j - 1, i)) j--;
      found.push([atA + i, atB + j]);
      i--;
      j--;
    }
  }
  for (const pair of found.reverse()) pairs.push(pair);
}

/** Splits B in its middle, and A where both halves together have the most in common. */
function halve(a: Int32Array, b: Int32Array, atA: number, atB: number, pairs: [number, number][]): void {
  const middle = b.length >>> 1;
  const ahead = prefixLengths(a, b.subarray(0, middle));
  const back = prefixLengths(a.slice().reverse(), b.slice(middle).reverse());
  let cut = 0;
  let best = -1;
  for (let i = 0; i <= a.length; i++) {
    const length = (ahead[i] ?? 0) + (back[a.length - i] ?? 0);
    if (length > best) [best, cut] = [length, i];
  }
  alignRange(a.subarray(0, cut), b.subarray(0, middle), atA, atB, pairs);
  alignRange(a.subarray(cut), b.subarray(middle), atA + cut, atB + middle, pairs);
}

/** How much each prefix of A has in common with all of B. */
function prefixLengths(a: Int32Array, b: Int32Array): Int32Array {
  const bits = fill(a, b, () => undefined);
  const lengths = new Int32Array(a.length + 1);
  for (let i = 0; i < a.length; i++)
    lengths[i + 1] = (lengths[i] ?? 0) + (1 - (((bits[i >>> 5] ?? 0) >>> (i & 31)) & 1));
  return lengths;
}
