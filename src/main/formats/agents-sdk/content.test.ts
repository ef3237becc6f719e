import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { toolInput, toolOutput } from './content.ts';

const json = (value: Json): ContentItem[] => [{ kind: 'json', value }];
const text = (value: string): ContentItem[] => [{ kind: 'text', text: value }];

test.each<[Json | undefined, ContentItem[]]>([
  ['{"a":1}', json({ a: 1 })],
  [{ a: 1 }, json({ a: 1 })],
  ['{"a":', text('{"a":')],
  ["{'a': 1}", text("{'a': 1}")],
  ['3', text('3')],
  ['', []],
  [null, []],
  [undefined, []],
])('input %j', (value, items) => {
  expect(toolInput(value)).toEqual(items);
});

test.each<[Json | undefined, ContentItem[]]>([
  ['{"a":1}', json({ a: 1 })],
  ["{'k': [1, None, True]}", json({ k: [1, null, true] })],
  ["('a', 2)", json(['a', 2])],
  ['(see above)', text('(see above)')],
  ['(1)', text('(1)')],
  ["'quoted'", text("'quoted'")],
  ['True', text('True')],
  ['plain', text('plain')],
  ['', []],
])('output %j', (value, items) => {
  expect(toolOutput(value)).toEqual(items);
});
