import { expect, test } from 'vitest';
import { parseScoreSchema } from '#shared/parse-taxonomy.ts';
import { changedAt, freshScale, numberIn, SCALES, scaleWords, withItem, withOption, withoutAt } from './scales.ts';

test('every kind of scale begins as one that can be saved', () => {
  for (const { type } of SCALES) {
    const schema = { id: 'x', title: 'X', about: '', version: 1, direction: 'maximise', scale: freshScale(type) };
    expect(parseScoreSchema(schema)).toMatchObject({ ok: true, value: { scale: { type } } });
  }
  expect(SCALES.map(({ type }) => scaleWords(freshScale(type)))).toEqual([
    '1 to 5',
    '2 options',
    'yes or no',
    '1 question',
  ]);
});

test('an option and a question that are added have names of their own, also after others were removed', () => {
  const options = withOption(withOption([{ value: 1, title: 'Option 3' }]));
  expect(options.map(({ title, value }) => [title, value])).toEqual([
    ['Option 3', 1],
    ['Option 2', 0],
    ['Option 4', -1],
  ]);
  const items = withItem(withoutAt(withItem(withItem([{ id: 'q1', text: 'a' }])), 1));
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  expect(changedAt(items, 0, { text: 'b' })[0]).toEqual({ id: 'q1', text: 'b' });
});

test('numbers as people write them', () => {
  expect(['0.5', '0,5', ' -1 ', 'five', '', '1e999'].map(numberIn)).toEqual([0.5, 0.5, -1, null, null, null]);
});
