import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { JsonTree } from './json-tree.tsx';

afterEach(cleanup);

function rows(): string[] {
  return screen.getAllByRole('treeitem').map((row) => (row.querySelector(':scope > [data-row]') ?? row).textContent);
}

test('the first level is open, deeper ones open when asked', () => {
  render(<JsonTree value={{ city: 'Lisbon', days: [1, { deep: true }], none: null }} />);
  expect(rows()).toEqual(['{ 3 keys }', 'city:"Lisbon"', 'days:[ 2 items ]', 'none:null']);
  fireEvent.click(screen.getByText('[ 2 items ]'));
  expect(rows()).toEqual(['{ 3 keys }', 'city:"Lisbon"', 'days:[ 2 items ]', '0:1', '1:{ 1 key }', 'none:null']);
});

test('keys that mean something to JavaScript are only keys', () => {
  const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "x", "toString": 0}') as Json;
  render(<JsonTree value={value} />);
  expect(rows()).toEqual(['{ 3 keys }', '__proto__:{ 1 key }', 'constructor:"x"', 'toString:0']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('a million members are a few groups', () => {
  render(<JsonTree value={Array.from({ length: 1_000_000 }, (_, index) => index)} />);
  fireEvent.click(screen.getByText('[ 1,000,000 items ]'));
  expect(screen.getAllByRole('treeitem')).toHaveLength(101);
  fireEvent.click(screen.getByText('10,000 … 19,999'));
  fireEvent.click(screen.getByText('10,100 … 10,199'));
  expect(rows()).toContain('10150:10150');
  expect(screen.getAllByRole('treeitem').length).toBeLessThan(400);
});

test('nesting of 100,000 levels opens as far as someone clicks', () => {
  let value: Json = 'bottom';
  for (let level = 0; level < 100_000; level++) value = [value];
  render(<JsonTree value={value} openDepth={Infinity} />);
  expect(screen.getAllByRole('treeitem').length).toBeLessThan(250);
  expect(screen.getByText('too deep to show as a tree')).toBeTruthy();
});

test('a 10 MB string is cut, and even all of it is not drawn at once', () => {
  render(<JsonTree value={{ big: `${'x'.repeat(10_000_000)}` }} />);
  expect(document.body.textContent.length).toBeLessThan(1_000);
  fireEvent.click(screen.getByText('show all (10 MB)'));
  expect(document.body.textContent.length).toBeLessThan(100_000);
  fireEvent.click(screen.getByText('show less'));
  expect(document.body.textContent.length).toBeLessThan(1_000);
});

test('control characters are visible in keys and values', () => {
  render(<JsonTree value={{ 'k\u202ey': 'v\u0000' }} />);
  expect(rows()[1]).toBe('k⟨U+202E⟩y:"v␀"');
});

test('arrow keys walk, open and close', () => {
  render(<JsonTree value={{ a: { b: 1 }, c: 2 }} />);
  const tree = screen.getByRole('tree');
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? tree, { key });
  screen.getAllByRole('treeitem')[0]!.focus();
  press('ArrowDown');
  press('ArrowRight');
  expect(rows()).toEqual(['{ 2 keys }', 'a:{ 1 key }', 'b:1', 'c:2']);
  press('ArrowRight');
  expect(document.activeElement?.textContent).toBe('b:1');
  press('ArrowLeft');
  press('ArrowLeft');
  expect(rows()).toEqual(['{ 2 keys }', 'a:{ 1 key }', 'c:2']);
  press('End');
  expect(document.activeElement?.textContent).toBe('c:2');
});
