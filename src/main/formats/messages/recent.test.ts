import { expect, test } from 'vitest';
import { readContent } from './index.ts';
import { createRecent } from './recent.ts';

function said(role: string, content: string): object {
  return { role, parts: [{ type: 'text', content }] };
}

/** The conversation after each turn, as a client sends it. */
function histories(turns: number, write: (list: readonly object[]) => string): string[] {
  const list: object[] = [];
  return Array.from({ length: turns }, (_, turn) => {
    list.push(said('user', `question ${turn} ${'of many words '.repeat(20)}`), said('assistant', `answer ${turn}`));
    return write(list);
  });
}

const WRITERS = {
  compact: (list) => JSON.stringify(list),
  indented: (list) => JSON.stringify(list, null, 2),
  'as Python writes': (list) => `[${list.map((each) => JSON.stringify(each)).join(', ')}]`,
  'with space around': (list) => ` ${JSON.stringify(list)}\n`,
} satisfies Record<string, (list: readonly object[]) => string>;

test.each(Object.entries(WRITERS))(
  'a conversation that goes on is read as if it were read whole: %s',
  (_name, write) => {
    for (const text of histories(30, write)) {
      // A value instead of text is read without memory.
      expect(readContent(text, { role: 'user' })).toEqual(readContent(JSON.parse(text), { role: 'user' }));
    }
  },
);

test('what was said before is the same object again', () => {
  const [before, after] = histories(20, WRITERS.compact)
    .slice(-2)
    .map((text) => readContent(text));
  expect(after).toHaveLength(40);
  before?.forEach((item, at) => {
    expect(after?.[at]).toBe(item);
  });
  const instructions = JSON.stringify([{ type: 'text', content: 'Be brief.' }]);
  const [first, again] = [1, 2].map(() => readContent(instructions, { role: 'system' })[0]);
  expect(again).toBe(first);
});

test('a caller that changes its list changes no other', () => {
  for (const text of [JSON.stringify([said('user', 'once')]), histories(20, WRITERS.compact).at(-1) ?? '']) {
    const first = readContent(text, { role: 'system' });
    const count = first.length;
    first.length = 0;
    expect(readContent(text, { role: 'system' })).toHaveLength(count);
  }
});

test('the role of what names none is part of what is remembered', () => {
  const text = JSON.stringify([{ type: 'text', content: 'Be brief.' }]);
  expect(readContent(text, { role: 'system' })).toMatchObject([{ role: 'system' }]);
  expect(readContent(text, { role: 'user' })).toMatchObject([{ role: 'user' }]);
  expect(readContent(text)).toEqual([{ kind: 'json', value: [{ type: 'text', content: 'Be brief.' }] }]);
});

test('a text that only begins as a known list is read for itself', () => {
  const known = histories(20, WRITERS.compact).at(-1) ?? '';
  const open = known.slice(0, -1);
  readContent(known);
  for (const tail of [',]', ',', '', '},{"role":"user"}]', ',"a"]]', ']x', ']\u00a0', ', {"role": "user"', ',1],[2]']) {
    readContent(known);
    expect(readContent(open + tail)).toEqual([{ kind: 'text', text: open + tail }]);
  }
  readContent(known);
  const strange = `${open}, 12345678901234567890, {"a": 1}]`;
  expect(readContent(strange).slice(-2)).toEqual([
    { kind: 'json', value: '12345678901234567890' },
    { kind: 'json', value: { a: 1 } },
  ]);
});

test('what is remembered is bounded, in number and in length', () => {
  const recent = createRecent();
  const item = { kind: 'text', text: '' } as const;
  const texts = Array.from({ length: 3000 }, (_, at) => `["${at}"]`);
  for (const text of texts) recent.add(text, 'system', [item], true);
  expect(texts.filter((text) => recent.find(text, 'system')).length).toBeLessThanOrEqual(1000);
  expect(recent.find(texts.at(-1) ?? '', 'system')).toEqual({ items: [item], rest: '' });

  const long = Array.from({ length: 40 }, (_, at) => `["${at} ${'x'.repeat(300_000)}"]`);
  for (const text of long) recent.add(text, null, [item], true);
  const kept = long.filter((text) => recent.find(text, null));
  expect(kept.length).toBeGreaterThan(3);
  expect(kept.length * 300_000).toBeLessThanOrEqual(2_000_000);
});
