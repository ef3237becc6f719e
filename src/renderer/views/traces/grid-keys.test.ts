import { expect, test } from 'vitest';
import type { GridState } from './grid-keys.ts';
import { gridAction } from './grid-keys.ts';

const at = (active: number, ...selected: number[]): GridState => ({
  active,
  anchor: active,
  selected: new Set(selected),
});

function press(key: string, state: GridState, held: { shiftKey?: boolean; ctrlKey?: boolean } = {}, count = 100) {
  return gridAction({ key, shiftKey: false, ctrlKey: false, metaKey: false, ...held }, state, count, 20);
}

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 99, 99],
  ['ArrowUp', 0, 0],
  ['PageDown', 90, 99],
  ['PageUp', 5, 0],
  ['Home', 50, 0],
  ['End', 50, 99],
])('%s from %d goes to %d', (key, from, to) => {
  expect(press(key, at(from))).toEqual({ type: 'move', state: at(to) });
});

test('Shift extends from where it began, in both directions', () => {
  const down = press('ArrowDown', at(5), { shiftKey: true });
  expect(down).toEqual({ type: 'move', state: { active: 6, anchor: 5, selected: new Set([5, 6]) } });
  const up = press('Home', { active: 6, anchor: 5, selected: new Set([5, 6]) }, { shiftKey: true });
  expect(up).toEqual({ type: 'move', state: { active: 0, anchor: 5, selected: new Set([0, 1, 2, 3, 4, 5]) } });
});

test('Space toggles, Ctrl+A takes all, Enter opens, Escape clears', () => {
  expect(press(' ', at(3))).toEqual({ type: 'move', state: at(3, 3) });
  expect(press(' ', at(3, 3))).toEqual({ type: 'move', state: at(3) });
  expect(press('a', at(3), { ctrlKey: true }, 3)).toMatchObject({ state: { selected: new Set([0, 1, 2]) } });
  expect(press('Enter', at(3))).toEqual({ type: 'open', index: 3 });
  expect(press('Escape', at(3))).toEqual({ type: 'clear' });
  expect(press('Delete', at(3))).toEqual({ type: 'delete' });
});

test('an empty table and other keys do nothing', () => {
  expect(press('ArrowDown', at(-1), {}, 0)).toBeNull();
  expect(press('Enter', at(-1))).toBeNull();
  expect(press('Enter', at(7), {}, 3)).toBeNull();
  expect(press('a', at(3))).toBeNull();
  expect(press('x', at(3))).toBeNull();
});
