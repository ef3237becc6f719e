/**
 * The user's own Python for graders, which is no sandbox. It is a setting of this machine, never of a workspace: a file
 * from elsewhere must not name a program that runs here. And it is asked for by the desktop, never by a page alone.
 */
import { dialog, type BrowserWindow } from 'electron';
import { readJsonFile, writeJsonFile } from './json-file.ts';

export type OwnPython = {
  readonly path: () => string | null;
  /** Warns, lets the user choose, and remembers; null = nothing was chosen. */
  readonly choose: (window: BrowserWindow) => Promise<string | null>;
  readonly forget: () => void;
};

export function createOwnPython(file: string): OwnPython {
  let path = read(file);
  return {
    path: () => path,
    async choose(window) {
      const { response } = await dialog.showMessageBox(window, {
        type: 'warning',
        message: 'Run Python graders outside of the sandbox?',
        detail:
          'A Python of your own has your packages, and your rights: every Python grader, also one that came in a file from somebody else, can then read and change your files and use the network.',
        buttons: ['Choose a Python…', 'Stay in the sandbox'],
        defaultId: 1,
        cancelId: 1,
        noLink: true,
      });
      if (response !== 0) return null;
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'A Python of your own',
        properties: ['openFile', 'noResolveAliases'],
      });
      const [chosen] = filePaths;
      if (canceled || chosen === undefined) return null;
      path = chosen;
      writeJsonFile(file, { ownPython: path });
      return path;
    },
    forget() {
      path = null;
      writeJsonFile(file, {});
    },
  };
}

function read(file: string): string | null {
  const { ownPython } = readJsonFile(file);
  return typeof ownPython === 'string' && ownPython !== '' ? ownPython : null;
}
