// The tree as assistive technology and the keyboard meet it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { useSelection } from '../../../state/selection.ts';
import { makeTable } from '../model/testing/make-table.ts';
import type { Find } from '../model/use-find.ts';
import { useSpanTree } from '../model/use-span-tree.ts';
import { repeats } from './span-row.tsx';
import { SpanTree } from './span-tree.tsx';

const table = makeTable(`
planner 0 100 agent @Planner
  search 10 20 tool error @Planner
  think 20 - generation running @Planner
lost 50 60 tool orphan
nowhen - - tool
`);

const noFind: Find = {
  open: false,
  text: '',
  searched: '',
  setText: () => undefined,
  show: () => undefined,
  close: () => undefined,
  rows: new Int32Array(0),
  matches: () => false,
  at: 0,
  step: () => undefined,
  busy: false,
  error: null,
  focusRequest: 0,
};

const onEnter = vi.fn();

function Subject({ find = noFind }: { find?: Find }) {
  return <SpanTree tree={useSpanTree(table)} find={find} treeRef={createRef()} onEnter={onEnter} />;
}

beforeEach(() => useSelection.setState({ spanId: null, edge: null, hovered: null }));
afterEach(cleanup);

test('rows say what they are, where they stand, and what is wrong with them', () => {
  render(<Subject />);
  const search = screen.getByRole('treeitem', { name: /search/ });
  expect(search.getAttribute('aria-label')).toBe('Tool call search, agent Planner, 10 ns, error');
  expect(search.getAttribute('aria-level')).toBe('2');
  expect([search.getAttribute('aria-posinset'), search.getAttribute('aria-setsize')]).toEqual(['1', '2']);
  expect(screen.getByRole('treeitem', { name: /think/ }).getAttribute('aria-label')).toContain('running');
  expect(screen.getByRole('treeitem', { name: /lost/ }).getAttribute('aria-label')).toContain('parent missing');
  expect(screen.getByRole('treeitem', { name: /nowhen/ }).textContent).toContain('no time');
  expect(screen.getByRole('treeitem', { name: /^Agent planner/ }).getAttribute('aria-expanded')).toBe('true');
});

test('the keyboard moves the active descendant; a closed parent counts the errors inside', () => {
  render(<Subject />);
  const tree = screen.getByRole('tree');
  fireEvent.keyDown(tree, { key: 'ArrowDown' });
  const planner = screen.getByRole('treeitem', { selected: true });
  expect(tree.getAttribute('aria-activedescendant')).toBe(planner.id);
  fireEvent.keyDown(tree, { key: 'ArrowLeft' });
  expect(planner.getAttribute('aria-expanded')).toBe('false');
  expect(planner.getAttribute('aria-label')).toContain('1 error inside');
  expect(screen.queryByRole('treeitem', { name: /search/ })).toBeNull();
  fireEvent.keyDown(tree, { key: 'Enter' });
  expect(onEnter).toHaveBeenCalledTimes(1);
});

test('keys with Ctrl, Alt or Cmd are left to others', () => {
  render(<Subject />);
  fireEvent.keyDown(screen.getByRole('tree'), { key: 'ArrowDown', altKey: true });
  expect(useSelection.getState().spanId).toBeNull();
});

test('the chevron opens and closes without selecting', () => {
  render(<Subject />);
  const planner = screen.getByRole('treeitem', { name: /^Agent planner/ });
  fireEvent.click(planner.querySelector('[data-part=toggle]')!);
  expect(planner.getAttribute('aria-expanded')).toBe('false');
  expect(useSelection.getState().spanId).toBeNull();
  fireEvent.click(planner);
  expect(useSelection.getState().spanId).toBe('planner');
});

test('what is looked for is marked in names', () => {
  const { container } = render(<Subject find={{ ...noFind, searched: 'SEAR', matches: (row) => row === 1 }} />);
  expect([...container.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['sear']);
});

test('a model or tool that the name says already is not said twice', () => {
  expect(repeats('chat gpt-4.1', 'gpt-4.1-2025-04-14')).toBe(true);
  expect(repeats('execute_tool search', 'search')).toBe(true);
  expect(repeats('execute_tool search', 'search_10')).toBe(false);
  expect(repeats('ChatOpenAI', 'gpt-4o-mini')).toBe(false);
  expect(repeats('', 'gpt-4o-mini')).toBe(false);
});
