import { describe, expect, test } from 'vitest';
import { timesOf } from '../model/moments.ts';
import { makeColumns } from '../model/testing/make-table.ts';
import { bitOf, EVENT_KINDS, eventAt, nextEvent, playbackEvents, type EventKind } from './events.ts';

function eventsOf(outline: string, findings: readonly number[] = []) {
  const columns = makeColumns(outline);
  return { columns, events: playbackEvents(columns, timesOf(columns), new Set(findings)) };
}

const RUN = `
root 0 100 agent @Planner
  think 5 20 generation @Planner
  search 20 40 tool @Planner error
  pass 40 40 handoff @Planner
  writer 41 90 agent @Writer
    write 45 60 generation @Writer
  again 30 35 tool @Planner`;

describe('the events of a trace', () => {
  test('are in order of time, a failure at the end of its span', () => {
    const { columns, events } = eventsOf(RUN);
    const said = Array.from(
      { length: events.count },
      (_, k) => `${events.at[k]} ${columns.ids[events.row[k]!]}${events.ends[k] ? ' fails' : ''}`,
    );
    expect(said).toEqual([
      '0 root',
      '5 think',
      '20 search',
      '30 again',
      '40 search fails',
      '40 pass',
      '41 writer',
      '45 write',
    ]);
  });

  test('are found by kind in either direction', () => {
    const { columns, events } = eventsOf(RUN, [1]);
    const walk = (kind: EventKind, direction: 1 | -1): string => {
      const names: string[] = [];
      for (let at = direction === 1 ? -1 : events.count; (at = nextEvent(events, at, direction, kind)) >= 0;)
        names.push(columns.ids[events.row[at]!]!);
      return names.join(' ');
    };
    expect(walk('generation', 1)).toBe('think write');
    expect(walk('generation', -1)).toBe('write think');
    expect(walk('tool', 1)).toBe('search again');
    expect(walk('handoff', 1)).toBe('pass');
    expect(walk('agent', 1)).toBe('root writer');
    expect(walk('error', 1)).toBe('search');
    expect(walk('finding', 1)).toBe('think');
    expect(nextEvent(events, events.count - 1, 1, 'any')).toBe(-1);
  });

  test('at a cursor are the last that happened', () => {
    const { events } = eventsOf(RUN);
    expect([-1, 0, 19, 40, 1e12].map((cursor) => eventAt(events, cursor))).toEqual([-1, 0, 1, 5, 7]);
  });

  test('without any time come in the order of the tree, a failure at its step', () => {
    const { events } = eventsOf('a - -\n  b - - tool error\nc - -');
    expect([...events.at]).toEqual([0, 1, 2]);
    expect(events.kinds[1]! & bitOf('error')).toBeTruthy();
  });

  test('each kind has a bit of its own in a byte', () => {
    expect(new Set(EVENT_KINDS.map(bitOf)).size).toBe(EVENT_KINDS.length);
    expect(Math.max(...EVENT_KINDS.map(bitOf))).toBeLessThan(256);
  });

  test('of spans in the worst order are sorted', () => {
    const outline = Array.from({ length: 3_000 }, (_, k) => `s${k} ${3_000 - k} 3001`).join('\n');
    const { events } = eventsOf(outline);
    expect(events.at.every((at, k) => k === 0 || at >= events.at[k - 1]!)).toBe(true);
    expect(events.count).toBe(3_000);
  });
});
