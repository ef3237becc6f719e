import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { checkSchema } from './schema-check.ts';

function wrong(schema: Json, value: Json): string[] {
  return checkSchema(schema, value).problems.map(
    ({ path, keyword, message }) => `${path.join('.') || '·'} [${keyword}] ${message}`,
  );
}

const booking = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 2 },
    nights: { type: 'integer', minimum: 1, maximum: 30 },
    class: { enum: ['economy', 'business'] },
    guests: { type: 'array', items: { $ref: '#/$defs/guest' }, maxItems: 2 },
  },
  required: ['city', 'nights'],
  additionalProperties: false,
  $defs: { guest: { type: 'object', properties: { age: { type: ['integer', 'null'] } }, required: ['age'] } },
};

test('arguments that fit', () => {
  expect(wrong(booking, { city: 'Oslo', nights: 2, class: 'economy', guests: [{ age: 3 }, { age: null }] })).toEqual(
    [],
  );
});

test('what is wrong, where and why', () => {
  expect(
    wrong(booking, { city: 'O', nights: '2', class: 'first', guests: [{ age: 'x' }, {}, { age: 1 }], City: 'Oslo' }),
  ).toEqual([
    'city [minLength] has 1 character, and should have at least 2',
    'nights [type] should be an integer, and is the string "2"',
    'class [enum] is "first", and should be one of "economy", "business"',
    'guests [maxItems] has 3 items, and should have at most 2',
    'guests.0.age [type] should be an integer or null, and is the string "x"',
    'guests.1.age [required] is missing',
    'City [additionalProperties] is not known; the schema has "city"',
  ]);
  expect(wrong(booking, {})).toEqual(['city [required] is missing', 'nights [required] is missing']);
  expect(wrong(booking, 'Oslo')).toEqual(['· [type] should be an object, and is the string "Oslo"']);
});

test.each<[string, Json, Json, string[]]>([
  ['integer may be 2.0', { type: 'integer' }, 2.0, []],
  ['const', { const: { a: [1] } }, { a: [1] }, []],
  ['const', { const: 1 }, 2, ['· [const] is 2, and should be 1']],
  ['enum of objects, in any order of keys', { enum: [{ a: 1, b: 2 }] }, { b: 2, a: 1 }, []],
  ['nullable of OpenAPI', { type: 'string', nullable: true }, null, []],
  [
    'bounds of draft 4',
    { minimum: 1, exclusiveMinimum: true },
    1,
    ['· [exclusiveMinimum] is 1, and should be more than 1'],
  ],
  ['bounds of later drafts', { exclusiveMaximum: 5 }, 5, ['· [exclusiveMaximum] is 5, and should be less than 5']],
  ['multipleOf as a person counts', { multipleOf: 0.1 }, 0.3, []],
  ['multipleOf', { multipleOf: 5 }, 7, ['· [multipleOf] is 7, and should be a multiple of 5']],
  ['pattern', { pattern: '^\\d+$' }, 'a1', ['· [pattern] is "a1", which does not match "^\\\\d+$"']],
  ['tuple', { prefixItems: [{ type: 'string' }], items: false }, ['a', 1], ['1 [false] is not allowed']],
  [
    'tuple of older drafts',
    { items: [{ type: 'string' }], additionalItems: { type: 'null' } },
    ['a', 1],
    ['1 [type] should be null, and is the number 1'],
  ],
  ['unique', { uniqueItems: true }, [{ a: 1 }, { a: 1 }], ['· [uniqueItems] holds the same item twice']],
  ['contains', { contains: { const: 1 } }, [2], ['· [contains] has no item of the kind that it should contain']],
  [
    'additionalProperties as a schema',
    { additionalProperties: { type: 'number' } },
    { a: 'x' },
    ['a [type] should be a number, and is the string "x"'],
  ],
  [
    'patternProperties',
    { patternProperties: { '^x-': { type: 'number' } }, additionalProperties: false },
    { 'x-a': 'b' },
    ['x-a [type] should be a number, and is the string "b"'],
  ],
  ['anyOf that fits', { anyOf: [{ type: 'string' }, { type: 'number' }] }, 1, []],
  [
    'this or null: this was meant',
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    1,
    ['· [type] should be a string, and is the number 1'],
  ],
  [
    'anyOf: the nearest',
    { anyOf: [{ type: 'number' }, { type: 'object', required: ['a'] }] },
    {},
    ['· [anyOf] fits none of 2 alternatives; the nearest: a is missing'],
  ],
  [
    'oneOf by its constant',
    {
      oneOf: [
        { properties: { kind: { const: 'a' } } },
        { properties: { kind: { const: 'b' }, size: { type: 'number' } } },
      ],
    },
    { kind: 'b', size: 'x' },
    ['· [oneOf] fits none of 2 alternatives; the nearest: size should be a number, and is the string "x"'],
  ],
  ['oneOf that fits twice', { oneOf: [{}, true] }, 1, ['· [oneOf] fits 2 alternatives, and should fit one']],
  ['allOf', { allOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1 }, ['b [required] is missing']],
  ['not', { not: { const: 1 } }, 1, ['· [not] is what the schema excludes']],
  ['if, then', { if: { required: ['a'] }, then: { required: ['b'] } }, { a: 1 }, ['b [required] is missing']],
  ['dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1 }, ['b [required] is missing, beside "a"']],
  [
    'a reference with escapes',
    { $ref: '#/definitions/a~1b%20c', definitions: { 'a/b c': { type: 'null' } } },
    1,
    ['· [type] should be null, and is the number 1'],
  ],
  [
    'a reference by name',
    { $ref: '#n', $defs: { x: { $anchor: 'n', type: 'null' } } },
    1,
    ['· [type] should be null, and is the number 1'],
  ],
  [
    'keys of the prototype are no keys',
    { required: ['constructor'], properties: {} },
    {},
    ['constructor [required] is missing'],
  ],
])('%s', (_name, schema, value, expected) => {
  expect(wrong(schema, value)).toEqual(expected);
});

test('what was not checked is said', () => {
  const schema = {
    properties: {
      day: { type: 'string', format: 'date' },
      id: { $ref: 'https://example.com/id.json' },
      x: { pattern: '(?=a)' },
    },
  };
  expect(checkSchema(schema, { day: 'no date', id: 1, x: 'b' })).toEqual({
    problems: [],
    unchecked: ['format "date"', 'the reference "https://example.com/id.json"', 'pattern "(?=a)"'],
  });
});

test('recursive schemas follow the value, and circles end', () => {
  const list = { type: 'object', properties: { next: { $ref: '#' }, value: { type: 'number' } }, required: ['value'] };
  expect(wrong(list, { value: 1, next: { value: 2, next: {} } })).toEqual(['next.next.value [required] is missing']);
  expect(wrong({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }, 1)).toEqual([]);
});

test('hostile schemas and values end soon', () => {
  const from = performance.now();
  let deep: Json = {};
  for (let level = 0; level < 500; level++) deep = { anyOf: [deep, deep, { properties: { a: deep } }] };
  checkSchema(deep, { a: { a: {} } });
  const twins: Json = {
    $ref: '#/$defs/a',
    $defs: {
      a: {
        anyOf: [
          { properties: { x: { $ref: '#/$defs/a' }, y: { $ref: '#/$defs/a' } }, required: ['z'] },
          { type: 'null' },
        ],
      },
    },
  };
  let nested: Json = {};
  for (let level = 0; level < 90; level++) nested = { x: nested, y: nested };
  expect(checkSchema(twins, nested).unchecked).not.toEqual([]);
  checkSchema(
    { items: { pattern: '(a|a)*b' } },
    Array.from({ length: 20_000 }, () => 'a'.repeat(200)),
  );
  expect(performance.now() - from).toBeLessThan(5_000);
});
