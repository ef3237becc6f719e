import { expect, test } from 'vitest';
import { highlightParts } from './highlighted.tsx';

function marked(text: string, ...words: string[]): string {
  return highlightParts(text, words)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join('');
}

test.each([
  ['Trip planning', ['trip'], '[Trip] planning'],
  ['a.b+c', ['.b+'], 'a[.b+]c'],
  ['aaaa', ['aa'], '[aa][aa]'],
  ['planner plan', ['plan', 'planner'], '[planner] [plan]'],
  ['(x) [y] \\z', ['(x)', '[y]', '\\z'], '[(x)] [[y]] [\\z]'],
  ['nothing', ['zebra'], 'nothing'],
  ['empty word', [''], 'empty word'],
] as const)('%s with %j', (text, words, shown) => {
  expect(marked(text, ...words)).toBe(shown);
});

test('hostile words and texts take linear time', () => {
  const started = performance.now();
  highlightParts('a'.repeat(200_000), ['a'.repeat(1_000), 'aaab', '(a+)+$']);
  expect(performance.now() - started).toBeLessThan(1_500);
});
