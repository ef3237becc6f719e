/** How an interpreter of Python is had. Electron's main process has it in a hidden page; who has no Electron starts one for it. */
import type { PythonGone } from '#shared/rpc/host.ts';
import type { Result } from '#shared/result.ts';
import type { FromPython, ToPython } from './messages.ts';

export type PythonPort = {
  readonly send: (message: ToPython) => void;
  /** Ends it at once, whatever it does. */
  readonly close: () => void;
};

export type PythonListener = {
  readonly message: (message: FromPython) => void;
  readonly gone: (end: PythonGone) => void;
};

/** @param memoryMb what its process may have in all */
export type OpenPython = (memoryMb: number, listener: PythonListener) => Promise<Result<PythonPort, string>>;
