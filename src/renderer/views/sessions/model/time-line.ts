/**
 * The time axis of one session: where each trace lies, with the hours in which nothing happened folded to a narrow
 * strip. All times are nanoseconds after the session's start, all places are pixels.
 */
export type Interval = { readonly start: number; readonly end: number };

type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
  /** Nothing happened in it, and it is drawn narrower than it lasted. */
  readonly folded: boolean;
};

export type TimeLine = { readonly stretches: readonly Stretch[]; readonly width: number };

/** A pause is folded when it lasts longer than this share of all the time in which something happened. */
const LONG_PAUSE = 0.15;
const SHORTEST_PAUSE = 500e6;
const FOLD_WIDTH = 46;
/** Of the width, for all folds together. */
const FOLDS_SHARE = 0.35;

/** @param intervals in order of start */
export function layTimeLine(intervals: readonly Interval[], width: number, fold: boolean): TimeLine {
  const busy = merge(intervals);
  const [first] = busy;
  const last = busy.at(-1);
  if (!first || !last || width <= 0) return { stretches: [], width: Math.max(0, width) };
  const working = busy.reduce((sum, { start, end }) => sum + end - start, 0);
  const longest = fold ? Math.max(SHORTEST_PAUSE, working * LONG_PAUSE) : Infinity;
  const parts: { from: number; to: number; folded: boolean }[] = [];
  let from = first.start;
  for (let index = 1; index < busy.length; index++) {
    const before = busy[index - 1]?.end ?? from;
    const next = busy[index]?.start ?? before;
    if (next - before <= longest) continue;
    parts.push({ from, to: before, folded: false }, { from: before, to: next, folded: true });
    from = next;
  }
  parts.push({ from, to: last.end, folded: false });

  const folds = parts.filter((part) => part.folded).length;
  const foldWidth = folds === 0 ? 0 : Math.min(FOLD_WIDTH, (width * FOLDS_SHARE) / folds);
  const shown = parts.reduce((sum, part) => sum + (part.folded ? 0 : part.to - part.from), 0);
  const room = width - folds * foldWidth;
  const lone = parts.length - folds;
  let left = 0;
  const stretches = parts.map(({ from: begin, to, folded }): Stretch => {
    // Traces without a duration share the room evenly.
    const own = folded ? foldWidth : shown > 0 ? ((to - begin) / shown) * room : room / lone;
    const stretch = { from: begin, to, left, right: left + own, folded };
    left += own;
    return stretch;
  });
  return { stretches, width };
}

function merge(intervals: readonly Interval[]): Interval[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of intervals) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end: Math.max(start, end) });
  }
  return merged;
}

/** The pixel of a time; times outside lie at the edges. */
export function placeOf({ stretches, width }: TimeLine, at: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.to ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const stretch = stretches[low];
  if (!stretch) return 0;
  const { from, to, left, right } = stretch;
  const share = to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0;
  return Math.min(width, left + share * (right - left));
}

export type Mark = { readonly at: number; readonly left: number; readonly label: string };

const MS = 1e6;
const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1e3),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60e3),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 168, 720, 2_160, 8_760].map((hours) => hours * 3_600e3),
];
const LABEL_GAP = 84;
const MOST_TICKS = 200;

/**
 * Clock times along the axis, none closer to the next than its label is wide. The beginnings of stretches go first:
 * after a fold nobody knows how late it is.
 * @param startMs epoch milliseconds of the session's start
 */
export function marksOf({ stretches, width }: TimeLine, startMs: number): Mark[] {
  const marks: Mark[] = [];
  function put(ms: number, left: number, step: number): void {
    if (left > width - LABEL_GAP / 2 && marks.length > 0) return;
    if (marks.some((mark) => Math.abs(mark.left - left) < LABEL_GAP)) return;
    marks.push({ at: (ms - startMs) * MS, left, label: clock(ms, step) });
  }
  const shown = stretches
    .filter(({ folded }) => !folded)
    .map((stretch) => ({ ...stretch, ...ticksOf(stretch, startMs) }));
  for (const { left, begins, ticks, step } of shown) {
    // The exact beginning gives way to a round time right after it.
    const [next] = ticks;
    if (next && next.left - left < LABEL_GAP) put(next.ms, next.left, step);
    else put(begins, left, Math.min(step, 1e3));
  }
  for (const { ticks, step } of shown) for (const { ms, left } of ticks) put(ms, left, step);
  return marks.sort((a, b) => a.left - b.left);
}

type Ticks = {
  readonly begins: number;
  readonly step: number;
  readonly ticks: readonly { readonly ms: number; readonly left: number }[];
};

function ticksOf({ from, to, left, right }: Stretch, startMs: number): Ticks {
  const begins = startMs + from / MS;
  const ends = startMs + to / MS;
  const step = stepFor((ends - begins) * (LABEL_GAP / Math.max(1, right - left)));
  const zone = new Date(startMs).getTimezoneOffset() * 60e3;
  const ticks: { ms: number; left: number }[] = [];
  if (ends > begins) {
    const first = Math.ceil((begins - zone) / step) * step + zone;
    for (let ms = first; ms <= ends && ticks.length < MOST_TICKS; ms += step)
      ticks.push({ ms, left: left + ((ms - begins) / (ends - begins)) * (right - left) });
  }
  return { begins, step, ticks };
}

function stepFor(atLeast: number): number {
  return STEPS_MS.find((step) => step >= atLeast) ?? (STEPS_MS.at(-1) as number);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function clock(ms: number, step: number): string {
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) return '';
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = `${two(time.getHours())}:${two(time.getMinutes())}`;
  if (step >= 3_600e3 && time.getHours() === 0) return `${time.getDate()} ${MONTHS[time.getMonth()] ?? ''}`;
  if (step >= 60e3) return minutes;
  const seconds = `${minutes}:${two(time.getSeconds())}`;
  return step >= 1e3 ? seconds : `${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
