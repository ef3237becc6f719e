import { expect, test } from 'vitest';
import { fireEvent, render, screen } from '@testing-library/react';
import { FindText, indexOfText, jsonHolds } from './find-text.ts';
import { JsonTree } from './json-tree.tsx';
import { TextView } from './text-view.tsx';

test('a text is found whatever its case, and whatever stands in it', () => {
  expect(indexOfText('Say (Hello)', '(hello')).toBe(4);
  expect(indexOfText('a b', 'c')).toBe(-1);
  expect(indexOfText('aXbX', 'x', 2)).toBe(3);
  expect(indexOfText('a', '')).toBe(-1);
});

test('JSON holds a text in keys and values at any depth', () => {
  const value = { a: [{ Deep: ['Needle', 42] }], b: null };
  expect(['needle', 'deep', '42', 'x'].map((find) => jsonHolds(value, find))).toEqual([true, true, true, false]);
  let nested: unknown = 'needle';
  for (let k = 0; k < 20_000; k++) nested = [nested];
  expect(jsonHolds(nested as never, 'needle')).toBe(true);
});

function tree(find: string) {
  return (
    <FindText value={find}>
      <JsonTree value={{ closed: { inside: { leaf: 'the needle' } }, other: { x: 1 } }} openDepth={1} />
    </FindText>
  );
}

test('what holds the text opens, the rest stays closed, and a person may close it again', () => {
  const { rerender } = render(tree(''));
  expect(screen.queryByText(/needle/)).toBeNull();
  rerender(tree('needle'));
  expect(screen.getByText(/needle/)).toBeTruthy();
  expect(screen.queryByText('1')).toBeNull();
  fireEvent.click(screen.getByText('closed'));
  expect(screen.queryByText(/needle/)).toBeNull();
});

test('a text far down is shown, without what is in between', () => {
  const text = `${'a\n'.repeat(2_000_000)}needle\n${'b\n'.repeat(100_000)}`;
  const { container } = render(
    <FindText value="needle">
      <TextView text={text} />
    </FindText>,
  );
  expect(container.textContent).toContain('needle');
  expect(container.textContent.length).toBeLessThan(400_000);
});
