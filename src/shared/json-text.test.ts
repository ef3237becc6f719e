import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineAt, placeOf, readJsonText } from './json-text.ts';

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const read = readJsonText(text);
      expect(read).toMatchObject({ ok: true, remarks: [] });
      expect(read.ok && read.value).toEqual(JSON.parse(text));
    }),
  );
});

test('refuses, or remarks on, what JSON.parse refuses', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:1e.-tru\\ \nn/*') }), (text) => {
      let good = true;
      try {
        JSON.parse(text);
      } catch {
        good = false;
      }
      const read = readJsonText(text);
      expect(read.ok && read.remarks.length === 0).toBe(good);
    }),
  );
});

test('comments and commas after the last value are read over, and said with their lines', () => {
  const text = `// our grader
{
  "a": [1, 2,], /* one
  and more */ "url": "http://x//y/*z*/", // why
  "n": 1.5/* at once */,
}
// end`;
  const read = readJsonText(text);
  expect(read).toMatchObject({ ok: true, value: { a: [1, 2], url: 'http://x//y/*z*/', n: 1.5 } });
  expect(read.ok && read.remarks.map(({ line, message }) => [line, message.slice(0, 9)])).toEqual([
    [1, 'A comment'],
    [3, 'A comment'],
    [3, 'A comma a'],
    [4, 'A comment'],
    [5, 'A comment'],
    [5, 'A comma a'],
    [7, 'A comment'],
  ]);
  const place = read.ok ? placeOf(read.places, '/n') : null;
  expect(text.slice(place?.from, place?.to)).toBe('1.5');
});

test.each(['{,}', '[,]', '[1,,]', '[1,', '{"a":1,,}', '/* open', '// only', '/ {}', '{"a" /b: 1}'])(
  'refuses %j',
  (text) => {
    expect(readJsonText(text).ok).toBe(false);
  },
);

test('many comments are read at once, and some of them said', () => {
  const read = readJsonText(`[${'/**/1,\n'.repeat(20_000)}]`);
  expect(read.ok && [read.value, read.remarks.length]).toMatchObject([{ length: 20_000 }, 21]);
});

test.each([
  ['{\n  "a": 1\n  "b": 2\n}', 3, 'A comma or "}" is expected, and there is "\\"".'],
  ['{"a": tru}', 1, '"tru" is no JSON value; texts stand in double quotes.'],
  ['{\n"a": "open\n}', 2, 'The text is not closed with a double quote on its line.'],
  ['{"a": [1, 2', 1, 'A comma or "]" is expected, and the text ends.'],
  ['', 1, 'A value is expected, and the text ends.'],
  ['{"a":1,,}', 1, 'A key in double quotes is expected, and there is ",".'],
  ['{}\n/* open', 2, 'The comment is not closed.'],
  ['[1] 2', 1, 'After the end, there is "2".'],
])('says where and why: %j', (text, line, message) => {
  expect(readJsonText(text)).toMatchObject({ ok: false, line, message });
});

test('what is nested too deep is an answer, not a crash', () => {
  expect(readJsonText('['.repeat(100_000)).ok).toBe(false);
});

test('each value has its place, and what is missing the nearest one around it', () => {
  const text = '{\n  "a/b": [10,\n 20],\n  "c": {}\n}';
  const read = readJsonText(text);
  if (!read.ok) throw new Error(read.message);
  const second = placeOf(read.places, '/a~1b/1');
  expect(text.slice(second?.from, second?.to)).toBe('20');
  expect(lineAt(text, second?.from ?? 0)).toBe(3);
  const around = placeOf(read.places, '/c/missing/deeper');
  expect(text.slice(around?.from, around?.to)).toBe('{}');
  expect(placeOf(read.places, '/none')?.from).toBe(0);
});
