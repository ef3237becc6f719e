import { spawn } from 'node:child_process';
import { pathWithTools, pathWithoutTools, root } from './paths.mjs';

const isWindows = process.platform === 'win32';

/**
 * @typedef {{ code: number, output: string }} Finished
 * @typedef {{ cwd?: string, env?: Record<string, string | undefined>, live?: boolean, timeout?: number }} RunOptions
 */

/**
 * Runs a command to its end and keeps what it prints. `live` also shows it while it runs.
 * Never rejects: a command that cannot start has code 127. `timeout` is in milliseconds.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Finished>}
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, live = false, timeout } = options;
  return new Promise((done) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: pathWithTools(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      shell: isWindows,
    });
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (live) process.stdout.write(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (live) process.stderr.write(text);
    });
    child.on('error', (error) => done({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => done({ code: code ?? (signal ? 128 : 1), output }));
  });
}

/**
 * Runs npm. It keeps to the machine's own Node, because it may replace the one in node_modules.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function npm(args, options = {}) {
  return run('npm', args, { ...options, env: { PATH: pathWithoutTools(), ...options.env } });
}

/** Ends the script on Ctrl+C and its like in a way that runs its exit handlers. */
export function endOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
}

/** An expected failure of a script: printed as it is, without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} hint what to do next
   */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Ends the script with a message instead of a stack for failures that were foreseen.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  if (error instanceof SetupError) console.error(`${error.message}\n${error.hint}`);
  else console.error(error);
  process.exit(1);
}

/** @param {number} startedAt milliseconds since the epoch */
export function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}

/** @typedef {(line: string) => void} Say */

/** @type {Say} */
export function sayOnStdout(line) {
  process.stdout.write(`${line}\n`);
}

/** @type {Say} */
export function sayOnStderr(line) {
  process.stderr.write(`${line}\n`);
}
