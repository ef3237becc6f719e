import { expect, test } from 'vitest';
import { compact, cut, money, plain, table } from './text.ts';

test('columns align by what a terminal shows, not by code units', () => {
  const rows = [
    { name: 'plain', n: 1 },
    { name: '日本', n: 1234 },
    { name: '👩‍🚀 go', n: 56 },
  ];
  expect(
    table(
      [
        { head: 'NAME', cell: ({ name }) => name },
        { head: 'N', align: 'right', cell: ({ n }) => String(n) },
        { head: '', cell: () => '' },
      ],
      rows,
    ),
  ).toBe(['NAME      N', 'plain     1', '日本   1234', '👩‍🚀 go    56', ''].join('\n'));
});

test('lines are cut to the width of the terminal, between whole characters', () => {
  expect(cut('abcdef', 6)).toBe('abcdef');
  expect(cut('abcdefg', 6)).toBe('abcde…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(table([{ head: 'LONG HEAD', cell: (text: string) => text }], ['a'.repeat(50)], 10)).toBe(
    `LONG HEAD\n${'a'.repeat(9)}…\n`,
  );
});

test('what could steer a terminal is shown as a replacement', () => {
  expect(plain('a\r\nb\tc')).toBe('a b c');
  expect(plain('\u001b[31mred\u009b0m \u202Eevil\u2069')).toBe('\uFFFD[31mred\uFFFD0m \uFFFDevil\uFFFD');
  expect(plain('naïve 👩‍🚀')).toBe('naïve 👩‍🚀');
});

test('counts and money for people; unknown is a dash, never 0', () => {
  expect([null, 0, 999, 1_000, 12_345, 999_949, 999_950, 2_100_000].map(compact)).toEqual([
    '–',
    '0',
    '999',
    '1.0k',
    '12.3k',
    '999.9k',
    '1.0M',
    '2.1M',
  ]);
  const stated = [null, 0, 0.00001, 0.0004, 0.08, 12].map((usd) => money(usd, 'stated'));
  expect(stated).toEqual(['–', '$0.00', '<$0.0001', '$0.0004', '$0.08', '$12.00']);
  expect([money(0.08, 'estimated'), money(0.08, 'partly')]).toEqual(['≈$0.08', '≈$0.08']);
});

test('a long name is cut, so that it does not push the other columns away; an id is not, nor what stands last', () => {
  const long = '🦊'.repeat(100);
  const columns = ['ID', 'NAME', 'NOTE'].map((head) => ({ head, cell: (text: string) => text }));
  const [, row = ''] = table(columns, [long]).split('\n');
  expect(row).toBe(`${long}  ${'🦊'.repeat(35)}…  ${long}`);
});
