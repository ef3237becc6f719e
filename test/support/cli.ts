/** Runs the command line: in this process for speed, or as people run it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../../src/main/cli/program.ts';

export type Answer = { readonly code: number; readonly stdout: string; readonly stderr: string };

export const root = resolve(import.meta.dirname, '../..');
export const fixture = (path: string): string => join(root, 'test/fixtures', path);

/** A folder that nothing else uses, and a workspace in it that does not exist yet. */
export function makePlace(): { folder: string; workspace: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'tracewright-cli-'));
  return {
    folder,
    workspace: join(folder, 'test.tracewright'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Running = {
  readonly done: Promise<Answer>;
  readonly stop: () => void;
  readonly firstLine: Promise<string>;
};

/** In this process. `terminal` pretends that stdout is one, of this many columns. */
export function start(
  args: readonly string[],
  options: { env?: Record<string, string>; terminal?: number } = {},
): Running {
  let stdout = '';
  let stderr = '';
  let stop = (): void => undefined;
  let tellLine: (line: string) => void;
  const firstLine = new Promise<string>((resolve) => {
    tellLine = resolve;
  });
  const done = runCli(args, {
    out: async (text) => {
      stdout += text;
      if (stdout.includes('\n')) tellLine(stdout.slice(0, stdout.indexOf('\n')));
    },
    err: (text) => (stderr += text),
    outIsTerminal: options.terminal !== undefined,
    errIsTerminal: false,
    columns: options.terminal ?? null,
    env: { HOME: '/nonexistent', ...options.env },
    onStop: (listener) => (stop = listener),
  }).then((code) => ({ code, stdout, stderr }));
  return { done, firstLine, stop: () => stop() };
}

export function cli(
  args: readonly string[],
  options: { env?: Record<string, string>; terminal?: number } = {},
): Promise<Answer> {
  return start(args, options).done;
}

/** Runs with --json and gives the parsed answer; the test fails on anything else on stdout. */
export async function ask(args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await cli([...args, '--json']);
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as unknown;
}

/** As people run it: a process of its own. */
export function spawnCli(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; done: Promise<Answer> } {
  const child = spawn(process.execPath, [join(root, 'bin/tracewright'), ...args], { env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const done = new Promise<Answer>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code: code ?? (signal === null ? -1 : -2), stdout, stderr });
    });
  });
  return { child, done };
}
