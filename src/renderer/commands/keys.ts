/**
 * Shortcut notation: modifiers and one key joined by '+', e.g. 'mod+k', 'shift+f8', 'delete', '?'.
 * 'mod' is Ctrl, on a Mac Cmd. Printable keys are what they print, so '?' is without its Shift.
 */
import { isMac } from '../data/bridge.ts';

type Chord = { readonly mod: boolean; readonly shift: boolean; readonly alt: boolean; readonly key: string };

const LABELS: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: '↵',
  escape: 'Esc',
  delete: 'Del',
  backspace: '⌫',
  space: 'Space',
  pageup: 'PgUp',
  pagedown: 'PgDn',
};

export function parseKeys(keys: string): Chord {
  const parts = keys === '+' ? ['+'] : keys.toLowerCase().split('+');
  const key = parts.at(-1) ?? '';
  return { mod: parts.includes('mod'), shift: parts.includes('shift'), alt: parts.includes('alt'), key };
}

/** One text per set of keys that are the same shortcut. */
export function normaliseKeys(keys: string): string {
  const { mod, shift, alt, key } = parseKeys(keys);
  return [mod && 'mod', alt && 'alt', shift && 'shift', key].filter(Boolean).join('+');
}

export function keysOfEvent(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  // Shift is part of how a symbol is typed, but a choice for letters and named keys.
  const shift = event.shiftKey && (key.length > 1 || /\p{L}/u.test(key));
  return [mod && 'mod', event.altKey && 'alt', shift && 'shift', key].filter(Boolean).join('+');
}

/** What stands on the keys, for people: ['Ctrl', 'K']. */
export function keyLabels(keys: string): readonly string[] {
  const { mod, shift, alt, key } = parseKeys(keys);
  const name = LABELS[key] ?? (key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1));
  const labels: (string | false)[] = [
    mod && (isMac ? '⌘' : 'Ctrl'),
    alt && (isMac ? '⌥' : 'Alt'),
    shift && (isMac ? '⇧' : 'Shift'),
    name,
  ];
  return labels.filter((label) => label !== false);
}

/** The notation of Electron's menus: 'CmdOrCtrl+Shift+K'. */
export function accelerator(keys: string): string {
  const { mod, shift, alt, key } = parseKeys(keys);
  const names: Readonly<Record<string, string>> = {
    arrowup: 'Up',
    arrowdown: 'Down',
    arrowleft: 'Left',
    arrowright: 'Right',
    enter: 'Return',
    '+': 'Plus',
  };
  const name = names[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
  return [mod && 'CmdOrCtrl', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join('+');
}
