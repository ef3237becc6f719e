import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestPart } from './longest-part.ts';
import { placeIn } from './text-place.ts';
import { wordPlaces, wordsOf } from './word-stream.ts';

test('the same words in another spelling are the same stream', () => {
  const stream = ' the fee is 1200 eur for anna ';
  for (const text of [
    'The fee is 1200 EUR for Anna.',
    '**The** fee\n is `1,200` eur, for "Anna"',
    '{"The":"fee is","1’200":["EUR","for Anna"]}',
    'the fee\\nis 1200 eur\\tfor \\"anna\\"',
  ])
    expect(wordsOf(text)).toBe(stream);
  expect(wordsOf('1,2,3 and 12,34')).toBe(' 1 2 3 and 12 34 ');
  expect(wordsOf('北京ok')).toBe(' 北 京 ok ');
  expect(wordsOf(' ?! ')).toBe('');
});

test('each word stands where the stream says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const { words, places } = wordPlaces(text);
      expect(words).toBe(wordsOf(text));
      for (let k = 0; k < words.length; k++)
        if (words[k] !== ' ') expect((text[places[k] ?? -1] ?? '').toLowerCase()).toContain(words[k] ?? '');
    }),
  );
});

test('a place with what is around it', () => {
  const text = 'We say: the **fee is 1,200 EUR** today.';
  expect(placeIn(text, ' fee is 1200 eur ')).toEqual({
    start: 14,
    end: 30,
    before: 'We say: the **',
    text: 'fee is 1,200 EUR',
    after: '** today.',
  });
});

test('the longest run of words that stands elsewhere', () => {
  const others = ['book a hotel in rome', 'the train leaves rome at nine in the evening', 'nine in the'].map(wordsOf);
  expect(longestPart(wordsOf('It leaves Rome at nine, in the morning'), others)).toEqual({
    words: ' leaves rome at nine in the ',
    count: 6,
  });
  expect(longestPart(wordsOf('something else entirely'), others)).toBeNull();
  const started = performance.now();
  longestPart(wordsOf('a '.repeat(300)), [wordsOf('a '.repeat(1_000_000))]);
  expect(performance.now() - started).toBeLessThan(8_000);
});
