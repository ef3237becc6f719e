import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withMembers } from './json-edit.ts';

test('only the value changes, whatever stands around it', () => {
  const text = '{\n  "a" : "caf\\u00e9", "step":"3" ,\n\t"list": [1.0, {"step": "}"}],\n  "n": -1.50e+2\n}\n';
  expect(withMembers(text, { step: '4', n: 7 })).toBe(
    '{\n  "a" : "caf\\u00e9", "step":"4" ,\n\t"list": [1.0, {"step": "}"}],\n  "n": 7\n}\n',
  );
  expect(withMembers(text, {})).toBe(text);
  expect(withMembers(text, { step: undefined })).toBe(text);
});

test('a member that is missing is added with the spacing of the others', () => {
  expect(withMembers('{\n    "a": 1\n}', { b: 'x' })).toBe('{\n    "a": 1,\n    "b": "x"\n}');
  expect(withMembers('{}', { b: 1, c: 2 })).toBe('{"b": 1,"c": 2}');
});

test('what is no object is not edited', () => {
  for (const text of ['', '[]', '"x"', '{"a":', 'null']) expect(withMembers(text, { a: 1 })).toBeNull();
});

test('any document reads as before but for the members that were set', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), fc.nat(4), (document, value, indent) => {
      const text = JSON.stringify(document, null, indent);
      const expected = JSON.parse(JSON.stringify({ ...document, step: value })) as unknown;
      expect(JSON.parse(withMembers(text, { step: JSON.parse(JSON.stringify(value)) as null }) ?? '')).toEqual(
        expected,
      );
    }),
  );
});
