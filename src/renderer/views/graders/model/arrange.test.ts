import { expect, test } from 'vitest';
import type { GraderKindInfo } from '#shared/grader.ts';
import { printArranged } from './arrange.ts';

const kind: GraderKindInfo = {
  ...{ type: 'string_check', label: '', about: '', group: 'text', runs: 'pure' },
  schema: { properties: { type: {}, name: {}, input: {}, reference: {} } },
  example: { type: 'string_check', name: 'x' },
};

test('type and name come first, then the order of the form, then the rest', () => {
  const one = {
    zeta: 1,
    alpha: { name: 'n', b: 1, a: 2 },
    reference: 'r',
    name: 'x',
    input: 'i',
    type: 'string_check',
  };
  expect(JSON.stringify(JSON.parse(printArranged(one, [kind])))).toBe(
    '{"type":"string_check","name":"x","input":"i","reference":"r","alpha":{"name":"n","a":2,"b":1},"zeta":1}',
  );
});

test('equal definitions are equal texts, in whatever order they were written', () => {
  const one = { type: 'string_check', name: 'x', more: [{ b: 1, a: 2 }] };
  const other = { more: [{ a: 2, b: 1 }], name: 'x', type: 'string_check' };
  expect(printArranged(one, [kind])).toBe(printArranged(other, [kind]));
});
