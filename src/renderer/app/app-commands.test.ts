import { expect, test } from 'vitest';
import { normaliseKeys } from '../commands/keys.ts';
import { menuModel } from '../commands/menu.ts';
import { registerCommands } from '../commands/registry.ts';
import { views } from '../views/registry.ts';
import { appCommands } from './app-commands.ts';

test('ids and keys are unique', () => {
  const ids = appCommands.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const keys = appCommands.flatMap((command) => (command.keys === undefined ? [] : [normaliseKeys(command.keys)]));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.length).toBeGreaterThan(5);
});

test('every view can be reached by a command', () => {
  for (const view of views)
    expect(
      appCommands.some(({ id }) => id === `view.${view.id}`),
      view.id,
    ).toBe(true);
});

test('they register, and fill the native menu', () => {
  const stop = registerCommands(appCommands);
  expect(menuModel(appCommands).map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Go', 'Help']);
  stop();
});
