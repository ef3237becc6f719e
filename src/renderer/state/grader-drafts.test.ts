import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json.ts';
import { beginDraft, edited, isChanged, readDraft, stepped, textOf, withValue } from './grader-drafts.ts';

test('edits of one field soon after each other are one step of undo', () => {
  let draft = beginDraft('{"name":"a"}', '{"name":"a"}');
  draft = edited(draft, '{"name":"ab"}', '/name', 10_000);
  draft = edited(draft, '{"name":"abc"}', '/name', 10_500);
  draft = edited(draft, '{"name":"abc","x":1}', '/x', 10_600);
  draft = edited(draft, '{"name":"abc","x":2}', '/x', 20_000);
  expect(draft.texts).toHaveLength(4);
  expect(textOf(stepped(draft, -1))).toBe('{"name":"abc","x":1}');
  const start = stepped(stepped(stepped(draft, -1), -1), -1);
  expect(textOf(start)).toBe('{"name":"a"}');
  expect(isChanged(start)).toBe(false);
  expect(textOf(stepped(start, -1))).toBe('{"name":"a"}');
  expect(textOf(stepped(start, 1))).toBe('{"name":"abc"}');
});

test('an edit after undo forgets what was undone, and nothing before it', () => {
  let draft = beginDraft('1', '');
  draft = edited(draft, '2', 'a', 1_000);
  draft = edited(draft, '3', 'b', 1_100);
  draft = edited(stepped(draft, -1), '4', 'b', 1_200);
  expect(draft.texts).toEqual(['1', '2', '4']);
});

test('a text that is no JSON is kept, and the form shows what it said before', () => {
  let draft = beginDraft('{"name":"a"}', '');
  draft = edited(draft, '{"name":"a",,}', 'json', 5_000);
  const reading = readDraft(draft);
  expect(reading).toMatchObject({ text: '{"name":"a",,}', broken: true, shown: { name: 'a' } });
  expect(readDraft(edited(draft, '[1]', 'json', 9_000)).broken).toBe(true);
});

test('a value is set in place, added at the end and taken away', () => {
  const root: JsonObject = { type: 'x', name: 'n', list: [{ a: 1 }, { b: 2 }] };
  expect(JSON.stringify(withValue(root, ['name'], 'm'))).toBe('{"type":"x","name":"m","list":[{"a":1},{"b":2}]}');
  expect(withValue(root, ['list', 1, 'c'], 3)).toEqual({ ...root, list: [{ a: 1 }, { b: 2, c: 3 }] });
  expect(withValue(root, ['list', 0], undefined)).toEqual({ ...root, list: [{ b: 2 }] });
  expect(withValue(root, ['scope', 'on'], 'span')).toEqual({ ...root, scope: { on: 'span' } });
  expect(Object.keys(withValue(root, ['list'], undefined) as object)).toEqual(['type', 'name']);
  const hostile = withValue({}, ['__proto__', 'x'], 1);
  expect(Object.getPrototypeOf(hostile)).toBe(Object.prototype);
});
