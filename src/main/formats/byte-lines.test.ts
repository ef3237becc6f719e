import { expect, test } from 'vitest';
import { byteLines } from './byte-lines.ts';

test.each<[string, [number, string][]]>([
  ['', []],
  ['a', [[1, 'a']]],
  [
    'a\nb\n',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'a\r\n\r\n  \nb',
    [
      [1, 'a'],
      [4, 'b'],
    ],
  ],
  [
    '\ufeffa\né',
    [
      [1, 'a'],
      [2, 'é'],
    ],
  ],
  ['\n\n', []],
])('%j', (text, lines) => {
  const found = [...byteLines(new TextEncoder().encode(text))];
  expect(found.map(({ number, bytes }) => [number, new TextDecoder().decode(bytes)])).toEqual(lines);
});
