import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json.ts';
import { complete, templateAt, valueAt } from './complete.ts';

const subject: JsonObject = {
  item: { 'a key': 1, label: 'x' },
  trace: {
    name: 'Trip',
    output_text: 'word '.repeat(100),
    tool_calls: [{ name: 'search', arguments: { q: 'x' } }, { name: 'book' }],
    metadata: {},
  },
};

test('inside of open braces there is a path, elsewhere none', () => {
  const text = 'Say {{ trace.na }} and {{ item';
  expect(templateAt(text, 15)).toEqual({ path: 'trace.na', from: 7 });
  expect(templateAt(text, 20)).toBeNull();
  expect(templateAt(text, text.length)).toEqual({ path: 'item', from: 26 });
  expect(templateAt('{{', 2)).toEqual({ path: '', from: 2 });
  expect(templateAt('plain', 3)).toBeNull();
  expect(templateAt('{{ trace.name or more', 21)).toBeNull();
});

test('offers what there is, with how it begins', () => {
  expect(complete(subject, '').map(({ path }) => path)).toEqual(['item', 'trace']);
  expect(complete(subject, 'tr')).toMatchObject([{ path: 'trace', next: '.' }]);
  expect(complete(subject, 'trace.n')).toEqual([{ path: 'trace.name', label: 'name', preview: 'Trip', next: '' }]);
  expect(complete(subject, 'trace.tool_calls[')).toMatchObject([
    { path: 'trace.tool_calls[0]', preview: 'name, arguments' },
    { path: 'trace.tool_calls[1]' },
  ]);
  expect(complete(subject, 'trace.tool_calls[0].a')).toMatchObject([{ path: 'trace.tool_calls[0].arguments' }]);
  expect(complete(subject, 'item.a')).toMatchObject([{ path: 'item["a key"]', preview: '1' }]);
  expect(complete(subject, 'trace.output')[0]?.preview.length).toBeLessThan(100);
  expect(complete(subject, 'trace.metadata.')).toEqual([]);
  expect(complete(subject, 'none.x')).toEqual([]);
});

test('reads a path, own properties only', () => {
  expect(valueAt(subject, 'trace.tool_calls[1].name')).toBe('book');
  expect(valueAt(subject, 'item["a key"]')).toBe(1);
  expect(valueAt(subject, 'trace.constructor')).toBeUndefined();
  expect(valueAt(subject, 'trace..name')).toBeUndefined();
});
