import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { looksLike } from './looks-like.ts';

const CASES: readonly (readonly [string | Buffer, string])[] = [
  ['SQLite format 3\0\x10\0', 'SQLite database'],
  ['%PDF-1.7\n', 'PDF document'],
  ['PAR1\x15\x04', 'Parquet table'],
  [gzipSync('x'), 'gzip archive inside another'],
  [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), 'PNG image'],
  ['a\0b', 'binary data'],
  ['id,name,started at\n1,x,2020\n', 'CSV with the columns id, name, started at'],
  ['id\tname\n1\tx\n', 'TSV with the columns id, name'],
  ['[{"alpha":1,"beta":{"x":2}},{"alpha":2}]', 'JSON list of objects with the keys alpha, beta'],
  ['[1,2]', 'JSON list of numbers'],
  ['[]', 'JSON list without items'],
  ['{"a":1,"b":"cut off', 'JSON object with the keys a'],
  [
    JSON.stringify(Object.fromEntries('abcdefghij'.split('').map((key) => [key, 1]))),
    'JSON object with the keys a, b, c, d, e, f, g, h, … (10)',
  ],
  ['{"a":1}\n{"a":2}\n', 'JSON lines of objects with the keys a'],
  ['\uFEFF{"a":1}', 'JSON object with the keys a'],
  ['<!doctype html><p>', 'HTML page'],
  ['<?xml version="1.0"?>\n<testsuite name="x">', 'XML document <testsuite>'],
  ['version: 3\nservices:\n  a: 1\n', 'YAML or similar text'],
  ['2026-01-01 10:00:00 INFO started', 'log text'],
  ['# Title\n\nwords', 'Markdown or plain text'],
  ['words, and more of them', 'plain text'],
  ['  \n ', 'white space only'],
];

test.each(CASES)('%j', (content, expected) => {
  expect(looksLike(Buffer.from(content as string, typeof content === 'string' ? 'utf8' : undefined))).toBe(expected);
});

test('hostile heads end quickly', () => {
  for (const text of [
    '<'.repeat(65_536),
    '{'.repeat(65_536),
    'a:'.repeat(32_768),
    ','.repeat(65_536),
    '-'.repeat(65_536),
    '{"a'.repeat(20_000),
  ]) {
    const started = performance.now();
    looksLike(Buffer.from(text));
    expect(performance.now() - started).toBeLessThan(500);
  }
});
