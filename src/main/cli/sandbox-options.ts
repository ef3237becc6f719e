/** Where a command runs the code of graders. */
import type { Command } from 'commander';
import { pythonInElectron } from '../sandbox/python/electron.ts';
import type { OpenPython } from '../sandbox/python/open.ts';
import { appFolder } from '../sandbox/sandbox-files.ts';
import type { SandboxOptions as Sandboxes } from '../sandbox/sandboxes.ts';
import type { Io } from './io.ts';

export type SandboxOptions = { readonly ownPython?: string };

export function addSandboxOptions(command: Command): Command {
  return command.option(
    '--own-python <path>',
    'run Python graders with this Python and its packages: NOT a sandbox, the code may do what you may',
  );
}

export function sandboxesOf(io: Io, { ownPython }: SandboxOptions): Sandboxes {
  if (ownPython === undefined) return { openPython: openPython(io), noPython: NO_PYTHON };
  io.err(`warning: Python graders run outside of the sandbox, with all your rights, in ${ownPython}.\n`);
  return { ownPython };
}

const NO_PYTHON =
  'Python graders run in the sandbox of the app, and there is no app here to run it: set it up with "npm run setup", then try again. Or name a Python of your own with --own-python, which is no sandbox.';

/** The app's own sandbox, in an Electron that `bin/tracewright` found; null without one. */
function openPython({ env }: Io): OpenPython | null {
  const executable = env.TRACEWRIGHT_ELECTRON;
  const folder = appFolder();
  return executable && folder !== null ? pythonInElectron(executable, folder) : null;
}
