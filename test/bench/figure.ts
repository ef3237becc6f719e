/** What a benchmark measures and what it is given. One file per figure exports a `Benchmark`; `run.ts` lists them. */
import type { Stored } from './lib/stored.ts';

export type Baseline = { readonly name: string; readonly value: number; readonly unit: string };

export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What must be reached, for people. */
  readonly target: string;
  /** null = shown for comparison, nothing is demanded of it. */
  readonly met: boolean | null;
  /** Measured in the same run, on the same machine in the same mood. */
  readonly baseline: Baseline | null;
  /** value / baseline */
  readonly ratio: number | null;
};

export type BenchContext = {
  /** A folder for files; removed after the run. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** The workspace with a million spans, built once per run through the collector. */
  readonly million: () => Promise<Stored>;
};

export type Benchmark = {
  readonly id: string;
  /** How it is measured, in a few sentences. */
  readonly method: string;
  readonly run: (context: BenchContext) => Promise<readonly Figure[]>;
};

type Target = { readonly atLeast: number } | { readonly below: number } | { readonly atMost: number } | null;

/** Builds a figure; the target's text and whether it is met follow from its number. */
export function figure(
  name: string,
  value: number,
  unit: string,
  target: Target,
  baseline: Baseline | null = null,
): Figure {
  return {
    name,
    value,
    unit,
    target: targetText(target, unit),
    met: isMet(target, value),
    baseline,
    ratio: baseline && baseline.value !== 0 ? value / baseline.value : null,
  };
}

function isMet(target: Target, value: number): boolean | null {
  if (!target) return null;
  if ('atLeast' in target) return value >= target.atLeast;
  if ('below' in target) return value < target.below;
  return value <= target.atMost;
}

function targetText(target: Target, unit: string): string {
  if (!target) return '—';
  if ('atLeast' in target) return `≥ ${formatNumber(target.atLeast)} ${unit}`;
  if ('below' in target) return `< ${formatNumber(target.below)} ${unit}`;
  return `≤ ${formatNumber(target.atMost)} ${unit}`;
}

export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** The value below which the given share of the samples lies; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
