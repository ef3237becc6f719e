/** How far playback gets in a while, as pure arithmetic on the events. */
import { eventAt, type PlaybackEvents } from './events.ts';
import type { Speed } from './playback-store.ts';

/** At an even pace, this many events a second, or as many as are needed to be through in the time below. */
const EVENTS_PER_SECOND = 2.5;
const LONGEST_SECONDS = 60;
/** Milliseconds. A frame that took longer (a hidden window, a busy machine) is not caught up with. */
const LONGEST_FRAME = 250;

export type Place = {
  /** The time cursor. */
  readonly cursor: number;
  /** The last event at or before it; between events of one moment, only this tells how far it is. -1 = none yet. */
  readonly index: number;
  /** Even pace: what has passed of the time until the next event, 0 up to 1. */
  readonly part: number;
};

/** Where playback is after `ms`; null = at the end. `end` is the last moment of the trace. */
export function advance(
  events: PlaybackEvents,
  { cursor, index, part }: Place,
  ms: number,
  speed: Speed,
  end: number,
): Place | null {
  const passed = Math.min(ms, LONGEST_FRAME);
  if (speed === 'even') {
    const rate = Math.max(EVENTS_PER_SECOND, events.count / LONGEST_SECONDS);
    const reached = index + part + (passed / 1_000) * rate;
    const next = Math.floor(reached);
    if (next >= events.count) return null;
    return { cursor: next === index ? cursor : (events.at[next] ?? cursor), index: next, part: reached - next };
  }
  const next = cursor + passed * 1e6 * speed;
  if (next >= end) return null;
  return { cursor: next, index: eventAt(events, next), part: 0 };
}

/** The event that a cursor set by somebody else stands at. */
export function placeOf(events: PlaybackEvents, cursor: number, known: Place | null): Place {
  if (known && known.cursor === cursor && events.at[known.index] === cursor) return known;
  return { cursor, index: eventAt(events, cursor), part: 0 };
}
