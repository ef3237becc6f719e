/** What every command is given, and the contract of how it ends. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Io } from './io.ts';

export type Context = {
  readonly io: Io;
  /** One JSON document on stdout instead of text. */
  readonly json: boolean;
  /** Absolute path of the workspace file. */
  readonly workspace: string;
};

/** 0 = done, 1 = the work failed or a gate did not hold. Wrong usage (2) is found before a command runs, or thrown as UsageError. */
export type ExitCode = 0 | 1 | 2;

/** Runs a command's work with its context; what it throws becomes an error message and an exit code. */
export type Run = (command: Command, work: (context: Context) => Promise<ExitCode>) => Promise<void>;

/** The arguments make no sense: exit code 2. */
export class UsageError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}

/** Reads a whole number of at least `min`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
