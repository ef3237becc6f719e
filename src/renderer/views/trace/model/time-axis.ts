/** The time axis of the waterfall: ticks, zoom and pan over nanoseconds after the trace's start. */
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
/** @param real the true time of a place on a folded axis */
export function ticks(range: TimeRange, width: number, gap = 72, real?: (at: number) => number): readonly Tick[] {
  const span = range.to - range.from;
  if (!(span > 0) || !(width > 0)) return [];
  const step = tickStep((span * gap) / width);
  const result: Tick[] = [];
  const first = Math.ceil(range.from / step);
  const most = Math.ceil(width / gap) + 2;
  for (let n = 0; n < most; n++) {
    const at = (first + n) * step;
    if (at > range.to) break;
    result.push({ at, label: real ? tickLabel(real(at), step, real(range.to)) : tickLabel(at, step, range.to) });
  }
  return result;
}

/** A time on the axis, as exact as a few pixels are. */
export function timeLabel(at: number, range: TimeRange, width: number): string {
  return tickLabel(at, tickStep(((range.to - range.from) * 3) / Math.max(1, width)), range.to);
}

/** "1.25 s", "0:30.5", "1:02:30": as exact as the step needs, in one notation for all of an axis that ends at `last`. */
function tickLabel(at: number, step: number, last: number): string {
  if (at === 0) return '0';
  const sign = at < 0 ? '−' : '';
  const abs = Math.abs(at);
  if (last < MINUTE) {
    const [unit, scale] = unitOf(abs);
    return `${sign}${fixed(abs / scale, step / scale)} ${unit}`;
  }
  if (last >= 10 * DAY && step >= HOUR) return `${sign}${fixed(abs / DAY, step / DAY)} d`;
  // Rounded first, so that 59.96 s does not become "0:60".
  const rounded = step >= 1e9 ? Math.round(abs / 1e9) * 1e9 : Math.round(abs / step) * step;
  const minutes = Math.floor(rounded / MINUTE);
  const seconds = fixed((rounded - minutes * MINUTE) / 1e9, Math.min(1, step / 1e9));
  const clock = seconds.indexOf('.') === 1 || seconds.length === 1 ? `0${seconds}` : seconds;
  return last < HOUR
    ? `${sign}${minutes}:${clock}`
    : `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${clock}`;
}

function unitOf(ns: number): readonly [string, number] {
  if (ns < 1e3) return ['ns', 1];
  if (ns < 1e6) return ['µs', 1e3];
  return ns < 1e9 ? ['ms', 1e6] : ['s', 1e9];
}

/** With as many digits as `step` has, and no zeros at the end. */
function fixed(value: number, step: number): string {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const text = value.toFixed(digits);
  return digits === 0 ? text : text.replace(/\.?0+$/, '');
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
