/** Many usages as one array of numbers, five a row; NaN = unknown, which is never 0. Sums are of what is known. */
import type { Usage } from '#shared/record.ts';
import { f64 } from './at.ts';

export type UsageTable = Float64Array;

const FIELDS = 5;

export const NO_USAGE: Usage = { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null };

export function newUsageTable(rows: number): UsageTable {
  return new Float64Array(rows * FIELDS).fill(NaN);
}

export function putUsage(table: UsageTable, row: number, usage: Usage): void {
  const base = row * FIELDS;
  table[base] = finite(usage.input);
  table[base + 1] = finite(usage.output);
  table[base + 2] = finite(usage.cacheRead);
  table[base + 3] = finite(usage.cacheWrite);
  table[base + 4] = finite(usage.reasoning);
}

export function getUsage(table: UsageTable, row: number): Usage | null {
  if (!hasUsage(table, row)) return null;
  const base = row * FIELDS;
  return {
    input: nullIfNaN(f64(table, base)),
    output: nullIfNaN(f64(table, base + 1)),
    cacheRead: nullIfNaN(f64(table, base + 2)),
    cacheWrite: nullIfNaN(f64(table, base + 3)),
    reasoning: nullIfNaN(f64(table, base + 4)),
  };
}

export function hasUsage(table: UsageTable, row: number): boolean {
  for (let k = row * FIELDS; k < (row + 1) * FIELDS; k++) if (!Number.isNaN(f64(table, k))) return true;
  return false;
}

/** `to += from`, field by field. */
export function addRow(to: UsageTable, toRow: number, from: UsageTable, fromRow: number): void {
  for (let k = 0; k < FIELDS; k++) {
    const place = toRow * FIELDS + k;
    to[place] = plus(f64(to, place), f64(from, fromRow * FIELDS + k));
  }
}

/** Takes from `from` what `to` does not know. */
export function fillRow(to: UsageTable, toRow: number, from: UsageTable, fromRow: number): void {
  for (let k = 0; k < FIELDS; k++) {
    const place = toRow * FIELDS + k;
    if (Number.isNaN(f64(to, place))) to[place] = f64(from, fromRow * FIELDS + k);
  }
}

/**
 * `to -= from`, never below 0; fields that `to` does not know stay unknown.
 * @returns whether anything is left
 */
export function takeRow(to: UsageTable, toRow: number, from: UsageTable, fromRow: number): boolean {
  let left = false;
  for (let k = 0; k < FIELDS; k++) {
    const place = toRow * FIELDS + k;
    const taken = f64(from, fromRow * FIELDS + k);
    if (!Number.isNaN(taken)) to[place] = Math.max(0, f64(to, place) - taken);
    if (f64(to, place) > 0) left = true;
  }
  return left;
}

/** Unknown plus something is something. */
export function plus(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b;
}

export function nullIfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function finite(value: number | null): number {
  return value !== null && Number.isFinite(value) ? value : NaN;
}
