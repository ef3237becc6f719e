import { expect, test } from 'vitest';
import { accelerator, keyLabels, keysOfEvent, normaliseKeys } from './keys.ts';

function event(key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) {
  return { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

test.each([
  [event('k', { ctrlKey: true }), 'mod+k'],
  [event('K', { ctrlKey: true, shiftKey: true }), 'mod+shift+k'],
  [event('?', { shiftKey: true }), '?'],
  [event('Delete'), 'delete'],
  [event('F8', { shiftKey: true }), 'shift+f8'],
  [event(' '), 'space'],
  [event('ArrowLeft', { altKey: true }), 'alt+arrowleft'],
])('reads %o as %s', (pressed, keys) => {
  expect(keysOfEvent(pressed)).toBe(normaliseKeys(keys));
});

test('the order of modifiers does not matter', () => {
  expect(normaliseKeys('shift+mod+K')).toBe(normaliseKeys('mod+shift+k'));
});

test('labels and accelerators', () => {
  expect(keyLabels('mod+shift+o')).toEqual(['Ctrl', 'Shift', 'O']);
  expect(keyLabels('delete')).toEqual(['Del']);
  expect(accelerator('mod+shift+o')).toBe('CmdOrCtrl+Shift+O');
  expect(accelerator('alt+arrowleft')).toBe('Alt+Left');
  expect(accelerator('mod+,')).toBe('CmdOrCtrl+,');
});
