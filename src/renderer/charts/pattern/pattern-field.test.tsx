import { useState } from 'react';
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { PatternField } from './pattern-field.tsx';

const known = { agents: ['Planner', 'Writer'], tools: ['search'], guardrails: [] };

function Held({ text }: { readonly text: string }) {
  const [value, setValue] = useState(text);
  return <PatternField id="pattern" label="Pattern" value={value} onChange={setValue} known={known} />;
}

function show(text = ''): HTMLTextAreaElement {
  Element.prototype.scrollIntoView = () => undefined;
  render(<Held text={text} />);
  return screen.getByRole('textbox', { name: 'Pattern' });
}

function drawn(name: string | RegExp): HTMLElement {
  return within(screen.getByRole('group', { name: 'Drawing of the pattern' })).getByRole('button', { name });
}

function press(element: Element, key: string, held: object = {}): void {
  fireEvent.keyDown(element, { key, ...held });
}

afterEach(cleanup);

test('the drawing follows the text', () => {
  const text = show('Planner hands to Writer');
  expect(drawn('agent Planner')).toBeTruthy();
  fireEvent.change(text, { target: { value: 'Planner hands to Writer, Writer never calls search' } });
  expect(drawn('Step 2: Writer never calls search')).toBeTruthy();
  expect(drawn('tool search')).toBeTruthy();
});

test('the text follows the drawing, and undo leads back to what was typed', () => {
  const text = show('Planner, who hands to Writer'.replace(', who', ''));
  press(drawn('agent Writer'), 'c');
  act(() => drawn('agent Writer').focus());
  press(drawn('agent Writer'), 'c');
  press(drawn('agent Writer'), 'ArrowLeft');
  expect(document.activeElement).toBe(drawn('agent Planner'));
  press(drawn('agent Planner'), 'Enter');
  expect(text.value).toBe('Planner hands to Writer, Writer hands to Planner');
  expect(document.activeElement).toBe(drawn(/^Step 2/));
  fireEvent.change(screen.getByLabelText('How often'), { target: { value: '5' } });
  expect(text.value).toBe('Planner hands to Writer, Writer never hands to Planner');
  press(drawn(/^Step 1/), 'z', { ctrlKey: true });
  press(drawn(/^Step 1/), 'z', { ctrlKey: true });
  expect(text.value).toBe('Planner hands to Writer');
  press(drawn(/^Step 1/), 'z', { ctrlKey: true, shiftKey: true });
  expect(text.value).toContain('Writer hands to Planner');
});

test('what is taken away at one end keeps the other, and says that it stands alone', () => {
  const text = show('Planner hands to Writer');
  act(() => drawn('agent Writer').focus());
  press(drawn('agent Writer'), 'Delete');
  expect(text.value).toBe('');
  expect(drawn('agent Planner')).toBeTruthy();
  expect(screen.getByText('Taken away.')).toBeTruthy();
});

test('a node is added with a name of the trace, and renamed', () => {
  const text = show('Planner calls search');
  fireEvent.click(screen.getByRole('button', { name: 'Agent' }));
  const name = screen.getByRole('combobox', { name: 'Agent' });
  expect(name).toHaveProperty('value', 'Writer');
  expect(text.value).toBe('Planner calls search');
  act(() => drawn('agent Planner').focus());
  const other = screen.getByRole('combobox', { name: 'Agent' });
  expect(other).toHaveProperty('value', 'Planner');
  fireEvent.change(other, { target: { value: 'Planner or Boss' } });
  press(other, 'Enter');
  expect(text.value).toBe('Planner or Boss calls search');
  expect(drawn('agent Planner or Boss')).toBeTruthy();
  expect(drawn('agent Writer')).toBeTruthy();
});

test('an arrow from a tool is refused with its reason', () => {
  const text = show('Planner calls search');
  act(() => drawn('tool search').focus());
  press(drawn('tool search'), 'c');
  expect(screen.getByText(/A tool begins nothing/)).toBeTruthy();
  expect(text.value).toBe('Planner calls search');
});

test('what is not understood keeps the drawing before, which waits; it is said which words', () => {
  const text = show('Planner hands to Writer');
  fireEvent.change(text, { target: { value: 'Planner hands to Writer, Writer jumps' } });
  expect(screen.getByText(/Not drawn: “Writer jumps”/)).toBeTruthy();
  expect(within(screen.getByRole('list', { name: 'Problems in the pattern' })).getByText('Character 26')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Agent' })).toHaveProperty('disabled', true);
  act(() => drawn('agent Writer').focus());
  press(drawn('agent Writer'), 'Delete');
  expect(text.value).toBe('Planner hands to Writer, Writer jumps');
  expect(drawn('agent Writer')).toBeTruthy();
});

test('names are offered while somebody types, and taken by Enter', () => {
  const text = show();
  fireEvent.change(text, { target: { value: 'Planner calls s' } });
  text.setSelectionRange(15, 15);
  fireEvent.select(text);
  expect(screen.getByRole('option', { name: /search/ }).getAttribute('aria-selected')).toBe('true');
  press(text, 'Enter');
  expect(text.value).toBe('Planner calls search ');
  press(text, 'Escape');
  expect(screen.queryByRole('listbox')).toBeNull();
});
