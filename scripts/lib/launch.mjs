import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { runtimeEnvironment } from './electron-runtime.mjs';
import { sayOnStderr } from './processes.mjs';

const patience = 8_000;

/**
 * The arguments that start this app in a runtime.
 * @param {string[]} args for the app
 */
export function electronArguments(args) {
  // Chromium's sandbox refuses to run as root. Everybody else keeps it.
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...args];
}

/**
 * Runs the app until it ends or this script is told to stop, then ends every process that belongs to it.
 * @param {import('./electron-runtime.mjs').Runtime} runtime
 * @param {string[]} args
 * @param {import('./display.mjs').Display} display
 * @returns {Promise<number>} the exit code for this script
 */
export function launch(runtime, args, display) {
  return new Promise((done) => {
    const app = spawn(runtime.executable, electronArguments(args), {
      cwd: process.cwd(),
      env: { ...process.env, ...runtimeEnvironment(runtime), ...display.env },
      stdio: ['ignore', 'inherit', 'pipe'],
      // A group of its own: one signal reaches its helpers, and a terminal's Ctrl+C reaches it only once, through us.
      detached: process.platform !== 'win32',
    });
    const withheld = withholdNoise(app.stderr, sayOnStderr);
    let stopping = false;
    function stop() {
      if (stopping) return;
      stopping = true;
      app.kill('SIGTERM');
      setTimeout(() => killGroup(app), patience).unref();
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
    watchParents(stop);
    app.on('error', (error) => {
      console.error(`Electron did not start: ${error.message}`);
      display.stop();
      done(1);
    });
    app.on('exit', () => killGroup(app));
    // After `exit`, when everything that it printed has been read.
    app.on('close', (code, signal) => {
      display.stop();
      const failed = !stopping && code !== 0;
      if (failed) for (const line of withheld) sayOnStderr(line);
      if (failed) sayOnStderr(`Electron ended with ${signal ?? `code ${code}`}.`);
      done(failed ? code || 1 : 0);
    });
  });
}

/** @param {import('node:child_process').ChildProcess} app */
function killGroup(app) {
  if (!app.pid || process.platform === 'win32') return;
  try {
    process.kill(-app.pid, 'SIGKILL');
  } catch {
    // Nothing is left of the group: the usual case.
  }
}

/**
 * npm killed outright passes nothing on, and the window would stay: notice when an ancestor is gone.
 * @param {() => void} stop
 */
function watchParents(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const started = parents();
  setInterval(() => parents() !== started && stop(), 1_000).unref();
}

/** The parent and its parent: npm starts scripts through a shell, which outlives it. */
function parents() {
  try {
    return `${process.ppid} ${readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(' ')[3]}`;
  } catch {
    return String(process.ppid);
  }
}

// Chromium complains on machines without a session bus or a GPU. That means nothing, unless the app does not start.
const chromiumLine = /^\[\d+:\d{4}\/\d{6}\.\d+:(ERROR|WARNING|INFO):[\w.]+\(\d+\)\]/;

/**
 * Passes on what the app prints, without Chromium's complaints; those are kept for when they are needed.
 * @param {import('node:stream').Readable} stream
 * @param {(line: string) => void} print
 */
export function withholdNoise(stream, print) {
  /** @type {string[]} */
  const withheld = [];
  createInterface({ input: stream }).on('line', (line) => {
    if (chromiumLine.test(line)) withheld.push(line);
    else print(line);
    if (withheld.length > 50) withheld.shift();
  });
  return withheld;
}
