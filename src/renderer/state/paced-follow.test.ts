import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPacedFollow } from './paced-follow.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('places that come slowly are each followed at once', () => {
  const go = vi.fn();
  const follow = createPacedFollow(go);
  for (let place = 0; place < 5; place++) {
    follow.pass(place);
    follow.pass(place);
    expect(go).toHaveBeenCalledTimes(place + 1);
    vi.advanceTimersByTime(400);
  }
  expect(go).toHaveBeenCalledTimes(5);
});

test('a running cursor is followed seldom while it runs, and once when it rests', () => {
  let at = 0;
  const seen: number[] = [];
  const follow = createPacedFollow(() => seen.push(at));
  for (at = 0; at < 180; at++) {
    follow.pass(at);
    vi.advanceTimersByTime(1000 / 60);
  }
  // Three seconds.
  expect(seen.length).toBeLessThanOrEqual(6);
  expect(seen.length).toBeGreaterThanOrEqual(4);
  follow.pass(at);
  vi.advanceTimersByTime(1_000);
  expect(seen.at(-1)).toBe(180);
});

test('a jump does not wait, and what was cancelled does not come', () => {
  const go = vi.fn();
  const follow = createPacedFollow(go);
  follow.pass(1);
  follow.jump(2);
  follow.jump(3);
  expect(go).toHaveBeenCalledTimes(3);
  follow.pass(4);
  follow.cancel();
  vi.advanceTimersByTime(1_000);
  expect(go).toHaveBeenCalledTimes(3);
  follow.pass(4);
  expect(go).toHaveBeenCalledTimes(4);
});
