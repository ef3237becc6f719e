import { expect, test } from 'vitest';
import { bar, brush, clamp, pan, ticks, tickStep, timeLabel, zoom } from './time-axis.ts';

const domain = { from: 0, to: 10e9 };

test('steps are round in the unit that people read', () => {
  expect(tickStep(0.3)).toBe(1);
  expect(tickStep(3)).toBe(5);
  expect(tickStep(120_000)).toBe(200_000);
  expect(tickStep(7e9)).toBe(10e9);
  expect(tickStep(11e9)).toBe(15e9);
  expect(tickStep(61e9)).toBe(120e9);
  expect(tickStep(3 * 3600e9)).toBe(3 * 3600e9);
  expect(tickStep(13 * 3600e9)).toBe(24 * 3600e9);
  expect(tickStep(3 * 24 * 3600e9)).toBe(5 * 24 * 3600e9);
});

test('ticks are evenly spaced, inside the range and never closer than the gap', () => {
  for (const to of [40, 1_234, 5e6, 9.7e9, 42e9, 3_700e9, 9e13, 9e17]) {
    const marks = ticks({ from: 0, to }, 400, 70);
    expect(marks.length, String(to)).toBeGreaterThan(1);
    expect(marks.length).toBeLessThan(8);
    const [first, second] = marks;
    expect((((second?.at ?? 0) - (first?.at ?? 0)) / to) * 400).toBeGreaterThanOrEqual(69.9);
    expect(new Set(marks.map((mark) => mark.label)).size, marks.map((mark) => mark.label).join(' | ')).toBe(
      marks.length,
    );
  }
});

test('labels', () => {
  expect(ticks({ from: 0, to: 10e9 }, 400, 70).map((tick) => tick.label)).toEqual([
    '0',
    '2 s',
    '4 s',
    '6 s',
    '8 s',
    '10 s',
  ]);
  expect(ticks({ from: 1.2e9, to: 1.21e9 }, 400, 90).map((tick) => tick.label)).toEqual(['1.2 s', '1.205 s', '1.21 s']);
  expect(ticks({ from: 0, to: 200e9 }, 400, 90).map((tick) => tick.label)).toEqual(['0', '1:00', '2:00', '3:00']);
  expect(ticks({ from: 0, to: 75e9 }, 400, 160).map((tick) => tick.label)).toEqual(['0', '0:30', '1:00']);
  expect(ticks({ from: 3600e9, to: 3 * 3600e9 }, 400, 180).map((tick) => tick.label)).toEqual([
    '1:00:00',
    '2:00:00',
    '3:00:00',
  ]);
});

test('long traces keep one notation when zoomed in, and days are days', () => {
  expect(ticks({ from: 119.4e9, to: 120.2e9 }, 400, 100).map((tick) => tick.label)).toEqual([
    '1:59.4',
    '1:59.6',
    '1:59.8',
    '2:00',
    '2:00.2',
  ]);
  expect(ticks({ from: 0, to: 40 * 24 * 3600e9 }, 400, 100).map((tick) => tick.label)).toEqual([
    '0',
    '10 d',
    '20 d',
    '30 d',
    '40 d',
  ]);
});

test('a time cursor is as exact as its pixels', () => {
  expect(timeLabel(3.21234e9, { from: 0, to: 10e9 }, 400)).toBe('3.2 s');
  expect(timeLabel(3.21234e9, { from: 3.2e9, to: 3.22e9 }, 400)).toBe('3.2123 s');
  expect(timeLabel(1197.94e9, { from: 1197e9, to: 1198e9 }, 200)).toBe('19:57.94');
  expect(timeLabel(59.999e9, { from: 0, to: 75e9 }, 100)).toBe('1:00');
});

test('nothing to draw gives no ticks', () => {
  expect(ticks({ from: 0, to: 0 }, 400)).toEqual([]);
  expect(ticks({ from: 0, to: 10 }, 0)).toEqual([]);
  expect(ticks({ from: NaN, to: NaN }, 100)).toEqual([]);
});

test('zoom keeps the anchor in place and stays in the domain', () => {
  const near = zoom(domain, domain, 5e9, 0.5);
  expect(near).toEqual({ from: 2.5e9, to: 7.5e9 });
  expect(zoom(near, domain, 7.5e9, 0.5)).toEqual({ from: 5e9, to: 7.5e9 });
  expect(zoom(near, domain, 0, 100)).toEqual(domain);
  let view = domain;
  for (let n = 0; n < 200; n++) view = zoom(view, domain, 3e9, 0.5);
  expect(view.to - view.from).toBeGreaterThan(99);
  expect(view.from).toBeLessThanOrEqual(3e9);
  expect(view.to).toBeGreaterThanOrEqual(3e9);
});

test('pan and clamp stop at the ends without changing the width', () => {
  expect(pan({ from: 1e9, to: 2e9 }, domain, -5e9)).toEqual({ from: 0, to: 1e9 });
  expect(pan({ from: 1e9, to: 2e9 }, domain, 50e9)).toEqual({ from: 9e9, to: 10e9 });
  expect(clamp({ from: -5, to: 20e9 }, domain)).toEqual(domain);
});

test('a brush works both ways and refuses nothing-wide ranges', () => {
  expect(brush(4e9, 2e9, domain)).toEqual({ from: 2e9, to: 4e9 });
  expect(brush(-4e9, 2e9, domain)).toEqual({ from: 0, to: 2e9 });
  expect(brush(2e9, 2e9, domain)).toBeNull();
});

test('bars are cut at the edges of the view', () => {
  const view = { from: 2e9, to: 4e9 };
  expect(bar(2.5e9, 3e9, view, domain)).toEqual({ left: 25, width: 25, cutLeft: false, cutRight: false });
  expect(bar(0, 10e9, view, domain)).toEqual({ left: 0, width: 100, cutLeft: true, cutRight: true });
  expect(bar(3e9, null, view, domain)).toMatchObject({ left: 50, width: 50, cutRight: true });
  expect(bar(3e9, 3e9, view, domain)).toMatchObject({ left: 50, width: 0 });
  // A span that ends before it starts is a mark at its start.
  expect(bar(3e9, 2e9, view, domain)).toMatchObject({ left: 50, width: 0 });
  expect(bar(5e9, 6e9, view, domain)).toBeNull();
  expect(bar(0, 1e9, view, domain)).toBeNull();
  expect(bar(null, 1e9, view, domain)).toBeNull();
});
