import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './processes.mjs';

/** @typedef {{ env: Record<string, string>, stop: () => void }} Display */

/** Whether windows have somewhere to appear without our help. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * A display for the app: the user's, else a virtual one that lives until `stop`.
 * @param {import('./processes.mjs').Say} say
 * @param {{ outlivesApps?: boolean }} [options] `outlivesApps`: several apps will use it, one after the other
 * @returns {Promise<Display>}
 */
export async function openDisplay(say, { outlivesApps = false } = {}) {
  if (hasDisplay()) return { env: {}, stop() {} };
  const folder = mkdtempSync(join(tmpdir(), 'tracewright-display-'));
  const authority = join(folder, 'authority');
  writeFileSync(authority, wildCookie(randomBytes(16)), { mode: 0o600 });
  // Xvfb picks a free display number itself and writes it to descriptor 3.
  const args = ['-displayfd', '3', '-auth', authority, '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
  // Ends with its last client, so that it cannot outlive an app whose start script was killed.
  if (!outlivesApps) args.push('-terminate');
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  function stop() {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
  process.once('exit', stop);
  const number = await displayNumber(server).catch((/** @type {Error} */ error) => {
    stop();
    throw new SetupError(
      `No display, and no virtual one either: ${error.message}.`,
      'Install one: apt-get install xvfb',
    );
  });
  // The script ends when its work has: its exit handler stops the server.
  server.unref();
  server.stdio[3]?.destroy();
  say(`No display found: the window is on the virtual display :${number} (Xvfb).`);
  return { env: { DISPLAY: `:${number}`, XAUTHORITY: authority }, stop };
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function displayNumber(server) {
  return new Promise((found, failed) => {
    let text = '';
    server.stdio[3]?.on('data', (chunk) => {
      text += String(chunk);
      if (text.endsWith('\n')) found(text.trim());
    });
    server.on('error', failed);
    server.on('exit', (code) => failed(new Error(`Xvfb ended with code ${code}`)));
  });
}

/**
 * The one entry of an Xauthority file, for any host and any display number: the number is not known yet when Xvfb starts.
 * Format: family, then address, number, name and data, each with its length, all big-endian 16 bit.
 * @param {Buffer} cookie
 */
function wildCookie(cookie) {
  const familyWild = Buffer.from([0xff, 0xff]);
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie];
  return Buffer.concat([familyWild, ...fields.flatMap((field) => [Buffer.from([0, field.length]), field])]);
}
