import { expect, test } from 'vitest';
import { makeColumns, makeTable } from './testing/make-table.ts';
import { createSpanTable } from './span-table.ts';
import {
  ancestors,
  collapseAll,
  expandTo,
  nearestVisibleIndex,
  toggle,
  visibleIndex,
  visibleRows,
} from './visible-rows.ts';

const TREE = `
a
  b
    c
    d
  e
    f
g
`;

function names(table: ReturnType<typeof makeTable>, rows: Int32Array): string {
  return [...rows].map((row) => table.columns.ids[row]).join('');
}

test('collapsing hides a subtree and nothing else', () => {
  const table = makeTable(TREE);
  expect(names(table, visibleRows(table, new Set()))).toBe('abcdefg');
  expect(names(table, visibleRows(table, new Set(['b'])))).toBe('abefg');
  expect(names(table, visibleRows(table, new Set(['a'])))).toBe('ag');
  expect(names(table, visibleRows(table, new Set(['a', 'b'])))).toBe('ag');
  // A leaf cannot be collapsed, and ids of spans that went away do no harm.
  expect(names(table, visibleRows(table, new Set(['c', 'gone'])))).toBe('abcdefg');
});

test('a focused subtree shows only itself', () => {
  const table = makeTable(TREE);
  expect(names(table, visibleRows(table, new Set(), table.rowOf('b')))).toBe('bcd');
  expect(names(table, visibleRows(table, new Set(), table.rowOf('g')))).toBe('g');
});

test('a row is found in the visible list, or the ancestor that hides it', () => {
  const table = makeTable(TREE);
  const visible = visibleRows(table, new Set(['b']));
  expect(visibleIndex(visible, table.rowOf('e'))).toBe(2);
  expect(visibleIndex(visible, table.rowOf('d'))).toBe(-1);
  expect(nearestVisibleIndex(visible, table.rowOf('d'))).toBe(1);
  expect(nearestVisibleIndex(visible, table.rowOf('e'))).toBe(2);
});

test('expandTo opens every ancestor of a row and only those', () => {
  const table = makeTable(TREE);
  const opened = expandTo(table, new Set(['a', 'b', 'e']), table.rowOf('c'));
  expect([...opened]).toEqual(['e']);
  const untouched = new Set(['e']);
  expect(expandTo(table, untouched, table.rowOf('c'))).toBe(untouched);
});

test('collapse all keeps a single root open, and several roots closed', () => {
  const single = makeTable('a\n  b\n    c\n  d');
  expect(names(single, visibleRows(single, collapseAll(single)))).toBe('abd');
  const several = makeTable(TREE);
  expect(names(several, visibleRows(several, collapseAll(several)))).toBe('ag');
  const inside = several.rowOf('a');
  expect(names(several, visibleRows(several, collapseAll(several, inside), inside))).toBe('abe');
});

test('toggle gives the same set when nothing changes', () => {
  const collapsed = new Set(['a']);
  expect(toggle(collapsed, 'a', false)).toBe(collapsed);
  expect(toggle(collapsed, 'b', true)).toBe(collapsed);
  expect([...toggle(collapsed, 'b', false)]).toEqual(['a', 'b']);
  expect([...toggle(collapsed, 'a', true)]).toEqual([]);
});

test('corrupt columns end every walk', () => {
  const columns = makeColumns(TREE);
  columns.parent[1] = 3;
  columns.parent[3] = 1;
  columns.subtreeEnd[0] = 0;
  const table = createSpanTable(columns);
  expect(visibleRows(table, new Set(['a'])).length).toBe(7);
  expect(ancestors(table, 3).length).toBeLessThan(4);
});

test('100,000 rows take a few milliseconds', () => {
  const count = 100_000;
  const columns = makeColumns('a');
  const parent = Int32Array.from({ length: count }, (_, row) => (row === 0 ? -1 : Math.floor((row - 1) / 10) * 10));
  const subtreeEnd = Int32Array.from({ length: count }, (_, row) =>
    row === 0 ? count : row % 10 === 0 ? Math.min(count, row + 11) : row + 1,
  );
  const ids = Array.from({ length: count }, (_, row) => `span-${row}`);
  const table = createSpanTable({ ...columns, count, ids, parent, subtreeEnd });
  const started = performance.now();
  const visible = visibleRows(table, collapseAll(table));
  expect(performance.now() - started).toBeLessThan(250);
  expect(visible.length).toBeGreaterThan(0);
});
