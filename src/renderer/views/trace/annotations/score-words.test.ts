import { expect, test } from 'vitest';
import { scoreValue, sourceWords } from './score-words.ts';

test('a score is said by its number, its word, or both where they differ', () => {
  expect(scoreValue({ value: 0.1 + 0.2, label: null })).toBe('0.3');
  expect(scoreValue({ value: 1, label: '1' })).toBe('1');
  expect(scoreValue({ value: 4, label: 'good' })).toBe('4 (good)');
  expect(scoreValue({ value: null, label: ' good ' })).toBe('good');
  expect(scoreValue({ value: null, label: null })).toBe('');
});

test('its source is named as people write it, and cut', () => {
  expect(sourceWords('tau_bench')).toBe('with the data, from tau bench');
  expect(sourceWords('')).toBe('with the data');
  expect(sourceWords('x'.repeat(500)).length).toBeLessThan(120);
});
