import { expect, test } from 'vitest';
import { csvText, xmlText } from './save-picture.ts';

test('cells are quoted where they must be, and no text is a formula', () => {
  expect(
    csvText([
      ['name', 'A'],
      ['says "no", twice', 0.5],
      ['=HYPERLINK("http://x")', -1],
      ['two\nlines', null],
      ['no number', Number.NaN],
    ]),
  ).toBe('name,A\r\n"says ""no"", twice",0.5\r\n"\'=HYPERLINK(""http://x"")",-1\r\n"two\nlines",\r\nno number,\r\n');
});

test('a picture holds no character that XML does not allow', () => {
  expect(xmlText('<title>a\u0001\u0008\u001f\ud800\uffff 😀\t\n\u0085</title>')).toBe(
    '<title>a\ufffd\ufffd\ufffd\ufffd\ufffd 😀\t\n\u0085</title>',
  );
});
