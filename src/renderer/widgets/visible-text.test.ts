import { expect, test } from 'vitest';
import { hasHidden, textPieces, visibleString } from './visible-text.ts';

test.each([
  ['a\u0000b', 'a␀b'],
  ['\u001b[31mred', '␛[31mred'],
  ['safe\u202egpj.exe', 'safe⟨U+202E⟩gpj.exe'],
  ['a\u200bb\ufeff', 'a⟨U+200B⟩b⟨U+FEFF⟩'],
  ['\u{e0041}x', '⟨U+E0041⟩x'],
  ['line\r\nline\rend', 'line\nline␍end'],
  ['tab\tand\nline', 'tab\tand\nline'],
  ['👩‍👩‍👧‍👦 naïve ❤️ क्‍ष', '👩‍👩‍👧‍👦 naïve ❤️ क्‍ष'],
  ['', ''],
])('%j is shown as %j', (text, shown) => {
  expect(visibleString(text)).toBe(shown);
});

test('asking twice gives the same answer', () => {
  const text = 'x \u202e y';
  expect([hasHidden(text), hasHidden(text), visibleString(text)]).toEqual([true, true, 'x ⟨U+202E⟩ y']);
  expect(hasHidden('plain')).toBe(false);
});

test('pieces say what was hidden', () => {
  expect(textPieces('a\u0007b')).toEqual([
    { type: 'text', text: 'a' },
    { type: 'hidden', shown: '␇', title: 'U+0007 control character' },
    { type: 'text', text: 'b' },
  ]);
});
