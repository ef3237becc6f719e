/**
 * Length of the longest common subsequence and edit distance, 32 cells at a time (Hyyrö 2004, Myers 1999). The pattern is
 * walked in blocks of 32, so that memory stays linear in the texts whatever their alphabet; 100,000 code points each take
 * under a second.
 */
import type { Codes } from './code-points.ts';

/** Masks of one block by code point; all 0 between calls. */
let masks = new Int32Array(0);

function masksFor(distinct: number): Int32Array {
  if (masks.length < distinct) masks = new Int32Array(distinct);
  return masks;
}

/** `distinct`: all numbers are below it; code points always are. */
export function lcsLength(one: Codes, other: Codes, distinct = 0x110000): number {
  let [first, endOne, endOther] = [0, one.length, other.length];
  while (first < endOne && first < endOther && one[first] === other[first]) first += 1;
  while (endOne > first && endOther > first && one[endOne - 1] === other[endOther - 1]) {
    endOne -= 1;
    endOther -= 1;
  }
  const same = first + one.length - endOne;
  if (endOne === first || endOther === first) return same;
  const [pattern, text] =
    endOne <= endOther
      ? [one.subarray(first, endOne), other.subarray(first, endOther)]
      : [other.subarray(first, endOther), one.subarray(first, endOne)];
  return same + (pattern.length <= 32 ? lcsShort(pattern, text, distinct) : lcsBlocks(pattern, text, distinct));
}

function lcsShort(pattern: Codes, text: Codes, distinct: number): number {
  const table = masksFor(distinct);
  setMasks(table, pattern, 0, pattern.length);
  let row = -1;
  for (let at = 0; at < text.length; at += 1) {
    const mask = table[text[at] as number] as number;
    const hit = row & mask;
    row = (row + hit) | (row & ~mask);
  }
  clearMasks(table, pattern, 0, pattern.length);
  return zeros(row, pattern.length);
}

/** Four blocks of 32 at a time: the carries between them stay in registers. */
function lcsBlocks(pattern: Codes, text: Codes, distinct: number): number {
  const table = masksFor(4 * distinct);
  const carries = new Uint8Array(text.length);
  let length = 0;
  for (let from = 0; from < pattern.length; from += 128) {
    const to = Math.min(from + 128, pattern.length);
    for (let at = from; at < to; at += 1) {
      const place = 4 * (pattern[at] as number) + ((at - from) >>> 5);
      table[place] = (table[place] as number) | (1 << ((at - from) & 31));
    }
    let [row0, row1, row2, row3] = [-1, -1, -1, -1];
    for (let at = 0; at < text.length; at += 1) {
      const place = (text[at] as number) << 2;
      const mask0 = table[place] as number;
      const mask1 = table[place + 1] as number;
      const mask2 = table[place + 2] as number;
      const mask3 = table[place + 3] as number;
      let hit = row0 & mask0;
      let sum = (row0 + hit + (carries[at] as number)) | 0;
      let carry = ((row0 & hit) | ((row0 | hit) & ~sum)) >>> 31;
      row0 = sum | (row0 & ~mask0);
      hit = row1 & mask1;
      sum = (row1 + hit + carry) | 0;
      carry = ((row1 & hit) | ((row1 | hit) & ~sum)) >>> 31;
      row1 = sum | (row1 & ~mask1);
      hit = row2 & mask2;
      sum = (row2 + hit + carry) | 0;
      carry = ((row2 & hit) | ((row2 | hit) & ~sum)) >>> 31;
      row2 = sum | (row2 & ~mask2);
      hit = row3 & mask3;
      sum = (row3 + hit + carry) | 0;
      carries[at] = ((row3 & hit) | ((row3 | hit) & ~sum)) >>> 31;
      row3 = sum | (row3 & ~mask3);
    }
    for (let at = from; at < to; at += 1) table.fill(0, 4 * (pattern[at] as number), 4 * (pattern[at] as number) + 4);
    [row0, row1, row2, row3].forEach((row, block) => {
      const bits = Math.min(32, to - from - 32 * block);
      if (bits > 0) length += zeros(row, bits);
    });
  }
  return length;
}

/** Insertions, deletions and replacements that turn one into the other. */
export function editDistance(one: Codes, other: Codes, distinct = 0x110000): number {
  let [first, endOne, endOther] = [0, one.length, other.length];
  while (first < endOne && first < endOther && one[first] === other[first]) first += 1;
  while (endOne > first && endOther > first && one[endOne - 1] === other[endOther - 1]) {
    endOne -= 1;
    endOther -= 1;
  }
  if (endOne === first || endOther === first) return Math.max(endOne, endOther) - first;
  return endOne <= endOther
    ? distanceBlocks(one.subarray(first, endOne), other.subarray(first, endOther), distinct)
    : distanceBlocks(other.subarray(first, endOther), one.subarray(first, endOne), distinct);
}

function distanceBlocks(pattern: Codes, text: Codes, distinct: number): number {
  const table = masksFor(distinct);
  // What crosses from block to block at each place of the text: +1, 0 or -1 from above; at the top edge +1.
  const steps = new Int8Array(text.length).fill(1);
  let distance = 0;
  for (let from = 0; from < pattern.length; from += 32) {
    const to = Math.min(from + 32, pattern.length);
    setMasks(table, pattern, from, to);
    const last = to - from - 1;
    let up = -1;
    let down = 0;
    distance = to;
    for (let at = 0; at < text.length; at += 1) {
      const step = steps[at] as number;
      const mask = table[text[at] as number] as number;
      const vertical = mask | down;
      const hit = step < 0 ? mask | 1 : mask;
      const cross = (((hit & up) + up) ^ up) | hit;
      let more = down | ~(cross | up);
      let less = up & cross;
      const out = ((more >>> last) & 1) - ((less >>> last) & 1);
      more = (more << 1) | (step > 0 ? 1 : 0);
      less = (less << 1) | (step < 0 ? 1 : 0);
      up = less | ~(vertical | more);
      down = more & vertical;
      steps[at] = out;
      distance += out;
    }
    clearMasks(table, pattern, from, to);
  }
  return distance;
}

function setMasks(table: Int32Array, pattern: Codes, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const code = pattern[at] as number;
    table[code] = (table[code] as number) | (1 << (at - from));
  }
}

function clearMasks(table: Int32Array, pattern: Codes, from: number, to: number): void {
  for (let at = from; at < to; at += 1) table[pattern[at] as number] = 0;
}

/** Bits that are 0 among the lowest `length`. */
function zeros(row: number, length: number): number {
  let bits = ~row & (length === 32 ? -1 : (1 << length) - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
