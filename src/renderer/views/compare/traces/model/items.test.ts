import { expect, test } from 'vitest';
import { STEP_OPS } from '#shared/alignment.ts';
import { buildItems, type Item, itemOfStep, nextDifference, runStart, type Shown } from './items.ts';

const LETTERS = { s: 'same', c: 'changed', a: 'added', r: 'removed', m: 'moved', x: 'repeated' } as const;
const ops = (letters: string): Uint8Array =>
  Uint8Array.from(letters, (letter) => STEP_OPS.indexOf(LETTERS[letter as keyof typeof LETTERS]));
const ALL: Shown = { ops: null, only: null, opened: new Set() };
const words = (items: readonly Item[]): string =>
  items.map((item) => (item.type === 'step' ? item.step : `${item.what}[${item.from}-${item.to})`)).join(' ');

test('what is the same folds, but for one step beside each difference; an opened run is whole', () => {
  const aligned = { op: ops('sssssscssss'), firstDivergence: 6 };
  expect(words(buildItems(aligned, ALL))).toBe('same[0-5) 5 6 7 same[8-11)');
  expect(words(buildItems(aligned, { ...ALL, opened: new Set([0]) }))).toBe('0 1 2 3 4 5 6 7 same[8-11)');
  expect(words(buildItems({ op: ops('sss'), firstDivergence: -1 }, ALL))).toBe('same[0-3)');
  expect(words(buildItems({ op: ops('ss'), firstDivergence: -1 }, ALL))).toBe('0 1');
});

test('repeats fold, unless both part there', () => {
  expect(words(buildItems({ op: ops('scxxxx'), firstDivergence: 1 }, ALL))).toBe('0 1 repeated[2-6)');
  expect(words(buildItems({ op: ops('sxxxx'), firstDivergence: 1 }, ALL))).toBe('0 1 2 3 4');
});

test('a choice of operations lists those alone', () => {
  const aligned = { op: ops('sssscar'), firstDivergence: 4 };
  expect(words(buildItems(aligned, { ...ALL, ops: new Set(['added', 'removed']) }))).toBe('5 6');
  expect(words(buildItems(aligned, { ...ALL, only: new Set([1, 5]) }))).toBe('1 5');
});

test('a step is found in its line or in the fold that holds it', () => {
  const op = ops('sssssscssss');
  const items = buildItems({ op, firstDivergence: 6 }, ALL);
  expect([0, 4, 5, 6, 10].map((step) => itemOfStep(items, step))).toEqual([0, 0, 1, 2, 4]);
  expect(itemOfStep(items, 11)).toBe(-1);
  expect([runStart(op, 4), runStart(op, 6), runStart(op, 10)]).toEqual([0, 6, 7]);
});

test('next and previous difference go from run to run', () => {
  const op = ops('sccsaas');
  expect([nextDifference(op, -1, 1), nextDifference(op, 1, 1), nextDifference(op, 4, 1)]).toEqual([1, 4, null]);
  expect([nextDifference(op, 7, -1), nextDifference(op, 4, -1), nextDifference(op, 1, -1)]).toEqual([4, 1, null]);
});
