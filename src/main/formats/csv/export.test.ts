import { expect, test } from 'vitest';
import { cellText } from './export.ts';

test.each([
  [null, ''],
  [0.5, '0.5'],
  [-3, '-3'],
  [true, 'true'],
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  // What a spreadsheet would run.
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
] as const)('%j is written as %j', (value, text) => {
  expect(cellText(value)).toBe(text);
});
