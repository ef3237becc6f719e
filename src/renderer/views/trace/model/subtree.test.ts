import { expect, test } from 'vitest';
import { isInside, subtreeRange } from './subtree.ts';
import { makeColumns } from './testing/make-table.ts';

test('a subtree is a span and what is inside it; without one, nothing is outside', () => {
  const columns = makeColumns('a 0 9\n  b 1 5\n    c 2 3\n  d 6 7');
  const inside = (id: string | null): string =>
    columns.ids.filter((_, row) => isInside(subtreeRange(columns, id), row)).join('');
  expect([inside('b'), inside('c'), inside('a'), inside(null), inside('gone')]).toEqual([
    'bc',
    'c',
    'abcd',
    'abcd',
    'abcd',
  ]);
});
