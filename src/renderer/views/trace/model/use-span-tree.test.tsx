// The tree's state together with the shared selection.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { act, cleanup, renderHook } from '@testing-library/react';
import { useSelection } from '../../../state/selection.ts';
import { makeTable } from './testing/make-table.ts';
import type { SpanTable } from './span-table.ts';
import { useSpanTree } from './use-span-tree.ts';

const OUTLINE = `
root 0 100
  a 0 40
    a1 0 10
    a2 10 40 error
  b 40 90
    b1 50 60 error
c 100 200
`;

beforeEach(() => useSelection.setState({ spanId: null, edge: null }));
afterEach(cleanup);

function setUp(table: SpanTable = makeTable(OUTLINE)) {
  const view = renderHook((current: SpanTable) => useSpanTree(current), { initialProps: table });
  return {
    rerender: view.rerender,
    tree: () => view.result.current,
    names: () => [...view.result.current.visible].map((row) => view.result.current.table.columns.ids[row]).join(' '),
    selected: () => useSelection.getState().spanId,
    do: (work: (tree: ReturnType<typeof useSpanTree>) => void) => act(() => work(view.result.current)),
  };
}

test('arrow keys walk, open and close', () => {
  const view = setUp();
  view.do((tree) => tree.move(1));
  expect(view.selected()).toBe('root');
  view.do((tree) => tree.goIn());
  expect(view.selected()).toBe('a');
  view.do((tree) => tree.goOut());
  expect(view.names()).toBe('root a b b1 c');
  view.do((tree) => tree.goOut());
  expect(view.selected()).toBe('root');
  view.do((tree) => tree.moveTo('last'));
  expect(view.selected()).toBe('c');
  view.do((tree) => tree.move(5));
  expect(view.selected()).toBe('c');
});

test('a span that is selected elsewhere is brought to light, and may be hidden again', () => {
  const view = setUp();
  view.do((tree) => tree.collapseAll());
  expect(view.names()).toBe('root c');
  act(() => useSelection.getState().selectSpan('b1'));
  expect(view.names()).toBe('root a b b1 c');
  view.do((tree) => tree.setOpen(tree.table.rowOf('root'), false));
  expect(view.names()).toBe('root c');
  expect(view.selected()).toBe('b1');
  // From inside the closed root, a step up goes to the row that stands for it.
  view.do((tree) => tree.move(-1));
  expect(view.selected()).toBe('root');
});

test('the next error opens what hides it, also when it is the selected one', () => {
  const view = setUp(makeTable('root\n  a\n    a1 0 1 error\n'));
  view.do((tree) => tree.collapseAll());
  view.do((tree) => tree.goToError(1));
  expect(view.selected()).toBe('a1');
  expect(view.names()).toBe('root a a1');
  view.do((tree) => tree.collapseAll());
  expect(view.names()).toBe('root a');
  const { reveals } = view.tree();
  view.do((tree) => tree.goToError(1));
  expect(view.names()).toBe('root a a1');
  expect(view.tree().reveals).toBe(reveals + 1);
});

test('a subtree is left when something outside of it is selected', () => {
  const view = setUp();
  view.do((tree) => tree.focusSubtree(tree.table.rowOf('a')));
  expect(view.names()).toBe('a a1 a2');
  act(() => useSelection.getState().selectSpan('a2'));
  expect(view.names()).toBe('a a1 a2');
  act(() => useSelection.getState().selectSpan('b1'));
  expect(view.names()).toBe('root a a1 a2 b b1 c');
});

test('spans that arrive keep what is collapsed, selected and zoomed', () => {
  const view = setUp();
  act(() => useSelection.getState().selectSpan('b1'));
  view.do((tree) => tree.setOpen(tree.table.rowOf('a'), false));
  view.do((tree) => tree.setRange({ from: 10, to: 20 }));
  view.rerender(makeTable(`first 0 300\n${OUTLINE.trim()}\n  c1 150 160\n`));
  expect(view.names()).toBe('first root a b b1 c c1');
  expect(view.tree().table.columns.ids[view.tree().selected]).toBe('b1');
  expect(view.tree().range).toEqual({ from: 10, to: 20 });
  view.do((tree) => tree.setRange(null));
  expect(view.tree().range).toEqual({ from: 0, to: 300 });
});

test('a selection that has not arrived yet is shown once it does', () => {
  const view = setUp(makeTable('root\n  a\n'));
  act(() => useSelection.getState().selectSpan('a1'));
  expect(view.tree().selected).toBe(-1);
  view.do((tree) => tree.setOpen(tree.table.rowOf('root'), false));
  view.rerender(makeTable('root\n  a\n    a1\n'));
  expect(view.names()).toBe('root a a1');
});
