import { expect, test } from 'vitest';
import { locate } from './text-place.ts';

test('a quote is found where it stands, whatever the page made of its spaces and signs', () => {
  expect(locate('Say **yes** to it.', 'yes to', '')).toEqual([6, 14]);
  expect(locate('one\n\ntwo  three', 'two three', '')).toEqual([5, 15]);
  expect(locate('Größe und GRÖSSE', 'und', '')).toEqual([6, 9]);
  expect(locate('plain', 'absent', '')).toBeNull();
  expect(locate('a -> b', '->', '')).toEqual([2, 4]);
  expect(locate('a -> b', '=>', '')).toBeNull();
});

test('of several places the one is taken before which as much stands as before the selection', () => {
  const text = 'check the order, then check the order again, and check the order once more';
  expect(locate(text, 'check the order', '')).toEqual([0, 15]);
  expect(locate(text, 'check the order', 'check the order, then ')).toEqual([22, 37]);
  expect(locate(text, 'check the order', 'check the order, then check the order again, and')).toEqual([49, 64]);
});

test('characters of two units keep their places', () => {
  const text = '👍 done 𝒳 ok';
  expect(locate(text, 'ok', '')).toEqual([text.indexOf('ok'), text.length]);
  const [start, end] = locate(text, '𝒳', '')!;
  expect(text.slice(start, end)).toBe('𝒳');
});

test('signs at the ends of a quote belong to it, but no sign that the text does not have', () => {
  const text = 'Rate: {"sum": -12.5}! {"sum": -12.5}?';
  const quoted = (quote: string, before = ''): string => text.slice(...locate(text, quote, before)!);
  expect(quoted('{"sum": -12.5}')).toBe('{"sum": -12.5}');
  expect(quoted('-12.5}?')).toBe('-12.5}');
  expect(locate(text, '{"sum": -12.5}', 'Rate: {"sum": -12.5}! ')).toEqual([22, 36]);
  expect(locate('Say **yes** to it.', '“yes” to', '')).toEqual([6, 14]);
  expect(locate('was 🦑done🦑', '🦒done🦒', '')).toEqual([6, 10]);
  expect(locate('was 🦑done🦑', '🦑done🦑', '')).toEqual([4, 12]);
  expect(locate('-> or ->', '->', '-> or ')).toEqual([6, 8]);
});
