import type { Seen } from './harness.ts';
import type { ModelOptions } from './obedient-model.ts';

export type Client = {
  /** Unique, for the command line. */
  readonly id: string;
  /** Where its program lies, beside this file. */
  readonly folder: string;
  readonly snippet: string;
  readonly install: Install;
  /** Run with sh where the snippet is a block of variables; `$PYTHON` is the interpreter. */
  readonly command: string;
  readonly env?: (model: string, home: string) => Readonly<Record<string, string>>;
  readonly model?: ModelOptions;
  readonly expect: Expected;
};

export type Install =
  | { readonly kind: 'pip'; readonly venv: string; readonly packages: readonly string[] }
  | { readonly kind: 'npm'; readonly folder: string; readonly packages: readonly string[] };

/** Names and tokens are exact, counts at least. */
export type Expected = Partial<Pick<Seen, 'agents' | 'tools' | 'failed' | 'generations' | 'readable' | 'tokens'>>;
