/**
 * Where times of the lanes lie on their axis. Idle stretches, in which no agent worked (it waited for a person, or nothing
 * ran), may be squeezed: the axis then jumps over them, and says so.
 */
import type { TraceLanes } from '#shared/lanes.ts';
import { LANE_STATES, WAITS_FOR_PERSON } from '#shared/lanes.ts';
import type { TimeRange } from '../../model/span-table.ts';

export type LaneAxis = {
  readonly domain: TimeRange;
  /** Squeezed stretches: where they are drawn, and how long they really took. */
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly lasted: number }[];
  /** From nanoseconds to the place on the axis, and back. */
  readonly place: (ns: number) => number;
  readonly real: (place: number) => number;
};

/** Shorter idle stretches, as a share of the time in which something happened, stay as they are. */
const LONG = 0.08;
/** What all squeezed stretches may take of that time together, and one at most. */
const ALL = 0.25;
const ONE = 0.04;

const OTHER = LANE_STATES.indexOf('other');
const WAITING = LANE_STATES.indexOf('waiting');

export function laneAxis(lanes: TraceLanes, squeeze: boolean): LaneAxis {
  const domain = { from: lanes.from, to: Math.max(lanes.to, lanes.from + 1) };
  const idle = squeeze && lanes.timed ? idleStretches(lanes) : [];
  if (idle.length === 0) return { domain, gaps: [], place: (ns) => ns, real: (place) => place };
  const working = domain.to - domain.from - idle.reduce((sum, { from, to }) => sum + to - from, 0);
  const width = Math.max(1, Math.min(working * ONE, (working * ALL) / idle.length));

  // Both axes at each corner; between two corners they run in proportion.
  const realAt = [domain.from];
  const placeAt = [domain.from];
  const gaps = idle.map(({ from, to }) => {
    const start = (placeAt.at(-1) ?? 0) + from - (realAt.at(-1) ?? 0);
    realAt.push(from, to);
    placeAt.push(start, start + width);
    return { from: start, to: start + width, lasted: to - from };
  });
  const last = (placeAt.at(-1) ?? 0) + domain.to - (realAt.at(-1) ?? 0);
  realAt.push(domain.to);
  placeAt.push(last);
  return {
    domain: { from: domain.from, to: last },
    gaps,
    place: (ns) => between(realAt, placeAt, ns),
    real: (place) => between(placeAt, realAt, place),
  };
}

function between(from: readonly number[], to: readonly number[], value: number): number {
  let low = 0;
  let high = from.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((from[middle] ?? Infinity) <= value) low = middle;
    else high = middle - 1;
  }
  const a = from[low] ?? 0;
  const b = from[low + 1] ?? a;
  const start = to[low] ?? 0;
  return b > a ? start + ((value - a) / (b - a)) * ((to[low + 1] ?? start) - start) : start + value - a;
}

/** In order; only long ones. */
function idleStretches({ pieces, from: first, to: last }: TraceLanes): TimeRange[] {
  const { count, from, to, state, peer } = pieces;
  const works: number[] = [];
  for (let k = 0; k < count; k++) {
    if (state[k] !== OTHER && state[k] !== WAITING && peer[k] !== WAITS_FOR_PERSON) works.push(k);
  }
  if (works.length === 0) return [];
  works.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0));
  const idle: TimeRange[] = [];
  let until = first;
  for (const k of works) {
    const begins = from[k] ?? 0;
    if (begins > until) idle.push({ from: until, to: begins });
    until = Math.max(until, to[k] ?? begins);
  }
  if (last > until) idle.push({ from: until, to: last });
  const working = last - first - idle.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  return idle.filter((gap) => gap.to - gap.from > working * LONG && gap.to - gap.from > 1);
}
