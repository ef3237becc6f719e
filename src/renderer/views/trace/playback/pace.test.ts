import { describe, expect, test } from 'vitest';
import { timesOf } from '../model/moments.ts';
import { makeColumns } from '../model/testing/make-table.ts';
import { playbackEvents } from './events.ts';
import { advance, placeOf, type Place } from './pace.ts';

const S = 1e9;
const columns = makeColumns(`
a 0 ${100 * S}
  b ${1 * S} ${2 * S}
  c ${1 * S} ${2 * S}
  d ${90 * S} ${91 * S}`);
const events = playbackEvents(columns, timesOf(columns), new Set());
const end = 100 * S;

function play(from: Place, speed: 1 | 10 | 'even', ms: number): { place: Place; frames: number } | 'end' {
  let place = from;
  let frames = 0;
  for (let left = ms; left > 0; left -= 20, frames++) {
    const next = advance(events, place, 20, speed, end);
    if (!next) return 'end';
    place = next;
  }
  return { place, frames };
}

describe('playing', () => {
  test('in real time is as long as it was', () => {
    expect(play({ cursor: 0, index: 0, part: 0 }, 1, 1_000)).toMatchObject({ place: { cursor: S, index: 2 } });
    expect(play({ cursor: 0, index: 0, part: 0 }, 10, 9_000)).toMatchObject({ place: { index: 3 } });
    expect(play({ cursor: 0, index: 0, part: 0 }, 10, 10_001)).toBe('end');
  });

  test('in even steps skips idle time, and goes through events of one moment one by one', () => {
    const seen = new Set<number>();
    let place: Place | null = placeOf(events, 0, null);
    let ms = 0;
    for (; place; ms += 20) {
      seen.add(place.index);
      place = advance(events, place, 20, 'even', end);
    }
    expect([...seen]).toEqual([0, 1, 2, 3]);
    expect(ms).toBeLessThan(2_000);
  });

  test('does not catch up with a frame that took minutes', () => {
    expect(advance(events, { cursor: 0, index: 0, part: 0 }, 60_000, 1, end)?.cursor).toBe(0.25 * S);
  });

  test('stays at its event while the cursor is where it was put, and finds the event of any other cursor', () => {
    const known = { cursor: 1 * S, index: 1, part: 0.5 };
    expect(placeOf(events, 1 * S, known)).toBe(known);
    expect(placeOf(events, 1.5 * S, known)).toEqual({ cursor: 1.5 * S, index: 2, part: 0 });
    // Spans that arrived in between moved the event to another number.
    expect(placeOf(events, 1 * S, { ...known, index: 3 })).toEqual({ cursor: 1 * S, index: 2, part: 0 });
  });
});
