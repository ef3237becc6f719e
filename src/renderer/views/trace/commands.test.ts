import { expect, test } from 'vitest';
import { registerCommands } from '../../commands/registry.ts';
import { traceCommands } from './commands.ts';
import { playbackCommands } from './playback/commands.ts';

test('the commands of an open trace have ids and keys of their own', () => {
  const stop = registerCommands(traceCommands(() => null));
  const added = playbackCommands(() => null);
  expect(() => registerCommands(added)()).not.toThrow();
  stop();
  expect(added.map(({ keys }) => keys)).toEqual(expect.arrayContaining(['space', 'e', 'shift+e', 'escape']));
});
