import { afterEach, expect, test, vi } from 'vitest';
import type { Command } from './registry.ts';
import { handleKey } from './key-handler.ts';
import { menuModel } from './menu.ts';
import { allCommands, registerCommands, runCommand } from './registry.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const stop of undo.splice(0)) stop();
  document.body.innerHTML = '';
});

function add(...commands: Command[]): void {
  undo.push(registerCommands(commands));
}

function command(id: string, more: Partial<Command> = {}): Command {
  return { id, title: id, group: 'Test', run: () => undefined, ...more };
}

function press(target: EventTarget, key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held });
  target.dispatchEvent(event);
  return event;
}

test('ids and shortcuts are unique', () => {
  add(command('a', { keys: 'mod+shift+x' }));
  expect(() => registerCommands([command('a')])).toThrow('the id a');
  expect(() => registerCommands([command('b', { keys: 'shift+mod+X' })])).toThrow('b and a');
  expect(() => registerCommands([command('b', { keys: 'z' }), command('c', { keys: 'z' })])).toThrow('same keys');
  expect(allCommands().map(({ id }) => id)).toEqual(['a']);
});

test('what is registered goes away with its view', () => {
  const stop = registerCommands([command('view.only', { keys: 'v' })]);
  stop();
  expect(runCommand('view.only')).toBe(false);
  add(command('other', { keys: 'v' }));
});

test('a command that is not possible does not run', () => {
  const run = vi.fn();
  let possible = false;
  add(command('maybe', { when: () => possible, run }));
  expect(runCommand('maybe')).toBe(false);
  possible = true;
  expect(runCommand('maybe')).toBe(true);
  expect(run).toHaveBeenCalledTimes(1);
});

test('keys run commands, but not while someone types, unless Ctrl is held', () => {
  const slash = vi.fn();
  const chord = vi.fn();
  add(command('slash', { keys: '/', run: slash }), command('chord', { keys: 'mod+k', run: chord }));
  document.body.innerHTML =
    '<input id="text"><input id="box" type="checkbox"><div id="edit" contenteditable="true"></div>';
  window.addEventListener('keydown', handleKey);
  undo.push(() => window.removeEventListener('keydown', handleKey));

  expect(press(document.body, '/').defaultPrevented).toBe(true);
  press(document.querySelector('#text')!, '/');
  expect(slash).toHaveBeenCalledTimes(1);
  press(document.querySelector('#box')!, '/');
  expect(slash).toHaveBeenCalledTimes(2);
  press(document.querySelector('#text')!, 'k', { ctrlKey: true });
  expect(chord).toHaveBeenCalledTimes(1);
});

test('a widget that handled the key keeps it', () => {
  const run = vi.fn();
  add(command('delete', { keys: 'delete', run }));
  window.addEventListener('keydown', handleKey);
  undo.push(() => window.removeEventListener('keydown', handleKey));
  document.body.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
  press(document.body, 'Delete');
  expect(run).not.toHaveBeenCalled();
});

test('the menu has our commands by group, then what the desktop does', () => {
  const model = menuModel([
    command('one', { title: 'One', menu: 'File', keys: 'mod+o' }),
    command('two', { title: 'Two', menu: 'File', group: 'Other', when: () => false }),
    command('hidden'),
  ]);
  expect(model.find((menu) => menu.label === 'File')?.items).toEqual([
    { type: 'command', id: 'one', label: 'One', enabled: true, accelerator: 'CmdOrCtrl+O' },
    { type: 'separator' },
    { type: 'command', id: 'two', label: 'Two', enabled: false },
    { type: 'separator' },
    { type: 'role', role: 'close' },
    { type: 'role', role: 'quit' },
  ]);
  expect(model.some((menu) => menu.items.length === 0)).toBe(false);
});
