/** What a command may touch of the outside; tests give their own. */
export type Io = {
  /** Writes to stdout: the answer and nothing else. Resolves when the text was taken. */
  readonly out: (text: string) => Promise<void>;
  /** Writes to stderr: progress, warnings, errors for people. */
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal that stdout is, null when it is none. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back once, when somebody asks the program to stop. */
  readonly onStop: (stop: () => void) => void;
};

export function processIo(): Io {
  const { stdout, stderr } = process;
  // Whoever read the answer has seen enough (`| head`): no reason to complain.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  return {
    out: (text) =>
      new Promise((resolve) => {
        stdout.write(text, () => {
          resolve();
        });
      }),
    err: (text) => {
      stderr.write(text);
    },
    outIsTerminal: stdout.isTTY,
    errIsTerminal: stderr.isTTY,
    // A terminal that does not tell its width says 0.
    columns: stdout.isTTY ? stdout.columns || null : null,
    env: process.env,
    onStop: (stop) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => {
          stop();
        });
      }
    },
  };
}
