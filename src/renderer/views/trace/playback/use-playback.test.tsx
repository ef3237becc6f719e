// Playback over a table that grows, without an engine.
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useSelection } from '../../../state/selection.ts';
import { makeTable } from '../model/testing/make-table.ts';
import { usePlayback } from './playback-store.ts';
import { usePlaybackOf } from './use-playback.ts';

const S = 1e9;
const RUN = `
root 0 ${10 * S} agent @Planner
  think ${1 * S} ${2 * S} generation @Planner
  search ${3 * S} ${4 * S} tool @Planner error
  write ${6 * S} ${9 * S} generation @Planner`;

let frames: ((now: number) => void)[] = [];
let now = 0;

beforeEach(() => {
  now = 0;
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => (frames[id - 1] = () => undefined));
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  usePlayback.setState({ playing: false, speed: 'even', kind: 'any', span: null, moves: 0 });
  useSelection.setState({ spanId: null, timeCursor: null });
});

function frame(ms: number): void {
  now += ms;
  const due = frames;
  frames = [];
  act(() => {
    for (const run of due) run(now);
  });
}

const at = (): number | null => useSelection.getState().timeCursor;

test('plays in real time to the end and stops there', () => {
  const table = makeTable(RUN);
  const { result } = renderHook(() => usePlaybackOf(table));
  act(() => usePlayback.setState({ speed: 10 }));
  act(() => result.current.toggle());
  expect(at()).toBe(0);
  frame(100);
  expect(at()).toBe(1 * S);
  expect(usePlayback.getState().span).toBe('think');
  for (let k = 0; k < 10; k++) frame(200);
  expect(at()).toBe(10 * S);
  expect(usePlayback.getState().playing).toBe(false);
  // Again from the beginning.
  act(() => result.current.toggle());
  expect(at()).toBe(0);
});

test('steps to events of the chosen kind and selects their spans', () => {
  const table = makeTable(RUN);
  const { result } = renderHook(() => usePlaybackOf(table));
  act(() => usePlayback.setState({ kind: 'error' }));
  act(() => result.current.step(1));
  expect([at(), useSelection.getState().spanId]).toEqual([4 * S, 'search']);
  expect(result.current.canStep(1)).toBe(false);
  act(() => result.current.leave());
  expect([at(), usePlayback.getState().span]).toEqual([null, null]);
});

test('stays where it is when spans arrive, and plays on from there', () => {
  const before = makeTable(RUN);
  const after = makeTable(`${RUN}\n  early 500000000 ${S} tool @Planner\n  late ${20 * S} ${30 * S} tool @Planner`);
  const { result, rerender } = renderHook(({ table }) => usePlaybackOf(table), { initialProps: { table: before } });
  act(() => usePlayback.setState({ speed: 1 }));
  act(() => result.current.step(1));
  act(() => result.current.step(1));
  expect([at(), result.current.place?.index]).toEqual([1 * S, 1]);
  act(() => result.current.toggle());
  rerender({ table: after });
  expect([at(), result.current.place?.index]).toEqual([1 * S, 2]);
  frame(100);
  expect(at()).toBe(1.1 * S);
});

test('many moves of the pointer are one move of the cursor a frame', () => {
  const table = makeTable(RUN);
  const { result } = renderHook(() => usePlaybackOf(table));
  const moved = vi.fn();
  const stop = useSelection.subscribe(moved);
  act(() => {
    for (let k = 0; k < 50; k++) result.current.scrubTo({ cursor: k * 1e8 });
  });
  expect(moved).not.toHaveBeenCalled();
  frame(16);
  stop();
  expect(moved).toHaveBeenCalledTimes(1);
  expect(at()).toBe(4.9 * S);
});

test('without motion the cursor goes from event to event', () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const table = makeTable(RUN);
  const { result } = renderHook(() => usePlaybackOf(table));
  act(() => usePlayback.setState({ speed: 1 }));
  act(() => result.current.toggle());
  const seen = new Set<number | null>();
  for (let k = 0; k < 60; k++) {
    frame(200);
    seen.add(at());
  }
  expect([...seen]).toEqual([0, 1 * S, 3 * S, 4 * S, 6 * S, 10 * S]);
});
