/** The sandboxes in which the code of graders runs: QuickJS for JavaScript, and for Python what the host can open. */
import type { GradeServices } from '../graders/types.ts';
import { serverFault } from './answers.ts';
import { createJavaScriptRunner } from './javascript/host.ts';
import type { OpenPython } from './python/open.ts';
import { createOwnPythonRunner } from './python/own.ts';
import { createPythonRunner } from './python/runner.ts';
import type { CodeRunner } from './runner.ts';
import { pythonModules } from './sandbox-files.ts';

export type SandboxOptions = {
  /** Opens a sandboxed interpreter; null = none can be had here, and `noPython` says what to do. */
  readonly openPython?: OpenPython | null;
  readonly noPython?: string;
  /**
   * Path of the user's own Python, which has the user's packages, and all the rights of the user: NO sandbox. Only ever what
   * the user has named for this purpose.
   */
  readonly ownPython?: string | null;
  /** Told whether grades wait for an interpreter to start, whenever that changes. */
  readonly startsPython?: (starts: boolean) => void;
};

export type Sandboxes = {
  readonly runCode: GradeServices['runCode'];
  /** Changes `ownPython`: what runs at that moment is ended. */
  readonly setOwnPython: (path: string | null) => void;
  readonly close: () => Promise<void>;
};

const NO_PYTHON =
  'There is no sandbox for Python here. Grade in the app; or set the app up once with "npm run setup" and try again.';

/** Costs nothing until the first grade. */
export function createSandboxes(options: SandboxOptions = {}): Sandboxes {
  let javascript: CodeRunner | null = null;
  let python: CodeRunner | null = null;
  let ownPython = options.ownPython ?? null;

  function pythonRunner(): CodeRunner | null {
    if (ownPython !== null) return createOwnPythonRunner(ownPython, pythonModules());
    return options.openPython ? createPythonRunner(options.openPython, pythonModules(), options.startsPython) : null;
  }

  return {
    async runCode(request, signal) {
      switch (request.language) {
        case 'javascript':
          javascript ??= createJavaScriptRunner();
          return javascript.run(request, signal);
        case 'python':
          python ??= pythonRunner();
          return python ? python.run(request, signal) : serverFault(options.noPython ?? NO_PYTHON);
      }
    },
    setOwnPython(path) {
      ownPython = path;
      void python?.close();
      python = null;
    },
    async close() {
      await Promise.all([javascript?.close(), python?.close()]);
    },
  };
}
