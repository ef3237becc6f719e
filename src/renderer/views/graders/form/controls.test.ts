import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json.ts';
import { blankOf, controlOf, fieldsOf } from './controls.ts';

test('each type has its control', () => {
  expect(controlOf({ enum: ['eq', 'starts_with'] }, 'eq')).toEqual({
    kind: 'choice',
    options: [
      { value: 'eq', label: 'eq' },
      { value: 'starts_with', label: 'starts with' },
    ],
  });
  expect(controlOf({ oneOf: [{ const: 'a', title: 'The A' }, { const: 2 }] }, 2)).toEqual({
    kind: 'choice',
    options: [
      { value: 'a', label: 'The A' },
      { value: 2, label: '2' },
    ],
  });
  expect(controlOf({ type: 'boolean' }, true).kind).toBe('switch');
  expect(controlOf({ type: ['integer', 'null'], minimum: 1 }, null)).toEqual({
    ...{ kind: 'number', integer: true, min: 1, max: null },
  });
  expect(controlOf({ type: 'string' }, '')).toEqual({ kind: 'text', grows: true, known: [] });
  expect(controlOf({ type: 'string', examples: ['bleu'] }, '')).toMatchObject({ grows: false, known: ['bleu'] });
  expect(controlOf({ type: 'array', items: { type: 'string' } }, [])).toMatchObject({ kind: 'list' });
  expect(controlOf({ type: 'object', additionalProperties: { type: 'number' } }, {})).toMatchObject({
    ...{ kind: 'object', fields: [], open: { type: 'number' } },
  });
  expect(controlOf({}, 1).kind).toBe('json');
  expect(controlOf({}, 'words').kind).toBe('text');
});

test('of alternatives the one that the value fits is shown; "this or null" is this', () => {
  const schema: JsonObject = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
  expect(controlOf(schema, ['a'])).toMatchObject({ kind: 'either', chosen: 1 });
  expect(controlOf(schema, undefined)).toMatchObject({ kind: 'either', chosen: 0 });
  expect(controlOf({ anyOf: [{ type: 'null' }, { type: 'number' }] }, null).kind).toBe('number');
});

test('fields come in the order of the schema, without those that have one value only', () => {
  const fields = fieldsOf({
    properties: { type: { const: 'x' }, pass_threshold: { type: 'number', description: 'From here on.' } },
    required: ['pass_threshold'],
  });
  expect(fields).toMatchObject([{ key: 'pass_threshold', title: 'Pass threshold', required: true }]);
});

test('a new item fits its schema', () => {
  const schema = {
    ...{ type: 'object', required: ['question', 'weight', 'kind'] },
    properties: {
      question: { type: 'string' },
      weight: { type: 'number', minimum: 1 },
      kind: { enum: ['a', 'b'] },
      more: { type: 'string' },
    },
  };
  expect(blankOf(schema)).toEqual({ question: '', weight: 1, kind: 'a' });
  expect(blankOf({ type: 'array', default: [1] })).toEqual([1]);
});

test('a schema that nests without end ends', () => {
  let schema: JsonObject = {};
  for (let depth = 0; depth < 1_000; depth++) schema = { anyOf: [schema] };
  expect(controlOf(schema, 1).kind).toBe('json');
  expect(blankOf(schema)).toBeNull();
});
