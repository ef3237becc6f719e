/** The time axis of the waterfall: ticks, zoom and pan over nanoseconds after the trace's start. */
import { formatDuration } from '#shared/time.ts';
import type { TimeRange } from './span-table.ts';

export type Tick = { readonly at: number; readonly label: string };

const MINUTE = 60e9;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Above a second, steps that people count in. */
const LONG_STEPS = [1, 2, 5, 10, 15, 30]
  .map((n) => n * 1e9)
  .concat(
    [1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
    [1, 2, 3, 6, 12].map((n) => n * HOUR),
  );

/** The smallest round step of at least `minimum` nanoseconds. */
export function tickStep(minimum: number): number {
  if (!(minimum > 1)) return 1;
  if (minimum > 500e6 && minimum <= 12 * HOUR) return LONG_STEPS.find((step) => step >= minimum) ?? DAY;
  const unit = minimum > 12 * HOUR ? DAY : 1;
  const power = 10 ** Math.floor(Math.log10(minimum / unit));
  for (const factor of [1, 2, 5]) {
    const step = factor * power * unit;
    if (step >= minimum && step >= unit) return step;
  }
  return Math.max(unit, 10 * power * unit);
}

/** Round times inside `range`, at least `gap` pixels apart on an axis `width` pixels wide. */
export function ticks(range: TimeRange, width: number, gap = 72): readonly Tick[] {
  const span = range.to - range.from;
  if (!(span > 0) || !(width > 0)) return [];
  const step = tickStep((span * gap) / width);
  const result: Tick[] = [];
  const first = Math.ceil(range.from / step);
  const most = Math.ceil(width / gap) + 2;
  for (let n = 0; n < most; n++) {
    const at = (first + n) * step;
    if (at > range.to) break;
    result.push({ at, label: tickLabel(at, step, range.to) });
  }
  return result;
}

/** "1.25 s", "0:30", "1:02:30": as exact as the step needs, and one notation for all ticks of an axis that ends at `last`. */
function tickLabel(at: number, step: number, last: number): string {
  if (at === 0) return '0';
  const abs = Math.abs(at);
  if (last < MINUTE || step < 1e9) {
    const [unit, scale] =
      abs < 1e3
        ? (['ns', 1] as const)
        : abs < 1e6
          ? (['µs', 1e3] as const)
          : abs < 1e9
            ? (['ms', 1e6] as const)
            : (['s', 1e9] as const);
    const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step / scale) - 1e-9)));
    return `${(at / scale)
      .toFixed(digits)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')} ${unit}`;
  }
  const sign = at < 0 ? '−' : '';
  const seconds = Math.round(abs / 1e9);
  if (abs < HOUR) return `${sign}${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  if (abs < DAY || step < HOUR)
    return `${sign}${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return abs < DAY ? formatDuration(at) : `${sign}${trim(abs / DAY)} d`;
}

/** Scales `view` by `factor` (< 1 zooms in) so that the time under `anchor` stays where it is; stays inside `domain`. */
export function zoom(view: TimeRange, domain: TimeRange, anchor: number, factor: number): TimeRange {
  const width = view.to - view.from;
  const full = domain.to - domain.from;
  const next = Math.min(full, Math.max(width * factor, smallest(domain)));
  const share = Math.min(1, Math.max(0, (anchor - view.from) / width));
  return clamp({ from: anchor - share * next, to: anchor + (1 - share) * next }, domain);
}

export function pan(view: TimeRange, domain: TimeRange, by: number): TimeRange {
  return clamp({ from: view.from + by, to: view.to + by }, domain);
}

/** A range drawn by hand, either way round; null when it is too thin to mean anything. */
export function brush(a: number, b: number, domain: TimeRange): TimeRange | null {
  const from = Math.max(domain.from, Math.min(a, b));
  const to = Math.min(domain.to, Math.max(a, b));
  return to - from >= smallest(domain) ? { from, to } : null;
}

export function isFull(view: TimeRange, domain: TimeRange): boolean {
  return view.from <= domain.from && view.to >= domain.to;
}

/** Moves and, when it is too wide, shrinks a range into the domain. */
export function clamp(view: TimeRange, domain: TimeRange): TimeRange {
  const width = Math.min(view.to - view.from, domain.to - domain.from);
  const from = Math.min(Math.max(view.from, domain.from), domain.to - width);
  return { from, to: from + width };
}

export type Bar = {
  /** Percent of the visible range, cut to just outside of it: browsers go wrong on huge offsets. */
  readonly left: number;
  readonly width: number;
  readonly cutLeft: boolean;
  readonly cutRight: boolean;
};

/** Where a span is on the axis; null when it lies outside or has no start. `end` null = open, to the end of the domain. */
export function bar(start: number | null, end: number | null, view: TimeRange, domain: TimeRange): Bar | null {
  if (start === null) return null;
  const stop = Math.max(start, end ?? domain.to);
  if (stop < view.from || start > view.to) return null;
  const width = view.to - view.from;
  const left = ((Math.max(start, view.from) - view.from) / width) * 100;
  const right = ((Math.min(stop, view.to) - view.from) / width) * 100;
  return { left, width: right - left, cutLeft: start < view.from, cutRight: stop > view.to };
}

/** No closer than a ten-millionth of the trace, nor than 100 ns. */
function smallest(domain: TimeRange): number {
  const full = domain.to - domain.from;
  return Math.min(full, Math.max(100, full * 1e-7));
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

function trim(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/, '');
}
